"""The Hardman family's whole story, done by hand through the pages, on a desk and on a phone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.demo import story_path
from bot.scenario import read_scenario
from storage.database import Database
from storage.people import Person
from tests.browser.looks import DESKTOP, PHONE, Looks
from tests.browser.screen import Screen
from tests.browser.serving import serving
from tests.browser.telling import FAMILY, Telling

pytestmark = pytest.mark.xdist_group("browser-story")


@pytest.fixture
def telling(template: Path, tmp_path: Path, chromium: Browser, looks: Looks) -> Iterator[Telling]:
    """The people of the scenario, no family, and three in the afternoon of its first day."""
    scenario = read_scenario(story_path(), Path("app.yaml"))
    path = tmp_path / "taf.db"
    path.write_bytes(template.read_bytes())
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        for actor in scenario.people.values():
            known = scenario.start.date() if actor.verified else None
            session.add(
                Person(
                    name=actor.name,
                    agency=actor.agency,
                    roles=list(actor.roles),
                    identity_verified_on=known,
                )
            )
    database.close()
    with serving(path, scenario.start + timedelta(hours=7)) as site:
        desk = chromium.new_context(viewport=DESKTOP)
        phone = chromium.new_context(viewport=PHONE, has_touch=True)
        yield Telling(
            scenario,
            site,
            Screen(desk.new_page(), site, looks),
            Screen(phone.new_page(), site, looks),
        )
        desk.close()
        phone.close()


def test_one_family_from_the_first_contact_to_the_closure(telling: Telling, looks: Looks) -> None:
    telling.until("2026-09-25")
