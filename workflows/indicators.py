"""Outcome indicators: chosen, made relevant, read, and compared with where things began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from storage import subjects
from storage.indicators import Indicator, Reading
from workflows.access import the_lead, the_team
from workflows.checks import check_gone_by
from workflows.doing import Doing, command
from workflows.frameworks import framework
from workflows.moves import Moves
from workflows.notices import IndicatorChosen, ReadingRecorded, TargetRelapsed
from workflows.refusals import (
    BadReading,
    BeforeTheStart,
    ReadingNeeded,
    ReadingOutOfRange,
    TargetNeeded,
)
from workflows.telling import post, tell_lead

MOVES = Moves(
    "indicator",
    "followed",
    {"record_reading": "followed", "stop_following": "followed -> stopped"},
)

RANGES = {
    "count": (0, 10_000),
    "months": (0, 12),
    "weeks": (0, 52),
    "money": (0, 1_000_000),
    "yes_no": (0, 1),
    "scale": (0, 10),
}
"""What a reading may be, by unit: months 0-12 and weeks 0-52 (seed 3, appendix 2)."""


def reading_value(words: str, unit: str, field: str) -> Decimal:
    """A reading as a number in its unit; yes is 1 and no is 0."""
    cleaned = words.strip().lower().replace(",", "").replace("£", "")
    cleaned = {"yes": "1", "no": "0", "true": "1", "false": "0"}.get(cleaned, cleaned)
    try:
        value = Decimal(cleaned)
    except InvalidOperation:
        raise BadReading(field, unit=unit) from None
    least, most = RANGES[unit]
    if not value.is_finite() or not least <= value <= most:
        raise ReadingOutOfRange(field, unit=unit, least=least, most=most)
    if value != (round(value, 2) if unit == "money" else value.to_integral_value()):
        raise BadReading(field, unit=unit)
    return value


def usual_target(measure: Any, start: Decimal | None) -> Decimal:
    """The framework's own target for a measure; one relative to a baseline needs the baseline."""
    target = measure.target
    if target is not None:
        if target.at_most is not None or target.at_least is not None:
            return Decimal(target.at_most if target.at_most is not None else target.at_least)
        if target.answer is not None:
            return Decimal(target.answer == "yes")
        if start is not None and target.fall_by_percent is not None:
            return (start * (100 - target.fall_by_percent) / 100).to_integral_value(ROUND_FLOOR)
        if start is not None and target.rise_by is not None:
            return start + target.rise_by
    if measure.kind == "yes_no":
        return Decimal(measure.better == "yes")
    raise TargetNeeded("target")


@command(the_team)
def choose(
    doing: Doing,
    taf: Any,
    *,
    measure: str,
    words: str | None,
    subject: str | None,
    evidence_source: str | None,
    holder: str | None,
    history: str,
    forecast: str,
    baseline: str | None,
    target: str | None,
    starts_on: date | None,
) -> Indicator:
    """Choose an indicator from the framework and make it relevant to this family.

    It has its own start date, so that one can be added when a need is found mid-plan.
    """
    kept = framework(taf.framework).indicator(measure)
    starts = starts_on or doing.today
    check_gone_by(doing, starts, "starts_on")
    start = reading_value(baseline, kept.kind, "baseline") if baseline else None
    aim = reading_value(target, kept.kind, "target") if target else usual_target(kept, start)
    who = subjects.find(doing.session, subject) if subject and subject != "household" else None
    keeper = subjects.find(doing.session, holder) if holder else None
    indicator = doing.add(
        Indicator(
            taf_id=taf.id,
            number=len(taf.indicators) + 1,
            measure=measure,
            words=words or kept.text,
            family_member_id=who.id if who else None,
            unit=kept.kind,
            better=kept.better,
            evidence_source=evidence_source or kept.evidence,
            holder_id=keeper.id if keeper else None,
            history=history,
            forecast=forecast,
            baseline=start,
            target=aim,
            starts_on=starts,
            chosen_at=doing.now,
            chosen_by_id=doing.person.id,
        )
    )
    doing.session.expire(taf, ["indicators"])
    post(
        doing,
        IndicatorChosen(
            about=indicator.ref,
            reference=taf.reference,
            number=indicator.number,
            by=doing.person.name,
        ),
        indicator,
    )
    return indicator


@command(the_team, MOVES)
def record_reading(
    doing: Doing,
    indicator: Any,
    *,
    value: str | None,
    not_known: bool | None,
    on: date,
    evidence: str | None,
) -> None:
    """Record a reading; "not known" is kept as not known and never counts as nought."""
    check_gone_by(doing, on, "on")
    if on < indicator.starts_on:
        raise BeforeTheStart("on", starts_on=indicator.starts_on)
    if (value is None) != bool(not_known):
        raise ReadingNeeded("value")
    was_met = progress(indicator).met
    number = None if not_known else reading_value(value or "", indicator.unit, "value")
    doing.add(
        Reading(
            indicator_id=indicator.id,
            value=number,
            on=on,
            evidence=evidence,
            recorded_by_id=doing.person.id,
            recorded_at=doing.now,
        )
    )
    doing.move(MOVES, "record_reading", indicator)
    doing.session.expire(indicator, ["readings"])
    met = progress(indicator).met
    reference = indicator.taf.reference
    post(
        doing,
        ReadingRecorded(
            about=indicator.ref,
            reference=reference,
            number=indicator.number,
            by=doing.person.name,
            met=bool(met),
        ),
        indicator,
    )
    if was_met and met is False:
        relapse = TargetRelapsed(about=indicator.ref, reference=reference, number=indicator.number)
        post(doing, relapse, indicator)
        tell_lead(doing, relapse, indicator)


@command(the_lead, MOVES)
def stop_following(doing: Doing, indicator: Any) -> None:
    """Stop following an indicator that no longer says anything about this family."""
    doing.move(MOVES, "stop_following", indicator)


@dataclass(frozen=True)
class Progress:
    """How far an indicator has come.

    `travelled` is in the indicator's own unit, positive for better; `share` is the part of the
    way from baseline to target, 0 to 1 and beyond. Both are None where either end is not known.
    """

    latest: Decimal | None
    travelled: Decimal | None
    share: float | None
    met: bool | None
    relapsed: bool


def is_met(indicator: Any, value: Decimal) -> bool:
    """Whether a value meets the target: at or below it, or at or above it."""
    if indicator.better in {"lower", "no"}:
        return bool(value <= indicator.target)
    return bool(value >= indicator.target)


def progress(indicator: Any) -> Progress:
    """Distance travelled, whether the target is met, and whether it once was and is not now."""
    known = [one.value for one in indicator.readings if one.value is not None]
    if not known:
        return Progress(None, None, None, None, relapsed=False)
    latest, start = known[-1], indicator.baseline
    met = is_met(indicator, latest)
    relapsed = not met and any(is_met(indicator, value) for value in known[:-1])
    if start is None:
        return Progress(latest, None, None, met, relapsed)
    sign = -1 if indicator.better in {"lower", "no"} else 1
    travelled, whole = sign * (latest - start), sign * (indicator.target - start)
    share = float(travelled / whole) if whole > 0 else (1.0 if met else 0.0)
    return Progress(latest, travelled, share, met, relapsed)
