"""Tells how late a message may have arrived: its answer took longer than the quickest ones do."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import timedelta
from threading import Lock

USUAL = 0.08
"""Seconds in which a platform answers at the very quickest, as long as nobody has seen it do so
(ours)."""

LATELY = 100
"""How many answers are remembered of each platform, so that a new way to it is learnt."""


class Arriving:
    """How long the platforms took to answer lately, as this process sees it.

    When a message arrives is known over there alone. But one whose answer takes as long as the
    quickest arrived as soon as can be; what another takes longer, it may have been on its way.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._lately: dict[str, deque[float]] = defaultdict(lambda: deque([USUAL], maxlen=LATELY))

    def late(self, platform: str, took: float) -> timedelta:
        """By how much a message may have been late that was answered in so many seconds."""
        with self._lock:
            lately = self._lately[platform]
            lately.append(took)
            return timedelta(seconds=took - min(lately))
