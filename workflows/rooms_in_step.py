"""Compares a room as its platform has it with the record, puts it right by rule, and says so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage import lanes, outbox, people, rooms, subjects, undelivered
from workflows.notices import RoomAstray, Welcome
from workflows.policy import Policy
from workflows.queueing import ToTell, queue_for_digests
from workflows.telling import values_of
from workflows.working_days import WorkingDays

PINNED = frozenset({Welcome.stem()})
"""What is kept in sight in a room: whom to call when a child is not safe."""

DONE = "It was done another way."
DEAD = frozenset({"dead"})
TRIED_AGAIN_AFTER = timedelta(minutes=50)
"""What a room needs and the platform refused is tried again on each hourly round, and at no look
in between (ours)."""


@dataclass(frozen=True)
class Step:
    """Who belongs in a room and is not in it, and whose accounts are in it and do not belong."""

    missing: tuple[Any, ...]
    strangers: tuple[str, ...]


def compare(
    session: Any,
    room: Any,
    accounts: Collection[str],
    looked_at: datetime,
    *,
    by_hand: bool = False,
) -> Step:
    """Who is missing in a room and who is in it without belonging there, as it was looked at then.

    Whoever is on the team may be inside, and so may whoever is just being let in or taken out:
    what is on its way, or was done since the look, is never taken for a difference, and what could
    not be done is one. Where people are let in and taken out `by_hand`, nothing is on its way.
    """
    on_it = [one for one in team(session, room) if one.platform == room.platform]
    moves = [] if by_hand else undelivered.moves(session, room.id)
    moving = [one for one in moves if one.state != "dead" and one.person]
    let_in = {one.person for one in room.admissions if one.admitted_at >= looked_at}
    out = {one.person for one in room.admissions if one.removed_at and one.removed_at >= looked_at}
    may = {one.platform_id for one in (*on_it, *out, *(each.person for each in moving))}
    coming = {one.person for one in moving if one.operation == "admit"} | let_in
    missing = (one for one in on_it if one.platform_id not in accounts and one not in coming)
    return Step(tuple(missing), tuple(sorted(set(accounts) - may)))


def take_note(session: Any, room: Any, accounts: Collection[str], now: datetime) -> None:
    """Write down who is in a room that people fill and empty by hand."""
    for one in team(session, room):
        if one.platform == room.platform and one.platform_id in accounts:
            rooms.confirm(session, room.id, "admit", None, one.id, now)
    for one in room.inside:
        if one.platform_id not in accounts:
            rooms.confirm(session, room.id, "remove", None, one.id, now)
    undelivered.hurry(session, lanes.lane_for(session, room_id=room.id), now)


def settle(session: Any, room: Any, accounts: Collection[str]) -> None:
    """Lay to rest what could not be done to a room and is so all the same: somebody did it."""
    for one in undelivered.moves(session, room.id):
        account = one.facts.get("account") or _account(one)
        if account and (account in accounts) == (one.operation == "admit"):
            subjects.change_where(session, one, DEAD, {"state": "cancelled", "why": DONE})


def ended_by_hand(session: Any, room: Any, now: datetime) -> None:
    """A room that a person was asked to empty is empty: it is closed."""
    if undelivered.closed_by_hand(session, room.id):
        rooms.confirm(session, room.id, "close", None, None, now)


def team(session: Any, room: Any) -> list[Any]:
    """Everybody who is to be in a room: the team, or the supervisors in theirs."""
    if room.taf is None:
        return people.with_role(session, "supervisor")
    return [one.person for one in room.taf.team if one.state == "joined"]


def invite_again(session: Any, room: Any, person: Any, now: datetime) -> bool:
    """Let somebody in who belongs in a room and is not in it; whether that is asked for anew.

    Where it could not be done before, that is tried again, and is listed once.
    """
    for one in undelivered.moves(session, room.id):
        if (one.operation, one.person_id) == ("admit", person.id):
            _try_again(session, one, now)
            return False
    _ask(session, room, "admit", f"{person.id}:{now:%Y%m%dT%H%M%S}", now, person=person)
    return True


def put_out(session: Any, room: Any, account: str, now: datetime) -> None:
    """Take an account out of a room in which it has no place; asked for once a minute.

    Where it, or whose it is, could not be taken out before, that is tried again.
    """
    for one in undelivered.moves(session, room.id):
        if one.operation != "admit" and account in {one.facts.get("account"), _account(one)}:
            _try_again(session, one, now)
            return
    _ask(session, room, "put_out", f"{account}:{now:%Y%m%dT%H%M}", now, {"account": account})


def _account(move: Any) -> str | None:
    return move.person.platform_id if move.person else None


def _try_again(session: Any, move: Any, now: datetime) -> None:
    """Try once more what was refused some time ago; what is on its way is left to itself."""
    if move.state != "dead" or move.available_at > now - TRIED_AGAIN_AFTER:
        return
    lanes.hold(session, move.lane_id)
    anew = {"state": "unknown", "available_at": now, "attempts": 0, "repeats": 0}
    if subjects.change_where(session, move, DEAD, anew):
        lanes.wake(session, [move.lane_id], now)


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
