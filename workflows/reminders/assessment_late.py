"""A family's assessment is late: it climbs the ladder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from storage.families import TeamAroundFamily
from workflows.notice import Notice
from workflows.policy import Policy
from workflows.rule import Step, climb
from workflows.working_days import WorkingDays

SUBJECT = "taf"
MATTER = "assessment"


@dataclass(frozen=True, kw_only=True)
class AssessmentLate(Notice):
    """The whole-family assessment should have been completed by now."""

    due_on: date
    after: str
    rung: str


def steps(taf: TeamAroundFamily, policy: Policy, days: WorkingDays) -> Iterator[Step]:
    """One step a rung (app.yaml: ladder), counted from the date it was due."""
    if any(assessment.state == "completed" for assessment in taf.assessments):
        return
    for on, to, rung, after in climb(taf.assessment_due_on, taf.lead, taf, policy, days):
        yield Step(
            on,
            to,
            AssessmentLate(
                about=taf.ref,
                reference=taf.reference,
                due_on=taf.assessment_due_on,
                after=str(after),
                rung=rung,
            ),
            rung,
        )
