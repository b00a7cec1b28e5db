"""A partnership whose people are in Microsoft's Agents Playground, one of them at its screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import StoppedClock
from bot.playing import advance
from storage.database import Database
from tests.browser.launching import launched
from tests.platforms.on_teams.town import TeamsTown, town
from tests.platforms.playground.relay import Relay, relay
from tests.platforms.playground.running import CLI, node, running, somewhere
from tests.platforms.playground.screen import Screen
from tests.world import CAST, START

SIX = {name: CAST[name] for name in CAST if name != "Nosy"}
"""The team: everybody whom the Playground has in its group chat; Maya is at the screen."""

SIZE = {"width": 1400, "height": 1000}


@dataclass
class Witness:
    """What the test sees: the town, what passed between it and the Playground, Maya's screen."""

    town: TeamsTown
    relay: Relay
    screen: Screen

    @property
    def now(self) -> datetime:
        """The moment at which the assistant's clock stands."""
        now: datetime = self.town.clock.now()
        return now

    def lives_on(self, by: timedelta = timedelta(minutes=2)) -> None:
        """Let time go by, and everything be sent that is due."""
        advance(self.town.assistant, self.town.clock, self.now + by)


@pytest.fixture
def witness(file: Database, tmp_path: Path) -> Iterator[Witness]:
    """The assistant as it is served, with the Playground in Teams' place."""
    if node() is None or not CLI.is_file():
        pytest.skip("NOT TRIED in Microsoft's Agents Playground: no Node.js, or no `npm ci` yet")
    at, clock = somewhere(), StoppedClock(START)
    begun = town(
        file,
        tmp_path,
        room="paired",
        known=False,
        standing=clock,
        cast_of=SIX,
        TEAMS_SERVICE_URLS=at.service_url,
    )
    with begun as place, relay(place.workspace) as (between, address):
        people = [place[name].person for name in SIX]
        tenant, app = place.workspace.id, place.workspace.app
        with running(at, tmp_path, address, tenant, app, people), launched() as chromium:
            page = chromium.new_page(viewport=SIZE)
            page.clock.set_fixed_time(START)
            yield Witness(place, between, Screen(page, at, tmp_path))
