"""One scenario: a database, the fake chat, worker processes, and the checker at its end."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx2
from sqlalchemy import create_engine, func, or_, select
from sqlalchemy.orm import Session

from bot.boundary import Press
from storage.database import Database
from storage.inbox import Received
from storage.lanes import Lane
from storage.outbox import Delivery
from storage.subjects import KINDS
from tests import builders
from tests.reliability import checks
from tests.reliability.chat.ordering import Chat
from tests.reliability.checks.history import History
from tests.reliability.forking import Forks, Worker
from tests.reliability.moments import ScenarioClock
from tests.reliability.town import POLICY, Town, queue_messages
from tests.reliability.waiting import until
from workflows.sweep import SUBJECTS

LONG = bool(os.environ.get("TAF_LONG"))
"""Whether the long form is wanted: more kills, more messages."""


@dataclass
class Scenario:
    """What a test does to the assistant. On one file there is one worker at a time."""

    folder: Path
    url: str
    clock: ScenarioClock
    chat: Chat
    forks: Forks
    town: Town
    seed: int
    options: dict[str, Any] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)
    may_repeat: bool = False

    def __post_init__(self) -> None:
        """Open the database for looking, beside whoever works on it."""
        self.luck = Random(self.seed)
        self._names = itertools.count(1)
        self._keys = itertools.count(1)
        self.is_file = self.url.startswith("sqlite")
        path = self.url.removeprefix("sqlite:///")
        url = f"sqlite:///file:{path}?mode=ro&uri=true" if self.is_file else self.url
        self._looking = create_engine(url)
        self._client = httpx2.Client(trust_env=False, timeout=30)

    def work(self, count: int | None = None, **options: Any) -> list[Worker]:
        """Start workers (one on a file, else two), and wait until they work."""
        started = [self.start(**options) for _ in range(1 if self.is_file else count or 2)]
        for one in started:
            until(lambda one=one: one.is_ready() or one.ended() == 137, f"{one.name} works")  # type: ignore[misc]
        return started

    def start(self, **options: Any) -> Worker:
        """Start one worker."""
        number = next(self._names)
        given: dict[str, Any] = {"name": f"worker-{number}", "folder": str(self.folder)}
        given |= {"database": self.url, "chat": self.chat.url, "seed": self.seed + number}
        found = self.forks.start(given | self.options | options)
        self.workers.append(found)
        return found

    @property
    def alive(self) -> list[Worker]:
        """The workers that have not ended."""
        return [one for one in self.workers if one.ended() is None]

    def stop(self) -> None:
        """Kill every worker."""
        for one in self.alive:
            one.kill()

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database to write in, while nobody else works on a file."""
        database = Database(self.url)
        try:
            yield database
        finally:
            database.close()

    def queue(self, count: int, *, people: bool = True) -> None:
        """Put messages in the outbox; on a file, before its worker starts."""
        with self.database() as database:
            queue_messages(database, self.clock, count, people=people)

    def given_actions(self, *days: str) -> None:
        """Each family's plan has an action for each of these days; nobody works meanwhile."""
        (worker,) = self.work(1)
        for taf, (lead, owner, _) in zip(self.town.tafs, self.town.teams, strict=True):
            for day in days:
                answers = builders.action(f"person-{owner}", day)
                self.press(worker, lead, "action.agree", taf, **answers)
        self.until_quiet()
        self.stop()

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """A session for looking, at any time."""
        with Session(self._looking) as session:
            yield session

    def press(self, worker: Worker, who: int, command: str, about: str, **answers: Any) -> str:
        """A press that must be done, under a key of its own; what it is about."""
        press = Press("web", f"press {next(self._keys)}", who, command, about, answers)
        answer = self.send(worker, "press", vars(press))
        assert (answer["refused"], answer["fault"]) == (None, None), (answer, self.complaints())
        return str(answer["about"])

    def event(self, who: int, command: str, about: str, **answers: Any) -> dict[str, Any]:
        """A press as a platform sends it: the same however often it is sent."""
        key = f"event {next(self._keys)}"
        press = Press("web", key, who, command, about, answers)
        return {"platform": "web", "key": key, "kind": "press", "body": vars(press)}

    def tell(self, worker: Worker, event: dict[str, Any]) -> bool | None:
        """Send an event; whether it was new, or None where nobody acknowledged it."""
        try:
            return bool(self.send(worker, "event", event)["new"])
        except httpx2.TransportError:
            return None

    def send(self, worker: Worker, kind: str, body: dict[str, Any]) -> Any:
        """Hand something to a worker's intake; what it answered."""
        return self._client.post(f"http://127.0.0.1:{worker.port}/{kind}", json=body).json()

    def count(self, *where: Any) -> int:
        """How many deliveries are so."""
        with self.looking() as session:
            return session.scalar(select(func.count()).select_from(Delivery).where(*where)) or 0

    def outbox(self, *where: Any) -> list[Delivery]:
        """The deliveries that are so, oldest first."""
        with self.looking() as session:
            found = session.scalars(select(Delivery).where(*where).order_by(Delivery.id)).all()
            session.expunge_all()
            return list(found)

    def is_quiet(self) -> bool:
        """Whether nothing is left to do at this moment, nor in the next seconds."""
        soon = self.clock.now() + timedelta(seconds=5)
        begun = Delivery.state.in_(("sending", "unknown"))
        due = (Delivery.state == "ready") & or_(
            Delivery.available_at <= soon, Delivery.attempts > 0
        )
        with self.looking() as session:
            asked = [
                select(Delivery.id).where(or_(begun, due)),
                select(Lane.id).where(or_(Lane.lease_until.isnot(None), Lane.next_at <= soon)),
                select(Received.id).where(Received.state == "received"),
                *(select(KINDS[kind].id).where(_look(kind) <= soon) for kind in SUBJECTS),
            ]
            return not any(session.scalar(one.limit(1)) for one in asked)

    def until_quiet(self, within: float = 60.0) -> None:
        """Wait until all is done."""
        try:
            until(self.is_quiet, "all is quiet", within)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self._left()}\n{self.complaints()[-3000:]}") from None

    def _left(self) -> str:
        with self.looking() as session:
            states = session.query(Delivery.state, func.count()).group_by(Delivery.state).all()
            lanes = session.query(Lane).where(Lane.lease_until.isnot(None)).all()
            held = [(one.id, one.owner, str(one.lease_until)) for one in lanes]
        return f"now {self.clock.now()}, deliveries {states}, held {held}"

    def complaints(self) -> str:
        """What the workers complained of."""
        return "\n".join(one.said() for one in self.workers)

    def until(self, condition: Callable[[], object], what: str, within: float = 30.0) -> None:
        """Wait for something else."""
        until(condition, what, within)

    def clock_passes(self, seconds: float) -> None:
        """Let real time go by: for what takes time, and not for what may be waited for."""
        ends = self.clock.seconds() + seconds
        until(lambda: self.clock.seconds() >= ends, "time goes by", seconds + 10)

    def wrong(self) -> list[str]:
        """What the checker finds, once all is quiet."""
        with self.looking() as session:
            history = History(
                self.town.log + self.chat.log(),
                session,
                self.clock.now(),
                POLICY,
                self.may_repeat,
                self.chat.order("state"),
            )
            return checks.wrong(history)

    def ends_well(self, within: float = 60.0) -> None:
        """All is done, and the history is as it should be."""
        self.until_quiet(within)
        self.stop()
        found = self.wrong()
        if "put right by the auditor" in self.complaints():
            found.append("the auditor had something to put right")
        assert not found, "\n".join([*found[:40], self.complaints()[-3000:]])

    def close(self) -> None:
        """Leave nothing running."""
        self.stop()
        self._client.close()
        self._looking.dispose()


def _look(kind: str) -> Any:
    model: Any = KINDS[kind]
    return model.look_again_at
