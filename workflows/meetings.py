"""TAF meetings: called, moved, cancelled and replied to."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from storage import subjects
from storage.meetings import Invitation, TafMeeting
from workflows.access import the_invited, the_lead_or_a_co_ordinator, the_team
from workflows.checks import check_ahead
from workflows.doing import Doing, command
from workflows.moves import Moves
from workflows.notices import (
    MeetingCalled,
    MeetingCancelled,
    MeetingMoved,
    YouAreInvited,
)
from workflows.refusals import (
    DateInThePast,
    NobodyInvited,
    SubstituteNeeded,
)
from workflows.telling import post, tell

MOVES = Moves(
    "TAF meeting",
    "proposed",
    {
        "arrange": "proposed -> scheduled",
        "reschedule": "proposed scheduled -> scheduled",
        "cancel": "proposed scheduled -> cancelled",
        "reply": "scheduled",
        "record": "scheduled -> held",
    },
)


@command(the_team)
def schedule(
    doing: Doing,
    taf: Any,
    *,
    purpose: str,
    mode: str,
    on: date,
    at: time | None,
    place: str | None,
    invite: list[str],
) -> TafMeeting:
    """Call a TAF meeting, or propose a date for one when the time is still open."""
    people = [subjects.find(doing.session, one) for one in invite]
    return schedule_as(
        doing,
        taf,
        purpose=purpose,
        mode=mode,
        on=on,
        at=at,
        place=place,
        invite=people,
        field="on",
    )


def schedule_as(
    doing: Doing,
    taf: Any,
    *,
    purpose: str,
    mode: str,
    on: date,
    at: time | None,
    place: str | None,
    invite: list[Any],
    field: str,
) -> TafMeeting:
    """Call a meeting inside another command."""
    if not invite:
        raise NobodyInvited("invite")
    starts_at = _starts(doing, on, at, field)
    meeting = doing.add(
        TafMeeting(
            taf_id=taf.id,
            number=len(taf.meetings) + 1,
            purpose=purpose,
            mode=mode,
            place=place,
            on=on,
            starts_at=starts_at,
            arranged_by_id=doing.person.id,
            arranged_at=doing.now,
            state=MOVES.first,
        )
    )
    if starts_at:
        doing.move(MOVES, "arrange", meeting)
    for person in {one.id: one for one in invite}.values():
        doing.add(Invitation(meeting_id=meeting.id, person_id=person.id))
    doing.session.expire(taf, ["meetings"])
    doing.session.expire(meeting, ["invitations"])
    _settle_presser(doing, meeting)
    post(doing, _called(doing, meeting), meeting, card=True)
    if starts_at:
        _invite(doing, meeting)
    return meeting


def _settle_presser(doing: Doing, meeting: TafMeeting) -> None:
    """Whoever calls a meeting is coming to it."""
    for one in meeting.invitations:
        if one.person_id == doing.person.id and one.reply is None:
            doing.edit(one, reply="attending", replied_at=doing.now)


def _starts(doing: Doing, on: date, at: time | None, field: str) -> datetime | None:
    check_ahead(doing, on, field)
    if at is None:
        return None
    starts_at = doing.days.instant(on, at)
    if starts_at <= doing.now:
        raise DateInThePast(field, today=doing.today)
    return starts_at


def shown_start(doing: Doing, meeting: Any) -> str | None:
    """When a meeting starts, on the partnership's clock, written out."""
    return doing.days.local(meeting.starts_at).isoformat() if meeting.starts_at else None


def _called(doing: Doing, meeting: Any) -> MeetingCalled:
    return MeetingCalled(
        about=meeting.ref,
        reference=meeting.taf.reference,
        purpose=meeting.purpose,
        mode=meeting.mode,
        starts_at=shown_start(doing, meeting),
        on=meeting.on,
        by=doing.person.name,
    )


def _invite(doing: Doing, meeting: Any) -> None:
    for one in meeting.invitations:
        if one.reply is None:
            tell(
                doing,
                one.person,
                YouAreInvited(
                    about=meeting.ref,
                    reference=meeting.taf.reference,
                    purpose=meeting.purpose,
                    mode=meeting.mode,
                    starts_at=shown_start(doing, meeting) or "",
                ),
                meeting,
                until=meeting.starts_at,
                cannot_wait=_is_soon(doing, meeting.starts_at),
            )


@command(the_lead_or_a_co_ordinator, MOVES)
def reschedule(
    doing: Doing, meeting: Any, *, on: date, at: time, mode: str, place: str | None
) -> None:
    """Give a meeting its time, or another one: everybody is asked to reply again."""
    was_soon = _is_soon(doing, meeting.starts_at)
    starts_at = _starts(doing, on, at, "on")
    doing.move(MOVES, "reschedule", meeting, on=on, starts_at=starts_at, mode=mode, place=place)
    for one in meeting.invitations:
        doing.edit(one, reply=None, substitute=None, report=None, replied_at=None)
    _settle_presser(doing, meeting)
    post(doing, _called(doing, meeting), meeting, card=True)
    moved = MeetingMoved(
        about=meeting.ref,
        reference=meeting.taf.reference,
        purpose=meeting.purpose,
        starts_at=shown_start(doing, meeting) or "",
    )
    for one in meeting.invitations:
        tell(
            doing,
            one.person,
            moved,
            meeting,
            until=starts_at,
            cannot_wait=was_soon or _is_soon(doing, starts_at),
        )


def _is_soon(doing: Doing, starts_at: datetime | None) -> bool:
    """Whether a meeting starts before the next digest could say so."""
    if starts_at is None:
        return False
    tomorrow = doing.days.next_working_day(doing.today)
    return starts_at <= doing.days.instant(tomorrow, doing.policy.hours.digest)


@command(the_lead_or_a_co_ordinator, MOVES)
def cancel(doing: Doing, meeting: Any, *, why: str) -> None:
    """Cancel a meeting, saying why."""
    doing.move(MOVES, "cancel", meeting, cancelled_why=why)
    notice = MeetingCancelled(
        about=meeting.ref,
        reference=meeting.taf.reference,
        purpose=meeting.purpose,
        starts_at=shown_start(doing, meeting),
        on=meeting.on,
    )
    post(doing, notice, meeting, card=True)
    for one in meeting.invitations:
        tell(
            doing,
            one.person,
            notice,
            meeting,
            cannot_wait=_is_soon(doing, meeting.starts_at),
            until=meeting.starts_at,
        )


@command(the_invited, MOVES)
def reply(
    doing: Doing, meeting: Any, *, reply: str, substitute: str | None, report: str | None
) -> None:
    """Say whether you come, send a substitute, or send apologies with or without a report."""
    if reply == "substitute" and not substitute:
        raise SubstituteNeeded("substitute")
    invitation = next(one for one in meeting.invitations if one.person_id == doing.person.id)
    doing.edit(invitation, reply=reply, substitute=substitute, report=report, replied_at=doing.now)
