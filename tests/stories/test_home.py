"""Stories of what somebody finds of their own: every list whole, page by page, the late first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.home import HERE, MEETINGS, Home, Homes
from messages.card import Card
from storage.database import Database
from tests import builders
from tests.world import World

MANY = 13
ALL_BEFORE = "All of them are on the pages before this."


@pytest.fixture
def world(database: Database) -> World:
    """Many families that Maya leads, on each kind of database; the newest is known as F-1054."""
    world = World(database)
    for number in range(MANY):
        world.given_a_family(family=f"F-{1042 + number}")
    return world


def home(world: World, who: str, page: int = 0) -> Home:
    return Homes(world.assistant).of(world.people[who], page)


def section(found: Home, heading: str) -> list[Card]:
    return list(next(one.cards for one in found.sections if one.title == heading))


def said(cards: list[Card]) -> list[str]:
    return [one.text for one in cards]


def test_every_family_is_on_a_page(world: World) -> None:
    first, second = home(world, "Asha"), home(world, "Asha", 1)
    assert first.place == f"Page 1 of 2: no actions, no meetings and {MANY} families"
    here, there = section(first, "My families"), section(second, "My families")
    assert len(here) == HERE + 1
    assert here[-1].text == "3 more on the pages after this."
    assert len(there) == MANY - HERE
    about = {one.about for one in [*here, *there] if one.about}
    assert about == {f"taf-{number}" for number in range(1, MANY + 1)}
    assert said(section(second, "My actions")) == ["You have nothing to do."]


def test_what_somebody_leads_and_is_late_comes_first(world: World) -> None:
    world.does("Maya", "action.agree", "taf-2", **builders.action(world.ref("Asha"), "2025-03-05"))
    world.clock.set(world.clock.now() + timedelta(days=2))
    first = section(home(world, "Maya"), "My families")[0]
    assert first.about == "taf-2"
    assert "overdue" in first.lines[-1].text


def test_meetings_go_on_on_the_next_page(world: World) -> None:
    for number in range(1, MEETINGS + 2):
        called = builders.meeting([world.ref("Asha")], on=f"2025-03-{10 + number}")
        world.does("Maya", "meeting.schedule", f"taf-{number}", **called)
    here = section(home(world, "Asha"), "My meetings")
    assert here[-1].text == "1 more on the pages after this."
    there = section(home(world, "Asha", 1), "My meetings")
    assert said(there) == ["F-1047: Sunday 16 March at 2pm"]


def test_a_page_that_is_not_there_is_the_last(world: World) -> None:
    world.does("Maya", "meeting.schedule", "taf-1", **builders.meeting([world.ref("Asha")]))
    assert home(world, "Asha", 99).page == 1
    assert said(section(home(world, "Asha", 99), "My meetings")) == [ALL_BEFORE]
