"""A family's review is late: it climbs the ladder."""

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
MATTER = "review"


@dataclass(frozen=True, kw_only=True)
class ReviewLate(Notice):
    """The plan should have been reviewed by now."""

    due_on: date
    after: str
    rung: str


def steps(taf: TeamAroundFamily, policy: Policy, days: WorkingDays) -> Iterator[Step]:
    """One step a rung (app.yaml: ladder), counted from the date the review was due."""
    if taf.review_due_on is None:
        return
    for on, to, rung, after in climb(taf.review_due_on, taf.lead, taf, policy, days):
        yield Step(
            on,
            to,
            ReviewLate(
                about=taf.ref,
                reference=taf.reference,
                due_on=taf.review_due_on,
                after=str(after),
                rung=rung,
            ),
            rung,
        )
