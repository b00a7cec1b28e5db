"""Stories of actions: reminded, done, late, moved, blocked, not mine."""

from __future__ import annotations

import pytest

from tests.world import World


def test_a_late_action_reaches_the_lead_professional(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 4 March")
    world.when_working_days_pass(2)
    world.then("Lead Professional").sees("Asha's action")
    world.then("Lead Professional").sees("overdue")


def test_the_owner_hears_before_on_the_day_and_after(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.when("Wed 19 March")
    told = [one.at.date().isoformat() for one in world.then("Asha").messages]
    assert told == ["2025-03-05", "2025-03-13", "2025-03-18", "2025-03-19"]


def test_nobody_is_reminded_of_what_is_done(world: World) -> None:
    action = world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.when("Wed 12 March")
    world.does("Asha", "action.mark_done", action)
    before = len(world.then("Asha").messages)
    world.when("Mon 31 March")
    assert len(world.then("Asha").messages) == before
    world.then("Lead Professional").never_sees("overdue")


def test_done_in_the_night_before_is_dropped_at_the_moment_of_sending(world: World) -> None:
    action = world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.when("Tue 18 March", "07:00")
    world.does("Asha", "action.mark_done", action)
    world.when("Tue 18 March", "12:00")
    world.then("Asha").never_sees("due today")


def test_one_digest_a_day_over_all_families(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.given_a_family(family="F-2000")
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.when("Tue 18 March", "23:00")
    days = [one.at.date() for one in world.then("Asha").messages]
    assert len(days) == len(set(days))
    today = world.then("Asha").messages[-1]
    assert "F-1042" in today.text
    assert "F-2000" in today.text


def test_a_double_press_does_it_once(world: World) -> None:
    action = world.given_an_agreed_action()
    world.does("Asha", "action.mark_done", action)
    assert world.refused("Maya", "action.mark_done", action) == "already_done"


def test_only_the_owner_and_the_lead_may_mark_it_done(world: World) -> None:
    action = world.given_an_agreed_action(owner="Asha")
    assert world.refused("Tom", "action.mark_done", action) == "not_yours"
    assert world.refused("Nosy", "action.mark_done", action) == "not_a_member"
    world.does("Maya", "action.mark_done", action)


def test_more_time_moves_the_date_and_tells_the_lead(world: World) -> None:
    action = world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.does("Asha", "action.ask_for_time", action, due_on="2025-03-25", reason="Waiting")
    world.when("Thu 20 March")
    world.then("Asha").never_sees("overdue")
    world.then("Lead Professional").sees("more time")
    refused = world.refused("Asha", "action.ask_for_time", action, due_on="2025-03-25", reason="x")
    assert refused == "not_later"


def test_a_blocked_action_does_not_climb(world: World) -> None:
    action = world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.does("Asha", "action.block", action, blocked_by="waiting_list", words="12 weeks")
    world.when("Fri 28 March")
    world.then("Lead Professional").never_sees("overdue")
    world.does("Asha", "action.unblock", action, due_on="2025-04-01")
    world.when("Fri 4 April")
    world.then("Lead Professional").sees("overdue")


def test_not_mine_goes_to_the_lead_who_finds_its_owner(world: World) -> None:
    action = world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.does("Asha", "action.not_mine", action, why="The school does this")
    world.when_working_days_pass(1)
    world.then("Lead Professional").sees("not theirs")
    world.does("Maya", "action.give_to", action, owner=world.ref("Tom"))
    world.when("Tue 18 March")
    world.then("Tom").sees("due")
    world.then("Asha").never_sees("due today")


def test_a_snooze_is_short_and_does_not_stop_the_ladder(world: World) -> None:
    action = world.given_an_agreed_action(owner="Asha", due="Tue 11 March")
    refused = world.refused("Asha", "action.snooze", action, until="2025-05-01")
    assert refused == "snooze_too_long"
    world.does("Asha", "action.snooze", action, until="2025-03-14")
    world.when("Thu 13 March")
    world.then("Asha").never_sees("overdue")
    world.then("Lead Professional").sees("overdue")


def test_a_familys_own_action_goes_to_the_lead_and_names_nobody(world: World) -> None:
    world.given_a_family()
    mother = world.look(world.taf, "taf") and "family_member-1"
    answers = {"words": "Ring them", "list": "family_plan", "owner": mother}
    world.does("Maya", "action.agree", world.taf, due_on="2025-03-18", **answers)
    world.when("Fri 21 March")
    world.then("Lead Professional").sees("overdue")
    for said in world.platform.said:
        assert "mother" not in (said.title + said.text).lower()


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"due_on": "2025-03-03"}, "due_on"),
        ({"due_on": "2029-03-03"}, "due_on"),
        ({"due_on": "31 2 2025"}, "due_on"),
        ({"words": ""}, "words"),
        ({"words": "x" * 501}, "words"),
        ({"owner": "person-7"}, "owner"),
    ],
)
def test_what_cannot_be_taken_says_so_at_its_field(
    world: World, answers: dict[str, str], field: str
) -> None:
    world.given_a_family()
    good = {
        "words": "Ring",
        "list": "family_plan",
        "owner": world.ref("Asha"),
        "due_on": "2025-03-18",
    }
    answer = world.tries("Maya", "action.agree", world.taf, **(good | answers))
    assert list(answer.errors) == [field]
    assert not world.look(world.taf, "actions")
