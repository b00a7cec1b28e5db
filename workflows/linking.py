"""A room that a person made on its platform becomes the room of a family, if the team is in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from storage import lanes, rooms, undelivered
from workflows import rooms_in_step
from workflows.access import may_look
from workflows.doing import Doing
from workflows.refusals import Gone, RoomTaken
from workflows.trying_again import again


def room_to_link(doing: Doing, platform: str, name: str) -> Any:
    """The room of this name that waits for somebody to make it; raises Refusal."""
    room = rooms.named(doing.session, name)
    if room is None or room.platform != platform or not _may(doing, room):
        raise Gone
    if _is_taken(room):
        raise RoomTaken
    return room


def strangers(doing: Doing, room: Any, accounts: Collection[str]) -> tuple[str, ...]:
    """The accounts in it that are not the team's: while there are any, nothing is linked."""
    return rooms_in_step.compare(doing.session, room, accounts, doing.now, by_hand=True).strangers


def link(doing: Doing, room: Any, address: str, accounts: Collection[str]) -> list[str]:
    """Make it the family's room; the names of those who have still to be added to it.

    Whoever links another chat, or this one to another family, at the same moment comes after it.
    """
    lanes.hold_unopened(doing.session, room.platform)
    doing.session.refresh(room)
    if _is_taken(room) or rooms.at(doing.session, room.platform, address) is not None:
        raise RoomTaken
    room.address = address
    go_on(doing, room)
    step = rooms_in_step.compare(doing.session, room, accounts, doing.now, by_hand=True)
    return [one.name for one in step.missing]


def go_on(doing: Doing, room: Any) -> None:
    """Open a room that waited for a person to do their part, and send what waited for it."""
    lanes.hold(doing.session, lanes.lane_for(doing.session, room_id=room.id))
    opening = undelivered.opening(doing.session, room.id)
    if opening is not None and opening.state == "dead":
        again(doing, opening)
    elif opening is not None:
        lanes.wake(doing.session, [opening.lane_id], doing.now)


def _is_taken(room: Any) -> bool:
    return room.state in {"open", "closed"} or bool(room.address)


def _may(doing: Doing, room: Any) -> bool:
    if room.taf is None:
        return "supervisor" in doing.person.roles
    return may_look(doing.person, room.taf)
