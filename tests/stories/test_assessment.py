"""Stories of the assessment: initiated by one, contributed to by another, completed by a third."""

from __future__ import annotations

from storage.assessments import Contribution
from tests.world import World


def initiated(world: World) -> str:
    world.given_a_family()
    answers = {"assessment": "family_caf", "started_on": "2025-03-04"}
    return world.does("Asha", "assessment.initiate", world.taf, **answers).about or ""


def test_three_different_people(world: World) -> None:
    assessment = initiated(world)
    answers = {"words": "Two months behind", "weeks_of_arrears": "9"}
    world.does("Asha", "assessment.contribute", assessment, **answers)
    world.does("Tom", "assessment.contribute", assessment, words="Tired", attendance_last_term="71")
    world.does("Maya", "assessment.complete", assessment, completed_on="2025-03-04")

    assert world.look(assessment, "state", "completed_by_id") == ("completed", world.people["Maya"])
    assert world.look(world.taf, "first_taf_due_on").isoformat() == "2025-03-25"
    with world.database.reading() as session:
        kept = [(one.person.name, one.words, one.answers) for one in session.query(Contribution)]
    assert kept == [
        ("Asha", "Two months behind", {"weeks_of_arrears": "9"}),
        ("Tom", "Tired", {"attendance_last_term": "71"}),
    ]
    world.then("the room").sees("The assessment is complete")
    world.then("the room").never_sees("behind")


def test_an_agency_is_asked_its_own_questions_only(world: World) -> None:
    assessment = initiated(world)
    answers = {"words": "x", "weeks_of_arrears": "9"}

    assert world.refused("Tom", "assessment.contribute", assessment, **answers) == "not_taken"


def test_not_every_agency_completes(world: World) -> None:
    assessment = initiated(world)
    done = {"completed_on": "2025-03-04"}

    refused = world.refused("Asha", "assessment.complete", assessment, **done)
    assert refused == "not_for_your_agency"
    assert world.refused("Nosy", "assessment.complete", assessment, **done) == "not_a_member"
    world.does("Tom", "assessment.complete", assessment, **done)
    assert world.refused("Maya", "assessment.complete", assessment, **done) == "already_completed"
    late = world.refused("Asha", "assessment.contribute", assessment, words="x")
    assert late == "already_completed"


def test_dates_to_come_are_refused(world: World) -> None:
    assessment = initiated(world)
    soon = {"completed_on": "2025-03-05"}
    assert world.refused("Maya", "assessment.complete", assessment, **soon) == "date_in_the_future"
    begin = {"assessment": "family_caf", "started_on": "2025-03-05"}
    assert world.refused("Tom", "assessment.initiate", world.taf, **begin) == "date_in_the_future"


def test_late_climbs_from_the_lead_to_the_supervisors(world: World) -> None:
    initiated(world)
    world.when("Wed 26 March", "12:00")
    world.then("Lead Professional").sees("The assessment is late")
    world.then("Dr Clarke").hears_nothing()
    world.when("Tue 8 April", "12:00")

    world.then("Dr Clarke").sees("The assessment is late")
    told = [one for one in world.then("Lead Professional").messages if "is late" in one.text]
    assert len(told) == 1


def test_complete_is_never_late(world: World) -> None:
    assessment = initiated(world)
    world.does("Maya", "assessment.complete", assessment, completed_on="2025-03-04")
    world.when("Mon 24 March", "12:00")

    world.then("Lead Professional").never_sees("late")


def test_the_first_meeting_is_late_after_its_working_days(world: World) -> None:
    assessment = initiated(world)
    world.does("Maya", "assessment.complete", assessment, completed_on="2025-03-04")
    world.when("Wed 26 March", "12:00")

    world.then("Lead Professional").sees("The first TAF meeting is late")


def test_an_assessment_recorded_long_after_still_asks_for_the_first_meeting(world: World) -> None:
    assessment = initiated(world)
    world.does("Maya", "assessment.complete", assessment, completed_on="2025-01-06")
    world.when_working_days_pass(3)

    world.then("Lead Professional").sees("The first TAF meeting is late")
