"""Compares a room as its platform has it with the record, puts it right by rule, and says so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from storage import lanes, outbox, people, rooms, undelivered
from workflows.notices import RoomAstray, Welcome
from workflows.policy import Policy
from workflows.queueing import ToTell, queue_for_digests
from workflows.telling import values_of
from workflows.working_days import WorkingDays

PINNED = frozenset({Welcome.stem()})
"""What is kept in sight in a room: whom to call when a child is not safe."""


@dataclass(frozen=True)
class Step:
    """Who belongs in a room and is not in it, and whose accounts are in it and do not belong."""

    missing: tuple[Any, ...]
    strangers: tuple[str, ...]


def compare(session: Any, room: Any, accounts: Collection[str], *, by_hand: bool = False) -> Step:
    """Who is missing in a room and who is in it without belonging there.

    Whoever is on the team may be inside, and so may whoever is just being let in or taken out:
    what is on its way is never taken for a difference. Where people are let in and taken out
    `by_hand`, nothing is on its way: the team belongs inside, and nobody else.
    """
    on_it = [one for one in team(session, room) if one.platform == room.platform]
    inside = on_it if by_hand else [one for one in room.inside if one.platform_id]
    may = {one.platform_id for one in (*inside, *on_it)}
    missing = tuple(one for one in inside if one in on_it and one.platform_id not in accounts)
    return Step(missing, tuple(sorted(set(accounts) - may)))


def take_note(session: Any, room: Any, accounts: Collection[str], now: datetime) -> None:
    """Write down who is in a room that people fill and empty by hand.

    What they were asked to do, and could not be told to have done, is settled with it.
    """
    for one in team(session, room):
        if one.platform == room.platform and one.platform_id in accounts:
            rooms.confirm(session, room.id, "admit", None, one.id, now)
            undelivered.done_by_hand(session, room.id, "admit", one.id)
    for one in room.inside:
        if one.platform_id not in accounts:
            rooms.confirm(session, room.id, "remove", None, one.id, now)
            undelivered.done_by_hand(session, room.id, "remove", one.id)
    undelivered.hurry(session, lanes.lane_for(session, room_id=room.id), now)


def ended_by_hand(session: Any, room: Any, now: datetime) -> None:
    """A room that a person was asked to empty is empty: it is closed."""
    if undelivered.done_by_hand(session, room.id, "close", None):
        rooms.confirm(session, room.id, "close", None, None, now)


def team(session: Any, room: Any) -> list[Any]:
    """Everybody who is to be in a room: the team, or the supervisors in theirs."""
    if room.taf is None:
        return people.with_role(session, "supervisor")
    return [one.person for one in room.taf.team if one.state == "joined"]


def invite_again(session: Any, room: Any, person: Any, now: datetime) -> None:
    """Let somebody in again who left a room that they belong in."""
    _ask(session, room, "admit", f"{person.id}:{uuid4().hex}", now, person=person)


def put_out(session: Any, room: Any, account: str, now: datetime) -> None:
    """Take an account out of a room in which it has no place; asked for once a minute."""
    _ask(session, room, "put_out", f"{account}:{now:%Y%m%dT%H%M}", now, {"account": account})


def may_still_open(session: Any, delivery: Any) -> bool:
    """Whether this failed for want of a room whose opening was tried again meanwhile."""
    room = delivery.lane.room
    if room is None or delivery.operation == "open" or room.state in {"open", "closed"}:
        return False
    lanes.hold(session, delivery.lane_id)
    opening = undelivered.opening(session, room.id)
    return opening is not None and opening.state not in {"dead", "cancelled"}


def follow(session: Any, done: Any, found: str | None, now: datetime) -> None:
    """Ask for what follows from a delivery: a new room's name and topic, the pin on a welcome.

    `found` is the platform's own name of the message. None of this holds anybody up: it comes
    after the team has been let in and told.
    """
    if done.operation == "open":
        _ask(session, done.lane.room, "name", done.ref, now)
    elif done.notice in PINNED and done.lane.room is not None:
        _ask(session, done.lane.room, "pin", done.ref, now, {"message": found})


def name(session: Any, room: Any, now: datetime) -> None:
    """Give a room its own name and topic again; asked for once a second."""
    _ask(session, room, "name", f"{now:%Y%m%dT%H%M%S}", now)


def _ask(
    session: Any,
    room: Any,
    operation: str,
    key: str,
    now: datetime,
    facts: dict[str, Any] | None = None,
    person: Any = None,
) -> None:
    outbox.queue(
        session,
        lanes.lane_for(session, room_id=room.id),
        f"room-{room.id}:{operation}:{key}"[:200],
        operation=operation,
        made_at=now,
        available_at=now,
        taf_id=room.taf_id,
        person_id=person.id if person else None,
        facts=facts or {},
    )


def tell_astray(
    session: Any,
    room: Any,
    what: str,
    who: str,
    now: datetime,
    policy: Policy,
    days: WorkingDays,
) -> None:
    """The Lead Professional and the co-ordinators hear of it, once a day for each thing wrong."""
    taf = room.taf
    if taf is None:
        return
    notice = RoomAstray(about=taf.ref, reference=taf.reference, what=what, who=who)
    hearers = people.with_role(session, "co-ordinator")
    hearers += [taf.lead] if taf.lead and taf.lead not in hearers else []
    today = days.today(now).isoformat()
    told = [
        ToTell(
            one,
            f"astray:room-{room.id}:{what}:{who}:{today}:{one.id}"[:200],
            now,
            values=values_of(notice, taf),
        )
        for one in hearers
    ]
    if told:
        queue_for_digests(session, told, now, policy, days)
