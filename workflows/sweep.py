"""Looks at every subject whose time has come, and puts what its rules say in the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from storage import people, subjects
from workflows.policy import Policy
from workflows.queueing import ToTell, queue_at_once, queue_for_digests
from workflows.reminders import RULES
from workflows.rule import Rule, Step, name_of
from workflows.upcoming import (
    ROLES,
    STAMP,
    Upcoming,
    key_of,
    read,
    slot_of,
    stamp,
    told,
    write_down,
)
from workflows.working_days import WorkingDays

SUBJECTS = tuple(dict.fromkeys(rule.SUBJECT for rule in RULES))
AFTER_A_FAULT = timedelta(hours=1)
"""A subject whose rule fails is looked at again an hour later; the others are not held up."""


@dataclass(frozen=True)
class Due:
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
) -> Iterator[Due]:
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
                    yield Due(rule, step, person, moment)


def newest(found: Iterable[Due]) -> list[Due]:
    """Of several steps about one matter to one person, the newest only."""
    kept: dict[tuple[str, int], Due] = {}
    for due in found:
        key = (due.rule.MATTER, due.person.id)
        if key not in kept or kept[key].moment <= due.moment:
            kept[key] = due
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
    rows = subjects.due_rows(session, kind, now, limit)
    found = _read(session, rows, now)
    queued = _queue(session, kind, found.come, now, policy, days)
    subjects.look_again(session, kind, _by_moment(found.next_look))
    return Swept(len(rows), queued, [f"{kind}-{number}" for number in found.odd])


@dataclass
class _Read:
    """Steps that have come, by subject and practitioner; when to look again; what is odd."""

    come: list[tuple[Any, Upcoming, Any]] = field(default_factory=list)
    next_look: dict[int, str | None] = field(default_factory=dict)
    odd: list[int] = field(default_factory=list)


def _read(session: Any, rows: Sequence[Any], now: datetime) -> _Read:
    found, stamped = _Read(), stamp(now)
    since = {at: stamp(at) for at in {row.unheard_since or row.look_again_at for row in rows}}
    read = [
        (row, *_come(row, since[row.unheard_since or row.look_again_at], stamped))
        for row in rows
        if row.steps is not None
    ]
    heard = _hearers(session, {one.to for _, come, _ in read for one in come})
    for row, come, following in read:
        if any(heard[one.to] == [None] for one in come):
            continue
        newest: dict[tuple[str, int], tuple[Upcoming, Any]] = {}
        for one in come:
            for person in heard[one.to]:
                key = (one.matter, person.id)
                if key not in newest or newest[key][0].moment <= one.moment:
                    newest[key] = (one, person)
        found.come += [(row, one, person) for one, person in newest.values()]
        found.next_look[row.id] = following
    found.odd = [row.id for row in rows if row.id not in found.next_look]
    return found


def _come(row: Any, since: str, stamped: str) -> tuple[list[Upcoming], str | None]:
    """The steps of a subject that have come since it was last looked at, and the next moment."""
    come = [read(line) for line in row.steps if since <= line[:STAMP] <= stamped]
    following = min((line for line in row.steps if line[:STAMP] > stamped), default=None)
    return come, following and following[:STAMP]


def _hearers(session: Any, named: set[str]) -> dict[str, list[Any]]:
    """Who each step tells: a practitioner, or all of a role; None stands for one who has gone."""
    numbers = [int(one) for one in named if one not in ROLES]
    known = people.hearers(session, numbers) if numbers else {}
    return {
        one: people.with_role(session, ROLES[one]) if one in ROLES else [known.get(int(one))]
        for one in named
    }


def _queue(
    session: Any,
    kind: str,
    come: Sequence[tuple[Any, Upcoming, Any]],
    now: datetime,
    policy: Policy,
    days: WorkingDays,
) -> int:
    at_once: list[ToTell] = []
    for_digest: list[ToTell] = []
    for row, one, person in come:
        ref = f"{kind}-{row.id}"
        values = {
            "notice": one.notice,
            "rule": one.rule,
            "slot": one.slot,
            "about": ref,
            "taf_id": row.taf_id,
        }
        telling = ToTell(
            person,
            key_of(one.rule, ref, one.slot, person),
            _moment(one.moment),
            _moment(one.until) if one.until else None,
            values,
        )
        (at_once if one.at_once else for_digest).append(telling)
    queued = queue_at_once(session, at_once, now, days) if at_once else 0
    return queued + (queue_for_digests(session, for_digest, now, policy, days) if for_digest else 0)


@lru_cache(maxsize=4096)
def _moment(stamped: str) -> datetime:
    """A moment that was written down; the same few come again and again."""
    return datetime.fromisoformat(stamped)


def _by_moment(next_look: dict[int, str | None]) -> dict[datetime | None, list[int]]:
    found: dict[datetime | None, list[int]] = {}
    for number, stamped in next_look.items():
        found.setdefault(_moment(stamped) if stamped else None, []).append(number)
    return found


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
    rows = subjects.due_rows(session, kind, now, 1, number=int(number))
    found = _read(session, rows, now)
    if found.odd:
        raise LookupError(f"{ref} tells somebody who is not there")
    queued = _queue(session, kind, found.come, now, policy, days)
    subjects.look_again(session, kind, _by_moment(found.next_look))
    session.expire(subject)
    return queued


def put_off(session: Any, ref: str, now: datetime) -> None:
    """After a fault, look at this subject again in an hour, and remember what it owes."""
    subject = subjects.find(session, ref, to_change=True)
    if subject is not None:
        subject.unheard_since = subject.unheard_since or subject.look_again_at
        subject.look_again_at = now + AFTER_A_FAULT
        subject.steps = None
