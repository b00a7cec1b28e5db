"""Waiting for a condition, and never for a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_PAUSE = threading.Event()


def until(condition: Callable[[], object], what: str, within: float = 30.0) -> None:
    """Go on as soon as this is so; fail, in words, where it does not become so in time."""
    ends = time.monotonic() + within
    while not condition():
        assert time.monotonic() < ends, f"after {within:.0f} s, still not: {what}"
        _PAUSE.wait(0.02)
