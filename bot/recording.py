"""Writes down what came of sending: taken, to be tried again, waited for, or given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.clock import Clock
from bot.platform import Undelivered
from bot.preparing import SAYS_SOMETHING, Job
from storage import claiming, finishing, gates, outbox, rooms
from workflows import rooms_in_step, undelivered
from workflows.doing import Office

BACKOFF = (5, 15, 45, 120, 300, 900, 1800)
"""Seconds to wait after each failed attempt; the last one again and again."""

MOST_ATTEMPTS = 55
"""With those waits, 24 hours and a little: then a delivery is given up, visibly."""

LOOKED_FOR = timedelta(hours=24)
"""How long a message that may have been taken is looked for, where looking fails; then a person
has to look."""

NOBODY_CAN_TELL = "It may have arrived: the platform did not answer and cannot be asked."

ROOM = timedelta(milliseconds=15)
"""Half of what every platform's pace allows for a message's way there (ours): being late by more
than that is added, since the platform counts from one arrival to the next. The other half is for
what nobody sees: how quick the very quickest answer could have been, and a clock read too early."""

LOCKED_OUT = timedelta(minutes=5)
"""How often a platform that does not know us any more is asked whether it does again."""


@dataclass(frozen=True)
class Carried:
    """An attempt that began then, and what the platform said to it: a name, or a fault.

    `looked`: it was only asked whether it took an earlier attempt, and that is still not known.
    `late`: by how much it may have arrived later than a message usually does.
    """

    job: Job
    began: datetime
    fault: Undelivered | None = None
    found: str | None = None
    looked: bool = False
    late: timedelta = timedelta(0)

    @property
    def number(self) -> int:
        """The delivery's number."""
        return self.job.claim.delivery.id

    @property
    def is_plain(self) -> bool:
        """Whether it is a message that was taken, of which there may be many."""
        return self.fault is None and self.job.claim.delivery.operation in SAYS_SOMETHING


@dataclass(frozen=True)
class Recording:
    """How each outcome is written down, within one transaction.

    `luck` spreads the attempts of many conversations after a fault.
    """

    office: Office
    clock: Clock
    luck: Random | None = None

    def all(self, session: Any, carried: Sequence[Carried]) -> list[str]:
        """Messages that were taken are one write for all of them; the rest goes one by one."""
        plain = [one for one in carried if one.is_plain]
        outcomes = [self._one(session, one) for one in carried if not one.is_plain]
        if plain:
            now = self.clock.now()
            sent = [self._as_sent(one, now) for one in plain]
            kept = finishing.finish_sent(session, sent)
            self._taken(session, [one for one in plain if one.number in kept], now)
            outcomes += ["sent" if one.number in kept else "fenced" for one in plain]
        return outcomes

    def _as_sent(self, one: Carried, now: datetime) -> finishing.Sent:
        pace = one.job.platform.limits.pace
        late = max(timedelta(0), one.late - ROOM) if pace else timedelta(0)
        return finishing.Sent(one.job.claim, now, one.found, max(now, one.began + pace + late))

    def _one(self, session: Any, carried: Carried) -> str:
        """Write down what came of one attempt; its outcome in a word."""
        fault, now = carried.fault, self.clock.now()
        if fault is None:
            outcome = self._changed_room(session, carried, now)
        elif fault.locked_out or fault.wait is not None:
            outcome = self._turned_away(session, carried, fault, now)
        else:
            outcome = self._failed(session, carried, fault, now)
        return outcome or "fenced"

    def _taken(self, session: Any, carried: Sequence[Carried], now: datetime) -> None:
        """What follows from messages' having been taken."""
        for name in {one.job.platform.name for one in carried}:
            mine = [one for one in carried if one.job.platform.name == name]
            gates.taken(session, name, {one.job.claim.delivery.lane_id for one in mine})
        outbox.settle_said(
            session, {one.number: one.job.claim.delivery.items for one in carried}, now
        )
        for one in carried:
            rooms_in_step.follow(session, one.job.claim.delivery, one.found, now)

    def _changed_room(self, session: Any, carried: Carried, now: datetime) -> str | None:
        delivery = carried.job.claim.delivery
        if not finishing.finish_sent(session, [self._as_sent(carried, now)]):
            return None
        self._taken(session, [carried], now)
        rooms.confirm(
            session,
            delivery.lane.room_id or 0,
            delivery.operation,
            carried.found,
            delivery.person_id,
            now,
        )
        return "sent"

    def _turned_away(
        self, session: Any, carried: Carried, fault: Undelivered, now: datetime
    ) -> str | None:
        """Not now, says the platform: no attempt is counted, and the conversation keeps its place.

        Where it does not know us any more, nothing is sent until it does, and nothing given up.
        """
        job = carried.job
        delivery, name = job.claim.delivery, job.platform.name
        until = now + (fault.wait or timedelta(0))
        again: dict[str, Any] = {"attempts": delivery.attempts - 1, "why": fault.why}
        again |= {"state": "unknown"} if carried.looked else job.as_before
        if not finishing.finish(session, job.claim, not_before=until, **again):
            return None
        if fault.locked_out:
            gates.shut(session, name, now + LOCKED_OUT, fault.why)
        elif not fault.spares_others:
            gates.turned_away(session, name, delivery.lane_id, now, until)
        return "waited"

    def _failed(
        self, session: Any, carried: Carried, fault: Undelivered, now: datetime
    ) -> str | None:
        """It was not taken, or nobody knows. What a look could not tell is looked for again."""
        job, began = carried.job, carried.began
        delivery = job.claim.delivery
        if self._is_over(session, carried, fault, now):
            in_doubt = fault.unknown or carried.looked or job.blind
            not_taken = None if in_doubt else began
            why = NOBODY_CAN_TELL if carried.looked else fault.why
            return self.end(session, job.claim, now, why, not_taken, by_hand=fault.by_hand)
        paced = began + job.platform.limits.pace
        again = max(now + self._wait(delivery.attempts), paced)
        if fault.unknown and not carried.looked:
            again = max(again, began + job.platform.limits.settles)
        unsure = fault.unknown or carried.looked
        waits: dict[str, Any] = {"available_at": again, "attempt_at": began, "why": fault.why}
        waits |= {"state": "unknown"} if unsure else job.as_before
        rests = max(now, paced) if fault.lets_pass else again
        if not finishing.finish(session, job.claim, not_before=rests, **waits):
            return None
        if fault.gone and delivery.card_key and job.replaces:
            outbox.forget_shown(session, delivery.lane_id, delivery.card_key, job.replaces)
        return "unknown" if unsure else "retried"

    def _is_over(self, session: Any, carried: Carried, fault: Undelivered, now: datetime) -> bool:
        """Whether it is given up. A message that may have been taken is looked for first."""
        delivery = carried.job.claim.delivery
        if carried.looked:
            return now >= carried.began + LOOKED_FOR
        if fault.unknown and delivery.operation in SAYS_SOMETHING:
            return False
        late = delivery.expires_at is not None and now >= delivery.expires_at
        for_good = fault.permanent and not rooms_in_step.may_still_open(session, delivery)
        return for_good or late or delivery.attempts >= MOST_ATTEMPTS

    def _wait(self, attempts: int) -> timedelta:
        """The pause after so many attempts: by luck up to a quarter less or more of it.

        As much less as more, so that many attempts take as long with luck as without it.
        """
        whole = BACKOFF[min(attempts, len(BACKOFF)) - 1]
        return timedelta(seconds=whole * (self.luck.uniform(0.75, 1.25) if self.luck else 1))

    def end(
        self,
        session: Any,
        claim: claiming.Claim,
        now: datetime,
        why: str,
        not_taken: datetime | None = None,
        *,
        by_hand: bool = False,
    ) -> str | None:
        """Give a delivery up, and all that it held, with the reason.

        `not_taken` is when its last attempt began, where it is certain that none was taken;
        `by_hand`: a person has to do it instead.
        """
        certain = {"attempt_at": None, "available_at": not_taken} if not_taken else {}
        if not finishing.finish(session, claim, "dead", now, why=why, **certain):
            return None
        outbox.settle(session, claim.delivery.items, "dead", why, now)
        policy, days = self.office.policy, self.office.days
        number = claim.delivery.id
        undelivered.report(session, number, why, now, policy, days, by_hand=by_hand)
        return "dead"
