"""What goes wrong on the fake platform: by seed, or as a scenario commands."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from random import Random
from typing import Any

KINDS = frozenset(
    {
        "500 before",
        "500 after",
        "reset before",
        "reset after",
        "hang before",
        "hang after",
        "garbled after",
        "late",
        "slow",
        "held before",
        "held after",
    }
)
"""Before: it was not taken. After: it was taken, but whoever asked never hears so.

`late`: no answer comes, and it is taken some time later. `held`: until the scenario lets it go.
"""


@dataclass
class Faults:
    """The faults to come. `rates` are drawn by seed, request by request; `coming` goes first."""

    seed: int = 0
    rates: dict[str, float] = field(default_factory=dict)
    operations: list[str] = field(default_factory=lambda: ["post"])
    coming: deque[str] = field(default_factory=deque)
    late_by: float = 1.0
    slow_by: float = 0.1
    storm_until: float = 0.0
    storm_says: float | None = None
    revoked: bool = False
    counted: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._luck = Random(self.seed)

    def set(self, orders: dict[str, Any]) -> None:
        """Change what goes wrong from here on."""
        unknown = (set(orders.get("rates", {})) | set(orders.get("coming", []))) - KINDS
        if unknown:
            raise ValueError(f"there is no such fault: {sorted(unknown)}")
        for name, value in orders.items():
            if name == "storm":
                self.storm_until = time.monotonic() + value
            elif name == "coming":
                self.coming = deque(value)
            else:
                setattr(self, name, value)
        if "seed" in orders:
            self._luck = Random(self.seed)

    def storm_left(self) -> float:
        """How many seconds the storm will last, as those hear it whom it turns away."""
        left = max(0.0, self.storm_until - time.monotonic())
        return min(left, self.storm_says) if self.storm_says else left

    def draw(self, operation: str) -> str | None:
        """What befalls this request, if anything."""
        if operation not in self.operations:
            return None
        found = self.coming.popleft() if self.coming else self._drawn()
        if found:
            self.counted[found] = self.counted.get(found, 0) + 1
        return found

    def _drawn(self) -> str | None:
        at = self._luck.random()
        for kind, rate in self.rates.items():
            at -= rate
            if at < 0:
                return kind
        return None
