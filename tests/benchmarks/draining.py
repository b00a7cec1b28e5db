"""Benchmarks 5 and 6: emptying the outbox, a claim and a record for twenty messages at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.app import assemble
from bot.clock import StoppedClock
from bot.sender import HANDS, Sender
from storage import claiming, finishing
from storage.database import Database
from tests.benchmarks import county, queued
from tests.benchmarks.ground import KINDS, Ground, driver, peer, plain_address
from tests.benchmarks.measured import Measured, Timed, compared, each, higher, timed
from tests.benchmarks.nowhere import Nowhere

BATCH = 20


def drained(database: Database, count: int) -> None:
    """What the sender does to the database: it records what was taken, and claims the next."""
    done, claims = 0, list[claiming.Claim]()
    while done < count or claims:
        with database.writing() as session:
            if claims:
                sent = [finishing.Sent(one, queued.NOW, "M1", queued.NOW) for one in claims]
                assert len(finishing.finish_sent(session, sent)) == len(claims)
            claims = claiming.claim(session, queued.NOW, "bench", BATCH)
        done += len(claims)
    assert done == count


def sent(database: Database, count: int) -> None:
    """The sender of one process, from the first claim to the last record, words and all."""
    nowhere = Nowhere(count)
    assistant = assemble(county.POLICY, database, StoppedClock(queued.NOW), {"web": nowhere})
    sender = Sender(assistant.delivery, HANDS)
    sender.start()
    assert nowhere.all_taken.wait(120), "not everything was sent"
    sender.stop()


def _of_a_full_outbox(database: Database, count: int, what: Any) -> Timed:
    def once() -> float:
        queued.refill(database, count)
        return timed(lambda: what(database, count))()

    return once


def _county(ground: Ground, kind: str) -> Database:
    database, size = county.of(ground, kind)
    queued.conversations(database, size.practitioners)
    return database


def against_procrastinate(ground: Ground) -> Iterator[Measured]:
    """The same server: procrastinate runs jobs that do nothing, ten at a time."""
    database, count = _county(ground, "postgresql"), ground.much(1_000, 150)
    with peer("procrastinating", plain_address(ground.empty())) as theirs:

        def their_drain() -> float:
            theirs.ask("clear")
            theirs.ask("defer", count=count, batch=500)
            return float(theirs.ask("drain"))

        found = compared(
            ground.much(5, 3),
            bare=_of_a_full_outbox(database, count, drained),
            whole=_of_a_full_outbox(database, count, sent),
            theirs=their_drain,
        )
    ground.drop(database)
    rate = {name: f"{count / found.median(name):.0f}/s" for name in found.seconds}
    yield higher(
        "5 drain: claim, no-op send, record, no words (PostgreSQL)",
        found.ratio("theirs", "bare"),
        2.5,
        f"procrastinate's worker, 10 at a time, no-op: {rate['theirs']} (ours {rate['bare']})",
    )
    yield higher(
        "5 drain: the whole path, checked and put in words (PostgreSQL)",
        found.ratio("theirs", "whole"),
        WHOLE_PATH,
        f"procrastinate's no-op, which says nothing: {rate['theirs']} (ours {rate['whole']})",
    )


WHOLE_PATH = 0.5
"""Ours, to be noticed when it falls: each notice is asked once more and put in words."""


def _commits(database: Database, count: int) -> Timed:
    """One row changed and committed, again and again, by the bare driver."""
    raw = driver(database)
    begin = "BEGIN IMMEDIATE" if database.is_file else "BEGIN"
    if not database.is_file:
        raw.autocommit = True
    update = f"UPDATE lane SET fence = fence + 1 WHERE id = {'?' if database.is_file else '%s'}"  # noqa: S608

    def commits() -> None:
        for number in range(count):
            raw.execute(begin)
            raw.execute(update, (1 + number % 50,))
            raw.execute("COMMIT")

    return timed(commits)


def against_commits(ground: Ground) -> Iterator[Measured]:
    """Recorded one by one, each message would cost a commit at least: how near is all of it?"""
    count = ground.much(1_000, 150)
    for kind, name in KINDS.items():
        database = _county(ground, kind)
        found = compared(
            ground.much(7, 3),
            ours=_of_a_full_outbox(database, count, drained),
            commits=_commits(database, count),
        )
        ground.drop(database)
        yield higher(
            f"6 drain by one worker, 20 at a time, no words ({name})",
            found.ratio("commits", "ours"),
            0.8,
            f"the bare driver's single-row commits, {each(found.median('commits'), count)}"
            f" (ours {each(found.median('ours'), count)})",
        )
