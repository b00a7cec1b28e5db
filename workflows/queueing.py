"""Puts notices to practitioners in the outbox, many at once: with a day's digest, or at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from storage import due, lanes, outbox
from storage.steps import BETWEEN, Upcoming, moment
from workflows.policy import Policy
from workflows.rule import MIDNIGHT
from workflows.upcoming import key_of
from workflows.working_days import WorkingDays

LATE = timedelta(seconds=60)
"""A digest whose time has gone by waits so long, for all that other sweeps still find for it."""


@dataclass(frozen=True)
class ToTell:
    """A notice for one practitioner, under the key that makes it one for ever.

    `since` is when it became true, `until` when it is of no more use; `values` is the rest of its
    row in the outbox.
    """

    person: Any
    key: str
    since: datetime
    until: datetime | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def works(person: Any, day: date, days: WorkingDays) -> bool:
    """Whether a practitioner is at work on this day."""
    away = any(leave.first_day <= day <= leave.last_day for leave in person.leave)
    return not away and days.is_working(
        day, works_on=frozenset(int(one) - 1 for one in person.works_on)
    )


def first_day_at_work(person: Any, day: date, days: WorkingDays) -> date:
    """The first day from this one on that a practitioner is at work; at most a year ahead."""
    for ahead in range(366):
        found = day + timedelta(days=ahead)
        if works(person, found, days):
            return found
    return day


def digest_key(person: Any, day: date) -> str:
    """What makes a person's digest of a day one, for ever."""
    return f"digest:{person.id}:{day.isoformat()}"


def _first_day(
    person: Any, since: datetime, now: datetime, policy: Policy, days: WorkingDays
) -> date:
    """The day of the digest that a notice of `since` would go into, were it not gone yet."""
    day = days.today(since)
    if since > days.instant(day, policy.hours.digest):
        day += timedelta(days=1)
    return first_day_at_work(person, max(day, days.today(now)), days)


def digest_days(
    session: Any,
    wanted: Collection[tuple[Any, datetime]],
    now: datetime,
    policy: Policy,
    days: WorkingDays,
) -> dict[tuple[int, datetime], date]:
    """The day of the digest that each practitioner's notice of some moment goes into.

    One a working day: after the day's digest has gone, or in quiet hours, it is the next one's.
    """
    alike: dict[Any, date] = {}
    first = {}
    for person, since in wanted:
        week = (person.works_on, tuple(person.leave), since)
        if week not in alike:
            alike[week] = _first_day(person, since, now, policy, days)
        first[person.id, since] = (person, alike[week])
    keys = {wish: digest_key(person, day) for wish, (person, day) in first.items()}
    states = outbox.states_of(session, keys.values())
    gone = {wish for wish, key in keys.items() if states.get(key, "ready") != "ready"}
    too_late = set()
    if days.is_quiet(now):
        distinct = {day for _, day in first.values()}
        too_late = {day for day in distinct if days.instant(day, policy.hours.digest) < now}
    return {
        wish: first_day_at_work(person, day + timedelta(days=1), days)
        if wish in gone or day in too_late
        else day
        for wish, (person, day) in first.items()
    }


def queue_for_digests(
    session: Any, notices: Sequence[ToTell], now: datetime, policy: Policy, days: WorkingDays
) -> int:
    """Hold notices for their practitioners' digests, and make sure that those are coming.

    Returns how many were new. Their lanes are held meanwhile: none joins a digest on its way out.
    """
    people = {one.person.id: one.person for one in notices}
    lane_of = lanes.for_people(session, people, held=True)
    wanted = {(one.person.id, one.since): (one.person, one.since) for one in notices}
    day_of = digest_days(session, wanted.values(), now, policy, days)
    at = {day: days.instant(day, policy.hours.digest) for day in set(day_of.values())}
    days_by_key = {one.key: (one.person.id, day_of[one.person.id, one.since]) for one in notices}
    rows = [
        {
            "dedup_key": one.key,
            "lane_id": lane_of[one.person.id],
            "available_at": at[days_by_key[one.key][1]],
            "expires_at": one.until,
            **one.values,
        }
        for one in notices
    ]
    made = outbox.queue_many(session, rows, operation="post", state="waiting", made_at=now)
    coming = {days_by_key[key] for key in made}
    queue_digests(
        session, [(lane_of[one], people[one], day, at[day]) for one, day in sorted(coming)], now
    )
    return len(made)


def queue_digests(
    session: Any, coming: Sequence[tuple[int, Any, date, datetime]], now: datetime
) -> None:
    """Make sure of people's digests: lane, person, day (which is its slot) and moment of each."""
    rows = [
        {
            "dedup_key": digest_key(person, day),
            "lane_id": lane,
            "available_at": at if at >= now else now + LATE,
            "slot": day.isoformat(),
            "about": person.ref,
        }
        for lane, person, day, at in coming
    ]
    same = {"operation": "digest", "notice": "digest", "state": "ready", "facts": {}}
    outbox.queue_many(session, rows, made_at=now, **same)


def queue_at_once(session: Any, notices: Sequence[ToTell], now: datetime, days: WorkingDays) -> int:
    """Send notices that cannot wait: now, or when quiet hours end, or when they are next at work.

    On a day off one goes all the same where it would be too late afterwards (`until`). Returns
    how many were new.
    """
    lane_of = lanes.for_people(session, {one.person.id for one in notices})
    rows = [
        {
            "dedup_key": one.key,
            "lane_id": lane_of[one.person.id],
            "available_at": time_for(one.person, one.until, now, days),
            "expires_at": one.until,
            **one.values,
        }
        for one in notices
    ]
    same = {"operation": "post", "state": "ready", "made_at": now}
    return len(outbox.queue_many(session, rows, **same))


def queue_steps(
    session: Any,
    kind: str,
    come: Sequence[tuple[Upcoming, Any, list[str]]],
    now: datetime,
    policy: Policy,
    days: WorkingDays,
) -> int:
    """Queue written steps that have come, of many subjects alike: at once, or for a digest.

    Each with the practitioner it tells and its subjects, as they are held. Returns how many were
    new. Their lanes are held meanwhile, as they are for digests.
    """
    lane_of = lanes.for_people(session, {person.id for _, person, _ in come}, held=True)
    since = [(person, moment(step.moment)) for step, person, _ in come if not step.at_once]
    day_of = digest_days(session, since, now, policy, days)
    at = {day: days.instant(day, policy.hours.digest) for day in set(day_of.values())}
    rows, ready, digests = [], [], {}
    for step, person, held in come:
        lane, until = lane_of[person.id], moment(step.until) if step.until else None
        if step.at_once:
            state, when = "ready", time_for(person, until, now, days)
            ready.append((lane, when))
        else:
            day = day_of[person.id, moment(step.moment)]
            state, when = "waiting", at[day]
            digests[lane, when] = (lane, person, day, when)
        row = {"lane_id": lane, "state": state, "available_at": when, "expires_at": until}
        rows.append(row | _said(step, person, held))
    made = due.queue(session, kind, rows, now)
    lanes.wake_each(session, ready)
    if made < sum(len(held) for _, _, held in come):  # of some there is nothing to gather
        waiting = set(outbox.waiting(session, {lane for lane, _ in digests}))
        digests = {one: digest for one, digest in digests.items() if one in waiting}
    queue_digests(session, [digests[one] for one in sorted(digests)], now)
    return made


def _said(step: Upcoming, person: Any, held: list[str]) -> dict[str, Any]:
    """What comes of their step in some notices' rows; each has its own subject in its key."""
    before, after = key_of(step.rule, BETWEEN, step.slot, person).split(BETWEEN)
    return {
        "before": before,
        "after": after,
        "held": held,
        "notice": step.notice,
        "rule": step.rule,
        "slot": step.slot,
    }


def time_for(person: Any, until: datetime | None, now: datetime, days: WorkingDays) -> datetime:
    """When what cannot wait may reach somebody: when the quiet ends on a day they are at work.

    Where it would be of no more use by then (`until`), when the quiet ends.
    """
    soon = days.end_of_quiet(now)
    day = days.today(soon)
    working = first_day_at_work(person, day, days)
    later = soon if working == day else days.end_of_quiet(days.instant(working, MIDNIGHT))
    return later if until is None or until > later else soon
