"""What could not be delivered: tried again, or set aside, by whoever minds it."""

from __future__ import annotations

from typing import Any

from storage import lanes, subjects, undelivered
from workflows.access import whoever_minds
from workflows.doing import Doing, command
from workflows.moves import Moves
from workflows.refusals import AlreadySeenTo, NoLongerNeeded, NotNow, Refusal, RoomNotOpen
from workflows.sending import AFTER_THE_END

ANY = "open sharing_stopped closed"
"""What died is cleared away in every state of the work with a family."""

MOVES = Moves(
    "message that could not be delivered",
    "dead",
    {"try_again": "dead -> unknown", "set_aside": "dead -> cancelled"},
    already=dict.fromkeys(
        ("ready", "sending", "unknown", "waiting", "sent", "superseded", "cancelled"),
        AlreadySeenTo,
    ),
)


def stands_alone(_: Doing, delivery: Any) -> Refusal | None:
    """What a digest held is seen to with that digest; it was never begun by itself."""
    return None if delivery.attempts else NotNow()


def still_wanted(doing: Doing, delivery: Any) -> Refusal | None:
    """Whether it is of any use now. What is told to one person is asked again at sending."""
    room, over = delivery.lane.room, delivery.taf is not None and delivery.taf.state == "closed"
    if not (_in_a_room if room is not None else _to_a_person)(doing, delivery, over=over):
        return NoLongerNeeded()
    waits = room is not None and delivery.operation != "open" and room.state != "open"
    if waits and undelivered.opening_is_dead(doing.session, delivery.lane_id):
        return RoomNotOpen()
    return stands_alone(doing, delivery)


def _to_a_person(_: Doing, delivery: Any, *, over: bool) -> bool:
    return not over or delivery.notice in AFTER_THE_END


def _in_a_room(doing: Doing, delivery: Any, *, over: bool) -> bool:
    room = delivery.lane.room
    if room.state == "closed":
        return False
    match delivery.operation:
        case "open":
            return room.state != "open" and not over
        case "admit":
            return _belongs(room, delivery.person) and not over
        case "remove":
            return over or not _belongs(room, delivery.person)
        case "close":
            return True
    said = not over or delivery.notice in AFTER_THE_END
    return said and not undelivered.has_newer(doing.session, delivery)


def _belongs(room: Any, person: Any) -> bool:
    """Whether somebody is to be in a room: on the team now, or a supervisor in theirs."""
    if room.taf is None:
        return "supervisor" in person.roles
    return any(one.person_id == person.id and one.state == "joined" for one in room.taf.team)


@command(whoever_minds, MOVES, on=ANY, also=still_wanted)
def try_again(doing: Doing, delivery: Any) -> None:
    """Try to deliver it again now; with a room's opening, all that waited for that."""
    again(doing, delivery)


def again(doing: Doing, delivery: Any) -> None:
    """The same, where the cause was put right and whoever did that may not be who minds it."""
    lanes.hold(doing.session, delivery.lane_id)
    _bring_back(doing, delivery)
    if delivery.operation == "open":
        for one in undelivered.dead_after(doing.session, delivery):
            if still_wanted(doing, one) is None:
                _bring_back(doing, one)
    lanes.wake(doing.session, [delivery.lane_id], doing.now)


def _bring_back(doing: Doing, delivery: Any) -> None:
    """It is looked for before it is sent, unless it is certain that no attempt was taken."""
    _move(doing, "try_again", delivery, available_at=doing.now, attempts=0, repeats=0)
    undelivered.bring_back(doing.session, delivery.items)


@command(whoever_minds, MOVES, on=ANY, also=stands_alone)
def set_aside(doing: Doing, delivery: Any) -> None:
    """Set it aside: it is not sent any more."""
    taf, labels = delivery.taf, doing.policy.labels
    leads = taf is not None and taf.lead_id == doing.person.id
    by = f"the {labels.lead_professional}" if leads else f"a {labels.co_ordinator}"
    why = f"{delivery.why or ''} Set aside by {by}.".strip()
    _move(doing, "set_aside", delivery, why=why)
    undelivered.set_aside(doing.session, delivery.items, why)


def _move(doing: Doing, name: str, delivery: Any, **values: Any) -> None:
    # The audit has the command alone, and no line for the state: what the engine then does with
    # a delivery is in the outbox, so lines here would not join on to each other.
    move = MOVES.table[name]
    changes = values | {"state": move.to}
    if not subjects.change_where(doing.session, delivery, move.sources, changes):
        raise MOVES.refusal(name, delivery) or AlreadySeenTo()
