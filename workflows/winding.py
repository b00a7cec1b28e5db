"""Writes down each subject's next steps, and when it is to be looked at again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from storage import outbox, people
from workflows.policy import Policy
from workflows.rule import name_of
from workflows.sweep import come
from workflows.upcoming import slot_of, write_down
from workflows.working_days import WorkingDays


def watched(taf: Any) -> list[Any]:
    """Everything in the work with a family that may need a notice."""
    return [taf, *taf.meetings, *taf.actions, *taf.indicators, *taf.help_requests]


def _wind(
    session: Any,
    subject: Any,
    unsaid: Sequence[Any],
    now: datetime,
    policy: Policy,
    days: WorkingDays,
) -> None:
    if subject.taf.state != "open":
        subject.unheard_since = subject.unheard_since or subject.look_again_at
        subject.look_again_at = None
        return
    if subject.look_again_at is None and subject.unheard_since is not None:
        if subject.unheard_since <= now:
            subject.look_again_at = now
        else:
            subject.unheard_since = None
    try:
        if unsaid:
            _owe_to_others(session, subject, unsaid, now, policy, days)
        owed = subject.unheard_since or (subject.look_again_at if _is_due(subject, now) else None)
        moments = write_down(subject, min(owed or now, now), policy, days)
    except Exception:  # noqa: BLE001  a rule's fault is the sweep's to report, not the presser's
        subject.steps, moments = None, []
        if subject.unheard_since is None and not _is_due(subject, now):
            subject.look_again_at = now
        return
    if owed is None:
        subject.look_again_at = min((one for one in moments if one > now), default=None)


def _owe_to_others(
    session: Any,
    subject: Any,
    unsaid: Sequence[Any],
    now: datetime,
    policy: Policy,
    days: WorkingDays,
) -> None:
    """A step that waits for one person's digest and is another's by now is looked at again.

    Nobody hears it twice: it is one for ever for each whom it tells.
    """
    steps = {(one.rule, one.slot) for one in unsaid}
    wanted = {
        one.key(subject.ref): one.moment
        for one in come(session, subject, now, policy, days)
        if (name_of(one.rule), slot_of(one.step)) in steps
    }
    known = outbox.states_of(session, wanted)
    moments = [moment for key, moment in wanted.items() if key not in known]
    if moments:
        subject.look_again_at = min(subject.look_again_at or now, now)
        owed = subject.unheard_since or subject.look_again_at
        subject.unheard_since = min(*moments, owed)


def _is_due(subject: Any, now: datetime) -> bool:
    return subject.look_again_at is not None and subject.look_again_at <= now


def wind(session: Any, taf: Any, now: datetime, policy: Policy, days: WorkingDays) -> None:
    """Look at every subject of this family when its next step comes, or never again.

    One whose moment has come and was not looked at yet stays due: no press can silence it.
    """
    session.flush()
    session.expire(taf, ["meetings", "actions", "indicators", "help_requests", "team"])
    unsaid = _unsaid(session, taf)
    for subject in watched(taf):
        _wind(session, subject, unsaid[subject.ref], now, policy, days)
    session.flush()


def _unsaid(session: Any, taf: Any) -> dict[str, list[Any]]:
    """What rules had to say about each subject, and nobody has been told yet."""
    hearers = {one.person_id for one in taf.team}
    hearers |= {one.id for one in people.with_role(session, "co-ordinator")}
    found: dict[str, list[Any]] = defaultdict(list)
    for one in outbox.unsaid(session, taf.id, hearers):
        if one.rule is not None:
            found[one.about].append(one)
    return found
