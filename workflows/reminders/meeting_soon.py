"""You have a meeting in an hour: the one reminder that cannot wait for the digest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storage.meetings import TafMeeting
from workflows.notice import Notice
from workflows.policy import Policy
from workflows.rule import Step, earlier, invited
from workflows.working_days import WorkingDays

SUBJECT = "meeting"
MATTER = "meeting"


@dataclass(frozen=True, kw_only=True)
class MeetingSoon(Notice):
    """A meeting starts within the hour; it is told to those who come or have not replied."""

    purpose: str
    mode: str
    starts_at: str


def steps(meeting: TafMeeting, policy: Policy, days: WorkingDays) -> Iterator[Step]:
    """Once, shortly before the start (app.yaml: reminders.meeting_soon); never after it."""
    if meeting.state != "scheduled" or meeting.starts_at is None:
        return
    for invitation in invited(meeting):
        if invitation.reply in {None, "attending"}:
            yield Step(
                earlier(meeting.starts_at, policy.reminders.meeting_soon),
                invitation.person,
                MeetingSoon(
                    about=meeting.ref,
                    reference=meeting.taf.reference,
                    purpose=meeting.purpose,
                    mode=meeting.mode,
                    starts_at=days.local(meeting.starts_at).isoformat(),
                ),
                until=meeting.starts_at,
            )
