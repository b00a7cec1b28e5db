"""Stories of stepping down from a statutory plan, with what is still to be done."""

from __future__ import annotations

from typing import Any

import pytest

from storage.families import Family, TeamAroundFamily
from storage.meetings import TafMeeting
from storage.plan import Action
from tests import builders
from tests.world import World


def stepping(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "family": "F-1042",
        "stepped_down_from": "child_in_need",
        "members": [builders.family_member("mother"), builders.family_member("child 12")],
        "practitioners": [{"person": world.ref("Asha")}],
        "lead_professional": world.ref("Maya"),
        "actions": [
            {
                "words": "Finish the parenting course",
                "list": "family_plan",
                "owner": world.ref("Asha"),
                "due_on": "2025-03-18",
            }
        ],
        "first_on": "2025-03-11",
        "first_at": "14:00",
        "first_mode": "in_person",
    } | changes


def test_the_carried_action_the_first_date_and_the_lead_come_along(world: World) -> None:
    answer = world.does("Maya", "taf.step_down", **stepping(world))
    world.taf = answer.about or ""

    assert answer.made["actions"] == {0: "action-1"}
    assert world.look(world.taf, "stepped_down_from", "lead_id") == (
        "child_in_need",
        world.people["Maya"],
    )
    assert world.look("meeting-1", "purpose", "state") == ("initial", "scheduled")
    world.when("Tue 18 March")
    world.then("Asha").sees("first TAF meeting")
    world.then("Asha").sees("Your action 1 is due\n")


def test_a_timed_vacancy_is_respected_until_its_date(world: World) -> None:
    answers = stepping(world, lead_professional="", lead_by="2025-03-17")
    world.taf = world.does("Priya", "taf.step_down", **answers).about or ""
    world.when("Mon 17 March", "23:00")
    world.then("Priya").never_sees("Nobody is the Lead Professional")
    world.when("Tue 18 March", "12:00")

    world.then("Priya").sees("Nobody is the Lead Professional")
    world.then("Dr Clarke").hears_nothing()


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"lead_professional": ""}, "lead_or_hold", "lead_by"),
    ({"lead_professional": "", "lead_by": "2025-03-03"}, "date_in_the_past", "lead_by"),
    ({"first_on": "2025-03-03"}, "date_in_the_past", "first_on"),
    ({"first_on": "2025-03-04", "first_at": "08:00"}, "date_in_the_past", "first_on"),
    ({"actions": []}, "not_taken", "actions"),
    ({"stepped_down_from": "none"}, "not_taken", "stepped_down_from"),
    ({"first_at": ""}, "not_taken", "first_at"),
]


@pytest.mark.parametrize(("changes", "reason", "field"), REFUSED)
def test_half_a_step_down_leaves_nothing(
    world: World, changes: dict[str, Any], reason: str, field: str
) -> None:
    answer = world.tries("Maya", "taf.step_down", **stepping(world, **changes))

    assert (answer.refused, list(answer.errors)) == (reason, [field])
    kept = [world.count(model) for model in (Family, TeamAroundFamily, TafMeeting, Action)]
    assert kept == [0, 0, 0, 0]
    assert world.outbox() == []


def test_nobody_carries_an_action_who_is_not_on_the_team(world: World) -> None:
    action = {"words": "x", "list": "professional_task", "due_on": "2025-03-18"}
    rows = [action | {"owner": world.ref("Asha")}, action | {"owner": world.ref("Tom")}]
    answer = world.tries("Maya", "taf.step_down", **stepping(world, actions=rows))

    assert (answer.refused, list(answer.errors)) == ("owner_not_on_the_team", ["actions-1-owner"])
    assert world.count(Family) == 0
