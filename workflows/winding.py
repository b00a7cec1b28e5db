"""Writes down each subject's next steps, and when it is to be looked at again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflows.policy import Policy
from workflows.upcoming import write_down
from workflows.working_days import WorkingDays


def watched(taf: Any) -> list[Any]:
    """Everything in the work with a family that may need a notice."""
    return [taf, *taf.meetings, *taf.actions, *taf.indicators, *taf.help_requests]


def _wind(subject: Any, now: datetime, policy: Policy, days: WorkingDays) -> None:
    if subject.taf.state != "open":
        subject.unheard_since = subject.unheard_since or subject.look_again_at
        subject.look_again_at = None
        return
    if subject.look_again_at is None and subject.unheard_since is not None:
        if subject.unheard_since <= now:
            subject.look_again_at = now
        else:
            subject.unheard_since = None
    owed = subject.unheard_since or (subject.look_again_at if _is_due(subject, now) else None)
    try:
        moments = write_down(subject, min(owed or now, now), policy, days)
    except Exception:  # noqa: BLE001  a rule's fault is the sweep's to report, not the presser's
        subject.steps, moments = None, []
        subject.look_again_at = subject.look_again_at if owed else now
        return
    if owed is None:
        subject.look_again_at = min((one for one in moments if one > now), default=None)


def _is_due(subject: Any, now: datetime) -> bool:
    return subject.look_again_at is not None and subject.look_again_at <= now


def wind(session: Any, taf: Any, now: datetime, policy: Policy, days: WorkingDays) -> None:
    """Look at every subject of this family when its next step comes, or never again.

    One whose moment has come and was not looked at yet stays due: no press can silence it.
    """
    session.flush()
    session.expire(taf, ["meetings", "actions", "indicators", "help_requests", "team"])
    for subject in watched(taf):
        _wind(subject, now, policy, days)
    session.flush()
