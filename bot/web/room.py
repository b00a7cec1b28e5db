"""A family's room: its messages as they were posted, and new ones as they arrive."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from bot.web import late
from bot.web.cards import posted
from bot.web.describe import meeting_title, state
from bot.web.offers import all_offers, offers
from bot.web.page import show, show_anybody
from bot.web.visit import FamilyName, NothingHere, Visit, visiting
from storage import families, rooms, undelivered
from workflows.access import may_look

router = APIRouter()

PAGE = 20
FIRST = ("action.agree", "meeting.schedule", "help.ask", "consent.resume_sharing")
"""What people do most in a room: these stand first, the rest behind "More"."""

Number = Annotated[int, Path(ge=0, le=10**15)]
SINCE = "%Y%m%dT%H%M%S.%fZ"
_BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)


@router.get("/families/{name}")
def room(
    request: Request,
    name: FamilyName,
    before: Annotated[int | None, Query(ge=1, le=10**15)] = None,
) -> Response:
    """The room of a family, newest message first."""
    with visiting(request) as visit:
        taf = visit.family(name, "room")
        room_id = taf.room.id if taf.room else 0
        found = rooms.posts(visit.session, room_id=room_id, before=before, limit=PAGE + 1)
        quick = all_offers(visit, taf, "room")
        return show(
            visit,
            "room.html",
            taf=taf,
            here="room",
            taf_state=state(visit, taf),
            messages=posted(visit, found[:PAGE], "room"),
            newest=found[0].id if found else 0,
            older=found[PAGE - 1].id if len(found) > PAGE else None,
            before=before,
            since=_since(rooms.last_edit(visit.session, room_id)),
            first=[one for one in quick if one.command in FIRST],
            rest=[one for one in quick if one.command not in FIRST],
            late=late.late(visit, taf),
            next=_next(visit, taf),
            to_make=_to_make(visit, taf),
        )


def _since(edited: datetime | None) -> str:
    return (edited or _BEGINNING).astimezone(UTC).strftime(SINCE)


def _moment(since: str) -> datetime:
    try:
        return datetime.strptime(since, SINCE).replace(tzinfo=UTC)
    except ValueError:
        raise NothingHere from None


def _next(visit: Visit, taf: Any) -> dict[str, Any] | None:
    meeting = late.next_meeting(taf)
    if meeting is None:
        return None
    names = ("meeting.record", "meeting.reply", "meeting.reschedule")
    return {
        "meeting": meeting,
        "title": meeting_title(visit, meeting),
        "state": state(visit, meeting),
        "offers": offers(visit, names, meeting, "room"),
    }


@router.get("/families/{name}/room/after/{number}")
def newer(
    request: Request,
    name: FamilyName,
    number: Number,
    since: Annotated[str, Query(pattern=r"^[0-9]{8}T[0-9]{6}\.[0-9]{6}Z$")] = "",
) -> Response:
    """The messages after one, and those edited after a moment: a piece of the room's page."""
    with visiting(request) as visit:
        taf = families.taf_of_name(visit.session, name)
        if taf is None or not may_look(visit.person, taf):
            raise NothingHere
        room_id = taf.room.id if taf.room else 0
        found = rooms.posts(visit.session, room_id=room_id, after=number, limit=PAGE)
        edited = (
            rooms.edited_after(visit.session, room_id, _moment(since), until=number)
            if since
            else []
        )
        return show_anybody(
            request,
            "room_news.html",
            taf=taf,
            messages=posted(visit, found, "room"),
            edited=posted(visit, edited, "room"),
            newest=found[0].id if found else number,
            since=_since(rooms.last_edit(visit.session, room_id)),
        )


def _to_make(visit: Visit, taf: Any) -> str:
    """What has to be done by hand before the family has a room, blank where nothing has."""
    if taf.room is None or taf.room.state == "open" or not visit.doing.office.rooms_by_hand:
        return ""
    opening = undelivered.opening(visit.session, taf.room.id)
    return opening.why or "" if opening is not None and opening.state == "dead" else ""
