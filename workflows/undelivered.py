"""Tells a person another way that something could not be delivered, once a day a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage import people, undelivered
from storage.outbox import Delivery
from workflows.notice import Notice
from workflows.policy import Policy
from workflows.queueing import ToTell, queue_at_once, queue_for_digests
from workflows.telling import values_of
from workflows.working_days import WorkingDays


@dataclass(frozen=True, kw_only=True)
class NotDelivered(Notice):
    """A message could not be delivered. `who` it was for is blank where that was a room."""

    message: str
    who: str
    supervisors: bool
    because: str
    number: str


@dataclass(frozen=True, kw_only=True)
class RoomNotOpened(Notice):
    """A room could not be opened: nobody can talk there."""

    supervisors: bool
    because: str
    number: str


@dataclass(frozen=True, kw_only=True)
class NotLetIn(Notice):
    """Somebody could not be let into a room that they belong in."""

    who: str
    supervisors: bool
    because: str
    number: str


@dataclass(frozen=True, kw_only=True)
class NotTakenOut(Notice):
    """Somebody could not be taken out of a room: they can still read it. This cannot wait."""

    who: str
    because: str
    number: str


@dataclass(frozen=True, kw_only=True)
class RoomNotClosed(Notice):
    """A room could not be closed: whoever is in it can still read and write."""

    because: str
    number: str


@dataclass(frozen=True, kw_only=True)
class RoomNotArranged(Notice):
    """A room's name or topic could not be set, or its welcome pinned; all else is as it should."""

    supervisors: bool
    because: str
    number: str


UNDELIVERED = frozenset(
    one.stem()
    for one in (NotDelivered, RoomNotOpened, NotLetIn, NotTakenOut, RoomNotClosed, RoomNotArranged)
)
"""The notices of this module. When one of them cannot be delivered, nobody is told further."""


def report(
    session: Any,
    number: int,
    why: str,
    now: datetime,
    policy: Policy,
    days: WorkingDays,
    *,
    ours: bool = False,
) -> None:
    """Tell whoever minds it that a delivery was given up.

    The Lead Professional hears of their family, in their digest. Where it was meant for them, is
    about no family or is a fault of `ours`, the co-ordinators hear. Who cannot be taken out of a
    room is told at once, for each; all else once a day for each conversation.
    """
    delivery = session.get_one(Delivery, number)
    if _tells_of_another(session, delivery):
        return
    notice = _notice(delivery, why)
    operation, today = delivery.operation, days.today(now).isoformat()
    alone = operation in {"remove", "put_out", "close"}
    matter = delivery.ref if alone else f"lane-{delivery.lane_id}"
    told = [
        ToTell(
            person,
            f"undelivered:{matter}:{today}:{person.id}",
            now,
            values=values_of(notice, delivery),
        )
        for person in _hearers(session, delivery, ours=ours)
    ]
    if told and operation in {"remove", "put_out"}:
        queue_at_once(session, told, now, days)
    elif told:
        queue_for_digests(session, told, now, policy, days)


def _tells_of_another(session: Any, delivery: Delivery) -> bool:
    """Whether this is such a notice itself, or a digest of nothing else: no telling of telling."""
    if delivery.operation != "digest":
        return delivery.notice in UNDELIVERED
    held = undelivered.notices_in(session, delivery.items)
    return bool(held) and held <= UNDELIVERED


def _hearers(session: Any, delivery: Delivery, *, ours: bool) -> list[Any]:
    meant_for = delivery.lane.person_id
    lead = delivery.taf.lead if delivery.taf is not None else None
    if lead is not None and not ours and lead.left_on is None and lead.id != meant_for:
        return [lead]
    return [one for one in people.with_role(session, "co-ordinator") if one.id != meant_for]


def _notice(delivery: Delivery, why: str) -> Notice:
    taf, room, person = delivery.taf, delivery.lane.room, delivery.person
    shared: dict[str, Any] = {
        "about": delivery.ref,
        "reference": taf.reference if taf is not None else delivery.reference,
        "because": why,
        "number": delivery.reference,
    }
    supervisors = room is not None and room.taf_id is None
    who = person.name if person is not None else ""
    match delivery.operation:
        case "open":
            return RoomNotOpened(supervisors=supervisors, **shared)
        case "admit":
            return NotLetIn(who=who, supervisors=supervisors, **shared)
        case "remove" | "put_out":
            return NotTakenOut(who=who or "Somebody", **shared)
        case "close":
            return RoomNotClosed(**shared)
        case "name" | "pin":
            return RoomNotArranged(supervisors=supervisors, **shared)
    meant_for = delivery.lane.person
    return NotDelivered(
        message=delivery.notice or "",
        who=meant_for.name if meant_for is not None else "",
        supervisors=supervisors,
        **shared,
    )
