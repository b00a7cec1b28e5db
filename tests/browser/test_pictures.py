"""Takes the README's pictures from the real thing, where PICTURES names a folder for them."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.demo import SHOWN_UNTIL, prepare, story_path
from bot.scenario import read_scenario
from tests.browser.looks import DESKTOP, PHONE, Looks
from tests.browser.screen import Screen
from tests.browser.serving import serving

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif("PICTURES" not in os.environ, reason="PICTURES names no folder"),
]

PICTURES = (
    ("my-families", DESKTOP, "/", ""),
    ("room", DESKTOP, "/families/F-1042", ""),
    ("plan", DESKTOP, "/families/F-1042/plan", ""),
    ("indicators", DESKTOP, "/families/F-1042/indicators", ""),
    ("record-meeting-phone", PHONE, "/families/F-1042/meetings", "Record the meeting"),
    ("indicators-phone", PHONE, "/families/F-1042/indicators", ""),
)
MEETING_HELD = timedelta(days=114, hours=7)
"""The afternoon of 24 June: the second review meeting is waiting to be recorded."""


def test_pictures(chromium: Browser, looks: Looks, tmp_path: Path) -> None:
    folder = Path(os.environ["PICTURES"])
    folder.mkdir(parents=True, exist_ok=True)
    scenario = read_scenario(story_path(), Path("app.yaml"))
    path = tmp_path / "demo.db"
    prepare(path, Path("app.yaml"), scenario.policy)
    with serving(path, scenario.start + SHOWN_UNTIL) as site:
        for name, size, address, link in PICTURES:
            if link:
                site.clock.set(scenario.start + MEETING_HELD)
            context = chromium.new_context(viewport=size, device_scale_factor=2)
            screen = Screen(context.new_page(), site, looks)
            screen.practises_as("Family Worker")
            screen.goes_to(address)
            if link:
                screen.presses("meeting.record", screen.main)
            screen.page.screenshot(path=folder / f"{name}.png", full_page=bool(link))
            context.close()
