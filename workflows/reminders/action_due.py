"""An action of yours is due today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from storage.plan import Action
from workflows.notice import Notice
from workflows.policy import Policy
from workflows.rule import Step, on_or_before, on_the_team
from workflows.working_days import WorkingDays

SUBJECT = "action"
MATTER = "action"


@dataclass(frozen=True, kw_only=True)
class ActionDue(Notice):
    """An open action's date has come; it is told to its owner."""

    number: int
    due_on: date


def steps(action: Action, policy: Policy, days: WorkingDays) -> Iterator[Step]:
    """On the date itself, or the working day before a date that is not one.

    A snoozed reminder comes on the day it was put off to.
    """
    on = on_or_before(action.due_on, days)
    if action.quiet_until is not None:
        on = max(on, days.on_or_after(action.quiet_until))
    if action.state == "open" and action.owner and on_the_team(action.taf, action.owner):
        yield Step(
            on,
            action.owner,
            ActionDue(
                about=action.ref,
                reference=action.taf.reference,
                number=action.number,
                due_on=action.due_on,
            ),
        )
