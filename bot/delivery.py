"""Drains the outbox: claim, ask once more, render, send, record."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from types import MappingProxyType
from typing import Any

from bot.arriving import Arriving
from bot.clock import Clock, steady
from bot.metrics import OUTCOMES, SENDS
from bot.platform import CannotLook, Outgoing, Platform, Undelivered
from bot.preparing import Job, Preparing
from bot.recording import MOST_ATTEMPTS, NOBODY_CAN_TELL, Carried, Recording
from messages.card import Card
from storage import claiming, gates
from storage.database import Database
from workflows.doing import Office

log = logging.getLogger(__name__)

AHEAD = timedelta(milliseconds=150)
"""How long before its time a message may be claimed, so that it is in words when its time comes:
to get sixteen ready takes half as long, and on a busy machine as long."""

START_WITHIN = 0.25
"""The part of a lease in which a sending must begin: the rest is for its answer and record."""

NO_ANSWER = "The platform did not answer."
UNKNOWN_OPERATION = "This release does not know how to do it."


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
    arriving: Arriving = field(default_factory=Arriving)

    @property
    def preparing(self) -> Preparing:
        """What makes a claimed delivery ready."""
        return Preparing(self.office, self.platforms, self.lease * START_WITHIN)

    @property
    def recording(self) -> Recording:
        """What writes down how it went."""
        return Recording(self.office, self.clock, self.luck)

    def drain(self) -> int:
        """Send everything that is due, one after the other; how many deliveries were claimed."""
        claimed = 0
        while jobs := self.claim(20):
            began = steady()
            for job in jobs:
                self.carry(job, began)
            claimed += len(jobs)
        return claimed

    def claim(
        self,
        most: int,
        besides: Collection[int] = (),
        carried: Sequence[Carried] = (),
        ahead: timedelta = timedelta(0),
        left: Mapping[str, int] = MappingProxyType({}),
    ) -> list[Job]:
        """Take up to so many deliveries that may be sent now, or `ahead`; make them ready.

        `besides` are lanes that this process has in hand, whatever the clock says of their lease.
        What came of `carried` is written down in the same transaction: one commit for both. `left`
        says how many each platform may have at most; where it does not, as many as there are.
        """
        now = self.clock.now()

        def work(session: Any) -> tuple[list[str], list[Job]]:
            recorded = self.recording.all(session, carried)
            turns = {
                name: gates.turns(session, name, now, most, one.limits.per_second, one.limits.burst)
                for name, one in self.platforms.items()
            }
            turns = {name: min(count, left.get(name, most)) for name, count in turns.items()}
            claims = claiming.claim(
                session, now, self.worker, most, self.lease, turns, besides, ahead
            )
            return recorded, self._made_ready(session, claims, now)

        recorded, jobs = self.database.write(work)
        for outcome in (*recorded, *(job.over for job in jobs)):
            _count(outcome)
        return jobs

    def _made_ready(
        self, session: Any, claims: Sequence[claiming.Claim], now: datetime
    ) -> list[Job]:
        jobs = self.preparing.jobs(session, claims, now)
        for name, platform in self.platforms.items():
            its = [one.claim for one in jobs if one.platform.name == name and not one.over]
            lanes = [one.delivery.lane_id for one in its]
            limits, at = platform.limits, self.clock.now()
            until = max((one.begins for one in its if one.begins), default=at)
            gates.began(session, name, lanes, at, until, limits.per_second, limits.burst)
        return jobs

    def _wait_for(self, moment: datetime) -> None:
        """Wait until a moment, which is no further off than anything is claimed ahead."""
        left = min(moment - self.clock.now(), AHEAD)
        if left > timedelta(0):
            time.sleep(left.total_seconds())

    def carry(self, job: Job, claimed_at: float) -> None:
        """Send one delivery, then record how it went. `claimed_at` is by the steady clock."""
        carried = self.attempt(job, claimed_at)
        if carried is not None:
            self.record([carried])

    def attempt(self, job: Job, claimed_at: float) -> Carried | None:
        """Send one delivery; what came of it, or None where it is over or its time has gone by."""
        if job.over:
            return None
        began, looking = job.claim.attempt_at, job.look
        begin_by = claimed_at + self.lease.total_seconds() * START_WITHIN
        if job.claim.begins:
            self._wait_for(job.claim.begins)
        try:
            if looking:
                looked = self._looked_for(job)
                if looked:
                    return Carried(job, began, found=looked[0])
                if steady() > begin_by:
                    return None  # before it is counted as sent again
                job, looking = self._once_more(job, blind=looked is None), False
                _count(job.over)
            if job.over or steady() > begin_by:
                return None  # its lease runs out, and whoever is next looks before sending
            at, began = steady(), self.clock.now()  # what passes in between makes it later only
            found = self._act(job, begin_by)
            late = self.arriving.late(job.platform.name, steady() - at)
            return Carried(job, began, found=found, late=late)
        except Undelivered as fault:
            return Carried(job, began, fault, looked=looking)
        except Exception:
            log.exception("a delivery failed in an unexpected way", extra=_naming(job))
            silence = Undelivered(NO_ANSWER, unknown=True)
            return Carried(job, began, silence, looked=looking)

    def record(self, carried: Sequence[Carried]) -> None:
        """Write down what came of some attempts, together; singly, where they will not together.

        Raises what kept one of them from being written down; the others are.
        """
        try:
            outcomes = self.database.write(lambda session: self.recording.all(session, carried))
        except Exception:
            if len(carried) == 1:
                raise
            log.exception("what came of some attempts is recorded singly")
            self._record_singly(carried)
            return
        for outcome in outcomes:
            _count(outcome)

    def _record_singly(self, carried: Sequence[Carried]) -> None:
        """Each by itself; raises the first fault, when all have had their try."""
        faults = []
        for one in carried:
            try:
                self.record([one])
            except Exception as fault:
                log.exception("not recorded", extra={"delivery": one.number})
                faults.append(fault)
        if faults:
            raise faults[0]

    def _looked_for(self, job: Job) -> tuple[str, ...] | None:
        """The messages that were taken of it; None where nobody can look."""
        if not job.platform.limits.looks:
            return None
        try:
            return job.platform.find(self._outgoing(job))
        except CannotLook:
            return None

    def _once_more(self, job: Job, *, blind: bool) -> Job:
        """Nobody took it: ask again whether it is true, and make it ready as if for the first.

        Where the platform cannot be asked, once more is all: then a person has to look. What was
        tried for long enough is given up here, now that it is certain.
        """
        now = self.clock.now()

        def work(session: Any) -> Job:
            claim = claiming.reclaim(session, job.claim, now)
            if claim is None:
                return replace(job, over="fenced")
            if blind and claim.delivery.repeats > 1:
                self.recording.end(session, claim, now, NOBODY_CAN_TELL)
                return replace(job, over="dead")
            if not blind and claim.delivery.attempts > MOST_ATTEMPTS:
                why, began = claim.delivery.why or NO_ANSWER, job.claim.attempt_at
                self.recording.end(session, claim, now, why, began)
                return replace(job, over="dead")
            return self.preparing.jobs(session, [claim], now, blind=blind)[0]

        return self.database.write(work)

    def _act(self, job: Job, begin_by: float) -> str | None:
        delivery, platform = job.claim.delivery, job.platform
        match delivery.operation:
            case "open":
                return platform.open_room(job.to, delivery.id)
            case "admit":
                platform.admit(job.to, delivery.person_id or 0, self.clock.now())
            case "remove":
                platform.remove(job.to, delivery.person_id or 0, self.clock.now())
            case "put_out":
                platform.put_out(job.to, str(delivery.facts.get("account", "")))
            case "name":
                platform.name_room(job.to)
            case "pin":
                platform.pin(job.to, str(delivery.facts.get("message", "")))
            case "close":
                platform.close_room(job.to, self.clock.now())
            case "post" | "digest":
                return platform.post(replace(self._outgoing(job), begin_by=begin_by))
            case _:
                raise Undelivered(UNKNOWN_OPERATION, permanent=True)
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
            repeated=job.blind and delivery.repeats > 0,
        )


def _naming(job: Job) -> dict[str, Any]:
    """What a line of the log says of a delivery: its number, and no more."""
    return {"delivery": job.claim.delivery.id, "platform": job.platform.name}


def _count(outcome: str) -> None:
    """Tell the monitor what came of a delivery; one that is held waits, and nothing came of it."""
    if outcome in OUTCOMES:
        SENDS.labels(outcome).inc()
