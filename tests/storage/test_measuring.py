"""Measuring how far behind we are looks at what is open, never through everything there was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, text

from storage import settings, subjects
from storage.database import Database
from storage.measuring import HEARTBEAT, Measures, measure
from tests.world import World

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
WHOLE = {"gate", "setting"}
"""Tables that hold a handful of rows: reading one through is no matter."""


def measured(database: Database, now: datetime = NOW) -> Measures:
    with database.reading() as session:
        return measure(session, now)


def test_of_an_empty_database_nothing_is_late(database: Database) -> None:
    assert measured(database) == Measures(0.0, 0, 0.0, 0, 0, 0, None, {})


def test_what_is_due_longest_is_measured(database: Database) -> None:
    world = World(database)
    action = world.given_an_agreed_action(due="Tue 18 March")
    now = world.clock.now()
    assert measured(database, now).due_lag == 0
    for ref, late in ((world.taf, 300), (action, 200)):
        with database.writing() as session:
            subjects.find(session, ref).look_again_at = now - timedelta(seconds=late)
    assert measured(database, now).due_lag == 300
    assert measured(database, now - timedelta(hours=1)).due_lag == 0


def test_the_auditors_age_is_known_once_it_has_been_round(database: Database) -> None:
    with database.writing() as session:
        settings.remember(session, HEARTBEAT, (NOW - timedelta(minutes=5)).isoformat())
    assert measured(database).heartbeat_age == 300


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that is executed."""
    seen: list[tuple[str, Any]] = []

    def see(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        seen.append((statement, values))

    event.listen(database.looking, "before_cursor_execute", see)
    yield seen
    event.remove(database.looking, "before_cursor_execute", see)


def test_every_figure_comes_from_an_index_of_what_is_open(database: Database) -> None:
    with statements(database) as seen:
        measured(database)
    asked = [(one, values) for one, values in seen if one.startswith("SELECT")]
    assert len(asked) > 8
    explain = "EXPLAIN QUERY PLAN " if database.is_file else "EXPLAIN "
    with database.looking.connect() as connection:
        if not database.is_file:
            connection.execute(text("SET enable_seqscan = off"))
        for statement, values in asked:
            rows = connection.exec_driver_sql(explain + statement, values).all()
            plan = "\n".join(str(part) for row in rows for part in row)
            if not any(f"FROM {table}" in statement.replace("\n", " ") for table in WHOLE):
                assert "ix_" in plan, f"{statement}\n{plan}"
