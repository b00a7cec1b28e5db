"""You have not replied to a meeting invitation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storage.meetings import TafMeeting
from workflows.notice import Notice
from workflows.policy import Policy
from workflows.rule import Step, day_before, invited
from workflows.working_days import WorkingDays

SUBJECT = "meeting"
MATTER = "reply"


@dataclass(frozen=True, kw_only=True)
class ReplyMissing(Notice):
    """A meeting is coming and this person's reply is not; it is told to them alone."""

    purpose: str
    starts_at: str


def steps(meeting: TafMeeting, policy: Policy, days: WorkingDays) -> Iterator[Step]:
    """Once each, some working days before (app.yaml: reminders.reply_missing)."""
    if meeting.state != "scheduled" or meeting.starts_at is None:
        return
    on = day_before(meeting.on, policy.reminders.reply_missing, days)
    for invitation in invited(meeting):
        if invitation.reply is None:
            yield Step(
                on,
                invitation.person,
                ReplyMissing(
                    about=meeting.ref,
                    reference=meeting.taf.reference,
                    purpose=meeting.purpose,
                    starts_at=days.local(meeting.starts_at).isoformat(),
                ),
                until=meeting.starts_at,
            )
