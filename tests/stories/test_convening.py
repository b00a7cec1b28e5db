"""Stories of convening: a room, a team and a start, all or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from storage.assessments import Assessment
from storage.audit import AuditEntry
from storage.consents import Consent, PrivacyNotice
from storage.families import Family, FamilyMember, TeamAroundFamily
from storage.inbox import Received
from storage.outbox import Delivery
from storage.plan import SupportPlan
from storage.rooms import Room
from storage.team import TeamMember
from tests import builders
from tests.world import World

EVERYTHING = (
    Family,
    FamilyMember,
    TeamAroundFamily,
    TeamMember,
    SupportPlan,
    Assessment,
    Consent,
    PrivacyNotice,
    Room,
    Delivery,
    Received,
    AuditEntry,
)


def judged(world: World) -> str:
    kept = world.assistant.office.framework
    return next(one.id for one in kept.criteria if one.professional_judgement)


def test_a_room_opens_with_its_team_and_the_banner(world: World) -> None:
    world.given_a_family()

    world.then("the room").sees("Welcome")
    world.then("the room").sees(world.assistant.office.policy.safeguarding.banner)
    assert world.platform.inside["F-1042"] == {world.people[one] for one in ("Maya", "Asha", "Tom")}
    assert world.team() == {"Maya": "joined", "Asha": "joined", "Tom": "joined"}
    assert world.look(world.taf, "state", "lead_id") == ("open", world.people["Maya"])


def test_everybody_on_the_team_hears_of_it_but_the_convener(world: World) -> None:
    world.given_a_family()
    world.when_working_days_pass(1)

    world.then("Asha").sees("You are on the team now")
    world.then("Tom").sees("You are on the team now")
    world.then("Maya").hears_nothing()
    for outside in ("Ola", "Priya", "Dr Clarke", "Nosy"):
        world.then(outside).hears_nothing()


def test_a_blank_reference_is_made_and_tells_nothing(world: World) -> None:
    world.given_a_family(family="")

    assert world.look(world.taf, "reference") == "F-9001"


def test_a_reference_is_kept_in_capitals(world: World) -> None:
    world.given_a_family(family="f-1042")

    assert world.look(world.taf, "reference") == "F-1042"


def test_a_made_reference_is_never_one_that_is_taken(world: World) -> None:
    world.given_a_family(family="F-9001")
    world.given_a_family(family="")

    assert world.look(world.taf, "reference") == "F-9002"


def test_the_assessment_can_begin_with_the_work(world: World) -> None:
    world.given_a_family(assessment="family_caf")

    assert world.look("assessment-1", "state", "type") == ("initiated", "family_caf")
    world.then("the room").sees("The assessment has started")


def test_nobody_leads_yet_and_the_co_ordinators_hear_of_it(world: World) -> None:
    world.given_a_family(lead_professional="")
    world.when_working_days_pass(1)

    world.then("the room").sees("Nobody is the Lead Professional yet")
    world.then("Priya").sees("F-1042: Nobody is the Lead Professional")
    world.then("Maya").hears_nothing()


def test_notice_and_consent_are_two_things_each_with_its_date(world: World) -> None:
    mother = builders.family_member("mother", basis="not_yet", basis_on="")
    child = builders.family_member("child 12", notice_on="", basis="public_task")
    world.given_a_family(members=[mother, child])

    with world.database.reading() as session:
        notices = [one.family_member.label for one in session.query(PrivacyNotice)]
        bases = [(one.family_member.label, one.basis) for one in session.query(Consent)]
    assert notices == ["mother"]
    assert bases == [("child 12", "public_task")]


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("Maya", {"family": "HARDMAN"}, "bad_reference", "family"),
    ("Maya", {"family": "F-12"}, "bad_reference", "family"),
    ("Maya", {"family": "1 High Street"}, "not_taken", "family"),
    ("Maya", {"members": []}, "not_taken", "members"),
    (
        "Maya",
        {
            "members": [
                builders.family_member("mother"),
                builders.family_member("Jason", stage="child"),
            ]
        },
        "not_a_role_label",
        "members-1-label",
    ),
    ("Maya", {"members": [builders.family_member("mother")]}, "no_dependent_child", "members"),
    (
        "Maya",
        {"members": [builders.family_member("child 12"), builders.family_member("Child 12")]},
        "same_label",
        "members",
    ),
    (
        "Maya",
        {"members": [builders.family_member("child 12", notice_on="2025-03-05")]},
        "date_in_the_future",
        "members-0-notice_on",
    ),
    (
        "Maya",
        {"members": [builders.family_member("child 12", basis_on="2025-03-05")]},
        "date_in_the_future",
        "members-0-basis_on",
    ),
    ("Nosy", {}, "not_for_your_agency", ""),
    ("Ola", {}, "not_for_your_agency", ""),
    ("Dr Clarke", {}, "not_for_your_agency", ""),
]


@pytest.mark.parametrize(("who", "changes", "reason", "field"), REFUSED)
def test_what_cannot_be_convened_leaves_nothing_behind(
    world: World, who: str, changes: dict[str, Any], reason: str, field: str
) -> None:
    before = [world.count(model) for model in EVERYTHING]
    answers = builders.convening(lead_professional=world.ref("Maya")) | changes

    answer = world.tries(who, "taf.convene", **answers)

    assert answer.refused == reason
    assert list(answer.errors) == ([field] if field else [])
    assert [world.count(model) for model in EVERYTHING] == before
    assert world.platform.opened == []


def test_only_the_signed_and_the_verified_join(world: World) -> None:
    mentor = world.given_a_person("Wilf", "willow-mentoring")
    stranger = world.given_a_person("Sam", "housing", identity_verified_on=None)
    before = [world.count(model) for model in EVERYTHING]

    def convened_with(**changes: Any) -> tuple[str | None, list[str]]:
        answer = world.tries("Maya", "taf.convene", **builders.convening(**changes))
        return answer.refused, list(answer.errors)

    rows = [{"person": world.ref("Asha")}, {"person": mentor}]
    assert convened_with(practitioners=rows) == ("no_agreement", ["practitioners-1-person"])
    rows = [{"person": stranger}]
    assert convened_with(practitioners=rows) == ("not_verified", ["practitioners-0-person"])
    lead = {"lead_professional": world.ref("Ola")}
    assert convened_with(**lead) == ("not_for_your_agency", ["lead_professional"])
    assert [world.count(model) for model in EVERYTHING] == before


def test_professional_judgement_names_who_referred(world: World) -> None:
    refused = world.tries("Maya", "taf.convene", **builders.convening(criteria=[judged(world)]))
    assert (refused.refused, list(refused.errors)) == ("referrer_needed", ["referred_by"])

    world.given_a_family(criteria=[judged(world)], referred_by="Head of year, secondary school")
    assert world.look(world.taf, "criteria") == [judged(world)]


def test_criteria_may_be_found_later_by_any_member(world: World) -> None:
    world.given_a_family()
    criteria = {"criteria": [judged(world)]}

    assert world.refused("Asha", "taf.record_criteria", world.taf, **criteria) == "referrer_needed"
    world.does("Asha", "taf.record_criteria", world.taf, referred_by="GP", **criteria)

    assert world.look(world.taf, "criteria", "referred_by") == ([judged(world)], "GP")


def test_one_family_has_one_open_team(world: World) -> None:
    world.given_a_family()
    before = [world.count(model) for model in EVERYTHING]

    answers = builders.convening(lead_professional=world.ref("Asha"))
    answer = world.tries("Asha", "taf.convene", **answers)

    assert (answer.refused, list(answer.errors)) == ("family_known", ["family"])
    assert [world.count(model) for model in EVERYTHING] == before


def test_somebody_of_the_family_joins_later(world: World) -> None:
    world.given_a_family()

    step_father = builders.family_member("step-father", basis="not_yet", basis_on="")
    assert (
        world.refused("Asha", "taf.add_family_member", world.taf, **step_father) == "not_the_lead"
    )
    world.does("Maya", "taf.add_family_member", world.taf, **step_father)
    world.when_working_days_pass(6)

    world.then("Lead Professional").sees("A basis for sharing is missing")
    with world.database.reading() as session:
        assert session.query(FamilyMember).count() == 3


def test_twins_in_the_same_words_are_refused_at_a_field_of_the_form(world: World) -> None:
    world.given_a_family()

    again = builders.family_member("Mother")
    answer = world.tries("Maya", "taf.add_family_member", world.taf, **again)

    assert answer.refused == "same_label"
    assert list(answer.errors) == ["label"]
