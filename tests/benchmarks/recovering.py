"""Benchmark 13: the first minutes after a day on which nothing ran at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.app import assemble
from bot.clock import StoppedClock
from storage.database import Database
from storage.outbox import OPEN, Delivery
from tests.benchmarks import county, queued
from tests.benchmarks.ground import KINDS, Ground, address, looking_at
from tests.benchmarks.measured import Measured, lower
from tests.benchmarks.nowhere import Nowhere
from tests.benchmarks.stage import Stage, settled_in, stage
from tests.reliability.waiting import until

PEOPLE, DUE = 60, 300
FEW, FEWER_DUE = 30, 150
"""In a quick run."""

OUT_FROM = county.MORNING.replace(hour=7)
BACK_AT = county.MORNING + timedelta(days=1, minutes=10)
"""From Tuesday before the digests until Wednesday after them: two of each person's days."""

PER_SECOND, BURST = 4.0, 20
"""What the whole workspace stands: with one message a conversation, this is the only limit."""

OURS = {"per_second": 3.9, "burst": 19, "at_once": 20}
"""A little less: the platform's own count of a second is not quite ours."""

ANSWER = 0.1


def interrupted(ground: Ground, kind: str) -> Database:
    """Some families whose day's digests are queued, and nothing was sent since."""

    people, due = ground.much(PEOPLE, FEW), ground.much(DUE, FEWER_DUE)

    def fill(database: Database) -> None:
        county.settled(database, county.Size(people * 2, people, due))
        queued.conversations(database, people)
        settled_in(database, OUT_FROM - timedelta(days=1))
        before = StoppedClock(OUT_FROM)
        assemble(county.POLICY, database, before, {"web": Nowhere()}).ticker.sweep()

    return ground.like("interrupted", kind, fill)


def recovered(on: Stage, url: str, people: int) -> tuple[Counter[str], float]:
    """Start again; what was said in each conversation, and the seconds from due to the last."""
    on.work(url, 1, **OURS)
    until(lambda: _coming(url).total() == people, "all of today's digests are queued")
    due = max(_coming(url))
    on.pass_quickly(due)
    log = on.until_taken(people, 0)
    on.pass_quickly(on.clock.now() + timedelta(minutes=2))
    until(lambda: not _left(url), "nothing is left to say")
    on.stop()
    last = max(one["at"] for one in log if one["status"] == 200)
    return Counter(one["place"] for one in on.taken()), last - due.timestamp() + ANSWER


def _coming(url: str) -> Counter[datetime]:
    """When the digests of the day on which it starts again go."""
    with looking_at(url) as session:
        digests = session.query(Delivery).where(Delivery.slot == BACK_AT.date().isoformat())
        return Counter(one.available_at for one in digests.where(Delivery.operation == "digest"))


def _left(url: str) -> int:
    with looking_at(url) as session:
        waiting = Delivery.state.in_((*OPEN, "waiting"))
        return session.query(Delivery).where(waiting, Delivery.slot <= str(BACK_AT.date())).count()


def after_a_day(ground: Ground) -> Iterator[Measured]:
    """One message a conversation, and no slower than the workspace allows."""
    rules = ("--per-second", str(PER_SECOND), "--burst", str(BURST))
    for kind, name in KINDS.items():
        database = interrupted(ground, kind)
        with database.reading() as session:
            people = session.query(Delivery).where(Delivery.operation == "digest").count()
        floor = (people - BURST) / PER_SECOND + ANSWER
        url = address(database)
        database.close()
        with stage(BACK_AT, PEOPLE, *rules) as on:
            said, seconds = recovered(on, url, people)
            refused = sum(one["status"] == 429 for one in on.chat.log())
        assert len(said) == people, f"{len(said)} of {people} conversations were spoken in"
        yield lower(
            f"13 after 24 h away: messages a conversation ({name})",
            max(said.values()),
            1.0,
            f"one each: {ground.much(DUE, FEWER_DUE)} actions fell due for {people} people,"
            " on two days",
        )
        yield lower(
            f"13 after 24 h away: time to say it ({name})",
            seconds / floor,
            1.1,
            f"the workspace's own limit, {PER_SECOND:g} a second after {BURST}: {floor:.1f} s;"
            f" {refused} times told to wait",
        )
