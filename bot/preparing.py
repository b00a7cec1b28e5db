"""Makes a claimed delivery ready to be sent: still true, at a decent hour, put in words."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.commands import COMMANDS
from bot.platform import Place, Platform
from messages import rendering
from messages.card import Button, Card
from storage import claiming, finishing, outbox, people, subjects, team
from storage.database import NOT_NOW
from storage.lanes import Lane
from workflows.doing import Doing, Office
from workflows.queueing import time_for
from workflows.sending import NOTHING_LEFT, Drop, Say, put_off, still
from workflows.undelivered import report

log = logging.getLogger(__name__)

NO_WORDS = "It could not be put in words."
NOWHERE = Place(None, None, "", None)
SAYS_SOMETHING = frozenset({"post", "digest"})
"""The operations that carry a message; the others change a room."""


@dataclass(frozen=True)
class Job:
    """A claimed delivery with everything needed to send it outside any transaction.

    `look`: an earlier attempt may have been taken, so it is looked for before it is sent again.
    `blind`: nobody could look, so it says that it may have come before. `over`: there is nothing
    to send, and why: cancelled, dead, held, or another worker's.
    """

    claim: claiming.Claim
    platform: Platform
    to: Place
    card: Card | None = None
    replaces: str | None = None
    look: bool = False
    blind: bool = False
    over: str = ""

    @property
    def as_before(self) -> dict[str, Any]:
        """The state of its delivery after an attempt that was certainly not taken.

        Where nobody could look, an earlier one still may have been, and this one did not count.
        """
        if not self.blind:
            return {"state": "ready"}
        return {"state": "unknown", "repeats": self.claim.delivery.repeats - 1}


Waiting = Mapping[int, Sequence[outbox.Delivery]]
"""The single notices that each lane's digest will gather, oldest first."""


@dataclass(frozen=True)
class AtHand:
    """What some deliveries will ask for. `held` is what a session forgets if nobody holds it."""

    waiting: Waiting = field(default_factory=dict)
    held: Sequence[Any] = ()


@dataclass(frozen=True)
class Preparing:
    """Reads what a delivery needs, within the transaction of its claim.

    `start_within`: how long after its claim a sending may begin, at the latest.
    """

    office: Office
    platforms: Mapping[str, Platform]
    start_within: timedelta

    def jobs(
        self, session: Any, claims: Sequence[claiming.Claim], now: datetime, *, blind: bool = False
    ) -> list[Job]:
        """Claimed deliveries made ready, in their order; those that ended here are over.

        What was claimed ahead of its time is asked about as of that time.
        """
        moments = [max(now, one.begins or now) for one in claims]
        said = [one.delivery for one in claims if one.delivery.operation in SAYS_SOMETHING]
        at_hand = self._gather(session, said, max(moments, default=now))
        # Their cards are written in one go, when all are made: not before each next question.
        with session.no_autoflush:
            return [
                self._job(session, one, moment, at_hand.waiting, blind=blind)
                for one, moment in zip(claims, moments, strict=True)
            ]

    def _job(
        self, session: Any, claim: claiming.Claim, now: datetime, waiting: Waiting, *, blind: bool
    ) -> Job:
        """One delivery made ready; one that cannot be is dead, and holds up no other."""
        lane = claim.delivery.lane
        job = Job(claim, platform_for(self.platforms, lane), NOWHERE, blind=blind)
        try:
            return self._ready(session, replace(job, to=place_of(lane)), now, waiting)
        except NOT_NOW:
            raise  # no fault of the delivery's: it is claimed again
        except Exception:
            log.exception("cannot be put in words", extra={"delivery": claim.delivery.id})
            finishing.finish(session, claim, "dead", now, why=NO_WORDS)
            self._report(session, claim.delivery, now)
            return replace(job, over="dead")

    def _gather(self, session: Any, said: Sequence[outbox.Delivery], now: datetime) -> AtHand:
        """Everything that these will ask for, at once; hold on to it."""
        if not said:
            return AtHand()
        digests = [one for one in said if one.operation == "digest"]
        waiting: dict[int, list[outbox.Delivery]] = {one.lane_id: [] for one in digests}
        if digests:
            for one in outbox.waiting_for_digest(session, list(waiting), now):
                waiting[one.lane_id].append(one)
        asked = [*said, *(one for each in waiting.values() for one in each)]
        held = subjects.gather(session, {one.about for one in asked if one.about})
        if hearers := {one.lane.person_id for one in said if one.lane.person_id}:
            held += people.with_leave(session, hearers)
        families = {one.taf_id for one in asked if one.taf_id}
        if len(families) > 1:
            held += team.with_teams(session, families)
        return AtHand(waiting, held)

    def _ready(self, session: Any, job: Job, now: datetime, waiting: Waiting) -> Job:
        claim, delivery = job.claim, job.claim.delivery
        if claim.again:
            return self._again(session, job, now)
        if delivery.operation not in SAYS_SOMETHING:
            return job
        at = self._time_for(delivery, now)
        if at > now:
            self._hold(session, job, now, at)
            return replace(job, over="held")
        card = self._card(session, delivery, now, waiting)
        if isinstance(card, Drop):
            finishing.finish(session, claim, "cancelled", now, why=card.why)
            return replace(job, over="cancelled")
        if job.platform.limits.fixed:
            card = self.pressable(session, card, delivery.lane.person, now)
        delivery.card = card.as_json()
        return replace(job, card=card, replaces=self._replaced(session, delivery))

    def _again(self, session: Any, job: Job, now: datetime) -> Job:
        """What may have been taken already is looked for, once no answer can come any more."""
        claim, delivery = job.claim, job.claim.delivery
        settled = claim.attempt_at + job.platform.limits.settles
        if claim.died:
            settled += self.start_within
        if now < settled:
            attempts = delivery.attempts - 1
            waits = {"available_at": settled, "attempts": attempts}
            finishing.finish(session, claim, "unknown", settled, **waits)
            return replace(job, over="held")
        if delivery.operation not in SAYS_SOMETHING:
            return job
        return replace(job, card=written(delivery), look=True)

    def _time_for(self, delivery: outbox.Delivery, now: datetime) -> datetime:
        """When this may be said: not to one person in quiet hours or on a day off.

        So it might after an outage. A digest sees to that itself.
        """
        if delivery.lane.person is None or delivery.operation != "post":
            return now
        return time_for(delivery.lane.person, delivery.expires_at, now, self.office.days)

    def _hold(self, session: Any, job: Job, now: datetime, at: datetime) -> None:
        """Put it off; its conversation goes on, with what may be said meanwhile."""
        attempts = job.claim.delivery.attempts - 1 if job.blind else 0  # it keeps no place
        waits: dict[str, Any] = {"available_at": at, "attempts": attempts} | job.as_before
        finishing.finish(session, job.claim, not_before=now, **waits)

    def _card(
        self, session: Any, delivery: outbox.Delivery, now: datetime, waiting: Waiting
    ) -> Card | Drop:
        policy, days, person = self.office.policy, self.office.days, delivery.lane.person
        if delivery.operation == "post":
            found = still(session, delivery, person, now, policy, days)
            return found if isinstance(found, Drop) else self._words(found)
        kept = put_off(session, delivery, person, now, policy, days)
        return kept or self._digest(session, delivery, now, waiting[delivery.lane_id])

    def _digest(
        self,
        session: Any,
        delivery: outbox.Delivery,
        now: datetime,
        waiting: Sequence[outbox.Delivery],
    ) -> Card | Drop:
        """Everything that waits and is still true; each of the rest gets its own end."""
        said = {}
        for one in waiting:
            card = self._item(session, one, now)
            if isinstance(card, Card):
                said[one.id] = card
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
            log.exception("cannot be put in words", extra={"delivery": waiting.id})
            outbox.settle(session, [waiting.id], "dead", NO_WORDS, now)
            waiting.attempts += 1  # it died by itself, and not with the digest
            self._report(session, waiting, now)
        return None

    def _report(self, session: Any, delivery: outbox.Delivery, now: datetime) -> None:
        """A fault of ours: the co-ordinators hear of it, with a number that the log has too."""
        policy, days = self.office.policy, self.office.days
        report(session, delivery.id, NO_WORDS, now, policy, days, ours=True)

    def _words(self, say: Say) -> Card:
        labels = self.office.policy.labels.model_dump()
        return rendering.card(say.notice, {**say.facts, "labels": labels})

    def pressable(self, session: Any, card: Card, person: Any, now: datetime) -> Card:
        """The card with the buttons that may be pressed now: by its reader, or by anybody."""
        kept = tuple(one for one in card.buttons if self._allowed(session, one, person, now))
        inside = tuple(self.pressable(session, one, person, now) for one in card.cards)
        return replace(card, buttons=kept, cards=inside)

    def _allowed(self, session: Any, button: Button, person: Any, now: datetime) -> bool:
        command = COMMANDS.get(button.command)
        if command is None:
            return False
        subject = subjects.find(session, button.about) if command.on else None
        if command.on and (subject is None or subject.kind != command.on):
            return False
        if person is not None:
            doing = Doing(session, now, person, self.office)
            return command.does.refusal(doing, subject) is None
        return subject is None or not command.does.is_closed_to(subject)

    def _replaced(self, session: Any, delivery: outbox.Delivery) -> str | None:
        if delivery.card_key is None:
            return None
        last = outbox.last_posted(session, delivery.lane_id, delivery.card_key)
        return last.provider_ref if last else None


def platform_for(platforms: Mapping[str, Platform], lane: Lane) -> Platform:
    """The platform that a lane's messages go to; the first one has all that are nobody's."""
    return platforms.get(claiming.platform_of(lane)) or next(iter(platforms.values()))


def written(delivery: outbox.Delivery) -> Card | None:
    """The card as it was last written down; None where there is none, or none that can be read.

    One that was damaged, or that another release wrote, is looked for by its number all the same.
    """
    try:
        return Card.from_json(delivery.card) if delivery.card else None
    except (KeyError, TypeError, ValueError):
        log.warning("a card cannot be read", extra={"delivery": delivery.id})
        return None


def place_of(lane: Lane) -> Place:
    """Where a lane's messages go; raises LookupError where it leads nowhere."""
    if lane.room is not None:
        return Place(lane.room.id, None, lane.room.name, lane.room.address)
    if lane.person is None:
        raise LookupError(f"lane {lane.id} leads nowhere")
    return Place(None, lane.person.id, lane.person.name, lane.person.platform_id)
