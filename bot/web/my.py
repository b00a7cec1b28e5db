"""My work across families, and the supervisors' page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot.web.cards import posted
from bot.web.describe import facts, meeting_title, state
from bot.web.offers import all_offers, offers
from bot.web.page import show
from bot.web.people import sentence as unknown
from bot.web.undelivered import sentence as undelivered
from bot.web.visit import NothingHere, Visit, visiting
from storage import meetings, plan, rooms, supervision
from workflows.access import may_look

router = APIRouter()

PAGE = 10
Before = Annotated[int | None, Query(ge=1, le=10**15)]


@router.get("/my")
def my(request: Request, before: Before = None) -> Response:
    """My actions, my messages, my meetings, my days away."""
    with visiting(request) as visit:
        person = visit.person
        found = rooms.posts(visit.session, person_id=person.id, before=before, limit=PAGE + 1)
        return show(
            visit,
            "my.html",
            undelivered=undelivered(visit),
            unknown=unknown(visit),
            actions=[
                {
                    "action": one,
                    "state": state(visit, one),
                    "offers": all_offers(visit, one, "my"),
                }
                for one in plan.open_actions_of(visit.session, person)
                if may_look(person, one.taf)
            ],
            messages=posted(visit, found[:PAGE], "my"),
            older=found[PAGE - 1].id if len(found) > PAGE else None,
            before=before,
            meetings=_meetings(visit),
            away=[one for one in person.leave if one.last_day >= visit.doing.today],
            leave=offers(visit, ("my.take_leave",), None, "my"),
        )


def _meetings(visit: Visit) -> list[dict[str, Any]]:
    now: datetime = visit.now
    return [
        {
            "meeting": one,
            "title": meeting_title(visit, one),
            "offers": offers(visit, ("meeting.reply",), one, "my"),
            "reply": next(
                (each.reply for each in one.invitations if each.person_id == visit.person.id), None
            ),
        }
        for one in meetings.upcoming_for(visit.session, visit.person, now)
        if may_look(visit.person, one.taf)
    ]


@router.get("/supervision")
def supervisors(request: Request, before: Before = None) -> Response:
    """Teams that are stuck, for supervisors: what they ask, and the supervisors' room."""
    with visiting(request) as visit:
        if "supervisor" not in visit.person.roles:
            raise NothingHere
        room = rooms.named(visit.session, rooms.SUPERVISION)
        found = (
            rooms.posts(visit.session, room_id=room.id, before=before, limit=PAGE + 1)
            if room
            else []
        )
        waiting = supervision.waiting(visit.session)
        for one in waiting:
            visit.note_read(one.taf, "supervision")
        return show(
            visit,
            "supervision.html",
            waiting=[
                {
                    "request": one,
                    "facts": facts(visit, one),
                    "offers": offers(visit, ("help.answer",), one, "supervision"),
                }
                for one in waiting
            ],
            messages=posted(visit, found[:PAGE], "supervision"),
            older=found[PAGE - 1].id if len(found) > PAGE else None,
            before=before,
        )
