"""Puts what is to be said, and what is to happen to rooms, in the outbox of this transaction."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from storage import lanes, outbox, people, rooms
from workflows.doing import Doing
from workflows.notice import Notice
from workflows.policy import Policy
from workflows.rule import MIDNIGHT
from workflows.working_days import WorkingDays


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


def digest_moment(
    session: Any, person: Any, since: datetime, now: datetime, policy: Policy, days: WorkingDays
) -> tuple[date, datetime]:
    """The day and moment of the digest that a notice of `since` goes into.

    One a working day: after the day's digest has gone, or in quiet hours, it is the next one's.
    """
    time = policy.hours.digest
    day = days.today(since)
    if since > days.instant(day, time):
        day += timedelta(days=1)
    day = first_day_at_work(person, max(day, days.today(now)), days)
    gone = outbox.state_of(session, digest_key(person, day)) not in {None, "ready"}
    if gone or (days.instant(day, time) < now and days.is_quiet(now)):
        day = first_day_at_work(person, day + timedelta(days=1), days)
    return day, days.instant(day, time)


def queue_for_digest(
    session: Any,
    person: Any,
    key: str,
    since: datetime,
    now: datetime,
    policy: Policy,
    days: WorkingDays,
    *,
    until: datetime | None = None,
    **values: Any,
) -> None:
    """Hold a notice for a person's digest, and make sure that the digest is coming."""
    lane = lanes.lane_for(session, person_id=person.id)
    lanes.hold(session, lane)
    day, at = digest_moment(session, person, since, now, policy, days)
    made = outbox.queue(
        session,
        lane,
        key,
        operation="post",
        state="waiting",
        made_at=now,
        available_at=at,
        expires_at=until,
        **values,
    )
    if made is not None:
        queue_digest(session, lane, person, day, at, now)


def queue_digest(
    session: Any, lane: int, person: Any, day: date, at: datetime, now: datetime
) -> None:
    """Make sure that a person's digest of a day is coming; its slot is that day."""
    outbox.queue(
        session,
        lane,
        digest_key(person, day),
        operation="digest",
        notice="digest",
        slot=day.isoformat(),
        made_at=now,
        available_at=at,
        about=person.ref,
    )


def queue_at_once(
    session: Any,
    person: Any,
    key: str,
    now: datetime,
    days: WorkingDays,
    *,
    until: datetime | None = None,
    **values: Any,
) -> None:
    """Send a notice that cannot wait: now, or when quiet hours end, or on the next working day.

    On a day off it goes all the same where it would be too late afterwards (`until`).
    """
    at = days.end_of_quiet(now)
    working = days.on_or_after(days.today(at))
    if working != days.today(at):
        later = days.end_of_quiet(days.instant(working, MIDNIGHT))
        at = later if until is None or until > later else at
    outbox.queue(
        session,
        lanes.lane_for(session, person_id=person.id),
        key,
        operation="post",
        made_at=now,
        available_at=at,
        expires_at=until,
        **values,
    )


def _key_of_its_own(*parts: str) -> str:
    """A key for what a press brings about: the inbox lets a press happen once, so this may."""
    return ":".join((*parts, uuid4().hex))


def _values(notice: Notice, subject: Any) -> dict[str, Any]:
    return {
        "notice": notice.stem(),
        "facts": notice.facts,
        "about": notice.about,
        "taf_id": subject.taf.id if subject is not None else None,
    }


def tell(
    doing: Doing,
    person: Any,
    notice: Notice,
    subject: Any,
    *,
    cannot_wait: bool = False,
    until: datetime | None = None,
) -> None:
    """Tell one practitioner something that a press brought about; never the presser."""
    if person is None or person.id == doing.person.id:
        return
    key = _key_of_its_own(notice.stem(), notice.about, person.ref)
    values = _values(notice, subject)
    if cannot_wait:
        queue_at_once(doing.session, person, key, doing.now, doing.days, until=until, **values)
    else:
        queue_for_digest(
            doing.session,
            person,
            key,
            doing.now,
            doing.now,
            doing.policy,
            doing.days,
            until=until,
            **values,
        )


def tell_role(doing: Doing, role: str, notice: Notice, subject: Any, **how: Any) -> None:
    """Tell everybody who holds a role."""
    for person in people.with_role(doing.session, role):
        tell(doing, person, notice, subject, **how)


def tell_lead(doing: Doing, notice: Notice, subject: Any, **how: Any) -> None:
    """Tell the Lead Professional; while there is none, the co-ordinators."""
    if subject.taf.lead:
        tell(doing, subject.taf.lead, notice, subject, **how)
    else:
        tell_role(doing, "co-ordinator", notice, subject, **how)


def post(doing: Doing, notice: Notice, subject: Any, *, card: bool = False) -> None:
    """Post in the family's room; a `card` is edited in place when its subject moves on."""
    room = subject.taf.room
    if room is None or room.state == "closed":
        return
    _post(doing, room, notice, subject, f"card:{subject.ref}" if card else None)


def post_to_supervisors(doing: Doing, notice: Notice, subject: Any) -> None:
    """Post in the supervisors' room."""
    room = rooms.supervisors_room(doing.session, "web")
    if room.state == "asked":
        _operate(doing, room, "open")
        for person in people.with_role(doing.session, "supervisor"):
            _operate(doing, room, "admit", person)
        room.state = "opening"
    _post(doing, room, notice, subject, f"card:{subject.ref}")


def _post(doing: Doing, room: Any, notice: Notice, subject: Any, card_key: str | None) -> None:
    key = _key_of_its_own(notice.stem(), notice.about, f"room-{room.id}")
    outbox.queue(
        doing.session,
        lanes.lane_for(doing.session, room_id=room.id),
        key,
        operation="post",
        made_at=doing.now,
        available_at=doing.now,
        card_key=card_key,
        **_values(notice, subject),
    )


def _operate(doing: Doing, room: Any, operation: str, person: Any = None) -> None:
    who = person.id if person else ""
    outbox.queue(
        doing.session,
        lanes.lane_for(doing.session, room_id=room.id),
        _key_of_its_own(f"room-{room.id}", operation, str(who)),
        operation=operation,
        made_at=doing.now,
        available_at=doing.now,
        taf_id=room.taf_id,
        person_id=who or None,
    )


def open_room(doing: Doing, taf: Any) -> None:
    """Ask for a private room for a family, named by its opaque reference alone."""
    number = len(taf.family.tafs)
    name = taf.reference if number == 1 else f"{taf.reference}-{number}"
    taf.room = doing.add(rooms.Room(name=name, taf_id=taf.id, platform="web"))
    _operate(doing, taf.room, "open")


def admit(doing: Doing, taf: Any, person: Any) -> None:
    """Let a practitioner into the family's room."""
    _operate(doing, taf.room, "admit", person)


def remove(doing: Doing, taf: Any, person: Any) -> None:
    """Take a practitioner out of the family's room."""
    _operate(doing, taf.room, "remove", person)


def close_room(doing: Doing, taf: Any) -> None:
    """Close the family's room for good."""
    _operate(doing, taf.room, "close")
