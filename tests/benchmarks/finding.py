"""Benchmarks 1 and 2: finding what is due, whatever has piled up beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from storage import due
from storage.database import Database, Instant
from storage.steps import BETWEEN, STAMP, Upcoming, stamp
from tests.benchmarks.ground import KINDS, Ground, driver, filling
from tests.benchmarks.measured import Measured, compared, each, lower, timed

NOW = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
DUE = 1_000
STEPS = [
    Upcoming(
        stamp(NOW + timedelta(days=day)), rule, "action", f"2025-03-0{4 + day}/", "TO", rule, *"  "
    )
    for day, rule in enumerate(("action_due", "action_overdue", "action_overdue", "action_overdue"))
]
"""What is written beside an action: due, then overdue to its owner, the lead, the supervisors.

Each tells somebody else, so that no two are alike and nothing is saved by finding them together.
"""

NUMBERS = {
    "sqlite": "(WITH RECURSIVE counted(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM counted"
    " WHERE n < :rows) SELECT n FROM counted)",
    "postgresql": "(SELECT generate_series(1, :rows) AS n)",
}
FILL = """
    INSERT INTO action (taf_id, number, state, words, list, due_on, agreed_at, agreed_by_id,
        times_moved, version, look_again_at, steps)
    SELECT 1 + n % 2820, n, CASE WHEN n > :due AND n % 10 < 7 THEN 'done' ELSE 'open' END, 'x',
        'family_plan', '2025-03-01', :past, 1, 0, 1,
        CASE WHEN n <= :due THEN :past WHEN n % 10 < 7 THEN NULL ELSE :ahead END,
        CASE WHEN n <= :due THEN {steps} END
    FROM {numbers} AS numbers
"""


def filled(ground: Ground, kind: str, rows: int) -> Database:
    """So many actions, seven in ten of them closed, 1,000 to be looked at now, the rest later."""
    database = ground.database(kind)
    steps = "replace(:steps, 'TO', CAST(n AS text))"
    steps = f"CAST({steps} AS json)" if kind == "postgresql" else steps
    statement = text(FILL.format(steps=steps, numbers=NUMBERS[kind])).bindparams(
        bindparam("past", NOW - timedelta(hours=9), Instant),
        bindparam("ahead", NOW + timedelta(days=30), Instant),
        due=DUE,
        rows=rows,
        steps=json.dumps([one.line for one in STEPS]),
    )
    with filling(database) as connection:
        connection.execute(statement)
    return database


def _find(database: Database) -> None:
    with Session(database.engine) as session:  # it holds what it finds, and then lets it go
        assert len(due.find(session, "action", NOW, DUE)) == DUE
        session.rollback()


def flat(ground: Ground) -> Iterator[Measured]:
    """Finding what is due must not slow down as a county's closed actions pile up."""
    small, large = 40_000, ground.much(4_000_000, 400_000)
    for kind, name in KINDS.items():
        few, many = filled(ground, kind, small), filled(ground, kind, large)
        found = compared(ground.much(30, 15), few=timed(_find, few), many=timed(_find, many))
        yield lower(
            f"2 find 1,000 due in a large table ({name})",
            found.ratio("many", "few"),
            1.5,
            f"the same in a small one: {large:,} rows against {small:,}",
        )
        ground.drop(few)
        ground.drop(many)


SCAN = """
    SELECT id, taf_id, look_again_at, unheard_since, steps FROM action
    WHERE look_again_at <= {at} ORDER BY look_again_at LIMIT 1000
"""


def _by_the_driver(database: Database) -> tuple[Any, Any]:
    """The same rows by the bare driver: as the database has them, and as values to work with."""
    raw = driver(database)
    at: tuple[Any]
    if database.is_file:
        query, at = SCAN.format(at="?"), (str(NOW.replace(tzinfo=None)) + ".000000",)
    else:
        query, at = SCAN.format(at="%s") + " FOR UPDATE SKIP LOCKED", (NOW,)

    def scanned() -> None:
        assert len(raw.execute(query, at).fetchall()) == DUE
        raw.rollback()

    def read() -> None:
        rows = raw.execute(query, at).fetchall()
        if database.is_file:
            since = [stamp(datetime.fromisoformat(row[2]).replace(tzinfo=UTC)) for row in rows]
            found = [_come(one, json.loads(row[4])) for one, row in zip(since, rows, strict=True)]
        else:
            found = [_come(stamp(row[2]), row[4]) for row in rows]
        assert len(found) == DUE
        raw.rollback()

    return scanned, read


def _come(since: str, lines: list[str]) -> tuple[list[list[str]], str | None]:
    """Of a subject's steps those that have come, in their parts, and when the next one comes."""
    stamped = stamp(NOW)
    come = [line.split(BETWEEN) for line in lines if since <= line[:STAMP] <= stamped]
    return come, min((line[:STAMP] for line in lines if line[:STAMP] > stamped), default=None)


def against_the_driver(ground: Ground) -> Iterator[Measured]:
    """What SQLAlchemy adds to reading them: the same statement by the bare driver."""
    for kind, name in KINDS.items():
        database = filled(ground, kind, ground.much(40_000, 10_000))
        scanned, read = _by_the_driver(database)
        found = compared(
            ground.much(60, 20),
            ours=timed(_find, database),
            scanned=timed(scanned),
            read=timed(read),
        )
        yield lower(
            f"1 find 1,000 due, read as values ({name})",
            found.ratio("ours", "read"),
            1.6,
            "the bare driver's index scan, what has come read by plain Python,"
            f" {each(found.median('read'))}",
        )
        ground.drop(database)
