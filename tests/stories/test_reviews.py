"""Stories of reviews: in a meeting, collated, by phone; on, to closure, or stepping up."""

from __future__ import annotations

import pytest

from storage.reviews import Review
from tests import builders
from tests.stories.test_meetings import called, recording
from tests.world import World


@pytest.mark.parametrize("progress", ["none", "some", "good", "worse"])
@pytest.mark.parametrize("decision", ["continue", "close", "step_up"])
def test_every_progress_and_decision_is_kept(world: World, progress: str, decision: str) -> None:
    world.given_a_family()
    answers = builders.review(progress=progress, decision=decision)
    world.does("Maya", "review.record", world.taf, **answers)

    with world.database.reading() as session:
        kept = session.query(Review).one()
        assert (kept.progress, kept.decision, kept.mode) == (progress, decision, "call")
    world.then("the room").sees("The review is recorded")
    world.then("the room").never_sees("Better mornings")


def test_the_next_review_is_in_six_weeks_or_when_it_is_said(world: World) -> None:
    world.given_a_family()
    world.does("Maya", "review.record", world.taf, **builders.review())
    assert world.look(world.taf, "review_due_on").isoformat() == "2025-04-15"

    world.does("Maya", "review.record", world.taf, **builders.review(next_on="2025-03-31"))
    assert world.look(world.taf, "review_due_on").isoformat() == "2025-03-31"


def test_a_late_review_climbs_and_its_recording_ends_it(world: World) -> None:
    world.given_a_family()
    world.does("Maya", "review.record", world.taf, **builders.review(next_on="2025-03-18"))
    world.when("Wed 19 March", "12:00")
    world.then("Lead Professional").sees("The review is late")
    world.does("Maya", "review.record", world.taf, **builders.review(on="2025-03-19"))
    world.when("Fri 4 April", "12:00")

    world.then("Dr Clarke").hears_nothing()


def test_a_step_up_tells_a_person_to_call_and_refers_nobody(world: World) -> None:
    world.given_a_family()
    world.does("Maya", "review.record", world.taf, **builders.review(decision="step_up"))

    world.then("the room").sees("The assistant refers nobody. A person must contact the MASH now")
    world.then("the room").sees(world.assistant.office.policy.safeguarding.banner)
    world.when_working_days_pass(1)
    world.then("Dr Clarke").hears_nothing()
    world.then("Nosy").hears_nothing()
    assert world.look(world.taf, "state") == "open"


def test_only_the_lead_and_only_what_has_been(world: World) -> None:
    world.given_a_family()
    assert world.refused("Asha", "review.record", world.taf, **builders.review()) == "not_the_lead"
    ahead = builders.review(on="2025-03-05")
    assert world.refused("Maya", "review.record", world.taf, **ahead) == "date_in_the_future"
    behind = builders.review(next_on="2025-03-03")
    assert world.refused("Maya", "review.record", world.taf, **behind) == "date_in_the_past"
    assert world.count(Review) == 0


def test_a_review_meeting_puts_the_plan_in_review_until_it_is_recorded(world: World) -> None:
    meeting = called(world, purpose="review")
    world.does("Maya", "plan.agree", "plan-1", agreed_on="2025-03-04")
    world.when("Tue 11 March", "15:00")
    world.does("Maya", "meeting.record", meeting, **recording(world))
    assert world.look("plan-1", "state") == "in_review"
    answers = builders.review(mode="meeting", meeting=meeting, on="2025-03-11")
    world.does("Maya", "review.record", world.taf, **answers)

    assert world.look("plan-1", "state") == "agreed"
    with world.database.reading() as session:
        assert session.query(Review).one().meeting_id == 1


def test_a_review_names_only_meetings_that_were_held(world: World) -> None:
    meeting = called(world)
    answer = world.tries(
        "Maya", "review.record", world.taf, **builders.review(mode="meeting", meeting=meeting)
    )
    assert list(answer.errors) == ["meeting"]


def test_the_reading_for_a_review_is_asked_of_its_holder_once(world: World) -> None:
    world.given_a_family()
    chosen = builders.indicator("attendance.few_exclusions", holder=world.ref("Tom"))
    world.does("Maya", "indicator.choose", world.taf, **chosen)
    world.does("Maya", "review.record", world.taf, **builders.review(next_on="2025-03-31"))
    world.when("Mon 31 March", "12:00")

    told = [one for one in world.then("Tom").messages if "is wanted" in one.text]
    assert [one.at.date().isoformat() for one in told] == ["2025-03-24"]
    world.then("Lead Professional").never_sees("is wanted")
