"""The pump of one process: several conversations at once, each in its order; it stops cleanly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.arriving import LATELY, USUAL, Arriving
from bot.clock import StoppedClock, WallClock, steady
from bot.delivery import AHEAD, Delivery
from bot.platform import Limits, Outgoing
from bot.recording import ROOM
from bot.sender import Sender
from messages.card import Card
from storage import finishing, lanes, outbox
from storage.database import Database
from storage.lanes import Lane
from storage.outbox import Delivery as Row
from storage.people import Person
from tests.world import RememberingPlatform, World
from workflows.sending import NOT_TRUE, Say


@dataclass
class Slow(RememberingPlatform):
    """Takes each message when it is let to, and remembers who was at it together."""

    limits: Limits = field(default_factory=lambda: Limits(pace=timedelta(milliseconds=30)))
    go: threading.Event = field(default_factory=threading.Event)
    inside_now: int = 0
    most: int = 0
    order: list[tuple[int, int]] = field(default_factory=list)
    began: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def post(self, message: Outgoing) -> str:
        with self.lock:
            self.inside_now += 1
            self.most = max(self.most, self.inside_now)
            self.order.append((message.to.person_id or 0, message.number))
            self.began.append(steady())
        self.go.wait(20)
        with self.lock:
            self.inside_now -= 1
            return super().post(message)


PEOPLE = 6
EACH = 3


@pytest.fixture
def slow(database: Database) -> Iterator[tuple[Sender, Slow]]:
    """Six people, each with three messages that are due."""
    world, platform = World(database), Slow()
    office, now = world.assistant.office, WallClock().now()
    with database.writing() as session:
        for number in range(PEOPLE):
            person = Person(name=f"P{number}", agency="housing", platform="web")
            session.add(person)
            session.flush()
            lane = lanes.lane_for(session, person_id=person.id)
            for turn in range(EACH):
                values = {"operation": "post", "made_at": now, "available_at": now}
                facts = {"about": person.ref, "first_day": "2025-03-04", "last_day": "2025-03-04"}
                outbox.queue(session, lane, f"{number} {turn}", notice="x", facts=facts, **values)
    sender = Sender(Delivery(database, WallClock(), office, {"web": platform}), hands=4)
    yield sender, platform
    platform.go.set()


def until(what: Callable[[], bool]) -> None:
    """Wait for something to be so."""
    ends = steady() + 20
    while not what():
        assert steady() < ends, "it never came about"
        threading.Event().wait(0.005)


def states(database: Database) -> list[str]:
    with database.reading() as session:
        return [one.state for one in session.query(Row)]


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any notice will do, at any hour."""

    monkeypatch.setattr("bot.preparing.still", lambda *_: Say("x", {}))
    monkeypatch.setattr("bot.preparing.rendering.card", lambda *_: Card("x"))
    monkeypatch.setattr("bot.preparing.time_for", lambda _person, _until, now, _days: now)


def test_several_at_once_each_conversation_in_order(slow: tuple[Sender, Slow]) -> None:
    sender, platform = slow
    sender.start()
    until(lambda: platform.inside_now == 4)
    assert len({person for person, _ in platform.order}) == 4
    platform.go.set()
    until(lambda: set(states(sender.delivery.database)) == {"sent"})
    sender.stop()

    assert platform.most == 4
    for person in {one for one, _ in platform.order}:
        numbers = [number for one, number in platform.order if one == person]
        assert numbers == sorted(numbers)
        assert len(numbers) == len(set(numbers)) == EACH


def test_a_platform_that_stands_still_leaves_a_hand_to_the_others(
    slow: tuple[Sender, Slow],
) -> None:
    """However many conversations are due on it, and for however long."""
    sender, platform = slow
    other, database = Slow(), sender.delivery.database
    other.name = "slack"
    other.go.set()
    sender.delivery.platforms = {"web": platform, "slack": other}
    now = WallClock().now()
    with database.writing() as session:
        person = Person(name="Other", agency="housing", platform="slack")
        session.add(person)
        session.flush()
        lane = lanes.lane_for(session, person_id=person.id)
        for turn in range(EACH):
            values = {"operation": "post", "made_at": now, "available_at": now}
            outbox.queue(session, lane, f"other {turn}", notice="x", **values)
    sender.start()
    until(lambda: len(other.order) == EACH)
    assert platform.inside_now == 3
    platform.go.set()
    until(lambda: set(states(database)) == {"sent"})
    sender.stop()


def test_the_pace_is_from_start_to_start(slow: tuple[Sender, Slow]) -> None:
    sender, platform = slow
    platform.go.set()
    sender.start()
    until(lambda: set(states(sender.delivery.database)) == {"sent"})
    sender.stop()

    for person in {one for one, _ in platform.order}:
        took = zip(platform.order, platform.began, strict=True)
        at = [began for (one, _), began in took if one == person]
        assert all(later - sooner >= 0.029 for sooner, later in pairwise(at))


def test_stopping_waits_for_what_is_on_its_way(slow: tuple[Sender, Slow]) -> None:
    sender, platform = slow
    sender.start()
    until(lambda: platform.inside_now == 4)
    stopping = threading.Thread(target=sender.stop)
    stopping.start()
    assert stopping.is_alive()
    platform.go.set()
    stopping.join(20)

    assert not stopping.is_alive()
    assert sorted(states(sender.delivery.database)).count("sending") == 0
    assert states(sender.delivery.database).count("sent") == 4


def test_what_is_queued_later_is_noticed(slow: tuple[Sender, Slow]) -> None:
    sender, platform = slow
    platform.go.set()
    sender.start()
    until(lambda: set(states(sender.delivery.database)) == {"sent"})
    now = WallClock().now()
    with sender.delivery.database.writing() as session:
        outbox.queue(session, 1, "late", operation="post", notice="x", facts={},
                     made_at=now, available_at=now)  # fmt: skip
    sender.wake()
    until(lambda: len(platform.order) == PEOPLE * EACH + 1)
    sender.stop()


def test_a_fault_in_claiming_is_survived(
    slow: tuple[Sender, Slow], monkeypatch: pytest.MonkeyPatch
) -> None:
    sender, platform = slow
    platform.go.set()
    usual, failed = Delivery.claim, threading.Event()

    def claim(self: Delivery, *how: Any) -> object:
        if not failed.is_set():
            failed.set()
            raise OSError("the database is away")
        return usual(self, *how)

    monkeypatch.setattr(Delivery, "claim", claim)
    sender.start()
    until(lambda: set(states(sender.delivery.database)) == {"sent"})
    sender.stop()

    assert failed.is_set()


def test_what_is_over_keeps_nobody_waiting(
    slow: tuple[Sender, Slow], monkeypatch: pytest.MonkeyPatch
) -> None:
    sender, _ = slow
    monkeypatch.setattr("bot.sender.LOOK_EVERY", 60.0)
    monkeypatch.setattr("bot.preparing.still", lambda *_: NOT_TRUE)
    sender.start()
    until(lambda: set(states(sender.delivery.database)) == {"cancelled"})
    sender.stop()


def test_what_comes_due_just_after_a_look_is_seen_at_once(
    slow: tuple[Sender, Slow], monkeypatch: pytest.MonkeyPatch
) -> None:
    sender, platform = slow
    platform.go.set()
    usual, looked = Delivery.claim, threading.Event()

    def claim(self: Delivery, *how: Any) -> object:
        if not looked.is_set():
            looked.set()
            return []
        return usual(self, *how)

    monkeypatch.setattr("bot.sender.LOOK_EVERY", 60.0)
    monkeypatch.setattr(Delivery, "claim", claim)
    sender.start()
    until(lambda: set(states(sender.delivery.database)) == {"sent"})
    sender.stop()

    assert looked.is_set()


def test_the_next_waits_for_what_may_have_arrived_late(
    slow: tuple[Sender, Slow], monkeypatch: pytest.MonkeyPatch
) -> None:
    sender, platform = slow
    platform.go.set()
    delivery, clock = sender.delivery, StoppedClock(WallClock().now())
    delivery.clock = clock
    quick, slowly = delivery.claim(2)
    carried = []
    for job, answered in ((quick, USUAL), (slowly, USUAL + 0.5)):
        turns = iter([0.0, 0.0, answered])  # claimed just now, begun, answered
        monkeypatch.setattr("bot.delivery.steady", lambda turns=turns: next(turns))
        carried.append(delivery.attempt(job, 0.0))
    delivery.record([one for one in carried if one is not None])

    with delivery.database.reading() as session:
        lanes_of = [session.get_one(Lane, job.claim.delivery.lane_id) for job in (quick, slowly)]
        rests = [one.rests_until for one in lanes_of]
    began, pace = clock.now(), platform.limits.pace
    assert rests == [began + pace, began + pace + timedelta(seconds=0.5) - ROOM]


def test_one_that_cannot_be_written_down_keeps_no_other_from_it(
    slow: tuple[Sender, Slow], monkeypatch: pytest.MonkeyPatch
) -> None:
    sender, platform = slow
    platform.go.set()
    delivery = sender.delivery
    attempts = (delivery.attempt(job, steady()) for job in delivery.claim(4))
    carried = [one for one in attempts if one is not None]
    bad, usual = carried[1].number, finishing.finish_sent

    def writes(session: Any, sent: Sequence[finishing.Sent]) -> set[int]:
        if bad in {one.claim.delivery.id for one in sent}:
            raise OSError("this one cannot be written down")
        return usual(session, sent)

    monkeypatch.setattr(finishing, "finish_sent", writes)
    with pytest.raises(OSError, match="this one"):
        delivery.record(carried)

    with delivery.database.reading() as session:
        ended = {one.number: session.get_one(Row, one.number).state for one in carried}
    assert ended == {one.number: "sending" if one.number == bad else "sent" for one in carried}


def test_what_is_taken_ahead_of_its_time_is_not_sent_before_it(slow: tuple[Sender, Slow]) -> None:
    sender, platform = slow
    platform.go.set()
    delivery = sender.delivery
    assert len(delivery.claim(PEOPLE - 1)) == PEOPLE - 1
    due = WallClock().now() + AHEAD * 0.9
    with delivery.database.writing() as session:
        session.query(Lane).where(Lane.lease_until.is_(None)).one().next_at = due

    assert delivery.claim(1) == []
    (job,) = delivery.claim(1, ahead=AHEAD)
    assert job.claim.begins == due
    carried = delivery.attempt(job, steady())

    assert carried is not None
    assert carried.began >= due
    assert len(platform.order) == 1


def test_a_slower_way_to_a_platform_is_learnt() -> None:
    arriving = Arriving()

    assert arriving.late("web", 0.4) == timedelta(seconds=0.4 - USUAL)
    for _ in range(LATELY):
        arriving.late("web", 0.4)
    assert arriving.late("web", 0.4) == timedelta(0)
    assert arriving.late("teams", 0.4) == timedelta(seconds=0.4 - USUAL)
