"""Sets when each subject of a family is to be looked at again: the rules' next step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflows.policy import Policy
from workflows.reminders import RULES
from workflows.working_days import WorkingDays


def next_look(subject: Any, after: datetime, policy: Policy, days: WorkingDays) -> datetime | None:
    """The first moment after this one at which any rule would speak about the subject."""
    return min(
        (
            moment
            for rule in RULES
            if subject.kind == rule.SUBJECT
            for step in rule.steps(subject, policy, days)
            if (moment := step.moment(days)) > after
        ),
        default=None,
    )


def watched(taf: Any) -> list[Any]:
    """Everything in the work with a family that may need a notice."""
    return [taf, *taf.meetings, *taf.actions, *taf.indicators, *taf.help_requests]


def wind(session: Any, taf: Any, now: datetime, policy: Policy, days: WorkingDays) -> None:
    """Look at every subject of this family when its next step comes, or never again."""
    session.flush()
    session.expire(taf, ["meetings", "actions", "indicators", "help_requests", "team"])
    for subject in watched(taf):
        subject.look_again_at = (
            next_look(subject, now, policy, days) if taf.state == "open" else None
        )
    session.flush()
