"""Stories of days away: the digest waits, joins the next, and never comes twice."""

from __future__ import annotations

from typing import Any

import pytest

from bot.platform import Outgoing, Undelivered
from storage.people import Person
from tests import builders
from tests.world import World


def days_of(world: World, name: str) -> list[str]:
    return [f"{one.at:%a %d}" for one in world.then(name).messages]


def works_on(world: World, name: str, days: str) -> None:
    with world.database.writing() as session:
        session.get_one(Person, world.people[name]).works_on = days


def away(world: World, name: str, first: str, last: str, **changes: Any) -> None:
    world.does(name, "my.take_leave", first_day=first, last_day=last, **changes)


def test_what_came_up_meanwhile_is_in_one_digest_on_the_first_day_back(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Wed 12 March")
    world.given_an_agreed_action(owner="Asha", due="Thu 13 March")
    world.when("Wed 5 March")
    away(world, "Asha", "2025-03-06", "2025-03-14")
    world.when("Mon 17 March")

    assert days_of(world, "Asha") == ["Wed 05", "Mon 17"]
    text = world.then("Asha").messages[-1].text
    assert text.count("Your action 1 is overdue") == text.count("Your action 2 is overdue") == 1
    assert "due today" not in text


def test_leave_taken_after_the_digest_was_made_ready(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    away(world, "Asha", "2025-03-05", "2025-03-05")
    world.when("Fri 7 March")

    assert days_of(world, "Asha") == ["Thu 06"]
    world.then("Asha").sees("Action 1 is yours")


def test_the_lead_still_hears_of_an_action_whose_owner_is_away(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Wed 12 March")
    away(world, "Asha", "2025-03-10", "2025-03-21")
    world.when("Fri 14 March", "12:00")

    world.then("Lead Professional").sees("Asha's action 1 is overdue")


def test_days_away_end_after_they_begin_and_not_in_the_past(world: World) -> None:
    first = {"first_day": "2025-03-10", "last_day": "2025-03-09"}
    assert world.refused("Asha", "my.take_leave", **first) == "ends_before_it_begins"
    over = {"first_day": "2025-03-01", "last_day": "2025-03-03"}
    assert world.refused("Asha", "my.take_leave", **over) == "date_in_the_past"


def test_part_time_people_hear_on_the_days_they_work(world: World) -> None:
    works_on(world, "Asha", "35")
    world.given_an_agreed_action(owner="Asha", due="Thu 13 March")
    world.when("Fri 28 March")

    days = days_of(world, "Asha")
    assert len(days) == len(set(days))
    assert {day[:3] for day in days} == {"Wed", "Fri"}
    world.then("Asha").sees("Your action 1 is overdue")


def test_nobody_hears_on_a_day_that_has_just_become_a_day_off(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    works_on(world, "Asha", "45")
    world.when("Fri 7 March")

    assert days_of(world, "Asha") == ["Thu 06"]


def test_leave_over_two_digests_makes_one(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.when("Wed 5 March", "07:00")
    away(world, "Asha", "2025-03-05", "2025-03-06")
    world.given_an_agreed_action(owner="Asha", due="Wed 19 March")
    away(world, "Asha", "2025-03-07", "2025-03-07")
    world.when("Tue 11 March")

    assert days_of(world, "Asha") == ["Mon 10"]
    text = world.then("Asha").messages[0].text
    assert "Action 1 is yours" in text
    assert "Action 2 is yours" in text


def test_even_what_cannot_wait_waits_until_they_are_back(world: World) -> None:
    world.given_a_family()
    world.when("Wed 5 March")
    away(world, "Maya", "2025-03-10", "2025-03-21")
    world.when("Tue 11 March", "10:00")
    world.does("Asha", "consent.withdraw", world.member("mother"), withdrawn_on="2025-03-11")
    world.when("Fri 21 March", "17:00")
    world.then("Maya").never_sees("Sharing has stopped")
    world.when("Mon 24 March", "09:00")

    world.then("Maya").sees("Sharing has stopped")


def test_what_a_platform_did_not_take_on_friday_is_not_said_on_saturday(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.given_a_family()
    world.when("Fri 7 March", "16:30")

    def away_with_it(_: Outgoing) -> str:
        raise Undelivered("The platform is away.")

    with monkeypatch.context() as gone:
        gone.setattr(world.platform, "post", away_with_it)
        world.does("Asha", "consent.withdraw", world.member("mother"), withdrawn_on="2025-03-07")
        world.when("Sat 8 March", "11:00")
    world.when("Sun 9 March", "18:00")
    world.then("Maya").never_sees("Sharing has stopped")
    world.when("Mon 10 March", "09:00")

    world.then("Maya").sees("Sharing has stopped")


def test_what_waits_until_they_are_back_keeps_nothing_else_waiting(world: World) -> None:
    """A meeting on Wednesday is announced though they are away: afterwards it would be no use."""
    world.given_a_family()
    world.when("Fri 7 March", "16:00")
    meeting = builders.meeting([world.ref("Maya")], on="2025-03-12", at="10:00")
    world.does("Maya", "meeting.schedule", world.taf, **meeting)
    world.when("Fri 7 March", "23:00")
    world.does("Asha", "consent.withdraw", world.member("mother"), withdrawn_on="2025-03-07")
    away(world, "Maya", "2025-03-08", "2025-03-14")
    world.when("Mon 10 March", "12:00")
    world.then("Maya").never_sees("Sharing has stopped")
    world.does("Maya", "consent.resume_sharing", world.taf, basis="public_task", reason="x")
    world.when("Wed 12 March", "09:30")

    world.then("Maya").sees("It starts on Wednesday 12 March at 10am")
