"""A family has no Lead Professional."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from storage.families import TeamAroundFamily
from workflows.notice import Notice
from workflows.policy import Policy
from workflows.rule import Step
from workflows.working_days import WorkingDays

SUBJECT = "taf"
MATTER = "lead"


@dataclass(frozen=True, kw_only=True)
class NoLeadProfessional(Notice):
    """Nobody leads; the co-ordinators find somebody, and then the supervisors hear of it."""

    since: date
    wanted_by: date | None


def steps(taf: TeamAroundFamily, policy: Policy, days: WorkingDays) -> Iterator[Step]:
    """To the co-ordinators on the next working day, to supervisors when it has gone on.

    How long is app.yaml's reminders.lead_vacant (no lead for more than five working days is a
    stuck trigger, domain 2.5). A step-down's timed vacancy is respected until its date.
    """
    if taf.lead is not None or taf.lead_vacant_since is None:
        return
    since, wanted_by = taf.lead_vacant_since, taf.lead_wanted_by
    says = NoLeadProfessional(
        about=taf.ref, reference=taf.reference, since=since, wanted_by=wanted_by
    )
    first = days.next_working_day(wanted_by or since)
    yield Step(first, "co_ordinator", says, "co_ordinator")
    late = days.add(wanted_by or since, policy.reminders.lead_vacant)
    yield Step(days.next_working_day(late), "supervisor", says, "supervisor")
