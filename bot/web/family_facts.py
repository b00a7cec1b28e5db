"""What the page of a family and its team shows."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.web.describe import state
from bot.web.offers import all_offers, offers
from bot.web.visit import Visit
from workflows.frameworks import eligibility, framework
from workflows.team import agency_name


def family_facts(visit: Visit, taf: Any) -> dict[str, Any]:
    """Everything on the page."""
    kept = framework(taf.framework)
    return {
        "framework": kept,
        "eligibility": eligibility(_as_used(visit, kept), taf.criteria),
        "members": [_member(visit, one) for one in _members(taf)],
        "assessments": [_assessment(visit, one) for one in taf.assessments],
        "team": _team(visit, taf),
        "proposals": [
            {"member": one, "offers": all_offers(visit, one, "family"), **_whose(visit, one.person)}
            for one in taf.team
            if one.state == "proposed"
        ],
        "gone": [
            {"member": one, "state": state(visit, one), **_whose(visit, one.person)}
            for one in taf.team
            if one.state in {"left", "declined"}
        ],
        "handovers": [
            {
                "handover": one,
                "state": state(visit, one),
                "offers": all_offers(visit, one, "family"),
            }
            for one in reversed(taf.handovers)
        ],
        "help": [
            {"request": one, "state": state(visit, one), "offers": all_offers(visit, one, "family")}
            for one in reversed(taf.help_requests)
        ],
        "actions": _grouped(visit, taf),
    }


def _as_used(visit: Visit, kept: Any) -> Any:
    """The framework the way the partnership reads it, where the family is counted under it."""
    used = visit.doing.office.framework
    return used if used.id == kept.id else kept


def _members(taf: Any) -> list[Any]:
    """The family as this piece of work knew it: nobody who joined after it was closed."""
    end: date | None = taf.closed_on
    return [one for one in taf.members if end is None or one.joined_on <= end]


def _member(visit: Visit, member: Any) -> dict[str, Any]:
    return {
        "member": member,
        "basis": member.basis,
        "withdrawn": [one for one in member.consents if one.withdrawn_on],
        "offers": all_offers(visit, member, "family"),
    }


def _assessment(visit: Visit, one: Any) -> dict[str, Any]:
    return {
        "assessment": one,
        "state": state(visit, one),
        "offers": all_offers(visit, one, "family"),
        "contributions": [
            {
                "by": each.person.name,
                "agency": agency_name(visit.doing, each.person),
                "at": visit.days.local(each.given_at),
                "words": each.words,
                "answers": _own_answers(visit, each),
            }
            for each in one.contributions
        ],
    }


def _own_answers(visit: Visit, contribution: Any) -> list[tuple[str, str]]:
    """An agency's own questions, and what it answered."""
    agency = visit.doing.policy.agencies.get(contribution.person.agency)
    labels = {one.id: one.label for one in agency.fields} if agency else {}
    return [(labels.get(name, name), value) for name, value in contribution.answers.items()]


def _whose(visit: Visit, person: Any) -> dict[str, Any]:
    return {"name": person.name, "job": person.job, "agency": agency_name(visit.doing, person)}


def _team(visit: Visit, taf: Any) -> list[dict[str, Any]]:
    return [
        {
            "member": one,
            "leads": one.person_id == taf.lead_id,
            "state": state(visit, one),
            "offers": all_offers(visit, one, "family"),
            **_whose(visit, one.person),
        }
        for one in taf.team
        if one.state in {"joined", "away"}
    ]


def _grouped(visit: Visit, taf: Any) -> dict[str, Any]:
    """The commands on the family's work, each beside what it is about."""
    groups = {
        "family": ("taf.add_family_member",),
        "criteria": ("taf.record_criteria",),
        "assessment": ("assessment.initiate",),
        "team": ("taf.add_member",),
        "lead": ("lead.hand_over", "lead.give_up"),
        "review": ("review.record",),
        "help": ("help.ask",),
        "close": ("taf.close",),
        "sharing": ("consent.resume_sharing",),
    }
    return {name: offers(visit, names, taf, "family") for name, names in groups.items()}
