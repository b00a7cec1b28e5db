"""What a benchmark gives, and how two things are compared in one run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from statistics import median
from typing import Any

Timed = Callable[[], float]
"""Does something once; how many seconds of it count."""


@dataclass(frozen=True)
class Measured:
    """One line of the table: a ratio, its target, and what it was measured against."""

    name: str
    ratio: float
    target: float
    better: str
    holds: bool
    against: str


def lower(name: str, ratio: float, target: float, against: str) -> Measured:
    """A ratio that should be at or under its target."""
    return Measured(name, round(ratio, 3), target, "lower", ratio <= target, against)


def higher(name: str, ratio: float, target: float, against: str) -> Measured:
    """A ratio that should be at or over its target."""
    return Measured(name, round(ratio, 3), target, "higher", ratio >= target, against)


def timed(what: Callable[..., Any], *given: Any) -> Timed:
    """How long something takes, in seconds."""

    def once() -> float:
        start = time.perf_counter()
        what(*given)
        return time.perf_counter() - start

    return once


@dataclass(frozen=True)
class Compared:
    """The seconds of several things, round by round: what came in one round belongs together."""

    seconds: dict[str, list[float]]

    def median(self, name: str) -> float:
        """The usual time of one of them."""
        return median(self.seconds[name])

    def ratio(self, name: str, against: str) -> float:
        """How much longer one takes than another: the median of the rounds' own ratios.

        A machine that is slow for a while is slow for both, so that it cancels.
        """
        return median(a / b for a, b in zip(self.seconds[name], self.seconds[against], strict=True))


def compared(rounds: int, /, **things: Timed) -> Compared:
    """Do each thing once to warm up, then once a round, in an order that is drawn anew."""
    luck = Random(1)
    names = list(things)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for name in names:
        things[name]()
    for _ in range(rounds):
        luck.shuffle(names)
        for name in names:
            seconds[name].append(things[name]())
    return Compared(seconds)


def each(seconds: float, count: int = 1) -> str:
    """A time as people read it, of one among many."""
    one = seconds / count
    if one < 1e-3:
        return f"{one * 1e6:.0f} µs"
    return f"{one * 1e3:.1f} ms" if one < 1 else f"{one:.1f} s"
