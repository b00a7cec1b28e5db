"""Where messages are really carried: a strict chat over HTTP, a clock, and worker processes."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.app import assemble
from bot.clock import StoppedClock
from bot.sender import HANDS
from storage.database import Database
from storage.outbox import Delivery
from tests.benchmarks import county
from tests.benchmarks.nowhere import Nowhere
from tests.benchmarks.strict_chat import StrictChat
from tests.reliability.forking import Forks, Worker
from tests.reliability.moments import ScenarioClock
from tests.reliability.waiting import until

PACE = 1.04
"""Seconds between two messages in one place where one a second is allowed: ours, with room."""

FAST = 90
SOON = timedelta(seconds=1.5)
"""What nobody waits for passes fast; shortly before something happens, time is itself again."""

REAL: dict[str, Any] = {
    "lease": 60.0,
    "pace": PACE,
    "time_out": 10.0,
    "settles": 70.0,
    "sweep_every": 60.0,
    "backoff": 1.0,
    "picked_up_after": 60.0,
    "at_once": HANDS,
    "intake": False,
}
"""A worker as it is in earnest, where the tests of reliability shorten everything."""


@dataclass
class Stage:
    """A chat, its clock, and those who work."""

    folder: Path
    clock: ScenarioClock
    chat: StrictChat
    forks: Forks
    workers: list[Worker] = field(default_factory=list)

    def work(self, url: str, count: int, **options: Any) -> list[Worker]:
        """Start worker processes on a database, and wait until they work."""
        started = []
        for _ in range(count):
            name = f"worker-{len(self.workers) + 1}"
            given: dict[str, Any] = {"name": name, "folder": str(self.folder), "database": url}
            given |= {"chat": self.chat.url, "seed": len(self.workers)} | REAL | options
            started.append(self.forks.start(given))
            self.workers.append(started[-1])
        for one in started:
            until(one.is_ready, f"{one.name} works", 120)
        return started

    def pass_quickly(self, to: datetime) -> None:
        """Let the clock run ninety times as fast until shortly before this moment."""
        while (left := to - SOON - self.clock.now()) > timedelta(0):
            time.sleep(0.05)
            self.clock.move(min(left, timedelta(seconds=0.05 * (FAST - 1))))

    def stop(self) -> None:
        """Kill whoever works."""
        for one in self.workers:
            one.kill()
        self.workers.clear()

    def taken(self, after: int = 0) -> list[dict[str, Any]]:
        """Every message that the chat took, from a line of its log on."""
        return [one for one in self.chat.log(after) if _is_taken(one)]

    def until_taken(self, count: int, after: int, within: float = 120.0) -> list[dict[str, Any]]:
        """Wait until the chat took so many messages; all its log from a line on.

        It is asked rarely: it has other things to do, and the times are in its log.
        """
        log: list[dict[str, Any]] = []
        ends = time.monotonic() + within
        while sum(_is_taken(one) for one in log) < count:
            assert time.monotonic() < ends, f"{sum(map(_is_taken, log))} of {count} were taken"
            time.sleep(0.3)
            log += self.chat.log(after + len(log))
        return log


def _is_taken(line: Mapping[str, Any]) -> bool:
    return bool(line["status"] == 200 and line["operation"] == "post")


@contextmanager
def stage(at: datetime, people: int, *rules: str) -> Iterator[Stage]:
    """A chat that knows so many people."""
    with tempfile.TemporaryDirectory() as folder:
        clock = ScenarioClock.made(Path(folder) / "clock", at)
        chat = StrictChat(Path(folder) / "clock", *rules)
        chat.order("load", people=list(range(1, people + 1)))
        forks = Forks.started()
        found = Stage(Path(folder), clock, chat, forks)
        try:
            yield found
        finally:
            found.stop()
            forks.stop()
            chat.stop()


def settled_in(database: Database, at: datetime = county.MORNING) -> None:
    """Let the auditor go round once, and send what it finds, as before any ordinary day."""
    nowhere = Nowhere()
    assistant = assemble(county.POLICY, database, StoppedClock(at), {"web": nowhere})
    assistant.ticker.auditor.round(at_start=True)
    assistant.ticker.tick()


Wanted = Mapping[str, Sequence[int]]
"""What is to be said in each conversation, in its order."""


def wanted(database: Database) -> dict[str, list[int]]:
    """What the outbox holds that is still to be sent."""
    found: dict[str, list[int]] = {}
    with database.reading() as session:
        rows = session.query(Delivery).where(Delivery.state == "ready").order_by(Delivery.id)
        for one in rows:
            found.setdefault(f"D{one.lane.person_id}", []).append(one.id)
    return found


@dataclass(frozen=True)
class Judged:
    """What a history amounts to. `seconds` end with the last message's answer."""

    seconds: float
    refused: int
    lost: int
    doubled: int
    reordered: int

    @property
    def faults(self) -> int:
        """Everything that must never be."""
        return self.lost + self.doubled + self.reordered


def judged(log: Sequence[Mapping[str, Any]], wanted: Wanted, since: float) -> Judged:
    """Compare what the chat took with what was to be said; `since` is by the chat's clock."""
    taken = [one for one in log if _is_taken(one)]
    times = Counter(int(one["number"]) for one in taken)
    reordered = 0
    for place, numbers in wanted.items():
        order = {number: at for at, number in enumerate(numbers)}
        came = [order[one["number"]] for one in taken if one["place"] == place]
        reordered += sum(b < a for a, b in pairwise(came))
    return Judged(
        seconds=max((one["at"] for one in taken), default=since) + 0.1 - since,
        refused=sum(one["status"] == 429 for one in log),
        lost=sum(number not in times for numbers in wanted.values() for number in numbers),
        doubled=sum(count - 1 for count in times.values()),
        reordered=reordered,
    )
