"""TAF meetings: called, moved, cancelled, replied to and recorded with attendance."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from storage import subjects
from storage.meetings import Dissent, FamilyAttendance, Invitation, TafMeeting
from workflows.access import the_invited, the_lead_or_a_co_ordinator, the_team
from workflows.checks import check_ahead
from workflows.doing import Doing, command
from workflows.moves import Moves
from workflows.notices import (
    MeetingCalled,
    MeetingCancelled,
    MeetingMoved,
    MeetingRecorded,
    YouAreInvited,
)
from workflows.plan_actions import agree_as
from workflows.planning import open_review
from workflows.refusals import (
    DateInThePast,
    DateNeeded,
    NobodyInvited,
    NotYetHeld,
    Refusal,
    SubstituteNeeded,
    VoiceNeeded,
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

CAME = frozenset({"attended", "part", "substitute"})
"""A substitute counts as the agency engaged (domain 2.2, ours)."""


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


def it_has_begun(doing: Doing, meeting: Any) -> Refusal | None:
    """A meeting is recorded once its time has come."""
    begun = meeting.starts_at <= doing.now
    return None if begun else NotYetHeld(starts_at=shown_start(doing, meeting))


@command(the_team, MOVES, also=it_has_begun)
def record(
    doing: Doing,
    meeting: Any,
    *,
    attendance: list[dict[str, Any]],
    family: list[dict[str, Any]],
    child_voice: str,
    child_voice_words: str | None,
    progress: str | None,
    decisions: str | None,
    dissents: list[dict[str, Any]],
    actions: list[dict[str, Any]],
    notes_by: str | None,
    next_on: date | None,
    next_at: time | None,
) -> None:
    """Record a meeting: who came, the child's voice, what was decided, agreed and disputed."""
    if not child_voice_words:
        raise VoiceNeeded("child_voice_words")
    if next_at and not next_on:
        raise DateNeeded("next_on")
    note_taker = subjects.find(doing.session, notes_by) if notes_by else None
    doing.move(
        MOVES,
        "record",
        meeting,
        recorded_by_id=doing.person.id,
        recorded_at=doing.now,
        child_voice=child_voice,
        child_voice_words=child_voice_words,
        progress=progress,
        decisions=decisions,
        notes_by_id=note_taker.id if note_taker else None,
    )
    _keep_attendance(doing, meeting, attendance, family)
    for row in dissents:
        _keep_dissent(doing, meeting, row)
    for row in actions:
        made = agree_as(doing, meeting.taf, row, f"actions-{row['row']}-", meeting)
        doing.made.setdefault("actions", {})[row["row"]] = made
    _after(doing, meeting)
    _say_recorded(doing, meeting, len(actions))
    if next_on:
        schedule_as(
            doing,
            meeting.taf,
            purpose="review",
            mode=meeting.mode,
            on=next_on,
            at=next_at,
            place=meeting.place,
            invite=[one.person for one in _still_on(meeting)] or [doing.person],
            field="next_on",
        )


def _still_on(meeting: Any) -> list[Any]:
    on_team = {one.person_id for one in meeting.taf.team if one.state == "joined"}
    return [one for one in meeting.invitations if one.person_id in on_team]


def _keep_attendance(
    doing: Doing, meeting: Any, attendance: list[dict[str, Any]], family: list[dict[str, Any]]
) -> None:
    given = {row["who"]: row["attendance"] for row in attendance}
    for one in meeting.invitations:
        doing.edit(one, attendance=given.get(one.person.ref, "no_reply"))
    for row in family:
        member = subjects.find(doing.session, row["who"])
        doing.add(
            FamilyAttendance(
                meeting_id=meeting.id, family_member_id=member.id, attendance=row["attendance"]
            )
        )
    doing.session.expire(meeting, ["family_attendance"])


def _keep_dissent(doing: Doing, meeting: Any, row: dict[str, Any]) -> None:
    who = subjects.find(doing.session, row["who"])
    person = who.id if who.kind == "person" else None
    doing.add(
        Dissent(
            meeting_id=meeting.id,
            person_id=person,
            family_member_id=None if person else who.id,
            words=row["words"],
        )
    )
    doing.session.expire(meeting, ["dissents"])


def _after(doing: Doing, meeting: Any) -> None:
    taf = meeting.taf
    changes: dict[str, Any] = {"first_taf_due_on": None}
    if taf.review_due_on is None:
        due = doing.days.add(meeting.on, doing.policy.reviews.every)
        changes["review_due_on"] = max(due, doing.today)
    doing.edit(taf, **changes)
    if meeting.purpose == "review":
        open_review(doing, taf)


def _say_recorded(doing: Doing, meeting: Any, actions: int) -> None:
    came = [one for one in meeting.invitations if one.attendance in CAME]
    family = [one for one in meeting.family_attendance if one.attendance in CAME]
    post(
        doing,
        MeetingRecorded(
            about=meeting.ref,
            reference=meeting.taf.reference,
            purpose=meeting.purpose,
            on=meeting.on,
            by=doing.person.name,
            attended=len(came),
            invited=len(meeting.invitations),
            family_came=len(family),
            actions=actions,
            dissents=len(meeting.dissents),
            lead_took_notes=meeting.notes_by_id is not None
            and meeting.notes_by_id == meeting.taf.lead_id,
        ),
        meeting,
        card=True,
    )
