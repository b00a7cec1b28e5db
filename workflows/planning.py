"""The support plan as a whole: its outcomes, when it was agreed, when it is in review."""

from __future__ import annotations

from datetime import date
from typing import Any

from storage.plan import Outcome
from workflows.access import the_lead, the_team
from workflows.checks import check_gone_by
from workflows.doing import Doing, command
from workflows.moves import Moves
from workflows.notices import PlanAgreed
from workflows.telling import post

MOVES = Moves(
    "support plan",
    "draft",
    {
        "agree_plan": "draft in_review -> agreed",
        "open_review": "agreed -> in_review",
        "after_review": "in_review -> agreed",
        "close_plan": "draft agreed in_review -> closed",
    },
)


@command(the_team)
def agree_outcome(doing: Doing, taf: Any, *, words: str, need: str | None) -> Outcome:
    """Agree an outcome: what the family and the team want to be different."""
    return doing.add(
        Outcome(
            taf_id=taf.id,
            number=len(taf.outcomes) + 1,
            words=words,
            need=need,
            agreed_at=doing.now,
            agreed_by_id=doing.person.id,
        )
    )


@command(the_lead, MOVES)
def agree_plan(doing: Doing, plan: Any, *, agreed_on: date) -> None:
    """Record that the family and the team agreed the plan."""
    check_gone_by(doing, agreed_on, "agreed_on")
    doing.move(MOVES, "agree_plan", plan, agreed_on=agreed_on)
    taf = plan.taf
    post(
        doing,
        PlanAgreed(
            about=taf.ref,
            reference=taf.reference,
            outcomes=len(taf.outcomes),
            actions=len([one for one in taf.actions if one.is_open]),
        ),
        taf,
    )


def open_review(doing: Doing, taf: Any) -> None:
    """Put an agreed plan in review, as a review meeting does."""
    if MOVES.refusal("open_review", taf.plan) is None:
        doing.move(MOVES, "open_review", taf.plan)


def after_review(doing: Doing, taf: Any) -> None:
    """Take the plan out of review, agreed again."""
    if MOVES.refusal("after_review", taf.plan) is None:
        doing.move(MOVES, "after_review", taf.plan)
