"""An action is overdue: it climbs the ladder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from storage.plan import Action
from workflows.notice import Notice
from workflows.policy import Policy
from workflows.rule import Step, climb, on_the_team
from workflows.working_days import WorkingDays

SUBJECT = "action"
MATTER = "action"


@dataclass(frozen=True, kw_only=True)
class ActionOverdue(Notice):
    """An open action's date has gone by; each rung of the ladder is told once."""

    number: int
    due_on: date
    owner: str
    yours: bool
    after: str
    rung: str


def steps(action: Action, policy: Policy, days: WorkingDays) -> Iterator[Step]:
    """One step a rung (app.yaml: ladder); a blocked action is known about and does not climb.

    While the owner's reminder is snoozed, the owner's own rung waits; the others do not. What
    somebody left behind begins with the Lead Professional.
    """
    if action.state != "open":
        return
    owner = action.owner if action.owner and on_the_team(action.taf, action.owner) else None
    for on, to, rung, after in climb(action.due_on, owner, action.taf, policy, days):
        yours = to is owner
        if yours and action.quiet_until is not None and on < action.quiet_until:
            continue
        yield Step(
            on,
            to,
            ActionOverdue(
                about=action.ref,
                reference=action.taf.reference,
                number=action.number,
                due_on=action.due_on,
                owner=action.owner.name if action.owner else "",
                yours=yours,
                after=str(after),
                rung=rung,
            ),
            rung,
        )
