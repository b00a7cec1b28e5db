"""Stories of platforms that ask us to wait, know us no more, answer late or cannot be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count, pairwise
from random import Random

import pytest

from bot.delivery import Delivery
from bot.platform import Limits, Outgoing, Undelivered
from bot.recording import BACKOFF, LOCKED_OUT, NOBODY_CAN_TELL
from storage import claiming, gates
from storage.database import Database
from storage.outbox import Delivery as Row
from tests.world import RememberingPlatform, World

LATER = claiming.LEASE + timedelta(seconds=1)


@dataclass
class Moody(RememberingPlatform):
    """Says what it is told to say to the next messages; takes some of them without saying so."""

    answers: list[BaseException | None] = field(default_factory=list)
    silently: int = 0
    tried: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    looked: int = 0

    def post(self, message: Outgoing) -> str:
        self.tried.append(message.number)
        if message.repeated:
            self.repeated.append(message.number)
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            if self.silently:
                self.silently -= 1
                super().post(message)
            raise answer
        return super().post(message)

    def find(self, message: Outgoing) -> tuple[str, ...]:
        self.looked += 1
        return super().find(message)


@pytest.fixture
def moody(world: World) -> Moody:
    world.given_a_family()
    platform = Moody(inside=world.platform.inside, opened=world.platform.opened)
    platform.numbers = world.platform.numbers
    world.platform = platform
    world.assistant.delivery.platforms = {"web": platform}
    return platform


def busy(seconds: float = 30) -> Undelivered:
    return Undelivered("Too many requests.", wait=timedelta(seconds=seconds))


def unknown() -> Undelivered:
    return Undelivered("No answer within 10 seconds.", unknown=True)


def locked_out() -> Undelivered:
    return Undelivered("Slack does not know us any more.", locked_out=True)


def seconds_pass(world: World, seconds: float) -> None:
    world.clock.set(world.clock.now() + timedelta(seconds=seconds))
    world.assistant.delivery.drain()


def leaves(world: World, name: str) -> None:
    world.does("Maya", "member.remove", world.place(name), why="x")


def left(world: World) -> list[Row]:
    return [one for one in world.outbox() if one.notice == "left_the_team"]


def heard(world: World) -> list[str]:
    titles = [one.title for one in world.then("the room").messages]
    return [one.split(": ")[1].split()[0] for one in titles if "has left" in one]


def test_told_to_wait_counts_as_no_attempt_and_keeps_the_place(world: World, moody: Moody) -> None:
    moody.answers = [busy(30), busy(30)]
    leaves(world, "Tom")
    leaves(world, "Asha")
    assert len(moody.tried) == 1
    seconds_pass(world, 29.9)
    assert len(moody.tried) == 1
    seconds_pass(world, 0.1)
    assert left(world)[0].attempts == 0
    seconds_pass(world, 30)

    assert heard(world) == ["Tom", "Asha"]
    assert [one.attempts for one in left(world)] == [1, 1]


def test_no_patience_is_lost_on_a_platform_that_is_busy_for_days(
    world: World, moody: Moody
) -> None:
    moody.answers = [busy(3600)] * 5000
    leaves(world, "Tom")
    for _ in range(80):
        assert left(world)[0].state == "ready"
        seconds_pass(world, 3600)

    moody.answers.clear()
    seconds_pass(world, 3600)
    seconds_pass(world, 1)
    assert heard(world) == ["Tom"]


def test_known_no_more_nothing_is_tried_and_nothing_given_up(world: World, moody: Moody) -> None:
    moody.answers = [locked_out()] * 2000
    leaves(world, "Tom")
    leaves(world, "Asha")
    assert len(moody.tried) == 1
    seconds_pass(world, LOCKED_OUT.total_seconds() - 1)
    assert len(moody.tried) == 1
    for _ in range(3 * 24 * 12):
        seconds_pass(world, LOCKED_OUT.total_seconds())
    assert {one.state for one in left(world)} == {"ready"}
    with world.database.reading() as session:
        (gate,) = gates.shut_gates(session)
        assert gate.why == "Slack does not know us any more."
    moody.answers.clear()
    seconds_pass(world, LOCKED_OUT.total_seconds())
    seconds_pass(world, 1)

    assert heard(world) == ["Tom", "Asha"]
    with world.database.reading() as session:
        assert gates.shut_gates(session) == []


@pytest.mark.parametrize("spares", [True, False])
def test_three_that_wait_for_our_own_pace_are_no_storm(
    world: World, moody: Moody, *, spares: bool
) -> None:
    """Rooms that are told by the platform itself to wait, in one moment, make all wait."""
    more = [world.given_a_family(family=name) for name in ("F-2000", "F-3000")]
    moody.answers = [busy(), busy(), busy()]
    for one in moody.answers:
        one.spares_others = spares  # type: ignore[union-attr]
    for taf in ("taf-1", *more):
        world.does("Maya", "taf.add_member", taf, person=world.ref("Ola"))
    assert moody.answers == []
    with world.database.reading() as session:
        assert bool(gates.shut_gates(session)) is not spares
    for _ in range(6):
        seconds_pass(world, 15)
    assert not [one for one in world.outbox() if one.state == "ready" and one.operation == "post"]


def test_no_look_before_it_can_have_settled(world: World, moody: Moody) -> None:
    moody.limits = Limits(settles=timedelta(seconds=70))
    moody.answers, moody.silently = [unknown()], 1
    leaves(world, "Tom")
    seconds_pass(world, 69)
    assert (moody.looked, left(world)[0].state) == (0, "unknown")
    seconds_pass(world, 1)

    assert (moody.looked, left(world)[0].state) == (1, "sent")
    assert heard(world) == ["Tom"]


def test_a_dead_worker_s_message_settles_too(world: World, moody: Moody) -> None:
    moody.limits = Limits(settles=timedelta(seconds=90))
    began = world.clock.now()
    moody.answers = [Dying()]
    with pytest.raises(Dying):
        leaves(world, "Tom")
    seconds_pass(world, LATER.total_seconds())
    (row,) = left(world)
    assert (moody.looked, row.state, row.attempts) == (0, "unknown", 1)
    assert row.available_at == began + timedelta(seconds=105)
    seconds_pass(world, 105)

    assert (moody.looked, heard(world)) == (1, ["Tom"])
    assert left(world)[0].repeats == 1


class Dying(BaseException):
    """Kills the worker in the middle of a sending."""


def test_each_attempt_settles_anew(world: World, moody: Moody) -> None:
    moody.limits = Limits(settles=timedelta(seconds=70))
    moody.answers = [unknown(), unknown()]
    leaves(world, "Tom")
    seconds_pass(world, 70)
    assert (moody.looked, len(moody.tried)) == (1, 2)
    seconds_pass(world, 69)
    assert moody.looked == 1
    seconds_pass(world, 1)

    assert (moody.looked, len(moody.tried), heard(world)) == (2, 3, ["Tom"])


def test_one_that_cannot_be_asked_is_told_once_more_and_marked(world: World, moody: Moody) -> None:
    moody.limits = Limits(looks=False)
    moody.answers = [unknown()]
    leaves(world, "Tom")
    seconds_pass(world, BACKOFF[0])

    (row,) = left(world)
    assert (row.state, row.repeats, moody.looked) == ("sent", 1, 0)
    assert moody.repeated == [row.id]


@pytest.mark.parametrize("no", [busy(), Undelivered("Busy with the same chat.")], ids=str)
def test_a_plain_no_to_it_changes_nothing_of_that(
    world: World, moody: Moody, no: Undelivered
) -> None:
    """What was certainly not taken is no second time: it is tried again, and still says so."""
    moody.limits = Limits(looks=False)
    moody.answers = [unknown(), no, no]
    leaves(world, "Tom")
    for _ in range(4):
        seconds_pass(world, 120)

    assert [one.state for one in left(world)] == ["sent"]
    assert len(moody.tried) == 4
    assert moody.repeated == moody.tried[1:]


def test_and_never_a_third_time(world: World, moody: Moody) -> None:
    moody.limits = Limits(looks=False)
    moody.answers = [unknown(), unknown()]
    leaves(world, "Tom")
    leaves(world, "Asha")
    for wait in BACKOFF[:3]:
        seconds_pass(world, wait)

    assert [(one.state, one.why) for one in left(world)] == [
        ("dead", NOBODY_CAN_TELL),
        ("sent", None),
    ]
    assert len(moody.tried) == 3


def test_what_was_not_begun_again_for_want_of_time_is_not_counted(
    world: World, moody: Moody, monkeypatch: pytest.MonkeyPatch
) -> None:
    moody.limits = Limits(looks=False)
    moody.answers = [unknown()]
    leaves(world, "Tom")
    elapsed = count(0, 50)
    with monkeypatch.context() as patched:
        patched.setattr("bot.delivery.steady", lambda: float(next(elapsed)))
        seconds_pass(world, BACKOFF[0])
    assert [(one.state, one.repeats) for one in left(world)] == [("sending", 0)]
    for _ in range(2):
        seconds_pass(world, LATER.total_seconds())

    assert [(one.state, one.repeats) for one in left(world)] == [("sent", 1)]
    assert heard(world) == ["Tom"]


def test_what_was_refused_is_tried_again_by_hand_and_says_nothing_of_that(
    world: World, moody: Moody
) -> None:
    """It was certainly not taken; of what may have been, the next one says so."""
    moody.limits = Limits(looks=False)
    moody.answers = [Undelivered("No.", permanent=True), unknown(), unknown()]
    leaves(world, "Tom")
    leaves(world, "Asha")
    for wait in BACKOFF[:3]:
        seconds_pass(world, wait)
    refused, in_doubt = left(world)
    assert [refused.why, in_doubt.why] == ["No.", NOBODY_CAN_TELL]
    marked = [*moody.repeated]

    for one in (refused, in_doubt):
        world.does("Maya", "delivery.try_again", one.ref)
        seconds_pass(world, 1)
    assert [one.state for one in left(world)] == ["sent", "sent"]
    assert moody.tried[-2:] == [refused.id, in_doubt.id]
    assert moody.repeated == [*marked, in_doubt.id]


def test_a_conversation_keeps_its_pace_from_start_to_start(world: World, moody: Moody) -> None:
    moody.limits = Limits(pace=timedelta(seconds=1.03))
    leaves(world, "Tom")
    leaves(world, "Asha")
    for _ in range(100):
        seconds_pass(world, 0.05)
        if len(heard(world)) == 1:
            break
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    for _ in range(200):
        seconds_pass(world, 0.05)

    assert heard(world) == ["Tom", "Asha"]
    moments = [one.at for one in world.then("the room").messages[-3:]]
    gaps = [(later - sooner).total_seconds() for sooner, later in pairwise(moments)]
    assert min(gaps) >= 1.03


def test_a_workspace_keeps_its_pace(world: World, moody: Moody) -> None:
    moody.limits = Limits(per_second=1.0, burst=2)
    world.given_a_family(family="F-2000")
    world.given_a_family(family="F-3000")
    began = len(moody.tried)
    assert began <= 3
    seconds_pass(world, 1)
    assert len(moody.tried) <= began + 1
    for _ in range(20):
        seconds_pass(world, 1)

    assert not [one for one in world.outbox() if one.state == "ready" and one.operation == "post"]


def test_luck_spreads_the_attempts(world: World, moody: Moody) -> None:
    world.assistant.delivery.luck = Random(1)
    moody.answers = [Undelivered("Not now.")]
    leaves(world, "Tom")
    (row,) = left(world)
    waits = (row.available_at - world.clock.now()).total_seconds()

    assert 0.75 * BACKOFF[0] <= waits < 1.25 * BACKOFF[0]
    assert waits != BACKOFF[0]
    seconds_pass(world, waits)
    assert heard(world) == ["Tom"]


@pytest.mark.parametrize("luck", [None, Random(1), Random(2)], ids=["without", "one", "another"])
def test_it_is_tried_for_a_day_with_luck_too(
    world: World, moody: Moody, luck: Random | None
) -> None:
    world.assistant.delivery.luck = luck
    moody.answers = [Undelivered("Not now.")] * 500
    began = world.clock.now()
    leaves(world, "Tom")
    while (row := left(world)[0]).state == "ready":
        seconds_pass(world, (row.available_at - world.clock.now()).total_seconds())

    assert row.state == "dead"
    took = world.clock.now() - began
    assert timedelta(hours=23.5) <= took <= timedelta(hours=25.5), "a day, give or take an hour"


def test_after_an_outage_a_digest_waits_for_all_that_is_found(database: Database) -> None:
    """Two processes sweep after a day's outage: whichever finds more, it is in the one digest."""
    world = World(database)
    for due in ("Tue 11 March", "Wed 12 March"):
        world.given_an_agreed_action(owner="Asha", due=due)
    world.when("Wed 5 March", "10:00")
    world.clock.set(world.assistant.office.days.instant(_day("2025-03-07"), "11:00"))
    world.assistant.ticker.sweep()
    world.assistant.delivery.drain()
    assert world.then("Asha").messages[-1].at < world.clock.now() - timedelta(days=1)
    world.assistant.ticker.sweep()
    seconds_pass(world, 60)

    last = world.then("Asha").messages[-1]
    assert last.at == world.clock.now()
    assert last.title == "Today: two things across your families"


def _day(iso: str) -> date:

    return date.fromisoformat(iso)


def test_a_worker_that_lost_its_lane_repeats_nothing(world: World, moody: Moody) -> None:
    """It looked, found nothing, and was overtaken before it could send again."""
    moody.answers = [unknown()]
    leaves(world, "Tom")
    mine = world.assistant.delivery
    other = Delivery(mine.database, mine.clock, mine.office, mine.platforms, "another")
    usual = moody.find

    def overtaken(message: Outgoing) -> tuple[str, ...]:
        found = usual(message)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(moody, "find", usual)
            world.clock.set(world.clock.now() + LATER)
            other.drain()
        return found

    moody.find = overtaken  # type: ignore[method-assign]
    seconds_pass(world, BACKOFF[0])

    assert heard(world) == ["Tom"]
    assert len(moody.tried) == 2


@pytest.mark.parametrize("says", [busy(), locked_out(), Undelivered("It is away.")])
def test_a_look_that_is_turned_away_stays_a_look(
    world: World, moody: Moody, says: Undelivered
) -> None:
    """It was taken, and while that is not known it is never simply sent again."""
    moody.answers, moody.silently = [unknown()], 1
    leaves(world, "Tom")
    usual, asked = moody.find, []

    def find(message: Outgoing) -> tuple[str, ...]:
        asked.append(message.attempt_at)
        if len(asked) == 1:
            raise says
        return usual(message)

    moody.find = find  # type: ignore[method-assign]
    seconds_pass(world, BACKOFF[0])
    assert left(world)[0].state == "unknown"
    seconds_pass(world, LOCKED_OUT.total_seconds())
    seconds_pass(world, 1)

    assert left(world)[0].state == "sent"
    assert heard(world) == ["Tom"]
    assert (len(moody.tried), len(asked)) == (1, 2)
    assert len(set(asked)) == 1
