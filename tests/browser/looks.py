"""Looks at every page that a browser shows: what axe finds, what every page must have."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}

ON_EVERY_PAGE = """() => ({
    lang: document.documentElement.lang,
    headings: [...document.querySelectorAll('h1')].map((one) => one.innerText.trim()),
    wide: document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
        [...document.body.querySelectorAll('*')]
            .filter((one) => one.getBoundingClientRect().right
                > document.documentElement.clientWidth)
            .map((one) => one.outerHTML.slice(0, 120)),
    twice: [...document.querySelectorAll('[id]')].map((one) => one.id)
        .filter((id, index, all) => all.indexOf(id) !== index),
})"""


FORMS = "[...document.querySelectorAll('main a[href^=\"/do/\"]')].map((one) => one.pathname)"
"""The addresses of the forms that a page leads to."""


@dataclass
class Looks:
    """What was looked at, and everything that was wrong with it."""

    faults: list[str] = field(default_factory=list)
    script: bool = True
    """Whether the pages may run any: axe needs it."""
    axed: set[tuple[str, int]] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)
    seen: int = 0

    def at(self, page: Page, *, again: bool = False) -> None:
        """Look at a page; axe looks at each title once a size, or `again`."""
        self.seen += 1
        title, path = page.title(), urlsplit(page.url).path
        width = (page.viewport_size or DESKTOP)["width"]
        where = f"{path} at {width} px"
        found: dict[str, Any] = page.evaluate(ON_EVERY_PAGE)
        if found["lang"] != "en":
            self.faults.append(f"{where}: its language is {found['lang']!r}")
        if len(found["headings"]) != 1:
            self.faults.append(f"{where}: its first headings are {found['headings']}")
        if found["wide"]:
            self.faults.append(f"{where}: these stick out: {found['wide'][:4]}")
        if found["twice"]:
            self.faults.append(f"{where}: the ids {found['twice']} are there twice")
        self._title(title, path)
        if self.script and (again or (title, width) not in self.axed):
            self.axed.add((title, width))
            self._axe(page, where)

    def _title(self, title: str, path: str) -> None:
        if not title or title.startswith("Nothing here"):
            return
        first = self.titles.setdefault(title, path)
        if first != path:
            self.faults.append(f"{path} and {first} have the same title: {title}")

    def _axe(self, page: Page, where: str) -> None:
        for one in Axe().run(page).response["violations"]:
            places = ", ".join(node["html"][:160] for node in one["nodes"][:3])
            self.faults.append(f"{where}: {one['impact']}: {one['help']} ({one['id']}): {places}")

    def hear(self, page: Page) -> None:
        """Note what the page's script or its security policy complains of."""
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._said(page, said.type, said.text))

    def _said(self, page: Page, kind: str, text: str) -> None:
        answered = re.search(r"status of (403|404|409|422)", text)
        if kind in {"error", "warning"} and not answered:
            self.faults.append(f"{page.url}: {text}")
