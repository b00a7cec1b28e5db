"""The same town on every chat platform, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from tests.platforms.contract.desk import Desk, SlackDesk, TeamsDesk
from tests.platforms.on_slack import town as on_slack
from tests.platforms.on_teams import town as on_teams

PLATFORMS = {
    "slack": (on_slack.town, SlackDesk),
    "teams": (on_teams.town, TeamsDesk),
    "teams, channels": (partial(on_teams.town, room="private_channel"), TeamsDesk),
}


@pytest.fixture(params=sorted(PLATFORMS))
def desk(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Iterator[Desk]:
    """Everybody is known by their account already."""
    begin: Any
    begin, make = PLATFORMS[request.param]
    with begin(database, tmp_path) as place:
        yield make(place)
