"""My families: where each stands, and what waits for me."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.web import late
from bot.web.describe import State, meeting_title, state
from bot.web.offers import offers
from bot.web.page import show
from bot.web.visit import Visit, visiting
from storage import families, team
from workflows.access import may_look

router = APIRouter()


@dataclass(frozen=True)
class Line:
    """One family, in a few words."""

    taf: Any
    name: str
    open: bool
    """Whether this person may open its pages."""
    state: State | None
    role: str
    lead: str
    meeting: str
    actions: int
    overdue: int
    late: list[str]


@router.get("/")
def home(request: Request) -> Response:
    """The families on whose teams this person is."""
    with visiting(request) as visit:
        lines = [_line(visit, taf) for taf in team.tafs_of(visit.session, visit.person)]
        vacant = []
        if "co-ordinator" in visit.person.roles:
            vacant = [
                (taf, offers(visit, ("lead.hand_over",), taf, "home"))
                for taf in families.open_without_lead(visit.session)
            ]
        return show(
            visit,
            "home.html",
            open=[one for one in lines if one.taf.state != "closed"],
            closed=[one for one in lines if one.taf.state == "closed"],
            begin=offers(visit, ("taf.convene", "taf.step_down"), None, "home"),
            vacant=vacant,
        )


def _line(visit: Visit, taf: Any) -> Line:
    meeting = late.next_meeting(taf)
    mine = [one for one in taf.actions if one.is_open and one.owner_id == visit.person.id]
    return Line(
        taf=taf,
        name=taf.name,
        open=may_look(visit.person, taf),
        state=state(visit, taf),
        role=late.role(visit, taf),
        lead=taf.lead.name if taf.lead else "",
        meeting=meeting_title(visit, meeting) if meeting else "",
        actions=len(mine),
        overdue=len([one for one in mine if one.due_on < visit.doing.today]),
        late=late.late(visit, taf),
    )
