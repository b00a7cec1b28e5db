"""Families, actions and meetings that live in no database: what a rule is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from storage.assessments import Assessment
from storage.consents import Consent
from storage.families import Family, FamilyMember, TeamAroundFamily
from storage.indicators import Indicator, Reading
from storage.meetings import Invitation, TafMeeting
from storage.people import Person
from storage.plan import Action
from storage.reviews import Review
from storage.team import TeamMember
from workflows.policy import Policy, load_policy
from workflows.rule import Step
from workflows.working_days import WorkingDays

POLICY = load_policy((Path(__file__).parents[2] / "app.yaml").read_text(encoding="utf-8"))
DAYS = WorkingDays.of(POLICY)

MAYA = Person(id=1, name="Maya", agency="childrens-centre", roles=[])
ASHA = Person(id=2, name="Asha", agency="housing", roles=[])
TOM = Person(id=3, name="Tom", agency="secondary-school", roles=[])


def day(words: str, year: int = 2026) -> date:
    """A day as people write it: "Tue 3 March"; the weekday must be right."""
    found = datetime.strptime(f"{words} {year}", "%a %d %B %Y").date()  # noqa: DTZ007
    assert f"{found:%a}" == words[:3], f"{words} {year} is a {found:%A}"
    return found


def at(words: str, clock: str, year: int = 2026) -> datetime:
    """A moment on the partnership's clock."""
    return DAYS.instant(day(words, year), time.fromisoformat(clock))


def a_taf(
    lead: Person | None = MAYA, *, team: tuple[Person, ...] = (MAYA, ASHA, TOM), **facts: Any
) -> TeamAroundFamily:
    """Open work with F-1042, its assessment due on a far day."""
    usual = {
        "id": 1,
        "state": "open",
        "framework": "TF-2015",
        "convened_at": datetime(2026, 3, 2, 9, tzinfo=UTC),
        "assessment_due_on": day("Tue 1 December"),
        "family": Family(id=1, reference="F-1042"),
    }
    taf = TeamAroundFamily(lead=lead, **(usual | facts))
    taf.team = [TeamMember(id=one.id, person=one, state="joined") for one in team]
    return taf


def an_action(due: date, owner: Person | None = ASHA, **facts: Any) -> Action:
    """Action 4 of the family's plan, open."""
    taf = facts.pop("taf", None) or a_taf()
    return Action(
        **(
            {"id": 4, "number": 4, "state": "open", "taf": taf, "due_on": due, "owner": owner}
            | facts
        )
    )


def a_meeting(starts_at: datetime | None, *invited: Person, **facts: Any) -> TafMeeting:
    """A scheduled first meeting, to which people are invited and have not replied."""
    taf = facts.pop("taf", None) or a_taf()
    usual: dict[str, Any] = {
        "id": 7,
        "state": "scheduled" if starts_at else "proposed",
        "purpose": "initial",
        "mode": "online",
        "taf": taf,
        "starts_at": starts_at,
        "arranged_by": MAYA,
    }
    if starts_at:
        usual["on"] = DAYS.today(starts_at)
    meeting = TafMeeting(**(usual | facts))
    meeting.invitations = [Invitation(person=one) for one in invited or (ASHA, TOM)]
    return meeting


def a_member(
    label: str, joined: date, taf: TeamAroundFamily, basis: str | None = None
) -> FamilyMember:
    """Somebody in the family of this work."""
    member = FamilyMember(label=label, stage="adult", joined_on=joined, family=taf.family)
    if basis:
        recorded = datetime.combine(joined, time(12), UTC)
        member.consents = [Consent(basis=basis, given_on=joined, recorded_at=recorded)]
    return member


def an_indicator(taf: TeamAroundFamily, holder: Person | None = TOM, **facts: Any) -> Indicator:
    """Indicator 2, followed since the first of March, never read."""
    usual = {
        "id": 5,
        "number": 2,
        "state": "followed",
        "measure": "attendance.few_exclusions",
        "starts_on": day("Sun 1 March"),
    }
    return Indicator(taf=taf, holder=holder, **(usual | facts))


def read_on(indicator: Indicator, on: date) -> None:
    """A reading of the indicator."""
    indicator.readings.append(Reading(value=None, on=on))


def reviewed_on(taf: TeamAroundFamily, on: date) -> None:
    """A review of the work."""
    taf.reviews.append(Review(on=on))


def assessed(taf: TeamAroundFamily, state: str) -> None:
    """An assessment of the family in this state."""
    taf.assessments.append(Assessment(state=state))


def policy(**settings: dict[str, Any]) -> Policy:
    """The partnership's settings with some changed."""
    path = Path(__file__).parents[2] / "app.yaml"
    return load_policy(path.read_text(encoding="utf-8"), "app.yaml", settings)


def closed_on(*closures: date) -> WorkingDays:
    """The calendar with other closure days."""
    return replace(DAYS, closures=frozenset(closures))


def spoken(
    rule: Any, subject: Any, *, by: Policy = POLICY, days: WorkingDays = DAYS
) -> list[tuple[Any, str]]:
    """When a rule speaks about a subject, and to whom, in order."""
    return [(step.at, to_whom(step)) for step in rule.steps(subject, by, days)]


def to_whom(step: Step) -> str:
    """A practitioner's name, or the name of a role."""
    return step.to if isinstance(step.to, str) else str(step.to.name)
