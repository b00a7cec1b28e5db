"""What the browser tests are given: Chromium, sites with and without a family, screens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from storage.database import Database
from tests.browser.launching import launched
from tests.browser.looks import DESKTOP, Looks
from tests.browser.screen import Screen
from tests.browser.serving import Site, serving
from tests.web.rich import Rich, rich, world_on_the_web


# For this folder only: Playwright's loop must not run while other tests make their own.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A real Chromium, without a screen: the distribution's, else Playwright's own."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="package")
def told(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Rich:
    """The rich family of the web's tests, made once."""
    path = tmp_path_factory.mktemp("rich") / "taf.db"
    path.write_bytes(template.read_bytes())
    database = Database(f"sqlite:///{path}")
    try:
        return rich(world_on_the_web(database))
    finally:
        database.close()


@pytest.fixture
def site(told: Rich, tmp_path: Path) -> Iterator[Site]:
    """The rich family, in a copy of its own, served."""
    path = tmp_path / "taf.db"
    path.write_bytes(Path(told.world.database.url.database or "").read_bytes())
    with serving(path, told.world.clock.now()) as found:
        yield found


@pytest.fixture
def looks() -> Iterator[Looks]:
    """Looks at whatever is shown; at the end nothing may have been wrong."""
    found = Looks()
    yield found
    assert found.faults == []


Opened = Callable[..., Screen]


@pytest.fixture
def screen(chromium: Browser, site: Site, looks: Looks) -> Iterator[Opened]:
    """Opens a screen of its own for somebody: `screen("Maya")`, on a phone, without script."""
    contexts = []

    def opened(name: str, size: dict[str, int] = DESKTOP, *, script: bool = True) -> Screen:
        looks.script = script
        context = chromium.new_context(viewport=size, java_script_enabled=script)
        contexts.append(context)
        found = Screen(context.new_page(), site, looks)
        found.practises_as(name)
        return found

    yield opened
    for context in contexts:
        context.close()
