"""Looks at every subject whose time has come, and puts what its rules say in the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage import people, subjects
from workflows.policy import Policy
from workflows.reminders import RULES
from workflows.rule import Rule, Step, name_of, on_the_team
from workflows.telling import queue_at_once, queue_for_digest
from workflows.winding import next_look
from workflows.working_days import WorkingDays

SUBJECTS = tuple(dict.fromkeys(rule.SUBJECT for rule in RULES))
AFTER_A_FAULT = timedelta(hours=1)
"""A subject whose rule fails is looked at again an hour later; the others are not held up."""

ROLES = {"supervisor": "supervisor", "co_ordinator": "co-ordinator"}


@dataclass(frozen=True)
class Due:
    """A step that has come for one practitioner, and the rule it is of."""

    rule: Rule
    step: Step
    person: Any
    moment: datetime

    @property
    def slot(self) -> str:
        """What tells this step from the rule's other steps: its day, and its rung."""
        return f"{self.step.at.isoformat()}/{self.step.rung}"

    def key(self, ref: str) -> str:
        """What makes the notice one, for ever, whatever restarts in between."""
        return f"{name_of(self.rule)}:{ref}:{self.slot}:{self.person.id}"


def recipients(session: Any, step: Step, taf: Any) -> list[Any]:
    """Who a step tells: a practitioner still on the team, or all who hold a role.

    What was meant for somebody who has left goes to the Lead Professional, and where there is
    none to the co-ordinators: nothing is lost with a person.
    """
    to = step.to
    if not isinstance(to, str):
        if on_the_team(taf, to):
            return [to]
        if taf.lead and on_the_team(taf, taf.lead):
            return [taf.lead]
        to = "co_ordinator"
    return people.with_role(session, ROLES[to])


def come(
    session: Any, subject: Any, now: datetime, policy: Policy, days: WorkingDays
) -> Iterator[Due]:
    """Every step of a subject whose moment has come, for everybody it tells, as it stands now."""
    if subject.taf.state != "open":
        return
    for rule in RULES:
        if subject.kind != rule.SUBJECT:
            continue
        for step in rule.steps(subject, policy, days):
            moment = step.moment(days)
            if moment <= now:
                for person in recipients(session, step, subject.taf):
                    yield Due(rule, step, person, moment)


def newest(found: Iterable[Due]) -> list[Due]:
    """Of several steps about one matter to one person, the newest only."""
    kept: dict[tuple[str, int], Due] = {}
    for due in found:
        key = (due.rule.MATTER, due.person.id)
        if key not in kept or kept[key].moment <= due.moment:
            kept[key] = due
    return list(kept.values())


def look_at(session: Any, ref: str, now: datetime, policy: Policy, days: WorkingDays) -> int:
    """Queue what a subject's rules say now, and set when to look again; how many were queued."""
    subject = subjects.find(session, ref, to_change=True)
    if subject is None or subject.look_again_at is None or subject.look_again_at > now:
        return 0
    since, queued = subject.unheard_since or subject.look_again_at, 0
    for due in newest(come(session, subject, now, policy, days)):
        if due.moment < since:
            continue
        queued += 1
        _queue(session, subject, due, now, policy, days)
    subject.look_again_at = (
        next_look(subject, now, policy, days) if subject.taf.state == "open" else None
    )
    subject.unheard_since = None
    return queued


def _queue(
    session: Any, subject: Any, due: Due, now: datetime, policy: Policy, days: WorkingDays
) -> None:
    values = {
        "notice": due.step.says.stem(),
        "rule": name_of(due.rule),
        "slot": due.slot,
        "about": subject.ref,
        "taf_id": subject.taf.id,
        "facts": due.step.says.facts,
        "until": due.step.until,
    }
    key = due.key(subject.ref)
    if due.step.cannot_wait:
        queue_at_once(session, due.person, key, now, days, **values)
    else:
        queue_for_digest(session, due.person, key, due.moment, now, policy, days, **values)


def put_off(session: Any, ref: str, now: datetime) -> None:
    """After a fault, look at this subject again in an hour, and remember what it owes."""
    subject = subjects.find(session, ref, to_change=True)
    if subject is not None:
        subject.unheard_since = subject.unheard_since or subject.look_again_at
        subject.look_again_at = now + AFTER_A_FAULT
