"""Reviews of the plan: in a meeting, collated or by a call; on, to closure, or stepping up."""

from __future__ import annotations

from datetime import date
from typing import Any

from storage import subjects
from storage.reviews import Review
from workflows.access import the_lead
from workflows.checks import check_ahead, check_gone_by
from workflows.doing import Doing, command
from workflows.notices import ReviewRecorded, StepUpDecided
from workflows.planning import after_review
from workflows.telling import post, tell


@command(the_lead)
def record_review(
    doing: Doing,
    taf: Any,
    *,
    mode: str,
    meeting: str | None,
    on: date,
    progress: str,
    decision: str,
    words: str,
    next_on: date | None,
) -> None:
    """Record a review: what moved, and whether to continue, close or step up.

    On a step-up a person calls the MASH; the assistant never refers by itself (domain 2.3, R17).
    """
    check_gone_by(doing, on, "on")
    if next_on:
        check_ahead(doing, next_on, "next_on")
    held = subjects.find(doing.session, meeting) if meeting else None
    doing.add(
        Review(
            taf_id=taf.id,
            meeting_id=held.id if held else None,
            on=on,
            mode=mode,
            progress=progress,
            decision=decision,
            words=words,
            recorded_by_id=doing.person.id,
            recorded_at=doing.now,
        )
    )
    due = next_on or doing.days.add(on, doing.policy.reviews.every)
    doing.edit(taf, review_due_on=max(due, doing.today))
    doing.session.expire(taf, ["reviews"])
    after_review(doing, taf)
    post(
        doing,
        ReviewRecorded(
            about=taf.ref,
            reference=taf.reference,
            progress=progress,
            decision=decision,
            next_on=taf.review_due_on if decision == "continue" else None,
            mode=mode,
        ),
        taf,
    )
    if decision == "step_up":
        notice = StepUpDecided(
            about=taf.ref, reference=taf.reference, banner=doing.policy.safeguarding.banner
        )
        post(doing, notice, taf)
        tell(doing, taf.lead, notice, taf)
