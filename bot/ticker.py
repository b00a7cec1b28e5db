"""The clock's ticks: look at what is due, send what is ready; APScheduler keeps the time."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from bot.clock import Clock
from bot.delivery import Delivery
from storage import lanes, subjects
from storage.database import Database
from workflows.doing import Office
from workflows.sweep import SUBJECTS, Swept, look_at, put_off, sweep

log = logging.getLogger(__name__)

SWEEP_EVERY = timedelta(seconds=60)
DELIVER_EVERY = timedelta(seconds=2)
AT_ONCE = 500


@dataclass
class Ticker:
    """Sweeps and delivers; each subject in a transaction of its own."""

    database: Database
    clock: Clock
    office: Office
    delivery: Delivery

    def sweep(self) -> int:
        """Look at every subject whose time has come; how many notices were queued."""
        return sum(self._sweep(kind) for kind in SUBJECTS)

    def _sweep(self, kind: str) -> int:
        queued, more = 0, True
        while more:
            now = self.clock.now()
            try:
                found = self.database.write(lambda session: self._round(session, kind, now))  # noqa: B023  called at once
            except Exception:
                log.exception("a round of the sweep failed; its subjects are looked at singly")
                found = Swept(AT_ONCE, 0, self._due(kind, now))
            queued += found.queued + sum(self._look_at(ref) for ref in found.odd)
            more = found.looked == AT_ONCE and (found.queued > 0 or bool(found.odd))
        return queued

    def _round(self, session: Any, kind: str, now: datetime) -> Swept:
        return sweep(session, kind, now, self.office.policy, self.office.days, AT_ONCE)

    def _due(self, kind: str, now: datetime) -> list[str]:
        with self.database.reading() as session:
            return [f"{kind}-{number}" for number in subjects.due(session, kind, now, AT_ONCE)]

    def _look_at(self, ref: str) -> int:
        """One subject, in a transaction of its own: its rules are asked afresh."""
        now = self.clock.now()
        policy, days = self.office.policy, self.office.days
        try:
            return self.database.write(lambda session: look_at(session, ref, now, policy, days))
        except Exception:
            log.exception("a rule failed on %s; it is looked at again in an hour", ref)
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

    def start(self) -> BackgroundScheduler:
        """Tick from now on. Ticks never pile up, and a late one is never dropped.

        What fell due while nobody ticked is swept first, so that one digest holds all of it.
        """
        scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for job, every in ((self.sweep, SWEEP_EVERY), (self.delivery.drain, DELIVER_EVERY)):
            scheduler.add_job(job, "interval", seconds=every.total_seconds())
        self.sweep()
        scheduler.start()
        return scheduler
