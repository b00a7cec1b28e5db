"""Drains the outbox: claim, ask once more, render, send, record."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.platform import Outgoing, Place, Platform, Undelivered
from messages import rendering
from messages.card import Card
from storage import outbox, rooms
from storage.database import Database
from workflows.doing import Office
from workflows.sending import NOTHING_LEFT, Drop, Say, put_off, still

log = logging.getLogger(__name__)

BACKOFF = (5, 15, 45, 120, 300, 900, 1800)
"""Seconds to wait after each failed attempt; the last one again and again."""

MOST_ATTEMPTS = 53
"""With those waits, 24 hours: then a delivery is given up, visibly."""

SEND_WITHIN = outbox.LEASE - timedelta(seconds=15)
"""No sending begins later than this after its lane was claimed: it could outlive the lease."""

NO_WORDS = "It could not be put in words."


@dataclass(frozen=True)
class Job:
    """A claimed delivery with everything needed to send it outside any transaction.

    `look`: an earlier attempt may have been taken, so it is looked for before it is sent again.
    """

    claim: outbox.Claim
    platform: Platform
    to: Place
    card: Card | None = None
    replaces: str | None = None
    look: bool = False


@dataclass
class Delivery:
    """The sender of one process."""

    database: Database
    clock: Clock
    office: Office
    platforms: Mapping[str, Platform]
    worker: str = "worker"

    def drain(self) -> int:
        """Send everything that is due; how many deliveries were claimed."""
        claimed = 0
        while jobs := self._claim():
            began = time.monotonic()
            for job in jobs:
                if time.monotonic() - began > SEND_WITHIN.total_seconds():
                    break  # the leases run out, and whoever is next looks before sending
                self._carry(job)
            claimed += len(jobs)
        return claimed

    def _claim(self) -> list[Job]:
        now = self.clock.now()

        def work(session: Any) -> list[Job]:
            claims = outbox.claim(session, now, self.worker)
            return [self._prepare(session, one, now, look=one.again) for one in claims]

        return self.database.write(work)

    def _prepare(self, session: Any, claim: outbox.Claim, now: datetime, *, look: bool) -> Job:
        """A claimed delivery made ready; one that ended here is ready to be passed over."""
        delivery = claim.delivery
        job = Job(claim, self._platform(delivery.lane), _place(delivery.lane))
        if delivery.operation not in {"post", "digest"}:
            return job
        if look and delivery.card is not None:
            return replace(job, card=Card.from_json(delivery.card), look=True)
        if self._wakes_somebody(delivery, now):
            self._hold_till_morning(session, claim, now)
            return job
        try:
            card = self._card(session, delivery, now)
        except Exception:
            log.exception("delivery %s cannot be put in words", delivery.id)
            self._end(session, claim, "dead", now, NO_WORDS)
            return job
        if isinstance(card, Drop):
            self._end(session, claim, "cancelled", now, card.why)
            return job
        delivery.card = card.as_json()
        return replace(job, card=card, replaces=self._replaced(session, delivery))

    def _wakes_somebody(self, delivery: outbox.Delivery, now: datetime) -> bool:
        """Whether this would reach one person in quiet hours, as after an outage it might."""
        to_one = delivery.lane.person is not None and delivery.operation == "post"
        return to_one and self.office.days.is_quiet(now)

    def _hold_till_morning(self, session: Any, claim: outbox.Claim, now: datetime) -> None:
        at, attempts = self.office.days.end_of_quiet(now), claim.delivery.attempts - 1
        outbox.finish(session, claim, "ready", now, available_at=at, attempts=attempts)

    def _card(self, session: Any, delivery: outbox.Delivery, now: datetime) -> Card | Drop:
        policy, days, person = self.office.policy, self.office.days, delivery.lane.person
        if delivery.operation == "post":
            found = still(session, delivery, person, now, policy, days)
            return found if isinstance(found, Drop) else self._words(found)
        kept = put_off(session, delivery, person, now, policy, days)
        return kept or self._digest(session, delivery, now)

    def _digest(self, session: Any, delivery: outbox.Delivery, now: datetime) -> Card | Drop:
        """Everything that waits and is still true; each of the rest gets its own end."""
        said = {}
        for waiting in outbox.waiting_for_digest(session, delivery.lane_id, now):
            card = self._item(session, waiting, now)
            if isinstance(card, Card):
                said[waiting.id] = card
        delivery.items = list(said)
        if not said:
            return NOTHING_LEFT
        facts = {
            "about": delivery.about,
            "count": len(said),
            "labels": self.office.policy.labels.model_dump(),
        }
        return rendering.card("digest", facts, tuple(said.values()))

    def _item(self, session: Any, waiting: outbox.Delivery, now: datetime) -> Card | None:
        policy, days = self.office.policy, self.office.days
        try:
            found = still(session, waiting, waiting.lane.person, now, policy, days)
            if not isinstance(found, Drop):
                return self._words(found)
            outbox.settle(session, [waiting.id], "cancelled", found.why, now)
        except Exception:
            log.exception("delivery %s cannot be put in words", waiting.id)
            outbox.settle(session, [waiting.id], "dead", NO_WORDS, now)
        return None

    def _words(self, say: Say) -> Card:
        labels = self.office.policy.labels.model_dump()
        return rendering.card(say.notice, {**say.facts, "labels": labels})

    def _replaced(self, session: Any, delivery: outbox.Delivery) -> str | None:
        if delivery.card_key is None:
            return None
        last = outbox.last_posted(session, delivery.lane_id, delivery.card_key)
        return last.provider_ref if last else None

    def _carry(self, job: Job) -> None:
        """Send one delivery, then record how it went."""
        try:
            if job.look:
                found = job.platform.find(self._outgoing(job, self.clock.now()))
                if found:
                    self._took(job, found[0])
                    return
                job = self._once_more(job)
            if job.card is not None or job.claim.delivery.operation not in {"post", "digest"}:
                self._took(job, self._act(job))
        except Undelivered as fault:
            self._failed(job, fault)
        except Exception:
            log.exception("delivery %s failed in an unexpected way", job.claim.delivery.id)
            self._failed(job, Undelivered("The platform did not answer.", unknown=True))

    def _once_more(self, job: Job) -> Job:
        """Nobody took it: ask again whether it is true, and make it ready as if for the first."""
        now = self.clock.now()
        with self.database.writing() as session:
            claim = outbox.reclaim(session, job.claim)
            return (
                self._prepare(session, claim, now, look=False) if claim else replace(job, card=None)
            )

    def _act(self, job: Job) -> str | None:
        delivery, platform, now = job.claim.delivery, job.platform, self.clock.now()
        match delivery.operation:
            case "open":
                return platform.open_room(job.to, delivery.id)
            case "admit":
                platform.admit(job.to, delivery.person_id or 0, now)
            case "remove":
                platform.remove(job.to, delivery.person_id or 0, now)
            case "close":
                platform.close_room(job.to, now)
            case _:
                return platform.post(self._outgoing(job, now))
        return None

    def _outgoing(self, job: Job, now: datetime) -> Outgoing:
        delivery = job.claim.delivery
        return Outgoing(
            delivery.id,
            job.to,
            job.card or Card(""),
            now,
            job.replaces,
            delivery.notice or "",
            delivery.rule,
        )

    def _took(self, job: Job, found: str | None) -> None:
        now = self.clock.now()
        with self.database.writing() as session:
            self._sent(session, job, found, now)

    def _sent(self, session: Any, job: Job, found: str | None, now: datetime) -> None:
        delivery = job.claim.delivery
        kept = outbox.finish(
            session,
            job.claim,
            "sent",
            now + job.platform.limits.pace,
            sent_at=now,
            provider_ref=found,
        )
        if not kept:
            return
        if delivery.items:
            outbox.settle(
                session, delivery.items, "superseded", f"Said in digest {delivery.id}.", now
            )
        if delivery.operation not in {"post", "digest"}:
            rooms.confirm(
                session,
                delivery.lane.room_id or 0,
                delivery.operation,
                found,
                delivery.person_id,
                now,
            )

    def _failed(self, job: Job, fault: Undelivered) -> None:
        now, delivery = self.clock.now(), job.claim.delivery
        late = delivery.expires_at is not None and now >= delivery.expires_at
        with self.database.writing() as session:
            if fault.permanent or late or delivery.attempts >= MOST_ATTEMPTS:
                self._end(session, job.claim, "dead", now, fault.why)
                outbox.settle(session, delivery.items, "dead", fault.why, now)
                return
            wait = BACKOFF[min(delivery.attempts, len(BACKOFF)) - 1]
            again = now + timedelta(seconds=wait)
            state = "unknown" if fault.unknown else "ready"
            outbox.finish(session, job.claim, state, again, available_at=again, why=fault.why)

    def _end(self, session: Any, claim: outbox.Claim, state: str, now: datetime, why: str) -> None:
        outbox.finish(session, claim, state, now, why=why)

    def _platform(self, lane: outbox.Lane) -> Platform:
        wanted = lane.room.platform if lane.room else lane.person.platform if lane.person else ""
        return self.platforms.get(wanted, self.platforms["web"])


def _place(lane: outbox.Lane) -> Place:
    if lane.room is not None:
        return Place(lane.room.id, None, lane.room.name, lane.room.address)
    if lane.person is None:
        raise LookupError(f"lane {lane.id} leads nowhere")
    return Place(None, lane.person.id, lane.person.name, lane.person.platform_id)
