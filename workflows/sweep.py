"""Looks at every subject whose time has come, and puts what its rules say in the outbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage import due, people, subjects
from storage.steps import Upcoming
from workflows.policy import Policy
from workflows.queueing import queue_steps
from workflows.reminders import RULES
from workflows.rule import Rule, Step, name_of
from workflows.upcoming import ROLES, key_of, slot_of, told, write_down
from workflows.working_days import WorkingDays

SUBJECTS = tuple(dict.fromkeys(rule.SUBJECT for rule in RULES))
AFTER_A_FAULT = timedelta(hours=1)
"""A subject whose rule fails is looked at again an hour later; the others are not held up."""


@dataclass(frozen=True)
class Come:
    """A step that has come for one practitioner, and the rule it is of."""

    rule: Rule
    step: Step
    person: Any
    moment: datetime

    def key(self, ref: str) -> str:
        """What makes the notice one, for ever, whatever restarts in between."""
        return key_of(name_of(self.rule), ref, slot_of(self.step), self.person)


def recipients(session: Any, step: Step, taf: Any) -> list[Any]:
    """Who a step tells: a practitioner, or everybody in post who holds a role."""
    to = told(step, taf)
    return people.with_role(session, ROLES[to]) if isinstance(to, str) else [to]


def come(
    session: Any,
    subject: Any,
    now: datetime,
    policy: Policy,
    days: WorkingDays,
    matter: str | None = None,
) -> Iterator[Come]:
    """Every step of a subject whose moment has come, for everybody it tells, as it stands now.

    `matter` asks only the rules that speak about it.
    """
    if subject.taf.state != "open":
        return
    for rule in RULES:
        if subject.kind != rule.SUBJECT or matter not in {None, rule.MATTER}:
            continue
        for step in rule.steps(subject, policy, days):
            moment = step.moment(days)
            if moment <= now:
                for person in recipients(session, step, subject.taf):
                    yield Come(rule, step, person, moment)


def newest(found: Iterable[Come]) -> list[Come]:
    """Of several steps about one matter to one person, the newest only."""
    kept: dict[tuple[str, int], Come] = {}
    for one in found:
        key = (one.rule.MATTER, one.person.id)
        if key not in kept or kept[key].moment <= one.moment:
            kept[key] = one
    return list(kept.values())


@dataclass(frozen=True)
class Swept:
    """What one round found: how many subjects, how many notices, and which need a closer look."""

    looked: int
    queued: int
    odd: list[str]


def sweep(
    session: Any, kind: str, now: datetime, policy: Policy, days: WorkingDays, limit: int
) -> Swept:
    """Queue what was written down for the subjects of a kind whose time has come.

    None of their rules is asked: what is queued is asked for once more when it is sent. Subjects
    whose steps are not written down, or name somebody who has gone, are left as they are.
    """
    found = due.find(session, kind, now, limit)
    queued, odd = _queue(session, kind, found, now, policy, days)
    looked = sum(len(alike.held) for alike in found)
    return Swept(looked, queued, [f"{kind}-{number}" for number in odd])


def _queue(
    session: Any,
    kind: str,
    found: Sequence[due.Alike],
    now: datetime,
    policy: Policy,
    days: WorkingDays,
) -> tuple[int, list[str]]:
    """Queue what some subjects say, and move them on; how many notices, and who was left."""
    hearers = _hearers(session, {step.to for alike in found for step in alike.come or ()})
    gone = {name for name, heard in hearers.items() if None in heard}
    odd: list[str] = []
    said: list[tuple[Upcoming, Any, list[str]]] = []
    when: dict[datetime | None, list[str]] = {}
    for alike in found:
        if alike.come is None or any(step.to in gone for step in alike.come):
            odd += alike.numbers
            continue
        said += [(step, person, alike.held) for step, person in _newest(alike.come, hearers)]
        when.setdefault(alike.next_look, []).extend(alike.held)
    queued = queue_steps(session, kind, said, now, policy, days) if said else 0
    due.move_on(session, kind, when)
    return queued, odd


def _newest(
    come: Sequence[Upcoming], hearers: Mapping[str, Sequence[Any]]
) -> Collection[tuple[Upcoming, Any]]:
    """Of what a subject says about one matter to one person, the newest only."""
    kept: dict[tuple[str, int], tuple[Upcoming, Any]] = {}
    for step in come:
        for person in hearers[step.to]:
            key = (step.matter, person.id)
            if key not in kept or kept[key][0].moment <= step.moment:
                kept[key] = (step, person)
    return kept.values()


def _hearers(session: Any, named: set[str]) -> dict[str, list[Any]]:
    """Who each step tells: a practitioner, or all of a role; None stands for one who has gone."""
    numbers = [int(one) for one in named if one not in ROLES]
    known = people.hearers(session, numbers) if numbers else {}
    return {
        one: people.with_role(session, ROLES[one]) if one in ROLES else [known.get(int(one))]
        for one in named
    }


def look_at(session: Any, ref: str, now: datetime, policy: Policy, days: WorkingDays) -> int:
    """Ask a subject's rules afresh, write down what they say, and queue what has come."""
    subject = subjects.find(session, ref, to_change=True)
    if subject is None or subject.look_again_at is None or subject.look_again_at > now:
        return 0
    if subject.taf.state != "open":
        subject.look_again_at = None
        return 0
    write_down(subject, subject.unheard_since or subject.look_again_at, policy, days)
    session.flush()
    kind, _, number = ref.rpartition("-")
    found = due.find(session, kind, now, 1, number=int(number))
    queued, odd = _queue(session, kind, found, now, policy, days)
    if odd:
        raise LookupError(f"{ref} tells somebody who is not there")
    session.expire(subject)
    return queued


def put_off(session: Any, ref: str, now: datetime) -> None:
    """After a fault, look at this subject again in an hour, and remember what it owes."""
    subject = subjects.find(session, ref, to_change=True)
    if subject is not None:
        subject.unheard_since = subject.unheard_since or subject.look_again_at
        subject.look_again_at = now + AFTER_A_FAULT
        subject.steps = None
