"""A meeting has been and is not recorded: it climbs the ladder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from storage.meetings import TafMeeting
from workflows.notice import Notice
from workflows.policy import Policy
from workflows.rule import Step, climb
from workflows.working_days import WorkingDays

SUBJECT = "meeting"
MATTER = "meeting"


@dataclass(frozen=True, kw_only=True)
class MeetingNotRecorded(Notice):
    """A meeting's time has gone by without a record; the Lead Professional is asked first."""

    purpose: str
    on: date
    notes_due_on: date
    after: str
    rung: str


def steps(meeting: TafMeeting, policy: Policy, days: WorkingDays) -> Iterator[Step]:
    """First a working day after (app.yaml: reminders.meeting_not_recorded).

    Once the notes are late (app.yaml: meetings.notes_within), the ladder's higher rungs follow.
    """
    if meeting.state != "scheduled" or meeting.starts_at is None:
        return
    notes_due_on = days.add(meeting.on, policy.meetings.notes_within)
    asked = meeting.taf.lead or meeting.arranged_by
    first = policy.reminders.meeting_not_recorded
    rungs = [(days.add(meeting.on, first), asked, "owner", first)]
    rungs += [
        rung
        for rung in climb(notes_due_on, asked, meeting.taf, policy, days)
        if rung[1] is not asked
    ]
    for on, to, rung, after in rungs:
        yield Step(
            on,
            to,
            MeetingNotRecorded(
                about=meeting.ref,
                reference=meeting.taf.reference,
                purpose=meeting.purpose,
                on=meeting.on,
                notes_due_on=notes_due_on,
                after=str(after),
                rung=rung,
            ),
            rung,
        )
