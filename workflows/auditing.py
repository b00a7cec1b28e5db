"""Proves, family by family, that nothing due was slept over, and puts right what was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage import auditing, lanes, outbox, people, subjects
from storage.steps import STAMP, stamp
from workflows.policy import Policy
from workflows.queueing import digest_days, queue_digests
from workflows.upcoming import upcoming
from workflows.winding import watched, wind
from workflows.working_days import WorkingDays

PATIENCE = timedelta(minutes=5)
"""What has been due for longer than this, the sweep has passed over."""


@dataclass(frozen=True)
class Astray:
    """Something the auditor put right: a word for its kind, and where."""

    kind: str
    ref: str


def audit_family(
    session: Any,
    number: int,
    since: datetime,
    now: datetime,
    policy: Policy,
    days: WorkingDays,
) -> Iterator[Astray]:
    """Compare what is written down for one family's subjects with what their rules say now.

    Where it differs it is written down again. Where a subject would have been passed over, what
    came since the auditor was last here (`since`) is owed, and swept next.
    """
    taf = subjects.find(session, f"taf-{number}", to_change=True)
    if taf is None or taf.state != "open":
        return
    amiss = list(_amiss(taf, now, policy, days))
    for subject, found in amiss:
        if found == "passed_over" and subject.unheard_since is None:
            subject.unheard_since = since
        yield Astray(found, subject.ref)
    if amiss:
        wind(session, taf, now, policy, days)


def _amiss(taf: Any, now: datetime, policy: Policy, days: WorkingDays) -> Iterator[tuple[Any, str]]:
    for subject in watched(taf):
        if subject.unheard_since is not None:
            continue  # a fault of a rule, known about and tried again each hour
        at = subject.look_again_at
        if at is not None and at <= now:
            if at <= now - PATIENCE:
                yield subject, "overdue"
            continue
        steps = [one.line for moment, one in upcoming(subject, now, policy, days) if moment > now]
        wanted = steps_first(steps)
        if wanted is not None and (at is None or stamp(at) > wanted):
            yield subject, "passed_over"
        elif steps != _still_to_come(subject, now):
            yield subject, "rewritten"


def steps_first(steps: list[str]) -> str | None:
    """The moment of the first of some written steps."""
    return min((one[:STAMP] for one in steps), default=None)


def _still_to_come(subject: Any, now: datetime) -> list[Any]:
    stamped = stamp(now)
    return [one for one in subject.steps or [] if one[:STAMP] > stamped]


def audit_lanes(session: Any, now: datetime, policy: Policy, days: WorkingDays) -> list[Astray]:
    """Wake lanes that sleep over something due, and send a digest for what waits without one."""
    found = [Astray("asleep", f"lane-{one}") for one in auditing.asleep(session, now - PATIENCE)]
    auditing.rouse(session, [int(one.ref.removeprefix("lane-")) for one in found], now)
    for number in auditing.waiting_for_nothing(session):
        person = people.hearers(session, [number]).get(number)
        lane = lanes.for_people(session, [number], held=True)[number]
        if person is None:
            continue
        day = digest_days(session, [(person, now)], now, policy, days)[number, now]
        at = days.instant(day, policy.hours.digest)
        outbox.put_off(session, lane, at, at)
        queue_digests(session, [(lane, person, day, at)], now)
        found.append(Astray("waiting", person.ref))
    return found
