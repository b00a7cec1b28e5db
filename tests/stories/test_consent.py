"""Stories of consent: apart from the notice, withdrawn, decided on, and given again."""

from __future__ import annotations

import pytest

from storage.consents import Consent, SharingDecision
from tests import builders
from tests.world import World


def withdrawn(world: World, who: str = "Maya", on: str = "2025-03-04") -> None:
    world.does(who, "consent.withdraw", world.member("mother"), withdrawn_on=on)


def test_a_privacy_notice_is_not_consent(world: World) -> None:
    mother = builders.family_member("mother", basis="", basis_on="")
    world.given_a_family(members=[mother, builders.family_member("child 12")])
    told = {"served_on": "2025-03-04", "how": "in_person"}
    world.does("Asha", "privacy_notice.serve", world.member("mother"), **told)
    world.when_working_days_pass(5)

    world.then("Lead Professional").sees("recorded for one person in the family")
    assert world.count(Consent) == 1


def test_a_recorded_basis_ends_the_reminder(world: World) -> None:
    mother = builders.family_member("mother", basis="", basis_on="")
    world.given_a_family(members=[mother, builders.family_member("child 12")])
    basis = {"basis": "public_task", "given_on": "2025-03-04"}
    world.does("Maya", "consent.record", world.member("mother"), **basis)
    world.when_working_days_pass(6)

    world.then("Lead Professional").never_sees("basis for sharing is missing")


@pytest.mark.parametrize("command", ["consent.record", "privacy_notice.serve", "consent.withdraw"])
def test_dates_have_gone_by(world: World, command: str) -> None:
    world.given_a_family()
    answers = {
        "consent.record": {"basis": "consent", "given_on": "2025-03-05"},
        "privacy_notice.serve": {"served_on": "2025-03-05", "how": "by_post"},
        "consent.withdraw": {"withdrawn_on": "2025-03-05"},
    }[command]

    refused = world.refused("Maya", command, world.member("mother"), **answers)
    assert refused == "date_in_the_future"


def test_there_must_be_consent_to_withdraw(world: World) -> None:
    mother = builders.family_member("mother", basis="public_task")
    world.given_a_family(members=[mother, builders.family_member("child 12")])

    refused = world.refused(
        "Maya", "consent.withdraw", world.member("mother"), withdrawn_on="2025-03-04"
    )
    assert refused == "basis_withdrawn"
    assert world.look(world.taf, "state") == "open"


def test_withdrawal_empties_the_room_and_asks_the_lead_at_once(world: World) -> None:
    world.given_a_family()
    withdrawn(world, who="Asha")

    assert world.look(world.taf, "state") == "sharing_stopped"
    assert world.platform.inside["F-1042"] == {world.people["Maya"]}
    world.then("Lead Professional").sees("asked to record a decision")
    world.when_working_days_pass(1)
    world.then("Tom").never_sees("Sharing has stopped")
    world.then("Nosy").hears_nothing()


def test_reminders_stop_with_sharing(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.does("Maya", "meeting.schedule", world.taf, **builders.meeting([world.ref("Tom")]))
    withdrawn(world)
    heard = len(world.platform.said)
    world.when("Mon 30 June")

    assert len(world.platform.said) == heard


def test_while_sharing_is_stopped_only_the_decision_is_open(world: World) -> None:
    action = world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    withdrawn(world)

    assert world.refused("Maya", "action.mark_done", action) == "sharing_stopped"
    assert world.refused("Asha", "action.mark_done", action) == "not_a_member"
    added = {"person": world.ref("Ola")}
    assert world.refused("Maya", "taf.add_member", world.taf, **added) == "sharing_stopped"
    decided = {"basis": "public_task", "reason": "x"}
    assert world.refused("Asha", "consent.resume_sharing", world.taf, **decided) == "not_a_member"


def test_another_person_withdraws_too(world: World) -> None:
    world.given_a_family()
    withdrawn(world)
    world.does("Maya", "consent.withdraw", world.member("child 12"), withdrawn_on="2025-03-04")

    with world.database.reading() as session:
        assert all(one.withdrawn_on for one in session.query(Consent))
    assert world.look(world.taf, "state") == "sharing_stopped"


def test_the_recorded_decision_brings_everybody_back(world: World) -> None:
    world.given_a_family()
    withdrawn(world)
    world.does(
        "Maya", "consent.resume_sharing", world.taf, basis="public_task", reason="Child in need"
    )

    assert world.look(world.taf, "state") == "open"
    everybody = {world.people[one] for one in ("Maya", "Asha", "Tom")}
    assert world.platform.inside["F-1042"] == everybody
    world.then("the room").sees("Sharing goes on")
    with world.database.reading() as session:
        kept = session.query(SharingDecision).one()
        assert (kept.basis, kept.reason, kept.decided_by.name) == (
            "public_task",
            "Child in need",
            "Maya",
        )


def test_going_on_with_consent_needs_consent_of_somebody(world: World) -> None:
    child = builders.family_member("child 12", basis="public_task")
    world.given_a_family(members=[builders.family_member("mother"), child])
    withdrawn(world)
    decided = {"basis": "consent", "reason": "She agreed again"}
    assert world.refused("Maya", "consent.resume_sharing", world.taf, **decided) == "basis_needed"

    again = {"basis": "consent", "given_on": "2025-03-04"}
    world.does("Maya", "consent.record", world.member("mother"), **again)
    world.does("Maya", "consent.resume_sharing", world.taf, **decided)


def test_what_fell_due_meanwhile_is_said_once_sharing_goes_on(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    withdrawn(world)
    world.when("Mon 31 March")
    world.does("Maya", "consent.resume_sharing", world.taf, basis="public_task", reason="x")
    world.when("Tue 1 April")

    world.then("Asha").sees("Your action 1 is overdue")
    world.then("Lead Professional").sees("Asha's action 1 is overdue")
    late = [one for one in world.then("Asha").messages if "overdue" in one.text]
    assert len(late) == 1


def test_a_notice_on_its_way_stops_too(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    withdrawn(world)
    world.when_working_days_pass(1)

    world.then("Asha").hears_nothing()
    why = [one.why for one in world.outbox() if one.notice == "action_for_you"]
    assert why == ["Sharing about the family has stopped."]


def test_the_work_can_be_closed_while_sharing_is_stopped(world: World) -> None:
    world.given_a_family()
    withdrawn(world)
    told = {world.member("mother"): {"told_on": "2025-03-04"}}
    answers = builders.closing(told, reason="withdrew", family_agreed="no")
    world.does("Maya", "taf.close", world.taf, **answers)
    world.when_working_days_pass(2)

    assert world.look(world.taf, "state") == "closed"
    world.then("Asha").never_sees("closed")
    assert world.refused("Maya", "consent.resume_sharing", world.taf) == "taf_closed"


def test_in_a_vacancy_the_co_ordinators_find_somebody_to_decide(world: World) -> None:
    world.given_a_family()
    world.does("Maya", "lead.give_up", world.taf, reason="x")
    withdrawn(world, who="Asha")

    world.then("Priya").sees("Sharing has stopped")
    assert world.platform.inside["F-1042"] == set()
    decided = {"basis": "public_task", "reason": "Child in need"}
    assert world.refused("Maya", "consent.resume_sharing", world.taf, **decided) == "not_a_member"
    offer = {"to": world.ref("Tom"), "reason": "Somebody must decide"}
    offered = world.does("Priya", "lead.hand_over", world.taf, **offer).about or ""
    world.does("Tom", "lead.accept", offered)
    assert world.platform.inside["F-1042"] == {world.people["Tom"]}
    assert world.team() == {"Maya": "away", "Asha": "away", "Tom": "joined"}
    world.does("Tom", "consent.resume_sharing", world.taf, **decided)
    assert world.team() == {"Maya": "joined", "Asha": "joined", "Tom": "joined"}


def test_a_lead_handed_over_while_sharing_is_stopped_leaves_one_in_the_room(world: World) -> None:
    world.given_a_family()
    withdrawn(world)
    offer = {"to": world.ref("Tom"), "reason": "x"}
    world.does("Tom", "lead.accept", world.does("Maya", "lead.hand_over", world.taf, **offer).about)

    assert world.platform.inside["F-1042"] == {world.people["Tom"]}
    assert world.team() == {"Maya": "away", "Asha": "away", "Tom": "joined"}


def test_a_partner_can_be_taken_off_the_team_before_sharing_goes_on(world: World) -> None:
    world.given_a_family()
    withdrawn(world)
    world.does("Maya", "member.remove", world.place("Tom"), why="Not needed")
    world.does("Maya", "consent.resume_sharing", world.taf, basis="public_task", reason="x")

    assert world.team()["Tom"] == "left"
    assert world.people["Tom"] not in world.platform.inside["F-1042"]
