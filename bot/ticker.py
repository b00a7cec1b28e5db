"""The clock's ticks: look at what is due, send, pick up, go round; APScheduler keeps the time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from bot.auditor import Auditor
from bot.clock import Clock, SharedClock, steady
from bot.delivery import Delivery
from bot.inbox import Inbox
from bot.metrics import SWEEP_SECONDS, SWEPT
from bot.sender import HANDS, Sender
from bot.web.platform import WebPlatform
from storage import claiming, lanes, subjects
from storage.database import Database
from workflows.doing import Office
from workflows.sweep import SUBJECTS, Swept, look_at, put_off, sweep

log = logging.getLogger(__name__)

SWEEP_EVERY = timedelta(seconds=60)
DELIVER_EVERY = timedelta(seconds=2)
PICK_UP_EVERY = timedelta(seconds=5)
AUDIT_EVERY = timedelta(minutes=10)
"""How often a process offers to go round; one an hour does."""

WATCH_EVERY = timedelta(seconds=30)
JUMP = 60.0
"""Seconds by which a clock may be put right without a word."""

AT_ONCE = {"sqlite": 2000, "postgresql": 5000}
"""Subjects in one round, by database. Nobody else writes to a file for less than a tenth of a
second, and presses have their turn in between; on PostgreSQL only presses on these very subjects
wait for the round."""


@dataclass
class Ticker:
    """Sweeps and delivers; each subject in a transaction of its own."""

    database: Database
    clock: Clock
    office: Office
    delivery: Delivery
    inbox: Inbox
    auditor: Auditor
    hands: int = HANDS
    sender: Sender | None = None

    def __post_init__(self) -> None:
        """Have a clock at hand, and know how it stands."""
        self._gap_before = self._gap()
        self._first_look = Thread(target=self.auditor.look_elsewhere, name="looking", daemon=True)
        self._at_once = AT_ONCE[self.database.url.get_backend_name()]
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def sweep(self) -> int:
        """Look at every subject whose time has come; how many notices were queued."""
        with SWEEP_SECONDS.time():
            return sum(self._sweep(kind) for kind in SUBJECTS)

    def _sweep(self, kind: str) -> int:
        queued, more = 0, True
        while more:
            now = self.clock.now()
            try:
                found = self.database.write(lambda session: self._round(session, kind, now))  # noqa: B023  called at once
            except Exception:
                log.exception("a round of the sweep failed; its subjects are looked at singly")
                found = Swept(self._at_once, 0, self._due(kind, now))
            SWEPT.inc(found.looked)
            queued += found.queued + sum(self._look_at(ref) for ref in found.odd)
            more = found.looked == self._at_once and (found.queued > 0 or bool(found.odd))
        return queued

    def _round(self, session: Any, kind: str, now: datetime) -> Swept:
        return sweep(session, kind, now, self.office.policy, self.office.days, self._at_once)

    def _due(self, kind: str, now: datetime) -> list[str]:
        with self.database.reading() as session:
            return [
                f"{kind}-{number}" for number in subjects.due(session, kind, now, self._at_once)
            ]

    def _look_at(self, ref: str) -> int:
        """One subject, in a transaction of its own: its rules are asked afresh."""
        now = self.clock.now()
        policy, days = self.office.policy, self.office.days
        try:
            return self.database.write(
                lambda session: look_at(session, ref, now, policy, days), same_twice=True
            )
        except Exception:
            log.exception("a rule failed; it is looked at again in an hour", extra={"ref": ref})
            with self.database.writing() as session:
                put_off(session, ref, now)
            return 0

    def tick(self) -> None:
        """Everything that this moment asks for."""
        self.sweep()
        self.delivery.drain()

    def next_moment(self) -> datetime | None:
        """When the next thing happens: something is to be looked at, or to be sent."""
        with self.database.reading() as session:
            moments = [subjects.next_look(session, kind) for kind in SUBJECTS]
            moments.append(lanes.next_due(session))
        return min((moment for moment in moments if moment is not None), default=None)

    def wake(self) -> bool:
        """Let the sender look at once; False where none runs, and the presser sends."""
        if self.sender is None:
            return False
        self.sender.wake()
        return True

    def start(self) -> None:
        """Tick from now on. Ticks never pile up, and a late one is never dropped.

        What fell due while nobody ticked is swept first, so that one digest holds all of it.
        """
        if self.database.is_file:
            self.database.write(claiming.free_everything)  # whoever held them is dead
        self.sweep()  # first, so that the auditor finds nothing overdue that only waited for this
        went_round = self.auditor.round(at_start=True) is not None
        self.sweep()
        if not all(isinstance(one, WebPlatform) for one in self.delivery.platforms.values()):
            self.sender = Sender(self.delivery, self.hands)
            self.sender.start()
        for job, every in self._jobs():
            self._scheduler.add_job(job, "interval", seconds=every.total_seconds())
        self._scheduler.start()
        if went_round:
            self._first_look.start()

    def stop(self) -> None:
        """Tick no more, and finish what is under way."""
        self.auditor.stopping.set()
        self._scheduler.shutdown()
        if self._first_look.is_alive():
            self._first_look.join()
        if self.sender is not None:
            self.sender.stop()

    def _jobs(self) -> Iterator[tuple[Callable[[], object], timedelta]]:
        yield self._sweep_and_send, SWEEP_EVERY
        yield self.inbox.work_off, PICK_UP_EVERY
        yield self.auditor.round, AUDIT_EVERY
        yield self._watch_the_clock, WATCH_EVERY
        if self.sender is None:
            yield self.delivery.drain, DELIVER_EVERY

    def _sweep_and_send(self) -> None:
        self.sweep()
        self.wake()

    def _watch_the_clock(self) -> None:
        """Keep to the database's time, and say when this machine's jumped."""
        if isinstance(self.clock, SharedClock):
            self.clock.look()
        jumped = self._gap() - self._gap_before
        if abs(jumped) > JUMP:
            log.warning("the clock jumped", extra={"seconds": round(jumped)})
            self._gap_before += jumped
            self._sweep_and_send()

    def _gap(self) -> float:
        """Seconds between the clock and the steady one: the same for ever, while none jumps."""
        return self.clock.now().timestamp() - steady()
