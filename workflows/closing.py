"""Closing the work with a family: why, what is still needed, who agreed and who was told."""

from __future__ import annotations

from datetime import date
from typing import Any

from storage import subjects
from storage.reviews import Closure, ClosureTold
from workflows import asking_for_help, leading, planning, team
from workflows import meetings as meeting_commands
from workflows.access import the_lead
from workflows.checks import check_gone_by
from workflows.convening import MOVES
from workflows.doing import Doing, command
from workflows.notices import TafHasClosed
from workflows.refusals import NotAgreedWhy, ToldNeeded
from workflows.telling import close_room, post, remove, tell

AGREEMENT_NOT_ASKED = frozenset({"withdrew", "disengaged", "moved"})
"""Reasons for which the family's agreement cannot be asked (domain 2.3)."""


@command(the_lead, MOVES, on="open sharing_stopped")
def close(
    doing: Doing,
    taf: Any,
    *,
    reason: str,
    outstanding_needs: str | None,
    family_agreed: bool,
    team_agreed: bool,
    not_agreed_why: str | None,
    told: list[dict[str, Any]],
    on: date | None,
) -> None:
    """Close the work: reminders end, the room closes, the record stays."""
    closed_on = on or doing.today
    check_gone_by(doing, closed_on, "on")
    agreed = (family_agreed or reason in AGREEMENT_NOT_ASKED) and team_agreed
    if not agreed and not not_agreed_why:
        raise NotAgreedWhy("not_agreed_why")
    _check_told(taf, told)
    doing.move(MOVES, "close", taf, closed_on=closed_on)
    closure = doing.add(
        Closure(
            taf_id=taf.id,
            on=closed_on,
            reason=reason,
            outstanding_needs=outstanding_needs,
            family_agreed=family_agreed,
            team_agreed=team_agreed,
            not_agreed_why=not_agreed_why,
            recorded_by_id=doing.person.id,
            recorded_at=doing.now,
        )
    )
    for index, row in enumerate(told):
        if row["told_on"]:
            check_gone_by(doing, row["told_on"], f"told-{index}-told_on")
        member = subjects.find(doing.session, row["who"])
        doing.add(
            ClosureTold(
                closure_id=closure.id,
                family_member_id=member.id,
                told_on=row["told_on"],
                why_not=row["why_not"],
            )
        )
    _end(doing, taf, reason, closed_on)


def _check_told(taf: Any, told: list[dict[str, Any]]) -> None:
    """Each person with parental responsibility is told, or it is said why not.

    Not telling a parent of a closure was fault (Ombudsman, Stockton, 21-019-020).
    """
    answered = {row["who"] for row in told if row["told_on"] or row["why_not"]}
    for member in taf.members:
        if member.parental_responsibility and member.ref not in answered:
            raise ToldNeeded("told", who=member.label)


def _end(doing: Doing, taf: Any, reason: str, closed_on: date) -> None:
    for meeting in taf.meetings:
        if meeting.state in {"proposed", "scheduled"}:
            doing.move(
                meeting_commands.MOVES, "cancel", meeting, cancelled_why="The work was closed."
            )
    _end_what_waits(doing, taf)
    doing.move(planning.MOVES, "close_plan", taf.plan)
    notice = TafHasClosed(about=taf.ref, reference=taf.reference, reason=reason, on=closed_on)
    post(doing, notice, taf)
    doing.session.expire(taf, ["closure"])
    for place in taf.team:
        if place.state == "joined":
            tell(doing, place.person, notice, taf)
        if place.state == "joined" and place.person_id != taf.lead_id:
            remove(doing, taf, place.person)
    close_room(doing, taf)


def _end_what_waits(doing: Doing, taf: Any) -> None:
    """No question stays open that nobody could answer any more."""
    for request in taf.help_requests:
        if request.state == "asked":
            doing.move(asking_for_help.MOVES, "take_back_help", request)
    for offer in taf.handovers:
        if offer.state == "offered":
            doing.move(leading.MOVES, "take_back_lead", offer, answered_at=doing.now)
    for place in taf.team:
        if place.state == "proposed":
            doing.move(team.MOVES, "decline_member", place)
