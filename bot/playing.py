"""Moves a clock through time, stopping wherever something happens on the way."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.app import Assistant
from bot.clock import Clock


class Movable(Clock, Protocol):
    """A clock that can be moved on."""

    def set(self, at: datetime) -> None:
        """Move on to this moment."""


def advance(assistant: Assistant, clock: Movable, to: datetime) -> None:
    """Live through the time up to a moment: every sweep and every sending at its own minute."""
    while (moment := assistant.ticker.next_moment()) is not None and moment <= to:
        clock.set(max(moment, clock.now()))
        assistant.ticker.tick()
        if assistant.ticker.next_moment() == moment:
            break
    clock.set(max(to, clock.now()))
    assistant.ticker.tick()
