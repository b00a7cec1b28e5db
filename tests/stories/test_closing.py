"""Stories of the end: who is told, what is agreed, and the silence that follows."""

from __future__ import annotations

from typing import Any

import pytest

from storage.reviews import Closure, ClosureTold
from tests import builders
from tests.stories.test_meetings import called
from tests.world import World


def closing(world: World, **changes: Any) -> dict[str, Any]:
    return builders.closing({world.member("mother"): {"told_on": "2025-03-04"}}, **changes)


def test_closed_the_team_is_told_once_and_the_room_closes(world: World) -> None:
    world.given_a_family()
    world.does("Maya", "taf.close", world.taf, **closing(world))

    world.then("the room").sees("The work is closed")
    assert "F-1042" not in world.platform.inside
    assert world.look(world.taf, "state") == "closed"
    world.when_working_days_pass(1)
    for name in ("Asha", "Tom"):
        assert [one.text.count("The work is closed") for one in world.then(name).messages] == [1]
    world.then("Nosy").hears_nothing()


def test_nothing_is_said_afterwards(world: World) -> None:
    called(world)
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    chosen = builders.indicator("attendance.few_exclusions", holder=world.ref("Tom"))
    world.does("Maya", "indicator.choose", world.taf, **chosen)
    world.does("Asha", "taf.add_member", world.taf, person=world.ref("Ola"))
    offer = {"to": world.ref("Asha"), "reason": "x"}
    world.does("Maya", "lead.hand_over", world.taf, **offer)
    world.does("Asha", "help.ask", world.taf, **builders.help_wanted())
    world.does("Maya", "taf.close", world.taf, **closing(world))
    world.when_working_days_pass(1)
    for said in world.then("Asha").messages:
        assert said.title == "Today: one thing across your families"
        assert "The work is closed" in said.text
    heard = len(world.platform.said)
    world.when("Tue 30 September")

    assert len(world.platform.said) == heard
    assert all(one.state not in {"ready", "waiting", "sending"} for one in world.outbox())


def test_what_was_still_waiting_ends_with_the_work(world: World) -> None:
    meeting = called(world)
    proposed = called(world, at="")
    world.does("Asha", "taf.add_member", world.taf, person=world.ref("Ola"))
    answers = {"to": world.ref("Asha"), "reason": "x"}
    offer = world.does("Maya", "lead.hand_over", world.taf, **answers).about or ""
    request = world.does("Asha", "help.ask", world.taf, **builders.help_wanted()).about or ""
    world.does("Maya", "taf.close", world.taf, **closing(world))

    assert world.look(meeting, "state", "cancelled_why") == ("cancelled", "The work was closed.")
    assert world.look(proposed, "state") == "cancelled"
    assert world.look("plan-1", "state") == "closed"
    assert world.look(offer, "state") == "withdrawn"
    assert world.look(request, "state") == "withdrawn"
    assert world.team()["Ola"] == "declined"


def test_every_later_press_is_refused_kindly(world: World) -> None:
    action = world.given_an_agreed_action()
    world.does("Maya", "taf.close", world.taf, **closing(world))

    assert world.refused("Maya", "taf.close", world.taf, **closing(world)) == "taf_closed"
    assert world.refused("Asha", "action.mark_done", action) == "taf_closed"
    assert world.refused("Asha", "help.ask", world.taf) == "taf_closed"
    assert world.refused("Nosy", "action.mark_done", action) == "not_a_member"


def test_each_parent_is_told_or_it_is_said_why_not(world: World) -> None:
    father = builders.family_member("father", lives="elsewhere")
    family = [builders.family_member("mother"), father, builders.family_member("child 12")]
    world.given_a_family(members=family)
    told = {"told_on": "2025-03-04"}

    answer = world.tries("Maya", "taf.close", world.taf, **closing(world))
    assert (answer.refused, list(answer.errors)) == ("told_needed", ["told"])
    assert "father" in answer.sentence
    neither = {world.member("mother"): told, world.member("father"): {"told_on": "", "why_not": ""}}
    answer = world.tries("Maya", "taf.close", world.taf, **builders.closing(neither))
    assert answer.refused == "told_needed"
    assert world.count(Closure) == 0

    both = {world.member("mother"): told, world.member("father"): {"why_not": "No address known"}}
    world.does("Maya", "taf.close", world.taf, **builders.closing(both))
    with world.database.reading() as session:
        kept = {
            one.family_member.label: (one.told_on and one.told_on.isoformat(), one.why_not)
            for one in session.query(ClosureTold)
        }
    assert kept == {"mother": ("2025-03-04", None), "father": (None, "No address known")}


def test_nobody_is_told_tomorrow(world: World) -> None:
    world.given_a_family()
    told = {world.member("mother"): {"told_on": "2025-03-05"}}
    answer = world.tries("Maya", "taf.close", world.taf, **builders.closing(told))

    assert answer.refused == "date_in_the_future"
    assert world.count(Closure) == 0


AGREED: list[tuple[dict[str, Any], str | None]] = [
    ({"family_agreed": "no"}, "not_agreed_why"),
    ({"team_agreed": "no"}, "not_agreed_why"),
    ({"family_agreed": "no", "reason": "disengaged"}, None),
    ({"team_agreed": "no", "reason": "disengaged"}, "not_agreed_why"),
    ({"family_agreed": "no", "not_agreed_why": "Asked to stop"}, None),
    ({"on": "2025-03-05"}, "date_in_the_future"),
    ({"reason": "tired"}, "not_taken"),
    ({"family_agreed": ""}, "not_taken"),
]


@pytest.mark.parametrize(("changes", "reason"), AGREED)
def test_agreement_is_asked_where_it_can_be(
    world: World, changes: dict[str, Any], reason: str | None
) -> None:
    world.given_a_family()

    assert (
        world.tries("Maya", "taf.close", world.taf, **closing(world, **changes)).refused == reason
    )
    assert world.look(world.taf, "state") == ("open" if reason else "closed")


def test_only_the_lead_closes(world: World) -> None:
    world.given_a_family()

    assert world.refused("Asha", "taf.close", world.taf, **closing(world)) == "not_the_lead"
    assert world.refused("Priya", "taf.close", world.taf, **closing(world)) == "not_a_member"


def test_a_family_comes_back_to_a_room_of_its_own(world: World) -> None:
    first = world.given_a_family()
    world.does("Maya", "taf.close", world.taf, **closing(world))
    world.when_working_days_pass(20)
    heard = len(world.then("Asha").messages)
    second = world.given_a_family(practitioners=[{"person": world.ref("Tom")}])

    assert first != second
    assert world.platform.opened == ["F-1042", "F-1042-2"]
    assert world.platform.inside["F-1042-2"] == {world.people["Maya"], world.people["Tom"]}
    assert world.look(second, "reference") == "F-1042"
    world.then("F-1042-2").sees("Welcome")
    world.when_working_days_pass(2)
    assert len(world.then("Asha").messages) == heard
    assert world.refused("Asha", "help.ask", second) == "not_a_member"


def test_a_family_that_comes_back_is_the_same_people(world: World) -> None:
    world.given_a_family()
    world.does("Maya", "taf.close", world.taf, **closing(world))
    baby = builders.family_member("baby", age_band="0-4")
    mother = builders.family_member("mother", lives="elsewhere", basis="", basis_on="")
    child = builders.family_member("child 12")
    world.given_a_family(members=[mother, child, baby])

    with world.database.reading() as session:
        from storage.families import FamilyMember

        kept = [(one.label, one.lives) for one in session.query(FamilyMember)]
    assert kept == [("mother", "elsewhere"), ("child 12", "here"), ("baby", "here")]


def test_consent_to_earlier_work_is_not_consent_to_this(world: World) -> None:
    world.given_a_family()
    world.does("Maya", "taf.close", world.taf, **closing(world))
    world.when_working_days_pass(20)
    mother = builders.family_member("mother", basis="", basis_on="")
    world.given_a_family(members=[mother, builders.family_member("child 12")])
    world.when_working_days_pass(6)

    world.then("Lead Professional").sees("recorded for one person in the family")
