"""Benchmarks, each a ratio of two things measured in one run.

`python -m tests.benchmarks [--quick]` prints a table; where BENCH_JSON names a file, the same is
written there as JSON. Absolute times mean little on a shared machine; ratios hold.
"""

from __future__ import annotations

import itertools
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from storage import claiming, migrating, subjects
from storage.database import Database
from tests import builders
from tests.world import World

NOW = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Measured:
    """One benchmark: its ratio, the target, and what it was measured against."""

    name: str
    ratio: float
    target: float
    better: str
    holds: bool
    against: str


def lower(name: str, ratio: float, target: float, against: str) -> Measured:
    """A ratio that should be at or under its target."""
    return Measured(name, round(ratio, 2), target, "lower", ratio <= target, against)


def took(what: Callable[[], Any], times: int = 7) -> float:
    """The median time of a few runs, in seconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        what()
        found.append(time.perf_counter() - start)
    return median(found)


def migrated(folder: Path, name: str) -> Database:
    """A new database file."""
    database = Database(f"sqlite:///{folder / name}")
    migrating.upgrade(database)
    return database


def _fill_actions(database: Database, rows: int, due: int) -> None:
    """A family with many actions: most closed, `due` of them to be looked at."""
    raw = sqlite3.connect(database.url.database or "")
    raw.execute("PRAGMA foreign_keys=OFF")
    at = NOW.replace(tzinfo=None)
    past, ahead = str(at - timedelta(hours=1)), str(at + timedelta(days=30))
    raw.executemany(
        "INSERT INTO action (taf_id, number, state, words, list, due_on, agreed_at, agreed_by_id,"
        " times_moved, version, look_again_at) VALUES (1, ?, ?, 'x', 'family_plan', '2025-03-01',"
        " ?, 1, 0, 1, ?)",
        (
            (
                number,
                "done" if number % 10 < 7 and number >= due else "open",
                past,
                past if number < due else None if number % 10 < 7 else ahead,
            )
            for number in range(rows)
        ),
    )
    raw.commit()
    raw.execute("ANALYZE")
    raw.close()


def finding_what_is_due(folder: Path, *, quick: bool) -> Measured:
    """Finding 1,000 due actions must not slow down as a county's closed ones pile up."""
    small, large = 4_000, 40_000 if quick else 400_000
    times = []
    for rows in (small, large):
        database = migrated(folder, f"due{rows}.db")
        _fill_actions(database, rows, 1_000)

        def find(database: Database = database) -> None:
            with database.reading() as session:
                assert len(subjects.due(session, "action", NOW, 1_000)) == 1_000

        find()
        times.append(took(find, 15))
        database.close()
    return lower(
        f"find 1,000 due among {large:,}", times[1] / times[0], 1.5, f"the same among {small:,}"
    )


def _fill_outbox(database: Database, lanes: int, each: int) -> None:
    raw = sqlite3.connect(database.url.database or "")
    raw.execute("PRAGMA foreign_keys=OFF")
    at, ahead = str(NOW.replace(tzinfo=None)), str((NOW + timedelta(days=9)).replace(tzinfo=None))
    raw.executemany(
        "INSERT INTO lane (person_id, next_at, fence) VALUES (?, ?, 0)",
        ((number, at if number <= 50 else ahead) for number in range(1, lanes + 1)),
    )
    keys = itertools.count()
    raw.executemany(
        "INSERT INTO outbox (dedup_key, lane_id, operation, state, facts, items, made_at,"
        " available_at, attempts) VALUES (?, ?, 'post', 'ready', '{}', '[]', ?, ?, 0)",
        (
            (f"k{next(keys)}", number, at, at if number <= 50 else ahead)
            for number in range(1, lanes + 1)
            for _ in range(each)
        ),
    )
    raw.commit()
    raw.execute("ANALYZE")
    raw.close()


def claiming_heads(folder: Path, *, quick: bool) -> Measured:
    """Claiming 50 heads must not slow down as the backlog grows."""
    times = []
    sizes = ((60, 5), (1_000, 10) if quick else (10_000, 10))
    for lanes, each in sizes:
        database = migrated(folder, f"claim{lanes}.db")
        _fill_outbox(database, lanes, each)

        def claim(database: Database = database) -> None:
            with database.writing() as session:
                claims = claiming.claim(session, NOW, "bench", 50)
                assert len(claims) == 50
                session.rollback()

        claim()
        times.append(took(claim, 15))
        database.close()
    backlog = sizes[1][0] * sizes[1][1]
    return lower(
        f"claim 50 heads, backlog {backlog:,}", times[1] / times[0], 1.5, "the same, backlog 300"
    )


def pressing(folder: Path, *, quick: bool) -> Measured:
    """A whole press, checked, audited, told and wound, against the bare writes of the driver."""
    world = World(migrated(folder, "press.db"))
    world.given_a_family()
    count = 40 if quick else 150
    actions = [
        world.does("Maya", "action.agree", world.taf, **builders.action(world.ref("Asha"))).about
        for _ in range(10)
    ]
    moves = itertools.cycle(actions)
    days = itertools.count(1)

    def press() -> None:
        on = (NOW + timedelta(days=20 + next(days))).date().isoformat()
        world.does("Asha", "action.ask_for_time", next(moves) or "", due_on=on, reason="x")

    ours = took(press, count)
    world.database.close()
    raw = sqlite3.connect(folder / "press.db", isolation_level=None)
    raw.execute("PRAGMA synchronous=FULL")
    numbers = itertools.count(1)

    def bare() -> None:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("SELECT * FROM action WHERE id = 1").fetchone()
        raw.execute("UPDATE action SET times_moved = times_moved + 1 WHERE id = 1")
        raw.execute(
            "INSERT INTO inbox (platform, key, person_id, command, answer, received_at)"
            " VALUES ('bench', ?, 1, 'x', '{}', '2025-03-04')",
            (str(next(numbers)),),
        )
        raw.execute("COMMIT")

    bare_time = took(bare, count)
    raw.close()
    return lower(
        "a press, from form to sent card", ours / bare_time, 150, "two writes of the bare driver"
    )


BENCHMARKS = (finding_what_is_due, claiming_heads, pressing)


def main() -> int:
    """Measure everything; 1 when a target is missed."""
    quick = "--quick" in sys.argv[1:]
    found = []
    for bench in BENCHMARKS:
        with tempfile.TemporaryDirectory() as folder:
            found.append(bench(Path(folder), quick=quick))
        one = found[-1]
        sign = "<=" if one.better == "lower" else ">="
        verdict = "holds" if one.holds else "MISSED"
        print(
            f"{one.name:<40} {one.ratio:>8.2f} × {one.against:<34}"
            f" (target {sign} {one.target}) {verdict}",
            flush=True,
        )
    if path := os.environ.get("BENCH_JSON"):
        Path(path).write_text(json.dumps([asdict(one) for one in found], indent=2))
    return int(not all(one.holds for one in found))


if __name__ == "__main__":
    sys.exit(main())
