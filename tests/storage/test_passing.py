"""Whoever is to be out is taken out, and a room closed, past a message that waits there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from storage import claiming, finishing, lanes, outbox, rooms
from storage.database import Database
from tests.world import START

LATER = START + timedelta(minutes=5)


def given(database: Database, *operations: str) -> dict[int, str]:
    """A room's conversation in which these wait, in this order; the numbers of each."""
    with database.writing() as session:
        room = rooms.Room(name="F-1042", platform="web", state="open")
        session.add(room)
        session.flush()
        lane = lanes.lane_for(session, room_id=room.id)
        when: dict[str, Any] = {"made_at": START, "available_at": START}
        made = {
            outbox.queue(session, lane, f"{number}", operation=one, **when): one
            for number, one in enumerate(operations)
        }
    return {number: one for number, one in made.items() if number}


def claimed(database: Database, at: Any) -> Sequence[claiming.Claim]:
    with database.writing() as session:
        found = claiming.claim(session, at, "worker")
        session.expunge_all()
    return found


def waits(database: Database, rests_until: Any) -> None:
    """The first message is tried and waits; its conversation rests until then."""
    (first,) = claimed(database, START)
    with database.writing() as session:
        waiting = {"state": "ready", "available_at": LATER}
        assert finishing.finish(session, first, not_before=rests_until, **waiting)


def ends(database: Database, claim: claiming.Claim, at: Any) -> None:
    with database.writing() as session:
        assert finishing.finish(session, claim, "sent", at, sent_at=at)


def test_they_pass_and_the_messages_keep_their_order(database: Database) -> None:
    made = given(database, "post", "post", "admit", "remove", "put_out", "close")
    waits(database, START)
    passed = []
    for seconds in range(1, 5):
        at = START + timedelta(seconds=seconds)
        for one in claimed(database, at):
            passed.append(made[one.delivery.id])
            ends(database, one, at)
    assert passed == ["remove", "put_out", "close"]
    order = []
    while found := claimed(database, LATER):
        order.append(found[0].delivery.id)
        ends(database, found[0], LATER)
    assert order == sorted(order)
    assert [made[one] for one in order] == ["post", "post", "admit"]


def test_nothing_passes_where_the_platform_is_not_to_be_asked_meanwhile(database: Database) -> None:
    given(database, "post", "remove")
    waits(database, LATER)
    assert not claimed(database, START + timedelta(minutes=1))


def test_what_is_queued_later_wakes_the_conversation_and_passes(database: Database) -> None:
    made = given(database, "post")
    waits(database, START)
    at = START + timedelta(seconds=30)
    assert not claimed(database, at)
    with database.writing() as session:
        lane = session.get_one(outbox.Delivery, next(iter(made))).lane_id
        when: dict[str, Any] = {"made_at": at, "available_at": at}
        outbox.queue(session, lane, "another", operation="post", **when)
        removal = outbox.queue(session, lane, "removal", operation="remove", **when)
    (one,) = claimed(database, at)
    assert one.delivery.id == removal


def test_one_whose_worker_died_is_found_again(database: Database) -> None:
    given(database, "post", "remove")
    waits(database, START)
    at = START + timedelta(seconds=1)
    (first,) = claimed(database, at)
    (again,) = claimed(database, at + claiming.LEASE)
    assert (again.delivery.id, again.again) == (first.delivery.id, True)
