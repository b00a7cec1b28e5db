"""A family's first TAF meeting is late: it climbs the ladder."""

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
MATTER = "first_taf"


@dataclass(frozen=True, kw_only=True)
class FirstTafLate(Notice):
    """The team should have met the family by now."""

    due_on: date
    after: str
    rung: str


def steps(taf: TeamAroundFamily, policy: Policy, days: WorkingDays) -> Iterator[Step]:
    """One step a rung (app.yaml: ladder), counted from the date the first meeting was due."""
    if taf.first_taf_due_on is None:
        return
    for on, to, rung, after in climb(taf.first_taf_due_on, taf.lead, taf, policy, days):
        yield Step(
            on,
            to,
            FirstTafLate(
                about=taf.ref,
                reference=taf.reference,
                due_on=taf.first_taf_due_on,
                after=str(after),
                rung=rung,
            ),
            rung,
        )
