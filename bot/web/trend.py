"""Draws an indicator's trend: where it began, where it is meant to get to, how it has moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from messages import words
from workflows.indicators import progress

WIDTH, HEIGHT = 320, 180
LEFT, RIGHT, TOP, BOTTOM = 52, 308, 12, 148
SHORTEST = timedelta(days=28)
"""A trend shows at least four weeks, so that the first readings do not fall on one another."""


@dataclass(frozen=True)
class Trend:
    """A drawing 320 units wide: places on it, and the same in words."""

    ticks: list[tuple[float, str]]
    first: str
    last: str
    baseline: float | None
    target: float
    lines: list[str]
    """The stretches of known readings: a reading that is not known breaks the line."""
    points: list[tuple[float, float]]
    unknown: list[float]
    words: str
    travelled: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date
    low: Decimal
    high: Decimal

    def x(self, on: date) -> float:
        part = (on - self.first).days / max((self.last - self.first).days, 1)
        return round(LEFT + 8 + part * (RIGHT - LEFT - 16), 1)

    def y(self, value: Decimal) -> float:
        part = float((value - self.low) / (self.high - self.low))
        return round(BOTTOM - part * (BOTTOM - TOP), 1)


def trend(indicator: Any) -> Trend:
    """The drawing of an indicator."""
    readings = list(indicator.readings)
    scale = _scale(indicator, readings)
    known = [one for one in readings if one.value is not None]
    stretches = [
        [(scale.x(one.on), scale.y(one.value)) for one in found]
        for is_known, found in groupby(readings, key=lambda one: one.value is not None)
        if is_known
    ]
    return Trend(
        ticks=[(scale.y(value), _tick(value, indicator.unit)) for value in (scale.low, scale.high)],
        first=_day(scale.first),
        last=_day(scale.last),
        baseline=scale.y(indicator.baseline) if indicator.baseline is not None else None,
        target=scale.y(indicator.target),
        lines=[" ".join(f"{x},{y}" for x, y in found) for found in stretches if len(found) > 1],
        points=[(scale.x(one.on), scale.y(one.value)) for one in known],
        unknown=[scale.x(one.on) for one in readings if one.value is None],
        words=_in_words(indicator, readings),
        travelled=travelled(indicator),
    )


def _scale(indicator: Any, readings: list[Any]) -> _Scale:
    values = [one.value for one in readings if one.value is not None]
    values += [indicator.target] + ([indicator.baseline] if indicator.baseline is not None else [])
    high = Decimal(1) if indicator.unit == "yes_no" else max([*values, Decimal(1)])
    low = min([*values, Decimal(0)])
    last = max([one.on for one in readings] + [indicator.starts_on + SHORTEST])
    return _Scale(indicator.starts_on, last, low, high)


def _tick(value: Decimal, unit: str) -> str:
    return words.sentence(words.amount(value, unit if unit in {"money", "yes_no"} else "count"))


def _day(on: date) -> str:
    return f"{on.day} {on:%b} {on.year}"


def _in_words(indicator: Any, readings: list[Any]) -> str:
    unit = indicator.unit
    told = [f"{words.long_day(one.on)}: {words.amount(one.value, unit)}" for one in readings]
    return " ".join(
        (
            f"Baseline {words.amount(indicator.baseline, unit)}.",
            f"Target {words.amount(indicator.target, unit)}.",
            f"Readings: {'; '.join(told)}." if told else "No reading yet.",
        )
    )


def travelled(indicator: Any) -> str:
    """How far an indicator has come, in words: "£300 better, 60% of the way"."""
    found = progress(indicator)
    if found.latest is None:
        return "No reading yet"
    if found.travelled is None:
        return "Not known: there is no baseline"
    if indicator.unit == "yes_no":
        return {1: "Better", 0: "No change", -1: "Worse"}[int(found.travelled)]
    if found.travelled == 0:
        return "None yet"
    amount = words.amount(abs(found.travelled), indicator.unit)
    way = "better" if found.travelled > 0 else "worse"
    share = found.share
    if share is None or found.travelled < 0:
        return f"{amount} {way} than at the start"
    return f"{amount} {way} than at the start, {min(round(share * 100), 100)}% of the way"
