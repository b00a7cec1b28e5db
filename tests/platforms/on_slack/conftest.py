"""A town on Slack, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.platforms.on_slack.town import Town, town


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Iterator[Town]:
    """Everybody is known by their account already."""
    with town(database, tmp_path) as found:
        yield found
