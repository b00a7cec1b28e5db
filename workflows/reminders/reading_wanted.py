"""A reading of an indicator is wanted before the review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from storage.indicators import Indicator
from workflows.frameworks import framework
from workflows.notice import Notice
from workflows.policy import Policy
from workflows.rule import Step, day_before
from workflows.working_days import WorkingDays

SUBJECT = "indicator"
MATTER = "reading"


@dataclass(frozen=True, kw_only=True)
class ReadingWanted(Notice):
    """The review is coming and this indicator has no fresh reading; told to its holder."""

    number: int
    review_on: date


def steps(indicator: Indicator, policy: Policy, days: WorkingDays) -> Iterator[Step]:
    """Once a review, some working days before (app.yaml: reminders.reading_wanted).

    To whoever holds the evidence, else to the Lead Professional; not when it was read since the
    last review, nor where the measure counts from closure and cannot be known before.
    """
    taf = indicator.taf
    review_on = taf.review_due_on
    if indicator.state != "followed" or review_on is None:
        return
    if framework(taf.framework).indicator(indicator.measure).counted_from == "closure":
        return
    since = max((review.on for review in taf.reviews), default=indicator.starts_on)
    fresh = any(reading.on > since for reading in indicator.readings)
    if not taf.reviews:
        fresh = bool(indicator.readings)
    if not fresh:
        yield Step(
            day_before(review_on, policy.reminders.reading_wanted, days),
            indicator.holder or taf.lead or "co_ordinator",
            ReadingWanted(
                about=indicator.ref,
                reference=taf.reference,
                number=indicator.number,
                review_on=review_on,
            ),
        )
