"""Writes down what a subject's rules will say, so that the sweep need not ask them again.

Done whenever something about the family changes. At sending the rules themselves are asked once
more, so that what is written here can only ever be too much, never too little.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from storage.steps import Upcoming, stamp
from workflows.policy import Policy
from workflows.reminders import RULES
from workflows.rule import Step, name_of, on_the_team
from workflows.working_days import WorkingDays

ROLES = {"supervisor": "supervisor", "co_ordinator": "co-ordinator"}
"""The roles that a step may tell, and what a practitioner's record calls them."""


def slot_of(step: Step) -> str:
    """What tells a step from the rule's other steps: its day, and its rung."""
    return f"{step.at.isoformat()}/{step.rung}"


def key_of(rule: str, ref: str, slot: str, person: Any) -> str:
    """What makes a rule's notice one, for ever, whatever restarts in between."""
    return f"{rule}:{ref}:{slot}:{person.id}"


def told(step: Step, taf: Any) -> Any:
    """Who a step tells: a practitioner still on the team, or the name of a role.

    What was meant for somebody who has left goes to the Lead Professional, and where there is
    none to the co-ordinators: nothing is lost with a person.
    """
    if isinstance(step.to, str) or on_the_team(taf, step.to):
        return step.to
    return taf.lead if taf.lead and on_the_team(taf, taf.lead) else "co_ordinator"


def write_down(subject: Any, since: datetime, policy: Policy, days: WorkingDays) -> list[datetime]:
    """Write a subject's steps from `since` on beside it; their moments."""
    found = list(upcoming(subject, since, policy, days))
    steps = [one.line for _, one in found]
    if subject.steps != steps:
        subject.steps = steps
    return [moment for moment, _ in found]


def next_look(subject: Any, after: datetime, policy: Policy, days: WorkingDays) -> datetime | None:
    """The first moment after this one at which any rule would speak about the subject."""
    moments = (moment for moment, _ in upcoming(subject, after, policy, days))
    return min((one for one in moments if one > after), default=None)


def upcoming(
    subject: Any, since: datetime, policy: Policy, days: WorkingDays
) -> Iterator[tuple[datetime, Upcoming]]:
    """Every step of a subject whose moment is `since` or later, as it stands now."""
    for rule in RULES:
        if subject.kind != rule.SUBJECT:
            continue
        for step in rule.steps(subject, policy, days):
            moment = step.moment(days)
            if moment >= since:
                to = told(step, subject.taf)
                yield (
                    moment,
                    Upcoming(
                        stamp(moment),
                        name_of(rule),
                        rule.MATTER,
                        slot_of(step),
                        to if isinstance(to, str) else str(to.id),
                        step.says.stem(),
                        "at once" if step.cannot_wait else "",
                        stamp(step.until) if step.until else "",
                    ),
                )
