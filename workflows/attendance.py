"""A TAF meeting that was held: who came, the child's voice, what was agreed and disputed."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from storage import subjects
from storage.meetings import Dissent, FamilyAttendance
from workflows.access import the_team
from workflows.doing import Doing, command
from workflows.meetings import MOVES, schedule_as, shown_start
from workflows.notices import MeetingRecorded
from workflows.plan_actions import agree_as
from workflows.planning import open_review
from workflows.refusals import DateNeeded, NotYetHeld, Refusal, VoiceNeeded
from workflows.telling import post

CAME = frozenset({"attended", "part", "substitute"})
"""A substitute counts as the agency engaged (domain 2.2, ours)."""


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
        _call_the_next(doing, meeting, next_on, next_at)


def _call_the_next(doing: Doing, meeting: Any, on: date, at: time | None) -> None:
    """The next meeting is a review, with whoever is still on the team."""
    schedule_as(
        doing,
        meeting.taf,
        purpose="review",
        mode=meeting.mode,
        on=on,
        at=at,
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
