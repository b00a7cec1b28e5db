"""Stories of the team: proposed, approved, declined, removed, and what a leaver hears."""

from __future__ import annotations

from tests import builders
from tests.world import World


def inside(world: World) -> set[str]:
    names = {number: name for name, number in world.people.items()}
    return {names[one] for one in world.platform.inside["F-1042"]}


def test_a_proposal_waits_for_the_lead(world: World) -> None:
    world.given_a_family()
    world.does("Asha", "taf.add_member", world.taf, person=world.ref("Ola"), why="On licence")

    assert world.team()["Ola"] == "proposed"
    assert "Ola" not in inside(world)
    world.when_working_days_pass(1)
    world.then("Lead Professional").sees("Asha would like Ola on the team")
    world.then("Ola").hears_nothing()


def test_somebody_proposed_sees_nothing_yet(world: World) -> None:
    world.given_a_family()
    world.does("Asha", "taf.add_member", world.taf, person=world.ref("Ola"))

    help_wanted = builders.help_wanted()
    assert world.refused("Ola", "help.ask", world.taf, **help_wanted) == "not_a_member"
    assert world.refused("Ola", "member.approve", world.place("Ola")) == "not_a_member"


def test_the_approved_come_in_and_everybody_is_told(world: World) -> None:
    world.given_a_family()
    world.does("Asha", "taf.add_member", world.taf, person=world.ref("Ola"))
    assert world.refused("Asha", "member.approve", world.place("Ola")) == "not_the_lead"
    world.does("Maya", "member.approve", world.place("Ola"))

    assert world.team()["Ola"] == "joined"
    assert "Ola" in inside(world)
    world.then("the room").sees("Ola has joined the team")
    world.when_working_days_pass(1)
    world.then("Ola").sees("You are on the team now")
    world.then("Lead Professional").never_sees("would like Ola")
    assert world.refused("Maya", "member.approve", world.place("Ola")) == "not_now"


def test_the_declined_stay_out_and_hear_nothing(world: World) -> None:
    world.given_a_family()
    world.does("Asha", "taf.add_member", world.taf, person=world.ref("Ola"))
    world.does("Maya", "member.decline", world.place("Ola"))
    world.when_working_days_pass(2)

    assert world.team()["Ola"] == "declined"
    world.then("Ola").hears_nothing()
    assert world.refused("Maya", "member.approve", world.place("Ola")) == "already_answered"

    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    assert world.team()["Ola"] == "joined"


def test_the_lead_adds_without_asking(world: World) -> None:
    world.given_a_family()
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))

    assert inside(world) == {"Maya", "Asha", "Tom", "Ola"}
    already = world.refused("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    assert already == "not_taken"


def test_several_join_at_the_same_moment_and_each_is_announced(world: World) -> None:
    world.given_a_family()
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Priya"))

    world.then("the room").sees("Ola has joined the team")
    world.then("the room").sees("Priya has joined the team")


def test_nobody_joins_from_an_unsigned_agency_or_unknown(world: World) -> None:
    mentor = world.given_a_person("Wilf", "willow-mentoring")
    stranger = world.given_a_person("Sam", "housing", identity_verified_on=None)
    world.given_a_family()

    assert world.refused("Maya", "taf.add_member", world.taf, person=mentor) == "no_agreement"
    assert world.refused("Asha", "taf.add_member", world.taf, person=stranger) == "not_verified"
    assert "Wilf" not in world.team()


def test_the_removed_hear_nothing_more_and_their_old_buttons_do_nothing(world: World) -> None:
    action = world.given_an_agreed_action(owner="Tom", due="Tue 18 March")
    meeting = world.does(
        "Maya", "meeting.schedule", world.taf, **builders.meeting([world.ref("Tom")])
    ).about
    world.when("Wed 5 March")
    heard = len(world.then("Tom").messages)
    world.does("Maya", "member.remove", world.place("Tom"), why="Another school now")

    assert inside(world) == {"Maya", "Asha"}
    world.then("the room").sees("Tom has left the team")
    world.when("Fri 4 April")
    assert len(world.then("Tom").messages) == heard
    for command, about in (
        ("action.mark_done", action),
        ("action.not_mine", action),
        ("meeting.reply", meeting or ""),
        ("taf.close", world.taf),
        ("member.leave", world.place("Tom")),
    ):
        assert world.refused("Tom", command, about) == "not_a_member"


def test_what_was_left_behind_comes_to_the_lead_in_true_words(world: World) -> None:
    world.given_an_agreed_action(owner="Tom", due="Tue 18 March")
    world.does("Maya", "member.remove", world.place("Tom"), why="Another school now")
    world.when("Mon 24 March")

    world.then("Lead Professional").sees("Tom's action 1 is overdue")
    world.then("Lead Professional").never_sees("Your action")


def test_a_leaver_is_not_asked_for_at_meetings_and_nobody_in_their_place(world: World) -> None:
    world.given_a_family()
    both = [world.ref("Tom"), world.ref("Asha")]
    world.does("Maya", "meeting.schedule", world.taf, **builders.meeting(both))
    world.does("Maya", "member.remove", world.place("Tom"), why="Another school now")
    world.when("Wed 12 March")

    world.then("Asha").sees("Are you coming")
    world.then("Tom").never_sees("meeting")
    world.then("Lead Professional").never_sees("Are you coming")
    world.then("Lead Professional").never_sees("meeting on Tuesday 11 March")


def test_somebody_leaves_by_themselves(world: World) -> None:
    world.given_a_family()
    assert world.refused("Asha", "member.leave", world.place("Tom"), why="x") == "not_yours"
    world.does("Tom", "member.leave", world.place("Tom"), why="New post")

    assert world.team()["Tom"] == "left"
    assert "Tom" not in inside(world)
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Tom"))
    assert "Tom" in inside(world)


def test_the_lead_cannot_leave_or_be_removed(world: World) -> None:
    world.given_a_family()

    assert world.refused("Maya", "member.leave", world.place("Maya"), why="x") == "lead_leaves"
    assert world.refused("Maya", "member.remove", world.place("Maya"), why="x") == "lead_leaves"
    assert world.refused("Asha", "member.remove", world.place("Tom"), why="x") == "not_the_lead"
    assert "Maya" in inside(world)


def test_two_leave_at_the_same_moment_and_both_are_named(world: World) -> None:
    world.given_a_family()
    world.does("Maya", "member.remove", world.place("Tom"), why="x")
    world.does("Maya", "member.remove", world.place("Asha"), why="x")

    world.then("the room").sees("Tom has left")
    world.then("the room").sees("Asha has left")


def test_while_nobody_leads_a_proposal_goes_to_the_co_ordinators(world: World) -> None:
    world.given_a_family()
    world.does("Maya", "lead.give_up", world.taf, reason="Long-term sick")
    world.does("Asha", "taf.add_member", world.taf, person=world.ref("Ola"))
    world.when_working_days_pass(1)

    world.then("Priya").sees("Asha would like Ola on the team")
    world.does("Priya", "member.approve", world.place("Ola"))
    assert world.team()["Ola"] == "joined"


def test_somebody_who_left_their_post_hears_nothing_and_the_lead_does(world: World) -> None:
    world.given_an_agreed_action(owner="Tom", due="Tue 18 March")
    world.when("Mon 10 March")
    heard = len(world.then("Tom").messages)
    with world.database.writing() as session:
        from storage.people import Person

        session.get_one(Person, world.people["Tom"]).left_on = world.clock.now().date()
    world.when("Mon 24 March")

    assert len(world.then("Tom").messages) == heard
    world.then("Lead Professional").sees("Tom's action 1 is overdue")
    assert world.refused("Tom", "action.mark_done", "action-1") == "gone"
