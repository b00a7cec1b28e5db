"""Drains the outbox: claim, ask once more, render, send, record."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.clock import Clock, steady
from bot.metrics import OUTCOMES, SENDS
from bot.platform import Outgoing, Platform, Undelivered
from bot.preparing import SAYS_SOMETHING, Job, Preparing
from messages.card import Card
from storage import claiming, gates, outbox, rooms
from storage.database import Database
from workflows import undelivered
from workflows.doing import Office

log = logging.getLogger(__name__)

BACKOFF = (5, 15, 45, 120, 300, 900, 1800)
"""Seconds to wait after each failed attempt; the last one again and again."""

MOST_ATTEMPTS = 53
"""With those waits, 24 hours: then a delivery is given up, visibly."""

LOCKED_OUT = timedelta(minutes=5)
"""How often a platform that does not know us any more is asked whether it does again."""

START_WITHIN = 0.25
"""The part of a lease in which a sending must begin: the rest is for its answer and record."""

NOBODY_CAN_TELL = "It may have arrived: the platform did not answer and cannot be asked."


@dataclass(frozen=True)
class Carried:
    """An attempt that began then, and what the platform said to it: a name, or a fault."""

    job: Job
    began: datetime
    fault: Undelivered | None = None
    found: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is a message that was taken, of which there may be many."""
        return self.fault is None and self.job.claim.delivery.operation in SAYS_SOMETHING


@dataclass
class Delivery:
    """The sending of one process.

    `lease` is how long a conversation is held for one message. `luck` spreads the attempts of
    many conversations after a fault; without it they come on the second.
    """

    database: Database
    clock: Clock
    office: Office
    platforms: Mapping[str, Platform]
    worker: str = "worker"
    lease: timedelta = claiming.LEASE
    luck: Random | None = None

    @property
    def preparing(self) -> Preparing:
        """What makes a claimed delivery ready."""
        return Preparing(self.office, self.platforms, self.lease * START_WITHIN)

    def drain(self) -> int:
        """Send everything that is due, one after the other; how many deliveries were claimed."""
        claimed = 0
        while jobs := self.claim(20):
            began = steady()
            for job in jobs:
                self.carry(job, began)
            claimed += len(jobs)
        return claimed

    def claim(self, most: int) -> list[Job]:
        """Take up to so many deliveries that may be sent now, and make them ready."""
        now = self.clock.now()

        def work(session: Any) -> list[Job]:
            turns = {
                name: gates.turns(session, name, now, most, one.limits.per_second, one.limits.burst)
                for name, one in self.platforms.items()
            }
            claims = claiming.claim(session, now, self.worker, most, self.lease, turns)
            jobs = [self.preparing.job(session, one, now) for one in claims]
            for name in turns:
                lanes = [
                    one.claim.delivery.lane_id
                    for one in jobs
                    if one.platform.name == name and not one.over
                ]
                gates.began(session, name, lanes, now)
            return jobs

        jobs = self.database.write(work)
        for job in jobs:
            _count(job.over)
        return jobs

    def carry(self, job: Job, claimed_at: float) -> None:
        """Send one delivery, then record how it went. `claimed_at` is by the steady clock."""
        carried = self.attempt(job, claimed_at)
        if carried is not None:
            self.record([carried])

    def attempt(self, job: Job, claimed_at: float) -> Carried | None:
        """Send one delivery; what came of it, or None where it is over or its time has gone by."""
        if job.over:
            return None
        began = job.claim.attempt_at
        try:
            if job.look:
                looked = job.platform.find(self._outgoing(job)) if job.platform.limits.looks else ()
                if looked:
                    return Carried(job, began, found=looked[0])
                job = self._once_more(job)
                _count(job.over)
            late = steady() - claimed_at > self.lease.total_seconds() * START_WITHIN
            if job.over or late:
                return None  # its lease runs out, and whoever is next looks before sending
            began = self.clock.now()
            return Carried(job, began, found=self._act(job))
        except Undelivered as fault:
            return Carried(job, began, fault)
        except Exception:
            log.exception("a delivery failed in an unexpected way", extra=_naming(job))
            return Carried(job, began, Undelivered("The platform did not answer.", unknown=True))

    def record(self, carried: Sequence[Carried]) -> None:
        """Write down what came of some attempts, together; singly, where they will not together."""
        try:
            outcomes = self.database.write(lambda session: self._record_all(session, carried))
        except Exception:
            if len(carried) == 1:
                raise
            log.exception("what came of some attempts is recorded singly")
            for one in carried:
                self.record([one])
            return
        for outcome in outcomes:
            _count(outcome)

    def _record_all(self, session: Any, carried: Sequence[Carried]) -> list[str]:
        """Messages that were taken are one write for all of them; the rest goes one by one."""
        plain = [one for one in carried if one.is_plain]
        outcomes = [self._record(session, one) for one in carried if not one.is_plain]
        if plain:
            now = self.clock.now()
            sent = [self._as_sent(one, now) for one in plain]
            kept = claiming.finish_sent(session, sent)
            for one in plain:
                delivery = one.job.claim.delivery
                if delivery.id in kept:
                    self._taken(session, one.job, now)
                outcomes.append("sent" if delivery.id in kept else "fenced")
        return outcomes

    def _as_sent(self, one: Carried, now: datetime) -> claiming.Sent:
        pace = max(now, one.began + one.job.platform.limits.pace)
        return claiming.Sent(one.job.claim, now, one.found, pace)

    def _once_more(self, job: Job) -> Job:
        """Nobody took it: ask again whether it is true, and make it ready as if for the first.

        Where the platform cannot be asked, once more is all: then a person has to look.
        """
        now = self.clock.now()

        def work(session: Any) -> Job:
            claim = claiming.reclaim(session, job.claim, now)
            if claim is None:
                return replace(job, over="fenced")
            if not job.platform.limits.looks and claim.delivery.repeats > 1:
                self._end(session, claim, now, NOBODY_CAN_TELL)
                return replace(job, over="dead")
            return self.preparing.job(session, claim, now)

        return self.database.write(work)

    def _act(self, job: Job) -> str | None:
        delivery, platform = job.claim.delivery, job.platform
        match delivery.operation:
            case "open":
                return platform.open_room(job.to, delivery.id)
            case "admit":
                platform.admit(job.to, delivery.person_id or 0, self.clock.now())
            case "remove":
                platform.remove(job.to, delivery.person_id or 0, self.clock.now())
            case "close":
                platform.close_room(job.to, self.clock.now())
            case _:
                return platform.post(self._outgoing(job))
        return None

    def _outgoing(self, job: Job) -> Outgoing:
        delivery = job.claim.delivery
        return Outgoing(
            delivery.id,
            job.to,
            job.card or Card(""),
            self.clock.now(),
            job.replaces,
            delivery.notice or "",
            delivery.rule,
            job.claim.attempt_at,
            repeated=delivery.repeats > 0 and not job.platform.limits.looks,
        )

    def _record(self, session: Any, carried: Carried) -> str:
        """Write down what came of one attempt; its outcome in a word."""
        job, fault, began, now = carried.job, carried.fault, carried.began, self.clock.now()
        if fault is None:
            outcome = self._changed_room(session, carried, now)
        elif fault.locked_out or fault.wait is not None:
            outcome = self._turned_away(session, job, fault, now)
        else:
            outcome = self._failed(session, job, fault, began, now)
        return outcome or "fenced"

    def _taken(self, session: Any, job: Job, now: datetime) -> None:
        """What follows from a message's having been taken."""
        gates.taken(session, job.platform.name, job.claim.delivery.lane_id)
        if items := job.claim.delivery.items:
            said = f"Said in digest {job.claim.delivery.id}."
            outbox.settle(session, items, "superseded", said, now)

    def _changed_room(self, session: Any, carried: Carried, now: datetime) -> str | None:
        job, delivery = carried.job, carried.job.claim.delivery
        if not claiming.finish_sent(session, [self._as_sent(carried, now)]):
            return None
        self._taken(session, job, now)
        rooms.confirm(
            session,
            delivery.lane.room_id or 0,
            delivery.operation,
            carried.found,
            delivery.person_id,
            now,
        )
        return "sent"

    def _turned_away(self, session: Any, job: Job, fault: Undelivered, now: datetime) -> str | None:
        """Not now, says the platform: no attempt is counted, and the conversation keeps its place.

        Where it does not know us any more, nothing is sent until it does, and nothing given up.
        """
        delivery, name = job.claim.delivery, job.platform.name
        until = now + (fault.wait or timedelta(0))
        again = {"attempts": delivery.attempts - 1, "why": fault.why}
        if not claiming.finish(session, job.claim, "ready", until, **again):
            return None
        if fault.locked_out:
            gates.shut(session, name, now + LOCKED_OUT, fault.why)
        else:
            gates.turned_away(session, name, delivery.lane_id, now, until)
        return "waited"

    def _failed(
        self, session: Any, job: Job, fault: Undelivered, began: datetime, now: datetime
    ) -> str | None:
        delivery = job.claim.delivery
        late = delivery.expires_at is not None and now >= delivery.expires_at
        if fault.permanent or late or delivery.attempts >= MOST_ATTEMPTS:
            return self._end(session, job.claim, now, fault.why)
        again = now + self._wait(delivery.attempts)
        again = max(again, began + job.platform.limits.pace)
        if fault.unknown:
            again = max(again, began + job.platform.limits.settles)
        state, outcome = ("unknown", "unknown") if fault.unknown else ("ready", "retried")
        waits = {"available_at": again, "attempt_at": began, "why": fault.why}
        return outcome if claiming.finish(session, job.claim, state, again, **waits) else None

    def _wait(self, attempts: int) -> timedelta:
        """The pause after so many attempts: the full one, or by luck down to half of it."""
        whole = BACKOFF[min(attempts, len(BACKOFF)) - 1]
        return timedelta(seconds=whole * (self.luck.uniform(0.5, 1) if self.luck else 1))

    def _end(self, session: Any, claim: claiming.Claim, now: datetime, why: str) -> str | None:
        """Give a delivery up, and all that it held, with the reason."""
        if not claiming.finish(session, claim, "dead", now, why=why):
            return None
        outbox.settle(session, claim.delivery.items, "dead", why, now)
        policy, days = self.office.policy, self.office.days
        undelivered.report(session, claim.delivery.id, why, now, policy, days)
        return "dead"


def _naming(job: Job) -> dict[str, Any]:
    """What a line of the log says of a delivery: its number, and no more."""
    return {"delivery": job.claim.delivery.id, "platform": job.platform.name}


def _count(outcome: str) -> None:
    """Tell the monitor what came of a delivery; one that is held waits, and nothing came of it."""
    if outcome in OUTCOMES:
        SENDS.labels(outcome).inc()
