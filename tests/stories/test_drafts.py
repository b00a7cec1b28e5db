"""Stories of half-filled forms: what somebody filled in is offered again, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.chat.asking import Asked, Asking, Ready
from storage.database import Database
from storage.drafts import KEPT_FOR
from tests import builders
from tests.world import World

MOVED = {"on": "2025-03-18", "at": "14:00", "mode": "in_person", "place": "The Willows centre"}


@pytest.fixture
def world(database: Database) -> World:
    """A family with a meeting called, on each kind of database."""
    world = World(database)
    world.given_a_family()
    invite = [world.ref(name) for name in ("Maya", "Asha", "Tom")]
    world.does("Maya", "meeting.schedule", world.taf, **builders.meeting(invite))
    return world


def opens(world: World, who: str, command: str, about: str) -> Ready:
    return Asking(world.assistant).ready(Asked(world.people[who], command, about))


def puts_away(world: World, opened: Ready, **filled_in: Any) -> None:
    """Close the window: a platform gives every answer in it, whoever filled it in."""
    asking = Asking(world.assistant)
    begun = asking.begun(opened.asked)
    asking.keep(opened.asked, begun.known(begun.over(opened.over(filled_in))))


def later(world: World, by: timedelta) -> None:
    world.clock.set(world.clock.now() + by)


def moving(world: World) -> Ready:
    return opens(world, "Maya", "meeting.reschedule", "meeting-1")


def test_what_was_only_looked_at_is_not_offered_again(world: World) -> None:
    puts_away(world, moving(world))
    world.does("Maya", "meeting.reschedule", "meeting-1", **MOVED)
    again = moving(world)
    assert again.raw["on"] == "2025-03-18"
    assert not any("not given yet" in one for one in again.context)


def test_what_was_filled_in_is_offered_beside_what_the_record_says_now(world: World) -> None:
    puts_away(world, moving(world), place="The library")
    world.does("Maya", "meeting.reschedule", "meeting-1", **MOVED)
    for _ in range(2):  # looked at again, it is still theirs
        again = moving(world)
        assert (again.raw["on"], again.raw["place"]) == ("2025-03-18", "The library")
        assert "Filled in on Tuesday 4 March at 9am, and not given yet" in again.context
        later(world, timedelta(days=1))


def test_what_was_emptied_stays_empty(world: World) -> None:
    puts_away(world, moving(world), place="")
    assert moving(world).raw["place"] == ""


def test_today_is_the_day_on_which_the_form_is_given(world: World) -> None:
    puts_away(world, opens(world, "Maya", "taf.close", world.taf))
    later(world, timedelta(days=3))
    assert opens(world, "Maya", "taf.close", world.taf).raw["on"] == "2025-03-07"


def test_of_a_row_for_each_person_only_those_filled_in_are_kept(world: World) -> None:
    for who, reply in (("Asha", "attending"), ("Tom", "attending")):
        world.does(who, "meeting.reply", "meeting-1", reply=reply)
    later(world, timedelta(days=8))
    opened = opens(world, "Maya", "meeting.record", "meeting-1")
    rows = [
        row | ({"attendance": "apologies"} if row["who"] == world.ref("Asha") else {})
        for row in opened.raw["attendance"]
    ]
    puts_away(world, opened, attendance=rows)
    world.does("Tom", "meeting.reply", "meeting-1", reply="apologies")
    again = opens(world, "Maya", "meeting.record", "meeting-1").raw["attendance"]
    found = {row["who"]: row.get("attendance") for row in again}
    assert found[world.ref("Asha")] == found[world.ref("Tom")] == "apologies"


def test_what_nobody_gave_is_forgotten_after_a_week(world: World) -> None:
    puts_away(world, moving(world), place="The library")
    later(world, KEPT_FOR + timedelta(minutes=1))
    assert moving(world).raw["place"] == "The Willows centre"
