"""A platform's door for the whole workspace: its pace, a storm, and one that tries again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage import gates
from storage.database import Database

NOW = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def turns(database: Database, at: datetime, most: int = 50, **limits: Any) -> int:
    usual: dict[str, Any] = {"per_second": None, "burst": 1}
    with database.writing() as session:
        return gates.turns(session, "slack", at, most, **(usual | limits))


def began(database: Database, at: datetime, *lanes: int, per_second: float | None = 4.0) -> None:
    with database.writing() as session:
        gates.began(session, "slack", lanes, at, at, per_second, 20)


def turned_away(database: Database, lane: int, at: datetime, until: datetime) -> None:
    with database.writing() as session:
        gates.turned_away(session, "slack", lane, at, until)


def taken(database: Database, lane: int) -> None:
    with database.writing() as session:
        gates.taken(session, "slack", [lane])


def opens_at(database: Database, per_second: float | None = None) -> datetime | None:
    with database.reading() as session:
        return gates.opens_at(session, "slack", per_second)


def test_without_a_limit_all_may_begin(database: Database) -> None:
    assert turns(database, NOW) == 50
    assert opens_at(database) is None


def test_a_workspace_has_its_pace_and_its_burst(database: Database) -> None:
    limits = {"per_second": 4.0, "burst": 20}
    assert turns(database, NOW, **limits) == 20
    began(database, NOW, *range(20))
    assert turns(database, NOW, **limits) == 0
    assert opens_at(database, 4.0) == after(0.25)
    assert turns(database, after(0.25), **limits) == 1
    began(database, after(0.25), 1)
    assert turns(database, after(1.25), **limits) == 4
    assert turns(database, after(900), **limits) == 20


def test_a_clock_put_back_gives_nothing_away(database: Database) -> None:
    limits = {"per_second": 4.0, "burst": 20}
    turns(database, NOW, **limits)
    began(database, NOW, *range(20))

    assert turns(database, after(-3600), **limits) == 0
    assert turns(database, after(-3599), **limits) == 4


def test_one_that_waited_for_another_gains_nothing(database: Database) -> None:
    """It read the clock, waited while another took its turn, and looks with an old clock."""
    limits = {"per_second": 4.0, "burst": 20}
    assert turns(database, NOW, **limits) == 20
    began(database, after(1), *range(20))
    assert turns(database, after(0.2), **limits) == 0
    assert turns(database, after(1), **limits) == 0
    assert turns(database, after(2), **limits) == 4


def test_what_refills_while_messages_are_made_ready_is_counted(database: Database) -> None:
    limits = {"per_second": 4.0, "burst": 20}
    turns(database, NOW, **limits)
    began(database, NOW, *range(20))
    assert turns(database, after(1), **limits) == 4
    began(database, after(2), *range(4))

    assert turns(database, after(2), **limits) == 4
    began(database, after(2), *range(4))
    assert turns(database, after(2), **limits) == 0


def test_two_that_are_told_to_wait_shut_nothing(database: Database) -> None:
    turned_away(database, 1, NOW, after(30))
    turned_away(database, 2, NOW, after(30))
    turned_away(database, 2, after(1), after(31))

    assert turns(database, after(2)) == 50


def test_told_to_wait_long_apart_is_no_storm(database: Database) -> None:
    for number in range(5):
        at = after(number * 11)
        turned_away(database, number, at, at + timedelta(seconds=30))

    assert turns(database, after(60)) == 50


@pytest.fixture
def storm(database: Database) -> Database:
    """Three conversations were told to wait for 30 seconds: the workspace is full."""
    for lane in (1, 2, 3):
        turned_away(database, lane, NOW, after(30))
    return database


def test_a_storm_shuts_the_gate_for_all(storm: Database) -> None:
    assert turns(storm, after(29.9)) == 0
    assert opens_at(storm) == after(30)
    with storm.reading() as session:
        (gate,) = gates.shut_gates(session)
        assert gate.why == "It asks the whole workspace to wait."


def test_then_one_tries_and_nobody_else(storm: Database) -> None:
    assert turns(storm, after(30)) == 1
    began(storm, after(30), 7)
    assert turns(storm, after(31)) == 0
    taken(storm, 7)

    assert turns(storm, after(31)) == 50


def test_one_that_began_before_opens_nothing(storm: Database) -> None:
    taken(storm, 9)
    assert turns(storm, after(1)) == 0
    turns(storm, after(30))
    began(storm, after(30), 7)
    taken(storm, 9)

    assert turns(storm, after(31)) == 0


def test_the_one_that_tries_is_turned_away(storm: Database) -> None:
    turns(storm, after(30))
    began(storm, after(30), 7)
    turned_away(storm, 7, after(31), after(91))

    assert turns(storm, after(60)) == 0
    taken(storm, 7)
    assert turns(storm, after(90)) == 0
    assert turns(storm, after(91)) == 1


def test_the_one_that_tries_dies(storm: Database) -> None:
    turns(storm, after(30))
    began(storm, after(30), 7)

    assert turns(storm, after(30) + gates.PROBE) == 1
