"""A platform that takes everything at once: what is left is what the assistant itself does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock

from bot.platform import Limits, Outgoing, Place


@dataclass
class Nowhere:
    """A platform that takes everything at once, and says when it has taken so many."""

    count: int = 0
    name: str = "web"
    limits: Limits = field(default_factory=Limits)
    all_taken: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        """Count from nought; several threads post at once."""
        self._taken, self._lock = 0, Lock()

    def post(self, message: Outgoing) -> str:
        """Take it."""
        with self._lock:
            self._taken += 1
            if self._taken == self.count:
                self.all_taken.set()
        return f"M{message.number}"

    def open_room(self, room: Place, number: int) -> str:
        """There are no rooms here."""
        raise NotImplementedError

    def admit(self, room: Place, person_id: int, at: datetime) -> None:
        """There are no rooms here."""

    def remove(self, room: Place, person_id: int, at: datetime) -> None:
        """There are no rooms here."""

    def name_room(self, room: Place) -> None:
        """There are no rooms here."""

    def pin(self, room: Place, message: str) -> None:
        """There are no rooms here."""

    def close_room(self, room: Place, at: datetime) -> None:
        """There are no rooms here."""

    def find(self, message: Outgoing) -> tuple[str, ...]:
        """Nothing is ever unsure."""
        return ()
