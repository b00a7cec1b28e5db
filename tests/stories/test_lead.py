"""Stories of the lead: offered, accepted, declined, taken back, vacant, and its history."""

from __future__ import annotations

from storage.people import Person
from storage.team import LeadHandover
from tests import builders
from tests.world import World

SLEUTH = "Sal"
WANTED = "Ola is proposed for the team"


def offered(world: World, to: str, by: str = "Maya") -> str:
    answer = world.does(by, "lead.hand_over", world.taf, to=world.ref(to), reason="Moving post")
    return answer.about or ""


def test_nothing_changes_until_the_other_accepts(world: World) -> None:
    world.given_a_family()
    offer = offered(world, "Asha")
    assert world.look(world.taf, "lead_id") == world.people["Maya"]
    world.when_working_days_pass(1)
    world.then("Asha").sees("Would you be the Lead Professional?")

    assert world.refused("Tom", "lead.accept", offer) == "not_offered"
    assert world.refused("Nosy", "lead.accept", offer) == "not_a_member"
    world.does("Asha", "lead.accept", offer)

    assert world.look(world.taf, "lead_id") == world.people["Asha"]
    world.then("the room").sees("Asha is the Lead Professional now")
    world.when_working_days_pass(1)
    world.then("Maya").sees("Asha is the Lead Professional now")
    assert world.refused("Asha", "lead.accept", offer) == "already_answered"
    assert world.refused("Maya", "lead.give_up", world.taf, reason="x") == "not_the_lead"


def test_declined_stays_where_it_is(world: World) -> None:
    world.given_a_family()
    offer = offered(world, "Asha")
    world.does("Asha", "lead.decline", offer)
    world.when_working_days_pass(1)

    assert world.look(world.taf, "lead_id") == world.people["Maya"]
    world.then("Maya").sees("Asha cannot take on the lead")
    world.then("Asha").never_sees("Would you be")
    assert world.refused("Asha", "lead.accept", offer) == "already_answered"


def test_an_offer_is_taken_back_before_it_is_read(world: World) -> None:
    world.given_a_family()
    offer = offered(world, "Asha")
    assert world.refused("Asha", "lead.take_back", offer) == "not_the_lead"
    world.does("Maya", "lead.take_back", offer)
    world.when_working_days_pass(1)

    world.then("Asha").never_sees("Would you be")
    assert world.refused("Asha", "lead.accept", offer) == "already_withdrawn"


def test_one_offer_at_a_time_and_never_to_oneself(world: World) -> None:
    world.given_a_family()
    again = {"to": world.ref("Maya"), "reason": "x"}
    assert world.refused("Maya", "lead.hand_over", world.taf, **again) == "lead_already"
    offered(world, "Asha")
    other = {"to": world.ref("Tom"), "reason": "x"}
    assert world.refused("Maya", "lead.hand_over", world.taf, **other) == "offer_waiting"


def test_only_an_agency_that_leads_is_asked(world: World) -> None:
    world.given_a_family()
    world.given_a_person("Wilf", "willow-mentoring")

    for name, reason in (("Ola", "not_for_your_agency"), ("Wilf", "no_agreement")):
        asked = {"to": world.ref(name), "reason": "x"}
        assert world.refused("Maya", "lead.hand_over", world.taf, **asked) == reason
    assert world.count(LeadHandover) == 0


def test_somebody_from_outside_joins_by_accepting(world: World) -> None:
    world.given_a_person(SLEUTH, "social-care")
    world.given_a_family()
    offer = offered(world, SLEUTH)
    assert world.refused(SLEUTH, "help.ask", world.taf, **builders.help_wanted()) == "not_a_member"
    world.does(SLEUTH, "lead.accept", offer)

    assert world.team()[SLEUTH] == "joined"
    assert world.people[SLEUTH] in world.platform.inside["F-1042"]
    assert world.look(world.taf, "lead_id") == world.people[SLEUTH]


def test_somebody_proposed_accepts_the_lead(world: World) -> None:
    world.given_a_person(SLEUTH, "social-care")
    world.given_a_family()
    world.does("Asha", "taf.add_member", world.taf, person=world.ref(SLEUTH))
    offer = offered(world, SLEUTH)
    world.does(SLEUTH, "lead.accept", offer)

    assert world.team()[SLEUTH] == "joined"
    assert world.people[SLEUTH] in world.platform.inside["F-1042"]


def test_the_history_is_kept_with_its_reasons(world: World) -> None:
    world.given_a_family()
    world.does("Asha", "lead.decline", offered(world, "Asha"))
    world.does("Tom", "lead.accept", offered(world, "Tom"))

    with world.database.reading() as session:
        kept = [
            (one.giver.name, one.taker.name, one.state, one.reason)
            for one in session.query(LeadHandover).order_by(LeadHandover.id)
        ]
    assert kept == [
        ("Maya", "Asha", "declined", "Moving post"),
        ("Maya", "Tom", "accepted", "Moving post"),
    ]


def test_a_vacancy_is_told_first_to_co_ordinators_then_to_supervisors(world: World) -> None:
    world.given_a_family()
    world.does("Maya", "lead.give_up", world.taf, reason="Long-term sick")
    assert world.look(world.taf, "lead_vacant_why") == "Long-term sick"
    world.when_working_days_pass(1)
    world.then("Priya").sees("Nobody is the Lead Professional")
    world.then("Dr Clarke").hears_nothing()
    world.when_working_days_pass(6)

    world.then("Dr Clarke").sees("Nobody is the Lead Professional")
    world.then("Nosy").hears_nothing()


def test_a_co_ordinator_finds_a_lead_only_while_there_is_none(world: World) -> None:
    world.given_a_family()
    asked = {"to": world.ref("Tom"), "reason": "Knows them best"}
    assert world.refused("Priya", "lead.hand_over", world.taf, **asked) == "not_a_member"
    world.does("Maya", "lead.give_up", world.taf, reason="Long-term sick")

    world.does("Tom", "lead.accept", offered(world, "Tom", by="Priya"))
    heard = len(world.then("Priya").messages)
    world.when_working_days_pass(8)

    assert world.look(world.taf, "lead_id", "lead_vacant_since") == (world.people["Tom"], None)
    assert len(world.then("Priya").messages) == heard


def test_overdue_work_of_a_family_without_a_lead_goes_to_the_co_ordinators(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.does("Maya", "lead.give_up", world.taf, reason="x")
    world.when("Thu 20 March", "12:00")

    world.then("Priya").sees("Asha's action 1 is overdue")
    world.then("Maya").never_sees("overdue")


def test_what_waits_for_a_lead_who_is_away_is_said_to_whoever_leads_then(world: World) -> None:
    """A rule speaks once of it: on 11 March, while Maya is away; a day later Asha leads."""
    without = builders.family_member("mother", basis="", basis_on="")
    world.given_a_family(members=[without, builders.family_member("child 12")])
    world.when("Wed 5 March")
    world.does("Maya", "my.take_leave", first_day="2025-03-10", last_day="2025-03-21")
    offer = offered(world, "Asha")
    world.when("Wed 12 March", "10:00")
    world.then("Asha").never_sees("basis")
    world.does("Asha", "lead.accept", offer)
    world.when("Mon 24 March")

    said = [one for one in world.then("Asha").messages if "basis" in (one.title + one.text)]
    assert [f"{one.at:%a %d}" for one in said] == ["Wed 12"]
    world.then("Maya").never_sees("basis")


def test_an_action_given_to_another_before_the_morning_is_due_for_them(world: World) -> None:
    action = world.given_an_agreed_action(owner="Asha", due="Mon 10 March")
    world.when("Wed 5 March", "07:00")
    world.does("Maya", "action.give_to", action, owner=world.ref("Tom"))
    world.when("Wed 5 March")

    world.then("Tom").sees("due on Monday 10 March")
    world.then("Asha").never_sees("due on Monday 10 March")


def test_what_the_co_ordinators_were_to_be_told_the_new_lead_hears(world: World) -> None:
    """Nobody leads when Tom proposes Ola, and Asha does before anybody was told."""
    world.given_a_family()
    world.when("Wed 5 March", "10:00")
    offer = offered(world, "Asha")
    world.does("Maya", "lead.give_up", world.taf, reason="x")
    world.does("Tom", "taf.add_member", world.taf, person=world.ref("Ola"), why=None)
    world.does("Asha", "lead.accept", offer)
    world.when("Fri 7 March")

    said = [one for one in world.then("Asha").messages if WANTED in one.text]
    assert len(said) == 1
    world.then("Priya").never_sees(WANTED)


def test_what_the_lead_was_to_be_told_the_co_ordinators_hear_when_nobody_leads(
    world: World,
) -> None:
    world.given_a_family()
    world.when("Wed 5 March", "10:00")
    world.does("Tom", "taf.add_member", world.taf, person=world.ref("Ola"), why=None)
    world.does("Maya", "lead.give_up", world.taf, reason="x")
    world.when("Thu 6 March")

    world.then("Priya").sees(WANTED)


def test_what_is_handed_on_is_said_once_and_never_to_whoever_said_it(world: World) -> None:
    """Nobody leads, so each co-ordinator was to be told; then the lead goes from hand to hand."""
    with world.database.writing() as session:
        session.get_one(Person, world.people["Ola"]).roles = ["co-ordinator"]
    action = world.given_an_agreed_action(owner="Tom", due="Tue 18 March")
    world.when("Wed 5 March", "10:00")
    to_asha = offered(world, "Asha")
    world.does("Maya", "lead.give_up", world.taf, reason="x")
    world.does("Tom", "action.ask_for_time", action, due_on="2025-03-20", reason="x")
    world.does("Asha", "lead.accept", to_asha)
    to_tom = offered(world, "Tom", by="Asha")
    world.when("Thu 6 March")
    said = [
        one.text
        for one in world.then("Asha").messages
        if "needs more time for action 1" in one.text
    ]
    assert [one.count("needs more time for action 1") for one in said] == [1]

    world.does("Tom", "action.ask_for_time", action, due_on="2025-03-21", reason="y")
    world.does("Tom", "lead.accept", to_tom)
    world.when("Mon 10 March")
    world.then("Tom").never_sees("needs more time for action 1")


def test_a_step_that_waits_for_one_of_several_is_owed_to_nobody_else(world: World) -> None:
    """One co-ordinator has heard that nobody leads, the other is away: no press looks again."""
    with world.database.writing() as session:
        session.get_one(Person, world.people["Ola"]).roles = ["co-ordinator"]
    world.given_a_family()
    world.does("Ola", "my.take_leave", first_day="2025-03-05", last_day="2025-03-21")
    world.does("Maya", "lead.give_up", world.taf, reason="x")
    world.when("Fri 7 March", "10:00")
    world.then("Priya").sees("Nobody is the Lead Professional")
    offered(world, "Asha", by="Priya")

    assert world.look(world.taf, "unheard_since") is None
