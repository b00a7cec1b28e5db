"""Drains the outbox: claim, ask once more, render, send, record."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.platform import Outgoing, Place, Platform, Undelivered
from messages import rendering
from messages.card import Card
from storage import outbox, rooms
from storage.database import Database
from workflows.doing import Office
from workflows.sending import Drop, Gathered, Say, gather, still

log = logging.getLogger(__name__)

BACKOFF = (5, 15, 45, 120, 300, 900, 1800)
"""Seconds to wait after each failed attempt; the last one again and again until it expires."""

GIVE_UP = timedelta(hours=24)
"""How long after it was made a delivery is tried, where nothing says otherwise."""


@dataclass(frozen=True)
class Job:
    """A claimed delivery with everything needed to send it outside any transaction."""

    claim: outbox.Claim
    platform: Platform
    to: Place
    card: Card | None
    replaces: str | None


@dataclass
class Delivery:
    """The sender of one process."""

    database: Database
    clock: Clock
    office: Office
    platforms: Mapping[str, Platform]
    worker: str = "worker"

    def drain(self) -> int:
        """Send everything that is due; how many deliveries were ended."""
        ended = 0
        while True:
            now = self.clock.now()
            with self.database.writing() as session:
                claims = outbox.claim(session, now, self.worker)
                jobs = [self._prepare(session, one, now) for one in claims]
            if not claims:
                return ended
            for job in jobs:
                if job is not None:
                    self._carry(job)
            ended += len(claims)

    def _prepare(self, session: Any, claim: outbox.Claim, now: datetime) -> Job | None:
        delivery = claim.delivery
        platform = self._platform(delivery.lane)
        job = Job(claim, platform, _place(delivery.lane), None, None)
        if delivery.operation not in {"post", "digest"}:
            return job
        if claim.again:
            frozen = Card.from_json(delivery.card) if delivery.card else None
            found = platform.find(self._outgoing(job, frozen, now)) if frozen else None
            if found:
                self._sent(session, job, found, now)
                return None
        try:
            card = self._card(session, delivery, now)
        except Exception:
            log.exception("delivery %s cannot be put in words", delivery.id)
            self._end(session, claim, "dead", now, "It could not be put in words.")
            return None
        if isinstance(card, Drop):
            self._end(session, claim, "cancelled", now, card.why)
            return None
        delivery.card = card.as_json()
        return Job(claim, platform, job.to, card, self._replaced(session, delivery))

    def _card(self, session: Any, delivery: outbox.Delivery, now: datetime) -> Card | Drop:
        policy, days, person = self.office.policy, self.office.days, delivery.lane.person
        if delivery.operation == "post":
            found = still(session, delivery, person, now, policy, days)
            return found if isinstance(found, Drop) else self._words(found)
        gathered = gather(session, delivery, person, now, policy, days)
        if isinstance(gathered, Drop):
            return gathered
        return self._digest(delivery, gathered)

    def _words(self, say: Say) -> Card:
        labels = self.office.policy.labels.model_dump()
        return rendering.card(say.notice, {**say.facts, "labels": labels})

    def _digest(self, delivery: outbox.Delivery, gathered: Gathered) -> Card:
        delivery.items = [number for number, _ in gathered.says]
        cards = tuple(self._words(say) for _, say in gathered.says)
        facts = {
            "about": delivery.about,
            "count": len(cards),
            "labels": self.office.policy.labels.model_dump(),
        }
        return rendering.card("digest", facts, cards)

    def _replaced(self, session: Any, delivery: outbox.Delivery) -> str | None:
        if delivery.card_key is None:
            return None
        last = outbox.last_posted(session, delivery.lane_id, delivery.card_key)
        return last.provider_ref if last else None

    def _carry(self, job: Job) -> None:
        """Send one delivery, then record how it went."""
        try:
            found = self._act(job)
        except Undelivered as fault:
            self._failed(job, fault)
            return
        except Exception:
            log.exception("delivery %s failed in an unexpected way", job.claim.delivery.id)
            self._failed(job, Undelivered("The platform did not answer.", unknown=True))
            return
        now = self.clock.now()
        with self.database.writing() as session:
            self._sent(session, job, found, now)

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
                return platform.post(self._outgoing(job, job.card, now))
        return None

    def _outgoing(self, job: Job, card: Card | None, now: datetime) -> Outgoing:
        delivery = job.claim.delivery
        return Outgoing(
            delivery.id,
            job.to,
            card or Card(""),
            now,
            job.replaces,
            delivery.notice or "",
            delivery.rule,
        )

    def _sent(self, session: Any, job: Job, found: str | None, now: datetime) -> None:
        delivery = job.claim.delivery
        kept = outbox.finish(
            session, job.claim, "sent", now + job.platform.pace, sent_at=now, provider_ref=found
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
        end = delivery.expires_at or delivery.made_at + GIVE_UP
        with self.database.writing() as session:
            if fault.permanent or (now >= end and not fault.unknown):
                self._end(session, job.claim, "dead", now, fault.why)
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
