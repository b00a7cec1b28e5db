"""Asks once more, at the moment of sending, whether a notice is still true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage import outbox, subjects
from workflows.access import minds
from workflows.policy import Policy
from workflows.queueing import digest_days, queue_digests, works
from workflows.reminders import RULES
from workflows.rule import MIDNIGHT, name_of
from workflows.sweep import come, newest
from workflows.undelivered import UNDELIVERED
from workflows.working_days import WorkingDays


@dataclass(frozen=True)
class Say:
    """A notice that is true now, with its facts of now."""

    notice: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Drop:
    """A notice that is not to be sent, and the reason a person understands."""

    why: str


NOT_TRUE = Drop("It was no longer true.")
TOO_LATE = Drop("It was too late to be of use.")
CLOSED = Drop("The work with the family was closed.")
ROOM_CLOSED = Drop("The room was closed.")
STOPPED = Drop("Sharing about the family has stopped.")
NOT_ON_THE_TEAM = Drop("They are not on the team any more.")

NOTHING_LEFT = Drop("There was nothing left to say.")
PUT_OFF = Drop("It could not be said that day; it went into the next digest.")

AFTER_THE_END = frozenset({"taf_has_closed", "help_answered"}) | UNDELIVERED
"""Notices that are still said once the work with the family is closed."""

OF_THE_ROOM = frozenset({"room_astray"})
"""Notices for whoever minds a family's room: its Lead Professional, and every co-ordinator."""

OUTSIDERS = frozenset(
    {"lead_offered", "lead_declined", "taf_has_closed", "help_asked", "help_answered"}
)
"""Notices that may reach somebody who is not on the team."""


MATTERS = {name_of(rule): rule.MATTER for rule in RULES}
"""What each rule speaks about: only rules of one matter outdo one another."""


def _meeting_stands(meeting: Any, facts: Mapping[str, Any]) -> bool:
    told = datetime.fromisoformat(facts["starts_at"])
    return bool(meeting.state == "scheduled" and meeting.starts_at == told)


def _still_open(subject: Any, _: Mapping[str, Any]) -> bool:
    return subject.state in {"open", "blocked", "offered", "proposed"}


def _still_theirs(action: Any, facts: Mapping[str, Any]) -> bool:
    return _still_open(action, facts) and action.owner_id == facts["person_id"]


def _still_left_behind(action: Any, facts: Mapping[str, Any]) -> bool:
    owner = action.owner
    return _still_open(action, facts) and owner is not None and owner.left_on is not None


def _still_asked(request: Any, _: Mapping[str, Any]) -> bool:
    return bool(request.state == "asked")


def _still_unknown(account: Any, _: Mapping[str, Any]) -> bool:
    return bool(account.is_unknown)


def _still_dead(delivery: Any, _: Mapping[str, Any]) -> bool:
    return bool(delivery.state == "dead")


STILL: dict[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    "you_are_invited": _meeting_stands,
    "meeting_moved": _meeting_stands,
    "lead_offered": _still_open,
    "member_proposed": _still_open,
    "action_moved": _still_open,
    "action_for_you": _still_theirs,
    "action_left_behind": _still_left_behind,
    "help_asked": _still_asked,
    "somebody_unknown": _still_unknown,
    **dict.fromkeys(UNDELIVERED, _still_dead),
}
"""What must still hold for a notice that a press brought about."""


def still(
    session: Any,
    delivery: outbox.Delivery,
    person: Any,
    now: datetime,
    policy: Policy,
    days: WorkingDays,
) -> Say | Drop:
    """What to say now, or why to say nothing; `person` is None for a room."""
    if delivery.expires_at is not None and delivery.expires_at <= now:
        return TOO_LATE
    if delivery.lane.room is not None and delivery.lane.room.state == "closed":
        return ROOM_CLOSED
    notice = delivery.notice or ""
    subject = subjects.find(session, delivery.about or "")
    if delivery.rule is not None:
        return _rule_still(session, delivery, subject, person, now, policy, days)
    if person is None:
        return Say(notice, delivery.facts)
    taf = subject.taf if subject is not None else None
    refused = _may_hear(notice, person, taf)
    if refused:
        return refused
    check = STILL.get(notice)
    if check and not check(subject, {**delivery.facts, "person_id": person.id}):
        return NOT_TRUE
    return Say(notice, delivery.facts)


def _may_hear(notice: str, person: Any, taf: Any) -> Drop | None:
    if person.left_on is not None:
        return NOT_ON_THE_TEAM
    if notice in UNDELIVERED:
        return None if minds(person, taf) else NOT_ON_THE_TEAM
    if taf is None or notice in AFTER_THE_END:
        return None
    if taf.state == "closed":
        return CLOSED
    if notice in OUTSIDERS or (notice in OF_THE_ROOM and minds(person, taf)):
        return None
    if any(one.person_id == person.id and one.state == "joined" for one in taf.team):
        return None
    if taf.lead_id is None and "co-ordinator" in person.roles:
        return None
    return STOPPED if taf.state == "sharing_stopped" else NOT_ON_THE_TEAM


def _rule_still(
    session: Any,
    delivery: outbox.Delivery,
    subject: Any,
    person: Any,
    now: datetime,
    policy: Policy,
    days: WorkingDays,
) -> Say | Drop:
    if subject is None or subject.taf.state == "closed":
        return CLOSED
    if subject.taf.state == "sharing_stopped":
        return STOPPED
    matter = MATTERS.get(delivery.rule or "")
    for due in newest(come(session, subject, now, policy, days, matter)):
        if due.person.id == person.id and due.key(subject.ref) == delivery.dedup_key:
            return Say(due.step.says.stem(), due.step.says.facts)
    return NOT_TRUE


def put_off(
    session: Any,
    digest: outbox.Delivery,
    person: Any,
    now: datetime,
    policy: Policy,
    days: WorkingDays,
) -> Drop | None:
    """Move a digest that cannot be said now into the next; None: now is its time.

    It is said on its own day, in waking hours, and only while its person is at work. So there is
    never a second one on a day, whatever kept the first.
    """
    today = days.today(now)
    if digest.slot == today.isoformat() and works(person, today, days) and not days.is_quiet(now):
        return None
    midnight = days.instant(today, MIDNIGHT)
    found = digest_days(session, [(person, midnight)], now, policy, days)
    day = found[person.id, midnight]
    at = days.instant(day, policy.hours.digest)
    outbox.put_off(session, digest.lane_id, now, at)
    queue_digests(session, [(digest.lane_id, person, day, at)], now)
    return PUT_OFF
