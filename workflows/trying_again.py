"""What could not be delivered: tried again, or set aside, by whoever minds it."""

from __future__ import annotations

from typing import Any

from storage import lanes, subjects, undelivered
from workflows.access import whoever_minds
from workflows.doing import Doing, command
from workflows.moves import Moves
from workflows.refusals import AlreadySeenTo, NoLongerTrue, Refusal, RoomNotOpen, TafClosed
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


def still_wanted(doing: Doing, delivery: Any) -> Refusal | None:
    """Whether it is of any use now. What is told to one person is asked again at sending."""
    room, operation = delivery.lane.room, delivery.operation
    over = delivery.taf is not None and delivery.taf.state == "closed"
    if operation == "post" and over and delivery.notice not in AFTER_THE_END:
        return TafClosed()
    if room is None:
        return None
    if room.state == "closed":
        return TafClosed()
    if not _still_true(doing, delivery, over=over):
        return NoLongerTrue()
    if operation != "open" and room.state != "open" and _is_not_opening(doing, delivery):
        return RoomNotOpen()
    return None


def _still_true(doing: Doing, delivery: Any, *, over: bool) -> bool:
    room = delivery.lane.room
    match delivery.operation:
        case "open":
            return room.state != "open" and not over
        case "admit":
            return _belongs(room, delivery.person) and not over
        case "remove":
            return over or not _belongs(room, delivery.person)
        case "close":
            return True
    return not undelivered.has_newer(doing.session, delivery)


def _belongs(room: Any, person: Any) -> bool:
    """Whether somebody is to be in a room: on the team now, or a supervisor in theirs."""
    if room.taf is None:
        return "supervisor" in person.roles
    return any(one.person_id == person.id and one.state == "joined" for one in room.taf.team)


def _is_not_opening(doing: Doing, delivery: Any) -> bool:
    """Whether the room's own opening is among the dead: it has to come first."""
    return undelivered.opening_is_dead(doing.session, delivery.lane_id)


@command(whoever_minds, MOVES, on=ANY, also=still_wanted)
def try_again(doing: Doing, delivery: Any) -> None:
    """Try to deliver it again now; with a room's opening, all that waited for that."""
    _bring_back(doing, delivery)
    if delivery.operation == "open":
        for one in undelivered.dead_after(doing.session, delivery):
            if still_wanted(doing, one) is None:
                _bring_back(doing, one)
    lanes.wake(doing.session, [delivery.lane_id], doing.now)


def _bring_back(doing: Doing, delivery: Any) -> None:
    """It is looked for before it is sent: the last attempt may have been taken all the same."""
    _move(doing, "try_again", delivery, available_at=doing.now, attempts=0, repeats=0)
    undelivered.bring_back(doing.session, delivery.items)


@command(whoever_minds, MOVES, on=ANY)
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
