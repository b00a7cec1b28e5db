"""Reads a page as a browser would: its forms with what they would submit, its links, its words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"area", "br", "hr", "img", "input", "link", "meta"})


@dataclass
class SeenForm:
    """One form: where it goes, what it would submit as it stands, and its buttons."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)

    def values(self, **changes: str | list[str] | None) -> dict[str, list[str]]:
        """What it submits, with some answers changed; None leaves one out."""
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(value)
        for name, value in changes.items():
            key = name.replace("__", "-")
            if value is None:
                found.pop(key, None)
            else:
                found[key] = [value] if isinstance(value, str) else value
        return found


class Page(HTMLParser):
    """A page that was read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.title = ""
        self.headings: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.forms: list[SeenForm] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.words: list[str] = []
        self.asked: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._stack: list[str] = []
        self._textarea: str | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._template = 0
        self.feed(html)

    @property
    def text(self) -> str:
        """Every word on the page."""
        return " ".join(" ".join(self.words).split())

    def form(self, action: str = "") -> SeenForm:
        """The form that goes to an address, or the main one."""
        if not action:
            return next(one for one in self.forms if any(n == "key" for n, _ in one.fields))
        return next(one for one in self.forms if one.action == action)

    def presses(self) -> set[tuple[str, str]]:
        """The commands that the page offers, each with what it is about."""
        addresses = [*self.links, *(form.action for form in self.forms)]
        found = (re.fullmatch(r"/do/([a-z_.]+)(?:/([a-z_0-9-]+))?(?:\?.*)?", a) for a in addresses)
        return {(one[1], one[2] or "") for one in found if one}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value if value is not None else name for name, value in attrs}
        if tag == "template":
            self._template += 1
        if tag not in VOID:
            self._stack.append(tag)
        if self._template:
            return
        self.tags.append((tag, given))
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self.labelled.add(given.get("for", ""))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            self.forms.append(SeenForm(given.get("action", ""), given.get("method", "get")))
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append((tag, ""))
        self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag in {"input", "select", "textarea"} and given.get("type") != "hidden":
            self.asked.append(given.get("id", ""))
        if not self.forms:
            return
        form = self.forms[-1]
        if tag == "input" and name:
            ticked = given.get("type") not in {"radio", "checkbox"} or "checked" in given
            if ticked:
                form.fields.append((name, given.get("value", "")))
        if tag == "button":
            form.buttons.append(given)
        if tag == "textarea":
            self._textarea = ""
            form.fields.append((name, ""))
        if tag == "select":
            self._select = (name, [])
        if tag == "option" and self._select:
            self._select[1].append((given.get("value", ""), "selected" in given))

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._template -= 1
        if tag in self._stack:
            while self._stack.pop() != tag:
                pass
        if tag == "textarea" and self._textarea is not None:
            name, _ = self.forms[-1].fields.pop()
            self.forms[-1].fields.append((name, self._textarea.removeprefix("\n")))
            self._textarea = None
        if tag == "select" and self._select:
            name, options = self._select
            chosen = [value for value, selected in options if selected] or [options[0][0]]
            self.forms[-1].fields.append((name, chosen[0]))
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._template:
            return
        if self._textarea is not None:
            self._textarea += data
            return
        inside = self._stack[-1] if self._stack else ""
        if inside == "title" and "svg" not in self._stack:
            self.title += data
        elif inside not in {"script", "style"}:
            self.words.append(data)
        if self.headings and any(one in {"h1", "h2", "h3", "h4"} for one in self._stack):
            tag, words = self.headings[-1]
            self.headings[-1] = (tag, f"{words}{data}")
