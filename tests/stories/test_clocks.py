"""What time it is: one machine's where there is one, the database's where there are several."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot import clock
from bot.clock import WallClock, clock_for
from storage.database import Database

AHEAD = timedelta(hours=1)


class Wrong(datetime):
    """A machine's clock that is an hour ahead."""

    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + AHEAD


def test_several_machines_have_the_time_from_the_database(
    postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "datetime", Wrong)
    before = postgres.moment()
    ours = clock_for(postgres)
    said = ours.now()
    after = postgres.moment()
    slack = timedelta(seconds=1)
    assert before - slack <= said <= after + slack


def test_one_machine_has_its_own_time(file: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    right = WallClock().now()
    monkeypatch.setattr(clock, "datetime", Wrong)
    assert clock_for(file).now() >= right + AHEAD


def test_between_two_looks_it_goes_on_steadily(
    postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [100.0]
    monkeypatch.setattr(clock, "steady", lambda: seconds[0])
    ours = clock_for(postgres)
    first = ours.now()
    seconds[0] += 25
    assert ours.now() - first == timedelta(seconds=25)
