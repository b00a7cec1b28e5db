"""An action of yours is due soon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from storage.plan import Action
from workflows.notice import Notice
from workflows.policy import Policy
from workflows.rule import Step, day_before, on_the_team
from workflows.working_days import WorkingDays

SUBJECT = "action"
MATTER = "action"


@dataclass(frozen=True, kw_only=True)
class ActionDueSoon(Notice):
    """An open action's date is coming; it is told to its owner."""

    number: int
    due_on: date


def steps(action: Action, policy: Policy, days: WorkingDays) -> Iterator[Step]:
    """Once, some working days before the date (app.yaml: reminders.action_due_soon)."""
    on = day_before(action.due_on, policy.reminders.action_due_soon, days)
    quiet = action.quiet_until is not None and on < action.quiet_until
    owner = action.owner if action.owner and on_the_team(action.taf, action.owner) else None
    if action.state == "open" and owner and not quiet:
        yield Step(
            on,
            owner,
            ActionDueSoon(
                about=action.ref,
                reference=action.taf.reference,
                number=action.number,
                due_on=action.due_on,
            ),
        )
