""" "We are stuck": from any member to the supervisors' room, tracked until it is answered."""

from __future__ import annotations

from typing import Any

from storage.supervision import HelpRequest
from workflows.access import a_supervisor, the_team
from workflows.doing import Doing, command
from workflows.moves import Moves
from workflows.notices import HelpAnswered, HelpAsked, HelpAskedTeam
from workflows.team import agency_name
from workflows.telling import post, post_to_supervisors, tell

MOVES = Moves(
    "request for help",
    "asked",
    {"answer_help": "asked -> answered", "take_back_help": "asked -> withdrawn"},
)


@command(the_team)
def ask_for_help(doing: Doing, taf: Any, *, why: str, words: str, tried: str | None) -> HelpRequest:
    """Say that the team is stuck: the supervisors hear of it at once, by reference and reason."""
    request = doing.add(
        HelpRequest(
            taf_id=taf.id,
            trigger=why,
            words=words,
            tried=tried,
            asked_by_id=doing.person.id,
            asked_at=doing.now,
        )
    )
    doing.session.expire(taf, ["help_requests"])
    post_to_supervisors(
        doing,
        HelpAsked(
            about=request.ref,
            reference=taf.reference,
            request=request.reference,
            why=why,
            who=doing.person.name,
            agency=agency_name(doing, doing.person),
        ),
        request,
    )
    post(
        doing,
        HelpAskedTeam(
            about=request.ref,
            reference=taf.reference,
            request=request.reference,
            why=why,
            who=doing.person.name,
        ),
        request,
        card=True,
    )
    return request


@command(a_supervisor, MOVES)
def answer_help(doing: Doing, request: Any, *, answer: str) -> None:
    """Answer a team that is stuck; whoever asked, and the Lead Professional, hear at once."""
    doing.move(
        MOVES,
        "answer_help",
        request,
        answer=answer,
        answered_by_id=doing.person.id,
        answered_at=doing.now,
    )
    notice = HelpAnswered(
        about=request.ref,
        reference=request.taf.reference,
        request=request.reference,
        who=doing.person.name,
    )
    post(doing, notice, request, card=True)
    post_to_supervisors(doing, notice, request)
    told = {person.id: person for person in (request.asked_by, request.taf.lead) if person}
    for person in told.values():
        tell(doing, person, notice, request, cannot_wait=True)


@command(the_team, MOVES)
def take_back_help(doing: Doing, request: Any) -> None:
    """Take a request for help back: the team is not stuck any more."""
    doing.move(MOVES, "take_back_help", request)
