"""Stories of platforms that refuse, hang or answer late, and of workers that die half-way."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from jinja2 import UndefinedError
from sqlalchemy import update

from bot.boundary import Press
from bot.delivery import Delivery
from bot.platform import Outgoing, Place, Undelivered
from bot.recording import BACKOFF, MOST_ATTEMPTS, NOBODY_CAN_TELL
from messages import rendering
from storage import claiming, outbox, subjects
from storage.database import Database
from storage.lanes import Lane
from tests import builders
from tests.world import RememberingPlatform, World
from workflows.reminders import action_due_soon

LEASE = claiming.LEASE + timedelta(seconds=1)

Fault = Callable[[], BaseException]


class Killed(BaseException):
    """The process died here: nothing may catch it."""


@dataclass
class Fragile(RememberingPlatform):
    """Fails the next calls as it is told, before or after it took the message."""

    before: list[Fault] = field(default_factory=list)
    after: list[Fault] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    replaced: list[str | None] = field(default_factory=list)
    tried: int = 0

    def _may_fail(self, faults: list[Fault]) -> None:
        if faults:
            fault = faults.pop(0)
            raise fault()

    def post(self, message: Outgoing) -> str:
        self.tried += 1
        self._may_fail(self.before)
        if message.replaces in self.deleted:
            raise Undelivered("The message is gone.", gone=True)
        found = super().post(message)
        self.replaced.append(message.replaces)
        self._may_fail(self.after)
        return found

    def open_room(self, room: Place, number: int) -> str:
        self._may_fail(self.before)
        return room.name if room.name in self.opened else super().open_room(room, number)


@pytest.fixture
def fragile(world: World) -> Fragile:
    return on_a_fragile_one(world)


def on_a_fragile_one(world: World) -> Fragile:
    platform = Fragile()
    world.platform = platform
    world.assistant.delivery.platforms = {"web": platform}
    return platform


def permanent() -> Undelivered:
    return Undelivered("The channel is archived.", permanent=True)


def temporary() -> Undelivered:
    return Undelivered("Too many requests.")


def unknown() -> Undelivered:
    return Undelivered("No answer within 10 seconds.", unknown=True)


def of(world: World, notice: str) -> list[outbox.Delivery]:
    return [one for one in world.outbox() if one.notice == notice]


def seconds_pass(world: World, seconds: float) -> None:
    world.clock.set(world.clock.now() + timedelta(seconds=seconds))
    world.assistant.delivery.drain()


def another_worker(world: World) -> Delivery:
    mine = world.assistant.delivery
    return Delivery(mine.database, mine.clock, mine.office, mine.platforms, "another")


@contextmanager
def dies() -> Iterator[None]:
    with pytest.raises(Killed):
        yield


def test_a_permanent_no_ends_there_with_its_reason(world: World, fragile: Fragile) -> None:
    world.given_a_family()
    fragile.before = [permanent]
    world.does("Asha", "help.ask", world.taf, **builders.help_wanted())

    ended = [one for one in world.outbox() if one.state == "dead"]
    assert [one.why for one in ended] == ["The channel is archived."]
    world.does("Asha", "taf.add_member", world.taf, person=world.ref("Ola"))
    world.does("Maya", "member.approve", world.place("Ola"))
    world.then("the room").sees("Ola has joined")


def test_a_dead_digest_ends_all_that_it_held(world: World, fragile: Fragile) -> None:
    world.given_a_family()
    fragile.before = [permanent, permanent]
    world.when("Wed 5 March")

    held = of(world, "you_joined")
    assert {(one.state, one.why) for one in held} == {("dead", "The channel is archived.")}
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.when("Thu 6 March")
    assert world.then("Asha").messages[-1].title == "Today: one thing across your families"


def test_a_temporary_no_is_tried_again_later_and_later(world: World, fragile: Fragile) -> None:
    world.given_a_family()
    fragile.before = [temporary, temporary, temporary]
    tried = fragile.tried
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    world.then("the room").never_sees("Ola has joined")

    for wait in BACKOFF[:2]:
        seconds_pass(world, wait - 1)
        before = fragile.tried
        seconds_pass(world, 1)
        assert fragile.tried == before + 1
    seconds_pass(world, BACKOFF[2])
    world.then("the room").sees("Ola has joined")
    assert fragile.tried == tried + 4
    (sent,) = of(world, "joined_the_team")
    assert (sent.state, sent.attempts) == ("sent", 4)


def test_what_is_tried_again_keeps_its_place(world: World, fragile: Fragile) -> None:
    world.given_a_family()
    fragile.before = [temporary]
    world.does("Maya", "member.remove", world.place("Tom"), why="x")
    world.does("Maya", "member.remove", world.place("Asha"), why="x")
    world.then("the room").never_sees("has left")
    seconds_pass(world, BACKOFF[0])

    left = [one.title for one in world.then("the room").messages if "has left" in one.title]
    assert left == ["F-1042: Tom has left the team", "F-1042: Asha has left the team"]


def test_nobody_is_let_into_a_room_that_is_not_open_yet(world: World, fragile: Fragile) -> None:
    fragile.before = [temporary]
    world.given_a_family()
    assert fragile.inside == {}
    seconds_pass(world, BACKOFF[0])

    assert len(fragile.inside["F-1042"]) == 3
    assert all(one.state != "dead" for one in world.outbox())
    world.then("the room").sees("Welcome")


def test_a_digest_to_come_holds_nothing_up(world: World, fragile: Fragile) -> None:
    world.given_a_family()
    request = world.does("Asha", "help.ask", world.taf, **builders.help_wanted()).about or ""
    world.does("Dr Clarke", "help.answer", request, answer="x")

    world.then("Asha").sees("is answered")


def test_given_up_after_a_day_of_trying(world: World, fragile: Fragile) -> None:
    world.given_a_family()
    fragile.before = [temporary] * 500
    began = world.clock.now()
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    for _ in range(100):
        if of(world, "joined_the_team")[0].state == "dead":
            break
        seconds_pass(world, BACKOFF[-1])

    (dead,) = of(world, "joined_the_team")
    assert (dead.state, dead.attempts, dead.why) == ("dead", MOST_ATTEMPTS, "Too many requests.")
    assert timedelta(hours=20) < world.clock.now() - began < timedelta(hours=30)


def test_a_platform_that_never_answers_does_not_hold_a_lane_for_ever(
    world: World, fragile: Fragile
) -> None:
    world.given_a_family()
    fragile.before = [unknown] * 500
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    for _ in range(MOST_ATTEMPTS):
        seconds_pass(world, BACKOFF[-1])

    assert of(world, "joined_the_team")[0].state == "dead"
    fragile.before.clear()
    world.does("Maya", "member.remove", world.place("Ola"), why="x")
    world.then("the room").sees("Ola has left")


@contextmanager
def just_queued(world: World, notice: str, **values: Any) -> Iterator[None]:
    """What is queued here is sent at the end, changed in some way before."""
    delivery = world.assistant.delivery
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(delivery, "drain", lambda: 0)
        yield
        with world.database.writing() as session:
            where = outbox.Delivery.notice == notice
            session.execute(update(outbox.Delivery).where(where).values(**values))
    delivery.drain()


def test_taken_though_its_answer_was_lost_until_too_late(world: World, fragile: Fragile) -> None:
    """What expires while nobody knows whether it was taken is looked for all the same."""
    world.given_a_family()

    def lost() -> BaseException:
        world.clock.set(world.clock.now() + timedelta(seconds=10))
        return unknown()

    fragile.after = [lost]
    expires = world.clock.now() + timedelta(seconds=5)
    with just_queued(world, "joined_the_team", expires_at=expires):
        world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    assert of(world, "joined_the_team")[0].state == "unknown"
    seconds_pass(world, BACKOFF[0])

    assert of(world, "joined_the_team")[0].state == "sent"


def test_the_last_attempt_is_taken_and_its_answer_lost(world: World, fragile: Fragile) -> None:
    world.given_a_family()
    fragile.after = [unknown]
    with just_queued(world, "joined_the_team", attempts=MOST_ATTEMPTS - 1):
        world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    (asked,) = of(world, "joined_the_team")
    assert (asked.state, asked.attempts) == ("unknown", MOST_ATTEMPTS)
    seconds_pass(world, BACKOFF[-1])

    assert of(world, "joined_the_team")[0].state == "sent"


def test_the_last_attempt_is_not_taken_and_its_answer_lost(world: World, fragile: Fragile) -> None:
    world.given_a_family()
    fragile.before = [unknown]
    with just_queued(world, "joined_the_team", attempts=MOST_ATTEMPTS - 1):
        world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    tried = fragile.tried
    seconds_pass(world, BACKOFF[-1])

    (dead,) = of(world, "joined_the_team")
    assert (dead.state, dead.why, dead.attempt_at) == ("dead", "No answer within 10 seconds.", None)
    assert fragile.tried == tried


def test_what_cannot_be_looked_for_all_day_ends_in_doubt(
    world: World, fragile: Fragile, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.given_a_family()
    fragile.after = [unknown]
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))

    def away(_: Outgoing) -> tuple[str, ...]:
        raise temporary()

    monkeypatch.setattr(fragile, "find", away)
    for _ in range(47):
        seconds_pass(world, BACKOFF[-1])
        assert of(world, "joined_the_team")[0].state == "unknown"
    seconds_pass(world, BACKOFF[-1])

    (dead,) = of(world, "joined_the_team")
    assert (dead.state, dead.why) == ("dead", NOBODY_CAN_TELL)
    assert dead.attempt_at is not None, "tried again by hand, it is looked for first"


def test_made_long_ago_is_not_given_up_at_the_first_no(world: World, fragile: Fragile) -> None:
    world.does("Asha", "my.take_leave", first_day="2025-03-05", last_day="2025-03-14")
    world.given_an_agreed_action(owner="Asha", due="Tue 25 March")
    world.when("Mon 17 March", "07:00")
    fragile.before = [temporary]
    world.when("Mon 17 March", "12:00")

    world.then("Asha").sees("Action 1 is yours")


def test_unknown_and_there_after_all(world: World, fragile: Fragile) -> None:
    world.given_a_family()
    fragile.after = [unknown]
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    (asked,) = of(world, "joined_the_team")
    assert asked.state == "unknown"
    seconds_pass(world, BACKOFF[0])

    (sent,) = of(world, "joined_the_team")
    assert (sent.state, sent.provider_ref) == ("sent", str(sent.id))
    titles = [one.title for one in world.then("the room").messages]
    assert titles.count("F-1042: Ola has joined the team") == 1


def test_unknown_and_not_there(world: World, fragile: Fragile) -> None:
    world.given_a_family()
    fragile.before = [unknown]
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    world.then("the room").never_sees("Ola has joined")
    seconds_pass(world, BACKOFF[0])

    titles = [one.title for one in world.then("the room").messages]
    assert titles.count("F-1042: Ola has joined the team") == 1


def test_a_digest_that_may_have_been_seen_ends_what_it_held(world: World, fragile: Fragile) -> None:
    world.given_a_family()
    fragile.after = [unknown, unknown]
    world.when("Wed 5 March")

    for name in ("Asha", "Tom"):
        assert [one.title for one in world.then(name).messages] == [
            "Today: one thing across your families"
        ]
    assert {one.state for one in of(world, "you_joined")} == {"superseded"}


def test_looking_may_fail_too(world: World, fragile: Fragile, monkeypatch: Any) -> None:
    world.given_a_family()
    fragile.after = [unknown]
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))

    def broken(_: Outgoing) -> str:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(fragile, "find", broken)
        seconds_pass(world, BACKOFF[0])
        assert of(world, "joined_the_team")[0].state == "unknown"
        world.does("Maya", "member.remove", world.place("Tom"), why="x")
    seconds_pass(world, BACKOFF[-1])

    titles = [one.title for one in world.then("the room").messages]
    assert titles[-2:] == ["F-1042: Ola has joined the team", "F-1042: Tom has left the team"]


def test_one_place_that_fails_does_not_hold_up_the_others(world: World, fragile: Fragile) -> None:
    world.given_a_family()
    world.given_a_family(family="F-2000")
    fragile.before = [temporary]
    world.when("Wed 5 March", "08:30")

    heard = [len(world.then(name).messages) for name in ("Asha", "Tom")]
    assert sorted(heard) == [0, 1]


def test_killed_between_claim_and_send(world: World, fragile: Fragile) -> None:
    world.given_a_family()
    fragile.before = [Killed]
    with dies():
        world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    other = another_worker(world)
    assert other.drain() == 0
    world.clock.set(world.clock.now() + LEASE)
    other.drain()

    titles = [one.title for one in world.then("the room").messages]
    assert titles.count("F-1042: Ola has joined the team") == 1
    assert world.team()["Ola"] == "joined"


def test_killed_between_send_and_record(world: World, fragile: Fragile) -> None:
    world.given_a_family()
    fragile.after = [Killed]
    with dies():
        world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    world.clock.set(world.clock.now() + LEASE)
    another_worker(world).drain()

    titles = [one.title for one in world.then("the room").messages]
    assert titles.count("F-1042: Ola has joined the team") == 1
    assert {one.state for one in of(world, "joined_the_team")} == {"sent"}


def test_killed_while_a_card_that_was_deleted_is_shown_anew(database: Database) -> None:
    """Before it is written down that it is gone, and again when the new one was taken."""
    world = World(database)
    fragile = on_a_fragile_one(world)
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    first = shown_as(world)[-1]
    fragile.deleted, fragile.before = {first}, [Killed]
    with dies():
        world.does("Asha", "action.mark_done", "action-1")
    world.clock.set(world.clock.now() + LEASE)
    another_worker(world).drain()
    assert shown_as(world) == [], "it is gone, and nothing was put in its place yet"
    fragile.after = [Killed]
    with dies():
        seconds_pass(world, BACKOFF[1])
    world.clock.set(world.clock.now() + LEASE)
    another_worker(world).drain()
    (second,) = shown_as(world)
    assert second != first
    world.does("Maya", "action.reopen", "action-1", due_on="2025-03-25")
    assert fragile.replaced[-2:] == [None, second]


def shown_as(world: World) -> list[str]:
    """What each delivery of the action's card is called on the platform, if it stands there."""
    about = [one for one in world.outbox() if one.about == "action-1" and one.card_key]
    return [one.provider_ref for one in about if one.provider_ref]


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_the_digest(world: World, fragile: Fragile, when: str) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    setattr(fragile, when, [Killed])
    with dies():
        world.when("Wed 5 March", "08:30")
    world.clock.set(world.clock.now() + LEASE)
    another_worker(world).drain()
    world.when("Wed 5 March", "23:00")

    for name in ("Asha", "Tom"):
        assert len(world.then(name).messages) == 1
    assert "Action 1 is yours" in world.then("Asha").messages[0].text
    assert {one.state for one in of(world, "you_joined")} == {"superseded"}


def test_what_stopped_being_true_while_a_worker_was_dead_is_not_said(
    world: World, fragile: Fragile
) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    fragile.before = [Killed]
    with dies():
        world.when("Wed 5 March", "08:30")
    world.clock.set(world.clock.now() + timedelta(seconds=5))
    fragile_press(world, "Maya", "action.withdraw", "action-1", why="x")
    world.clock.set(world.clock.now() + LEASE)
    another_worker(world).drain()

    world.then("Asha").never_sees("Action 1 is yours")


def fragile_press(world: World, who: str, command: str, about: str, **answers: Any) -> None:
    press = Press("web", f"{command} {about}", world.people[who], command, about, answers)
    assert world.assistant.boundary.press(press).ok


def test_a_frozen_worker_cannot_overwrite_what_another_recorded(
    world: World, fragile: Fragile
) -> None:
    world.given_a_family()
    other = another_worker(world)

    def taken_over() -> BaseException:
        world.clock.set(world.clock.now() + LEASE)
        other.drain()
        return temporary()

    fragile.before = [taken_over]
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))

    (sent,) = of(world, "joined_the_team")
    assert sent.state == "sent"
    titles = [one.title for one in world.then("the room").messages]
    assert titles.count("F-1042: Ola has joined the team") == 1


def test_a_slow_worker_begins_nothing_that_could_outlive_its_lease(
    world: World, fragile: Fragile, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.given_a_family()
    elapsed = itertools.count(0, 50)
    monkeypatch.setattr("bot.delivery.steady", lambda: float(next(elapsed)))
    world.clock.set(world.clock.now() + timedelta(days=1))
    world.assistant.delivery.drain()
    assert [len(world.then(name).messages) for name in ("Asha", "Tom")] == [0, 0]
    monkeypatch.undo()
    world.clock.set(world.clock.now() + LEASE)
    another_worker(world).drain()

    assert [len(world.then(name).messages) for name in ("Asha", "Tom")] == [1, 1]


@contextmanager
def no_words_for(monkeypatch: pytest.MonkeyPatch, stem: str) -> Iterator[None]:
    usual = rendering.card

    def card(name: str, *rest: Any) -> Any:
        if name == stem:
            raise UndefinedError("nothing of that name")
        return usual(name, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(rendering, "card", card)
        yield


def test_one_without_words_is_dead_and_its_lane_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.given_a_family()
    with no_words_for(monkeypatch, "left_the_team"):
        world.does("Maya", "member.remove", world.place("Tom"), why="x")
        world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))

    (dead,) = of(world, "left_the_team")
    assert (dead.state, dead.why) == ("dead", "It could not be put in words.")
    world.then("the room").sees("Ola has joined")


def test_a_database_that_fails_meanwhile_costs_no_message(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.given_a_family()

    def busy(*_: Any) -> Any:
        raise TimeoutError("the database was busy for too long")

    with monkeypatch.context() as patched:
        patched.setattr("bot.preparing.still", busy)
        world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
        assert [one.state for one in of(world, "joined_the_team")] == ["ready"]
    world.assistant.delivery.drain()

    world.then("the room").sees("Ola has joined")


def test_a_conversation_that_leads_nowhere_stops_no_other(world: World) -> None:
    with world.database.writing() as session:
        session.add(nowhere := Lane())
        session.flush()
        outbox.queue(
            session,
            nowhere.id,
            "to nobody",
            operation="admit",
            made_at=world.clock.now(),
            available_at=world.clock.now(),
        )
    world.given_a_family()

    (dead,) = [one for one in world.outbox() if one.dedup_key == "to nobody"]
    assert (dead.state, dead.why) == ("dead", "It could not be put in words.")
    world.then("the room").sees("Welcome")


def test_one_without_words_costs_the_digest_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    with no_words_for(monkeypatch, "you_joined"):
        world.when("Wed 5 March")

    assert world.then("Asha").messages[0].title == "Today: one thing across your families"
    world.then("Asha").sees("Action 1 is yours")
    assert {(one.state, one.why) for one in of(world, "you_joined")} == {
        ("dead", "It could not be put in words.")
    }
    world.then("Tom").hears_nothing()


@contextmanager
def rule_fails_on(monkeypatch: pytest.MonkeyPatch, ref: str) -> Iterator[None]:
    usual = action_due_soon.steps

    def steps(action: Any, *rest: Any) -> Any:
        if action.ref == ref:
            raise ZeroDivisionError("odd data")
        return usual(action, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(action_due_soon, "steps", steps)
        yield


def test_a_rule_that_fails_silences_nobody_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.given_an_agreed_action(owner="Tom", due="Tue 18 March")
    world.when("Wed 12 March", "12:00")
    with rule_fails_on(monkeypatch, odd):
        world.does("Asha", "help.ask", world.taf, **builders.help_wanted())
        world.when("Wed 12 March", "12:30")
        look, owed = world.look(odd, "look_again_at", "unheard_since")
        assert look == datetime.fromisoformat("2025-03-12T13:00:00+00:00")
        assert owed == datetime.fromisoformat("2025-03-12T12:00:00+00:00")
        world.when("Thu 13 March", "06:30")
        world.then("Asha").never_sees("due soon")
    world.when("Thu 13 March", "09:00")

    world.then("Tom").sees("Your action 2 is due soon")
    world.then("Asha").sees("Your action 1 is due soon")
    assert world.look(odd, "unheard_since") is None


def test_a_rule_that_fails_keeps_nobody_from_pressing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    with rule_fails_on(monkeypatch, odd):
        world.does("Maya", "consent.withdraw", world.member("mother"), withdrawn_on="2025-03-04")
        world.does("Maya", "consent.resume_sharing", world.taf, basis="public_task", reason="x")
        world.does("Asha", "action.ask_for_time", odd, due_on="2025-03-20", reason="x")
    world.when("Mon 17 March", "12:00")

    world.then("Asha").sees("It is due on Thursday 20 March")


def test_a_rule_that_fails_at_the_moment_of_sending_costs_that_one_only(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.when("Thu 13 March", "07:00")
    with rule_fails_on(monkeypatch, odd):
        world.when("Thu 13 March", "09:00")

    assert "Your action 2 is due soon" in world.then("Asha").messages[-1].text
    lost = [one for one in of(world, "action_due_soon") if one.about == odd]
    assert [(one.state, one.why) for one in lost] == [("dead", "It could not be put in words.")]


def test_a_fault_while_sending_does_not_undo_what_was_saved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = world.given_an_agreed_action(owner="Asha")

    def broken() -> int:
        raise OSError("disk full")

    monkeypatch.setattr(world.assistant.delivery, "drain", broken)
    assert world.tries("Asha", "action.mark_done", action).ok
    with world.database.reading() as session:
        assert subjects.find(session, action).state == "done"
