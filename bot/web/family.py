"""A family's pages beside its room: the plan, meetings, indicators, the family and its history."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot.web import answers, late
from bot.web.describe import State, meeting_title, owner, state
from bot.web.family_facts import family_facts
from bot.web.offers import all_offers, offers
from bot.web.page import show
from bot.web.trend import trend
from bot.web.visit import FamilyName, Visit, visiting
from messages import words
from storage import audit
from workflows.frameworks import framework
from workflows.indicators import progress

router = APIRouter()

PAGE = 25
FOR_MEETINGS = ("meeting.record", "meeting.reply", "meeting.reschedule", "meeting.cancel")
"""The commands on a meeting, the likeliest first."""
LISTS = {
    "family_plan": "The family’s plan",
    "professional_task": "Professionals’ tasks, kept off the family’s plan",
}


@router.get("/families/{name}/plan")
def plan(request: Request, name: FamilyName) -> Response:
    """The plan: what is to be different, and who does what by when."""
    with visiting(request) as visit:
        taf = visit.family(name, "plan")
        needs = {need.id: need.name for need in framework(taf.framework).needs}
        loose = [one for one in taf.actions if one.outcome_id is None]
        return show(
            visit,
            "plan.html",
            **_head(visit, taf, "plan"),
            plan_state=state(visit, taf.plan),
            offers=[
                *all_offers(visit, taf.plan, "plan"),
                *offers(visit, ("outcome.agree", "action.agree", "review.record"), taf, "plan"),
            ],
            outcomes=[
                {"outcome": one, "need": needs.get(one.need), "lists": _lists(visit, one.actions)}
                for one in taf.outcomes
            ],
            loose=_lists(visit, loose),
        )


def _head(visit: Visit, taf: Any, here: str) -> dict[str, Any]:
    return {"taf": taf, "here": here, "taf_state": state(visit, taf)}


def _lists(visit: Visit, actions: list[Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The family's own actions and the professionals' tasks, apart; what is done comes last."""
    found = []
    for name, heading in LISTS.items():
        mine = [one for one in actions if one.list == name]
        mine.sort(key=lambda one: (not one.is_open, one.due_on, one.number))
        if mine:
            found.append((heading, [_action(visit, one) for one in mine]))
    return found


def _action(visit: Visit, action: Any) -> dict[str, Any]:
    return {
        "action": action,
        "owner": owner(action),
        "state": state(visit, action),
        "offers": all_offers(visit, action, "plan"),
    }


@router.get("/families/{name}/meetings")
def meetings(request: Request, name: FamilyName) -> Response:
    """The meetings: who replied, who came, what was said and decided."""
    with visiting(request) as visit:
        taf = visit.family(name, "meetings")
        return show(
            visit,
            "meetings.html",
            **_head(visit, taf, "meetings"),
            offers=offers(visit, ("meeting.schedule",), taf, "meetings"),
            meetings=[
                {
                    "meeting": one,
                    "title": meeting_title(visit, one),
                    "state": state(visit, one),
                    "offers": offers(visit, FOR_MEETINGS, one, "meetings"),
                    "actions": [each for each in taf.actions if each.meeting_id == one.id],
                }
                for one in sorted(taf.meetings, key=lambda one: (one.on, one.id), reverse=True)
            ],
        )


@router.get("/families/{name}/indicators")
def indicators(request: Request, name: FamilyName) -> Response:
    """The indicators: where things began, where they are meant to get to, where they are."""
    with visiting(request) as visit:
        taf = visit.family(name, "indicators")
        return show(
            visit,
            "indicators.html",
            **_head(visit, taf, "indicators"),
            offers=offers(visit, ("indicator.choose",), taf, "indicators"),
            indicators=[
                {
                    "indicator": one,
                    "state": state(visit, one),
                    "progress": progress(one),
                    "met": _met(one),
                    "target": _target(one),
                    "trend": trend(one),
                    "offers": all_offers(visit, one, "indicators"),
                }
                for one in taf.indicators
            ],
        )


def _target(indicator: Any) -> str:
    """What an indicator is to come to: "At most £300"."""
    amount = words.amount(indicator.target, indicator.unit)
    way = {"lower": "at most ", "higher": "at least "}.get(indicator.better, "")
    return words.sentence(f"{way}{amount}")


def _met(indicator: Any) -> State:
    found = progress(indicator)
    if found.relapsed:
        return State("Was met, and is not any more", "red")
    if found.met is None:
        return State("No reading yet")
    return State("Target met", "green") if found.met else State("Target not met yet", "yellow")


@router.get("/families/{name}/family")
def family(request: Request, name: FamilyName) -> Response:
    """The family and its team: who they are, on which basis, who leads, what was reviewed."""
    with visiting(request) as visit:
        taf = visit.family(name, "family")
        content = family_facts(visit, taf)
        return show(
            visit,
            "family.html",
            **_head(visit, taf, "family"),
            **content,
            late=late.late(visit, taf),
        )


@router.get("/families/{name}/history")
def history(
    request: Request,
    name: FamilyName,
    before: Annotated[int | None, Query(ge=1, le=10**15)] = None,
) -> Response:
    """Who did what, and when."""
    with visiting(request) as visit:
        taf = visit.family(name, "history")
        found = audit.history(visit.session, taf.id, before=before, limit=PAGE + 1)
        return show(
            visit,
            "history.html",
            **_head(visit, taf, "history"),
            entries=[answers.entry(visit, one, taf) for one in found[:PAGE]],
            older=found[PAGE - 1].id if len(found) > PAGE else None,
            before=before,
        )
