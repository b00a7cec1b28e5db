"""Benchmarks 9 and 10: 300 messages for 60 conversations that stand one message a second each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import insert, text, update

from storage.database import Database
from storage.lanes import Lane
from storage.outbox import Delivery
from tests.benchmarks import county, queued
from tests.benchmarks.ground import KINDS, Ground, address, filling, peer
from tests.benchmarks.measured import Measured, lower
from tests.benchmarks.stage import Judged, Stage, judged, settled_in, stage, wanted

CONVERSATIONS = 60
MESSAGES = 300
HANDS = 64
"""Every conversation may be on its way at once: the platform's pace is to be the only limit."""

ANSWER = 0.1
WORKERS = (("sqlite", 1), ("postgresql", 1), ("postgresql", 2), ("postgresql", 4))
"""A file has one process; on PostgreSQL there may be several."""


def spread(messages: int, conversations: int, *, skewed: bool) -> list[int]:
    """The conversation of each message: each in turn, or a tenth of all in the first of them."""
    if not skewed:
        return [1 + number % conversations for number in range(messages)]
    busy = messages // 10
    rest = [2 + number % (conversations - 1) for number in range(messages - busy)]
    return sorted([*rest, *[1] * busy], key=lambda lane: lane != 1)


def floor(lanes: list[int]) -> float:
    """Seconds of the strictest schedule: the busiest conversation's pace, and one answer."""
    return max(lanes.count(one) for one in lanes) - 1 + ANSWER


def town(ground: Ground, kind: str) -> Database:
    """Sixty practitioners with some families; nothing of theirs is due."""

    def fill(database: Database) -> None:
        size = county.Size(15, CONVERSATIONS, 15)
        county.settled(database, size, county.TODAY + timedelta(days=30))
        queued.conversations(database, CONVERSATIONS)
        settled_in(database)

    return ground.like("town", kind, fill)


def put_in(database: Database, lanes: list[int], at: datetime, apart: float = 0.0) -> None:
    """Answers of the supervisors to families' teams: notices that are true whatever happens.

    They fall due one after the other, so many seconds apart.
    """
    rows = []
    first: dict[int, datetime] = {}
    for number, lane in enumerate(lanes, 1):
        facts = {"about": "taf-1", "reference": "F-1001", "request": f"H-{number}"}
        said = {"notice": "help_answered", "about": "taf-1", "facts": facts | {"who": "Dr Clarke"}}
        due = at + timedelta(seconds=apart * number)
        rows.append(queued.notice(number, lane) | said | {"made_at": at, "available_at": due})
        first.setdefault(lane, due)
    with filling(database) as connection:
        connection.execute(text("DELETE FROM outbox"))
        connection.execute(insert(Delivery), rows)
        for lane, due in first.items():
            connection.execute(update(Lane).where(Lane.id == lane).values(next_at=due))


def carried(on: Stage, database: Database, lanes: list[int], workers: int) -> Judged:
    """Let so many worker processes carry it all; how it went."""
    due = on.clock.now() + timedelta(minutes=1)  # when all workers are at their posts
    put_in(database, lanes, due)
    waits = wanted(database)
    url = address(database)
    database.close()
    before = len(on.chat.log())
    on.work(url, workers, at_once=HANDS)
    on.pass_quickly(due)
    log = on.until_taken(len(lanes), before)
    on.stop()
    return judged(log, waits, due.timestamp())


def against_the_floor(ground: Ground) -> Iterator[Measured]:
    """No schedule can be faster than one message a second in the busiest conversation."""
    messages, conversations = ground.much(MESSAGES, 30), ground.much(CONVERSATIONS, 15)
    found: list[Judged] = []
    with stage(county.MORNING, CONVERSATIONS) as on:
        for shape, skewed, rounds in (("even", False, ground.much(3, 1)), ("skewed", True, 1)):
            lanes = spread(messages, conversations, skewed=skewed)
            for kind, workers in WORKERS:
                runs = [carried(on, town(ground, kind), lanes, workers) for _ in range(rounds)]
                found += runs
                yield lower(
                    f"9 deliver, {shape}, {workers} worker{'s' * (workers > 1)} ({KINDS[kind]})",
                    median(one.seconds for one in runs) / floor(lanes),
                    1.10,
                    f"the floor for {messages} in {conversations} conversations:"
                    f" {floor(lanes):.1f} s",
                )
    refused, faults = sum(one.refused for one in found), sum(one.faults for one in found)
    yield lower("9 deliver: told to wait (429), all of these", refused, 0, "none may be")
    yield lower("9 deliver: lost, doubled or out of order", faults, 0, "none may be")


def _by_a_peer(on: Stage, library: str, lanes: list[int]) -> Judged:
    channels = [f"D{lane}" for lane in lanes]
    waits: dict[str, list[int]] = {}
    for number, channel in enumerate(channels, 1):
        waits.setdefault(channel, []).append(number)
    with peer("posting", f"{on.chat.slack}/api/") as theirs:
        theirs.ask("ready")
        began = on.clock.seconds()
        theirs.ask(library, channels=channels)
    return judged(on.chat.log(), waits, began)


def against_peers(ground: Ground) -> Iterator[Measured]:
    """The same chat and the same messages, by what is usually reached for."""
    messages, conversations = ground.much(MESSAGES, 30), ground.much(CONVERSATIONS, 15)
    lanes = spread(messages, conversations, skewed=False)
    found = {}
    for library in ("slack_sdk", "aiolimiter"):
        with stage(county.MORNING, CONVERSATIONS) as on:
            found[library] = _by_a_peer(on, library, lanes)
    with stage(county.MORNING, CONVERSATIONS) as on:
        ours = carried(on, town(ground, "postgresql"), lanes, 1)
    slack, limiter = found["slack_sdk"], found["aiolimiter"]
    yield lower(
        "10 deliver, time, against a limiter from memory (PostgreSQL)",
        ours.seconds / limiter.seconds,
        1.0,
        f"aiolimiter, one a channel: {limiter.seconds:.1f} s, {limiter.refused} times told to wait",
    )
    yield lower(
        "10 deliver, lost, doubled or out of order, against both",
        ours.faults,
        0,
        f"slack_sdk's rate-limit handler: {slack.lost} of {messages} lost, {slack.refused} times"
        f" told to wait; aiolimiter: {limiter.reordered} out of order",
    )
