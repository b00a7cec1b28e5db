"""Stories of what comes in: kept before it is acknowledged, worked on once, whoever dies."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from bot.boundary import Answer, Press
from bot.inbox import MOST_TRIES, PICKED_UP_AFTER, Inbox
from storage import inbox
from storage.database import Database
from storage.inbox import Received
from storage.supervision import HelpRequest
from tests import builders
from tests.world import World


@pytest.fixture
def world(database: Database) -> World:
    """A family, on each kind of database."""
    world = World(database)
    world.given_a_family()
    return world


def help_asked(world: World, key: str = "e1") -> Press:
    return Press("chat", key, world.people["Asha"], "help.ask", world.taf, builders.help_wanted())


def kept(world: World, key: str = "e1") -> Received:
    with world.database.reading() as session:
        found = inbox.find(session, "chat", key)
        assert found is not None
        session.expunge(found)
    return found


def later(world: World, by: timedelta = PICKED_UP_AFTER) -> None:
    world.clock.set(world.clock.now() + by)


def box(world: World) -> Inbox:
    return world.assistant.inbox


def test_kept_then_worked_on(world: World) -> None:
    assert box(world).take_press(help_asked(world))
    waiting = kept(world)
    assert (waiting.state, waiting.answer) == ("received", None)
    assert waiting.body is not None
    assert world.count(HelpRequest) == 0

    answer = box(world).work_on("chat", "e1")

    assert answer is not None
    assert answer.ok
    done = kept(world)
    assert (done.state, done.body, done.next_at) == ("done", None, None)
    assert (done.person_id, done.command, done.about) == (
        world.people["Asha"],
        "help.ask",
        world.taf,
    )
    assert world.count(HelpRequest) == 1


def test_the_same_event_four_times(world: World) -> None:
    new = [box(world).take_press(help_asked(world)) for _ in range(4)]
    answers = [box(world).work_on("chat", "e1") for _ in range(4)]

    assert new == [True, False, False, False]
    assert [one is not None and one.ok for one in answers] == [True, False, False, False]
    assert world.count(HelpRequest) == 1
    assert not box(world).take_press(help_asked(world))


def test_whoever_took_it_died_and_another_picks_it_up(world: World) -> None:
    box(world).take_press(help_asked(world))
    assert box(world).work_off() == 0
    later(world)

    assert box(world).work_off() == 1
    assert box(world).work_off() == 0
    assert world.count(HelpRequest) == 1


def test_killed_after_the_press_was_saved(world: World) -> None:
    """The press settles its own row, so nothing is left to pick up."""
    box(world).take_press(help_asked(world))
    assert world.assistant.boundary.press(help_asked(world)).ok
    later(world)

    assert box(world).work_off() == 0
    assert world.count(HelpRequest) == 1


def test_one_that_is_refused_is_done_with(world: World) -> None:
    press = help_asked(world)
    box(world).take_press(Press("chat", "e1", world.people["Nosy"], press.command, press.about))
    answer = box(world).work_on("chat", "e1")

    assert answer is not None
    assert answer.refused
    done = kept(world)
    assert done.state == "done"
    assert done.answer is not None
    assert done.answer["refused"] == answer.refused
    assert done.body is None


def test_what_was_refused_is_never_taken_for_done(world: World) -> None:
    """Two come at the same moment, and one is refused before the other is begun."""
    press = help_asked(world)
    box(world).take_press(Press("chat", "e1", world.people["Nosy"], press.command, press.about))
    first = box(world).work_on("chat", "e1")
    again = box(world).work_on("chat", "e1")

    assert first is not None
    assert again is not None
    assert (again.ok, again.refused) == (False, first.refused)
    box(world).take_press(help_asked(world, "e2"))
    assert box(world).work_on("chat", "e2") is not None
    assert box(world).work_on("chat", "e2") is None


def test_what_came_to_nothing_may_be_asked_for_again_and_what_is_done_may_not(
    world: World,
) -> None:
    press = help_asked(world)
    stranger = Press("chat", "e1", world.people["Nosy"], press.command, press.about)
    keys = [box(world).key_now("chat", "e1")]
    for _ in range(2):
        box(world).take("chat", keys[-1], "press", asdict(stranger) | {"key": keys[-1]})
        assert box(world).key_now("chat", "e1") == keys[-1], "it is under way"
        box(world).work_on("chat", keys[-1])
        keys.append(box(world).key_now("chat", "e1"))
    assert len(set(keys)) == 3
    box(world).take_press(help_asked(world, keys[-1]))
    box(world).work_on("chat", keys[-1])
    assert box(world).key_now("chat", "e1") == keys[-1]


def test_a_fault_was_told_and_is_never_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    box(world).take_press(help_asked(world))
    with monkeypatch.context() as patched:
        patched.setattr(world.assistant.boundary, "_within", broken)
        answer = box(world).work_on("chat", "e1")
    assert answer is not None
    assert answer.fault
    later(world, timedelta(hours=1))

    assert box(world).work_off() == 0
    dead = kept(world)
    assert (dead.state, dead.why) == ("dead", f"A fault: quote {answer.fault}.")
    assert world.count(HelpRequest) == 0


def broken(*_: Any) -> Answer:
    raise ZeroDivisionError


def test_what_nobody_can_work_on_is_given_up_visibly(world: World) -> None:
    box(world).kinds["odd"] = broken
    box(world).take("chat", "e1", "odd", {"words": "x"})
    for _ in range(MOST_TRIES):
        assert kept(world).state == "received"
        later(world)
        box(world).work_off()

    dead = kept(world)
    assert (dead.state, dead.why, dead.body) == (
        "dead",
        f"It could not be worked on in {MOST_TRIES} tries.",
        None,
    )


def test_a_kind_of_a_newer_release_is_left_to_it(world: World) -> None:
    box(world).take("chat", "e1", "new_kind", {})
    later(world)
    assert box(world).work_off() == 0
    newer = Inbox(world.database, world.clock, world.assistant.boundary)
    newer.kinds["new_kind"] = lambda _: Answer("Done.")
    later(world)

    assert newer.work_off() == 1
    assert kept(world).state == "done"


def test_one_fault_holds_nobody_else_up(world: World) -> None:
    box(world).kinds["odd"] = broken
    box(world).take("chat", "e0", "odd", {})
    box(world).take_press(help_asked(world))
    later(world)

    assert box(world).work_off() == 1
    assert world.count(HelpRequest) == 1
