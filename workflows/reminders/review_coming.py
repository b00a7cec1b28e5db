"""A family's review is coming and no meeting is arranged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from storage.families import TeamAroundFamily
from workflows.notice import Notice
from workflows.policy import Policy
from workflows.rule import Step, day_before
from workflows.working_days import WorkingDays

SUBJECT = "taf"
MATTER = "review"


@dataclass(frozen=True, kw_only=True)
class ReviewComing(Notice):
    """The plan is to be reviewed soon; it is told to the Lead Professional."""

    due_on: date


def steps(taf: TeamAroundFamily, policy: Policy, days: WorkingDays) -> Iterator[Step]:
    """Once, some working days before (app.yaml: reminders.review_coming)."""
    if taf.review_due_on is None:
        return
    arranged = any(meeting.state == "scheduled" for meeting in taf.meetings)
    if not arranged:
        yield Step(
            day_before(taf.review_due_on, policy.reminders.review_coming, days),
            taf.lead or "co_ordinator",
            ReviewComing(about=taf.ref, reference=taf.reference, due_on=taf.review_due_on),
        )
