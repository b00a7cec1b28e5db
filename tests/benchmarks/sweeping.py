"""Benchmarks 3 and 4: a sweep that finds a county's whole morning due."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, text

from bot.ticker import AT_ONCE
from storage.database import Database, Instant
from tests.benchmarks import county
from tests.benchmarks.bare import in_one_statement, with_the_driver
from tests.benchmarks.ground import Ground, filling, peer, plain_address
from tests.benchmarks.measured import Measured, Timed, compared, each, lower, timed
from workflows.sweep import sweep

AT = county.MORNING.replace(hour=1)
"""One at night: the day's actions fell due at midnight, and its digests go at 8:30."""


def again(database: Database) -> None:
    """Everything due once more, and nothing queued; the conversations are known already."""
    fresh = "DELETE FROM outbox" if database.is_file else "TRUNCATE outbox"
    due = text("UPDATE action SET look_again_at = :at").bindparams(
        bindparam("at", AT.replace(hour=0), Instant)
    )
    with filling(database) as connection:
        connection.execute(text(fresh))
        connection.execute(text("UPDATE lane SET next_at = NULL"))
        connection.execute(due)


def swept(database: Database, count: int) -> None:
    """The assistant's own sweep, in the rounds of its ticker."""
    queued, most = 0, AT_ONCE[database.url.get_backend_name()]
    while True:
        with database.writing() as session:
            found = sweep(session, "action", AT, county.POLICY, county.DAYS, most)
        queued += found.queued
        if found.looked < most:
            break
    assert queued == count, f"{queued} of {count} were queued"


def _each_time(database: Database, what: Timed) -> Timed:
    def once() -> float:
        again(database)
        return what()

    return once


def per_due(ground: Ground) -> Iterator[Measured]:
    """What the rules' language costs, against the same work in one statement, or by the driver."""
    for kind, name, bare, target, against in (
        ("sqlite", "SQLite", with_the_driver, 1.6, "the bare driver's statements"),
        ("postgresql", "PostgreSQL", in_one_statement, 1.8, "one statement of SQL"),
    ):
        database, size = county.of(ground, kind)
        doing = bare(database, AT)

        def least(doing: Any = doing, count: int = size.actions) -> None:
            assert doing() == count

        found = compared(
            ground.much(9, 5),
            ours=_each_time(database, timed(swept, database, size.actions)),
            bare=_each_time(database, timed(least)),
        )
        yield lower(
            f"3 sweep, each due action ({name})",
            found.ratio("ours", "bare"),
            target,
            f"{against} to the same rows, {each(found.median('bare'), size.actions)}"
            f" (ours {each(found.median('ours'), size.actions)})",
        )
        ground.drop(database)


def against_procrastinate(ground: Ground) -> Iterator[Measured]:
    """The same server, the same batches: procrastinate only notes that there is a job."""
    database, size = county.of(ground, "postgresql")
    with peer("procrastinating", plain_address(ground.empty())) as theirs:

        def deferred() -> float:
            theirs.ask("clear")
            return float(theirs.ask("defer", count=size.actions, batch=AT_ONCE["postgresql"]))

        found = compared(
            ground.much(9, 5),
            ours=_each_time(database, timed(swept, database, size.actions)),
            theirs=deferred,
        )
    yield lower(
        "4 sweep, each due action, against a peer (PostgreSQL)",
        found.ratio("ours", "theirs"),
        0.6,
        f"procrastinate's batch defer, {each(found.median('theirs'), size.actions)}"
        f" (ours {each(found.median('ours'), size.actions)})",
    )
    ground.drop(database)
