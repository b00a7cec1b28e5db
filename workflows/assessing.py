"""The whole-family assessment: initiated by one, contributed to by many, completed by one."""

from __future__ import annotations

from datetime import date
from typing import Any

from storage.assessments import Assessment, Contribution
from workflows.access import an_assessor, the_team
from workflows.checks import check_gone_by
from workflows.doing import Doing, command
from workflows.moves import Moves
from workflows.notices import AssessmentCompleted, AssessmentStarted
from workflows.telling import post

MOVES = Moves(
    "assessment",
    "initiated",
    {
        "contribute": "initiated contributing -> contributing",
        "complete_assessment": "initiated contributing -> completed",
    },
)


def initiate_as(doing: Doing, taf: Any, kind: str, on: date) -> Assessment:
    """Begin an assessment inside another command."""
    made = doing.add(
        Assessment(taf_id=taf.id, type=kind, initiated_by_id=doing.person.id, initiated_on=on)
    )
    doing.session.expire(taf, ["assessments"])
    post(
        doing,
        AssessmentStarted(
            about=made.ref,
            reference=taf.reference,
            by=doing.person.name,
            due_on=taf.assessment_due_on,
        ),
        taf,
    )
    return made


@command(the_team)
def initiate_assessment(doing: Doing, taf: Any, *, assessment: str, started_on: date) -> Assessment:
    """Initiate the assessment: most agencies can, even where they cannot complete it (seed 3)."""
    check_gone_by(doing, started_on, "started_on")
    return initiate_as(doing, taf, assessment, started_on)


@command(the_team, MOVES)
def contribute(doing: Doing, assessment: Any, *, words: str, **answers: Any) -> None:
    """Give what your agency knows to the assessment, with the agency's own questions."""
    kept = {name: str(value) for name, value in answers.items() if value is not None}
    doing.add(
        Contribution(
            assessment_id=assessment.id,
            person_id=doing.person.id,
            words=words,
            answers=kept,
            given_at=doing.now,
        )
    )
    doing.move(MOVES, "contribute", assessment)


@command(an_assessor, MOVES)
def complete_assessment(doing: Doing, assessment: Any, *, completed_on: date) -> None:
    """Complete the assessment; the first TAF meeting is due from here."""
    check_gone_by(doing, completed_on, "completed_on")
    doing.move(
        MOVES,
        "complete_assessment",
        assessment,
        completed_on=completed_on,
        completed_by_id=doing.person.id,
    )
    taf = assessment.taf
    if not any(meeting.state == "held" for meeting in taf.meetings):
        due = doing.days.add(completed_on, doing.policy.meetings.first_within)
        doing.edit(taf, first_taf_due_on=max(due, doing.today))
    post(
        doing,
        AssessmentCompleted(
            about=taf.ref,
            reference=taf.reference,
            by=doing.person.name,
            first_taf_due_on=taf.first_taf_due_on,
        ),
        taf,
    )
