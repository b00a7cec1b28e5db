"""What is late in the work with a family, as its pages say it."""

from __future__ import annotations

from typing import Any

from bot.web.visit import Visit
from messages import words


def late(visit: Visit, taf: Any) -> list[str]:
    """Everything whose date has gone by, one short sentence each."""
    if taf.state != "open":
        return []
    today, labels = visit.doing.today, visit.doing.policy.labels
    found = []
    if taf.lead_id is None:
        found.append(f"Nobody is the {labels.lead_professional}")
    if taf.assessment_due_on < today and not any(
        one.state == "completed" for one in taf.assessments
    ):
        found.append(f"The assessment was due on {words.long_day(taf.assessment_due_on)}")
    if taf.first_taf_due_on and taf.first_taf_due_on < today:
        found.append(f"The first TAF meeting was due on {words.long_day(taf.first_taf_due_on)}")
    if taf.review_due_on and taf.review_due_on < today:
        found.append(f"The review was due on {words.long_day(taf.review_due_on)}")
    unrecorded = [one for one in taf.meetings if one.state == "scheduled" and one.on < today]
    if unrecorded:
        found.append(f"{words.sentence(words.count(len(unrecorded), 'meeting'))} not recorded yet")
    overdue = [one for one in taf.actions if one.state == "open" and one.due_on < today]
    if overdue:
        found.append(f"{words.sentence(words.count(len(overdue), 'action'))} overdue")
    return found


def next_meeting(taf: Any) -> Any:
    """The meeting that people should look at: the earliest that is not recorded or cancelled."""
    coming = [one for one in taf.meetings if one.state in {"proposed", "scheduled"}]
    return min(coming, key=lambda one: (one.on, one.id), default=None)


def role(visit: Visit, taf: Any) -> str:
    """What this person is in the work with a family."""
    if taf.lead_id == visit.person.id:
        return str(visit.doing.policy.labels.lead_professional)
    return "Team member"
