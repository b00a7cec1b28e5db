"""You have a meeting on the next working day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storage.meetings import TafMeeting
from workflows.notice import Notice
from workflows.policy import Policy
from workflows.rule import Step, day_before, invited
from workflows.working_days import WorkingDays

SUBJECT = "meeting"
MATTER = "meeting"


@dataclass(frozen=True, kw_only=True)
class MeetingTomorrow(Notice):
    """A meeting is nearly here; it is told to everybody who has not sent apologies."""

    purpose: str
    mode: str
    starts_at: str


def steps(meeting: TafMeeting, policy: Policy, days: WorkingDays) -> Iterator[Step]:
    """Once, the working day before (app.yaml: reminders.meeting_tomorrow)."""
    if meeting.state != "scheduled" or meeting.starts_at is None:
        return
    on = day_before(meeting.on, policy.reminders.meeting_tomorrow, days)
    for invitation in invited(meeting):
        if invitation.reply in {None, "attending"}:
            yield Step(
                on,
                invitation.person,
                MeetingTomorrow(
                    about=meeting.ref,
                    reference=meeting.taf.reference,
                    purpose=meeting.purpose,
                    mode=meeting.mode,
                    starts_at=days.local(meeting.starts_at).isoformat(),
                ),
                until=meeting.starts_at,
            )
