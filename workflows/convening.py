"""Convening a team around a family, from a concern or as a step-down from a statutory plan."""

from __future__ import annotations

from datetime import date
from typing import Any

from storage import families, subjects
from storage.families import Family, TeamAroundFamily
from storage.plan import SupportPlan
from workflows.access import a_convener, the_team
from workflows.assessing import initiate_as
from workflows.checks import check_ahead, check_reference
from workflows.doing import Doing, command
from workflows.family_members import add_person, check_members
from workflows.frameworks import eligibility
from workflows.meetings import schedule_as
from workflows.moves import Moves
from workflows.notices import Welcome
from workflows.plan_actions import agree_as
from workflows.refusals import (
    FamilyKnown,
    LeadOrHold,
    NotForYourAgency,
    ReferrerNeeded,
)
from workflows.team import check_may_join, join
from workflows.telling import open_room, post

MOVES = Moves(
    "team around the family",
    "open",
    {
        "withdraw_consent": "open -> sharing_stopped",
        "resume_sharing": "sharing_stopped -> open",
        "close": "open sharing_stopped -> closed",
    },
)


@command(a_convener)
def convene(
    doing: Doing,
    *,
    family: str | None,
    members: list[dict[str, Any]],
    practitioners: list[dict[str, Any]],
    lead_professional: str | None,
    criteria: list[str],
    referred_by: str | None,
    high_cost: bool | None,
    would_benefit: bool | None,
    assessment: str | None,
    statutory_plan: str,
) -> TeamAroundFamily:
    """Open the work with a family, its private room and its team, all or nothing."""
    taf = _begin(
        doing,
        family=family,
        members=members,
        practitioners=practitioners,
        lead_professional=lead_professional,
        criteria=criteria,
        referred_by=referred_by,
        high_cost=high_cost,
        would_benefit=would_benefit,
        statutory_plan=statutory_plan,
    )
    if assessment:
        initiate_as(doing, taf, assessment, doing.today)
    return taf


@command(a_convener)
def step_down(
    doing: Doing,
    *,
    family: str | None,
    stepped_down_from: str,
    members: list[dict[str, Any]],
    practitioners: list[dict[str, Any]],
    lead_professional: str | None,
    lead_by: date | None,
    criteria: list[str],
    actions: list[dict[str, Any]],
    first_on: date,
    first_at: Any,
    first_mode: str,
    first_place: str | None,
) -> TeamAroundFamily:
    """Step a family down from a statutory plan into a TAF, with what is still to be done.

    The carried actions, the first date and a Lead Professional, or a date by which there will be
    one, are all needed (domain 2.3, ours).
    """
    if lead_professional is None:
        if lead_by is None:
            raise LeadOrHold("lead_by")
        check_ahead(doing, lead_by, "lead_by")
    taf = _begin(
        doing,
        family=family,
        members=members,
        practitioners=practitioners,
        lead_professional=lead_professional,
        criteria=criteria,
        referred_by=None,
        high_cost=None,
        would_benefit=None,
        statutory_plan="none",
    )
    taf.stepped_down_from = stepped_down_from
    taf.lead_wanted_by = None if lead_professional else lead_by
    schedule_as(
        doing,
        taf,
        purpose="initial",
        mode=first_mode,
        on=first_on,
        at=first_at,
        place=first_place,
        invite=[one.person for one in taf.team if one.state == "joined"],
        field="first_on",
    )
    for row in actions:
        made = agree_as(doing, taf, row, f"actions-{row['row']}-")
        doing.made.setdefault("actions", {})[row["row"]] = made
    return taf


def _begin(
    doing: Doing,
    *,
    family: str | None,
    members: list[dict[str, Any]],
    practitioners: list[dict[str, Any]],
    lead_professional: str | None,
    criteria: list[str],
    referred_by: str | None,
    high_cost: bool | None,
    would_benefit: bool | None,
    statutory_plan: str,
) -> TeamAroundFamily:
    _check_criteria(doing, criteria, referred_by)
    kept = _family(doing, family)
    taf = doing.add(
        TeamAroundFamily(
            family_id=kept.id,
            framework=doing.office.framework.id,
            criteria=criteria,
            referred_by=referred_by,
            high_cost=high_cost,
            would_benefit=would_benefit,
            statutory_plan=statutory_plan,
            convened_at=doing.now,
            convened_by_id=doing.person.id,
            assessment_due_on=doing.days.add(doing.today, doing.policy.assessments.within),
            review_due_on=None,
            lead_vacant_since=doing.today,
        )
    )
    doing.session.expire(kept, ["tafs"])
    taf.plan = doing.add(SupportPlan(taf_id=taf.id))
    check_members(kept, members)
    for row in members:
        made = add_person(doing, taf, row, f"members-{row['row']}-")
        doing.made.setdefault("members", {})[row["row"]] = made
    open_room(doing, taf)
    _gather(doing, taf, practitioners, lead_professional)
    post(
        doing,
        Welcome(
            about=taf.ref,
            reference=taf.reference,
            lead=taf.lead.name if taf.lead else "",
            banner=doing.policy.safeguarding.banner,
            assessment_due_on=taf.assessment_due_on,
        ),
        taf,
    )
    return taf


def _family(doing: Doing, reference: str | None) -> Family:
    if reference:
        reference = reference.upper()
        check_reference(reference, "family")
        known = families.family_of_reference(doing.session, reference)
        if known is None:
            return doing.add(Family(reference=reference, made_at=doing.now))
        if known.tafs and known.tafs[-1].state != "closed":
            raise FamilyKnown("family", reference=reference)
        return known
    while True:
        reference = doing.office.new_reference()
        if families.family_of_reference(doing.session, reference) is None:
            return doing.add(Family(reference=reference, made_at=doing.now))


def _check_criteria(doing: Doing, criteria: list[str], referred_by: str | None) -> None:
    judged = any(doing.office.framework.criterion(one).professional_judgement for one in criteria)
    if judged and not referred_by:
        raise ReferrerNeeded("referred_by")


def _gather(doing: Doing, taf: Any, practitioners: list[dict[str, Any]], lead: str | None) -> None:
    wanted = [(f"practitioners-{row['row']}-person", row["person"]) for row in practitioners]
    if lead:
        wanted.insert(0, ("lead_professional", lead))
    found = {}
    for field, ref in wanted:
        person = subjects.find(doing.session, ref)
        check_may_join(doing, person, field)
        found[person.id] = person
    if lead:
        leader = subjects.find(doing.session, lead)
        check_may_lead(doing, leader, "lead_professional")
        taf.lead_id, taf.lead_vacant_since = leader.id, None
    for person in found.values():
        join(doing, taf, person)
    doing.session.flush()
    doing.session.expire(taf, ["lead", "team"])


def check_may_lead(doing: Doing, person: Any, field: str) -> None:
    """A Lead Professional comes from an agency that agreed to lead."""
    agency = doing.policy.agencies.get(person.agency)
    if agency is None or not agency.can_lead:
        raise NotForYourAgency(field)


@command(the_team)
def record_criteria(
    doing: Doing,
    taf: Any,
    *,
    criteria: list[str],
    referred_by: str | None,
    high_cost: bool | None,
    would_benefit: bool | None,
) -> None:
    """Record which criteria the family meets now; later needs count too (Surrey 2015)."""
    _check_criteria(doing, criteria, referred_by)
    doing.edit(
        taf,
        criteria=criteria,
        referred_by=referred_by,
        high_cost=high_cost,
        would_benefit=would_benefit,
    )


def eligible(doing_framework: Any, taf: Any) -> Any:
    """Whether the family is eligible under the framework, and why, in a sentence."""
    return eligibility(doing_framework, taf.criteria)
