"""Benchmark 12: what a reader waits for, against the bare driver and against AsyncSession."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from sqlalchemy import text

from storage.database import Database
from tests.benchmarks import county
from tests.benchmarks.ground import Ground, address, filling, peer
from tests.benchmarks.measured import Compared, Measured, Timed, compared, each, higher, lower

SIZE = county.Size(200, 40, 400)
ROWS = 20

WHOLE_PAGE = 80.0
"""Ours, to be noticed when it grows: twenty actions, each with all its buttons, as HTML."""

NOT_SLOWER = 0.9
"""Ours: were the same functions a tenth faster on AsyncSession, threads would have to go. The 1.5
of our first study cannot be: AsyncSession lists in 1.2 times what the bare driver takes."""


def busy(ground: Ground) -> Database:
    """Practitioner 1 has twenty actions to do."""

    def fill(database: Database) -> None:
        county.settled(database, SIZE)
        with filling(database) as connection:
            owner = f"CASE WHEN id <= {ROWS} THEN 1 ELSE 2 + id % 38 END"
            connection.execute(text(f"UPDATE action SET owner_id = {owner}"))  # noqa: S608
            connection.execute(
                text(
                    "INSERT INTO team_member (taf_id, person_id, state, asked_by_id, version)"
                    " SELECT id, 1, 'joined', 1, 1 FROM taf ON CONFLICT DO NOTHING"
                )
            )

    return ground.like("busy", "postgresql", fill)


def cores() -> tuple[str, str]:
    """One core for the server, another one for whoever asks, where there are two."""
    mine = sorted(os.sched_getaffinity(0))
    return str(mine[0]), str(mine[-1])


def asked(ground: Ground, path: str, *ways: str) -> Compared:
    """Each way of serving asked in turn, all of them on the same database."""
    database = busy(ground)
    serving, asking = cores()
    with ExitStack() as open_ones:
        load = open_ones.enter_context(peer("loading", asking))
        asks: dict[str, Timed] = {}
        for way in ways:
            server = open_ones.enter_context(peer("endpoints", way, address(database), serving))
            asks[way] = _ask(load, server.ask("port"), "/my" if way == "pages" else path, ground)
        found = compared(ground.much(5, 2), **asks)
    ground.drop(database)
    return found


def _ask(load: Any, port: int, path: str, ground: Ground) -> Timed:
    seconds = 0.5 if ground.quick else 1.5
    return lambda: float(load.ask("load", port=port, path=path, seconds=seconds))


def listing(ground: Ground) -> Iterator[Measured]:
    """Twenty of a practitioner's actions."""
    found = asked(ground, "/list", "bare", "threads", "asynchronous", "pages")
    bare = f"the bare driver's endpoint, {each(found.median('bare'))}"
    yield lower(
        "12 list 20 actions, no page around them (PostgreSQL)",
        found.ratio("threads", "bare"),
        1.5,
        f"{bare} (ours {each(found.median('threads'))})",
    )
    yield lower(
        "12 list 20 actions, the whole page My work (PostgreSQL)",
        found.ratio("pages", "bare"),
        WHOLE_PAGE,
        f"{bare}, which writes no page (ours {each(found.median('pages'))})",
    )
    yield higher(
        "12 list 20 actions, against AsyncSession (PostgreSQL)",
        found.ratio("asynchronous", "threads"),
        NOT_SLOWER,
        f"the same functions on AsyncSession, {each(found.median('asynchronous'))}",
    )


def closing(ground: Ground) -> Iterator[Measured]:
    """One action found, moved, written in the audit, committed."""
    found = asked(ground, "/close", "bare", "threads", "asynchronous")
    yield lower(
        "12 close an action: find, move, audit, commit (PostgreSQL)",
        found.ratio("threads", "bare"),
        2.5,
        f"the bare driver's endpoint, {each(found.median('bare'))}"
        f" (ours {each(found.median('threads'))})",
    )
    yield higher(
        "12 close an action, against AsyncSession (PostgreSQL)",
        found.ratio("asynchronous", "threads"),
        NOT_SLOWER,
        f"the same functions on AsyncSession, {each(found.median('asynchronous'))}",
    )
