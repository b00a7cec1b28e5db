"""Somebody in a family has no recorded consent or other lawful basis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storage.families import TeamAroundFamily
from workflows.notice import Notice
from workflows.policy import Policy
from workflows.rule import Step
from workflows.working_days import WorkingDays

SUBJECT = "taf"
MATTER = "consent"


@dataclass(frozen=True, kw_only=True)
class ConsentMissing(Notice):
    """How many family members have no lawful basis recorded; told to the Lead Professional."""

    missing: int


def steps(taf: TeamAroundFamily, policy: Policy, days: WorkingDays) -> Iterator[Step]:
    """Once a family member, some working days after they joined (reminders.consent_missing)."""
    missing = [member for member in taf.members if member.basis is None]
    for on in sorted(
        {days.add(member.joined_on, policy.reminders.consent_missing) for member in missing}
    ):
        yield Step(
            on,
            taf.lead or "co_ordinator",
            ConsentMissing(about=taf.ref, reference=taf.reference, missing=len(missing)),
        )
