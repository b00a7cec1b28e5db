"""What could not be delivered, for those who see to it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot.commands import COMMANDS
from bot.web.dead_letters import facts, what
from bot.web.offers import all_offers
from bot.web.page import show
from bot.web.visit import NothingHere, Visit, visiting
from messages import words
from storage import inbox, undelivered

router = APIRouter()

PAGE = 25
MOST_EVENTS = 25


@router.get("/undelivered")
def page(
    request: Request, before: Annotated[int | None, Query(ge=1, le=10**15)] = None
) -> Response:
    """What could not be delivered, newest first: all of it, or that of the families one leads."""
    with visiting(request) as visit:
        if not _sees_to_all(visit) and not undelivered.leads_anywhere(visit.session, visit.person):
            raise NothingHere
        found = undelivered.listed(visit.session, _whose(visit), before=before, limit=PAGE + 1)
        for taf in {one.taf_id: one.taf for one in found[:PAGE] if one.taf}.values():
            visit.note_read(taf, "undelivered")
        return show(
            visit,
            "undelivered.html",
            dead=[_row(visit, one) for one in found[:PAGE]],
            older=found[PAGE - 1].id if len(found) > PAGE else None,
            before=before,
            events=_events(visit) if _sees_to_all(visit) and not before else [],
        )


def sentence(visit: Visit) -> str:
    """How many things this person could see to: blank where there are none."""
    count = undelivered.count(visit.session, _whose(visit))
    if not count:
        return ""
    return words.sentence(f"{words.count(count, 'message')} could not be delivered")


def _sees_to_all(visit: Visit) -> bool:
    return "co-ordinator" in visit.person.roles


def _whose(visit: Visit) -> Any:
    """The Lead Professional whose families are meant, None for all."""
    return None if _sees_to_all(visit) else visit.person


def _row(visit: Visit, delivery: Any) -> dict[str, Any]:
    taf = delivery.taf
    return {
        "delivery": delivery,
        "what": what(visit, delivery),
        "facts": facts(visit, delivery),
        "reference": taf.reference if taf else "",
        "address": f"/families/{taf.name}" if taf and visit.sees(delivery) else "",
        "stays": _stays(visit, delivery),
        "offers": all_offers(visit, delivery, "undelivered"),
    }


def _stays(visit: Visit, delivery: Any) -> str:
    """Why it cannot be tried again now: blank where it can."""
    refused = COMMANDS["delivery.try_again"].does.refusal(visit.doing, delivery)
    return visit.desk.assistant.boundary.said(refused) if refused else ""


def _events(visit: Visit) -> list[dict[str, Any]]:
    """What came in and could not be worked on, without a word of what it held."""
    return [
        {
            "what": _came(one),
            "platform": words.sentence(one.platform),
            "why": one.why,
            "at": visit.days.local(one.received_at),
        }
        for one in inbox.dead(visit.session, MOST_EVENTS)
    ]


def _came(event: Any) -> str:
    command = COMMANDS.get(event.command or "")
    if command is not None:
        return command.form.label
    return "A press" if event.kind == "press" else words.sentence(event.kind.replace("_", " "))
