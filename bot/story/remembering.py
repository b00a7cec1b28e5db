"""A platform that shows nothing to anybody: it remembers, and is strict about what it is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import Clock
from bot.platform import Limits, Outgoing, Place, Undelivered
from bot.story.log import Carried, Log, RoomChanged


@dataclass
class RememberingPlatform:
    """Stands in for Slack, Teams or the web; all of a story's platforms write in one log.

    Like a real one it says no to a room that was never opened, was closed or is opened twice, to
    somebody let in twice, and to a message sent twice.
    """

    name: str
    clock: Clock
    log: Log
    limits: Limits = field(default_factory=Limits)
    inside: dict[str, set[int]] = field(default_factory=dict)
    shown: dict[int, str] = field(default_factory=dict)

    def open_room(self, room: Place, number: int) -> str:  # noqa: ARG002
        """Open a private room, once."""
        if room.name in self.inside:
            raise Undelivered(f"{room.name} is open already.", permanent=True)
        self.inside[room.name] = set()
        self.log.append(RoomChanged(self.clock.now(), "opened", room.name))
        return f"{self.name}/{room.name}"

    def admit(self, room: Place, person_id: int, at: datetime) -> None:
        """Let somebody into an open room."""
        if person_id not in self._open(room):
            self.inside[room.name].add(person_id)
            self.log.append(RoomChanged(at, "admitted", room.name, person_id))

    def remove(self, room: Place, person_id: int, at: datetime) -> None:
        """Take somebody out of an open room."""
        if person_id in self._open(room):
            self.inside[room.name].remove(person_id)
            self.log.append(RoomChanged(at, "removed", room.name, person_id))

    def put_out(self, room: Place, account: str) -> None:
        """Nobody comes in here by hand."""

    def name_room(self, room: Place) -> None:
        """A room's name cannot be changed here."""

    def pin(self, room: Place, message: str) -> None:
        """Nothing is pinned here."""

    def close_room(self, room: Place, at: datetime) -> None:
        """Close an open room for good."""
        self._open(room)
        del self.inside[room.name]
        self.log.append(RoomChanged(at, "closed", room.name))

    def post(self, message: Outgoing) -> str:
        """Show a message, or change the one it replaces."""
        if message.to.room_id is not None:
            self._open(message.to)
        elif message.to.person_id is None:
            raise Undelivered("There is nobody to show this to.", permanent=True)
        if message.number in self.shown:
            raise Undelivered("This was shown already.", permanent=True)
        if message.replaces and message.replaces not in self.shown.values():
            raise Undelivered("There is no such message to change.", permanent=True)
        self.shown[message.number] = message.replaces or f"{self.name}-{message.number}"
        self.log.append(Carried(message.at, self.name, message))
        return self.shown[message.number]

    def find(self, message: Outgoing) -> tuple[str, ...]:
        """The message of this delivery, if it was shown."""
        found = self.shown.get(message.number)
        return (found,) if found else ()

    def _open(self, room: Place) -> set[int]:
        if room.name not in self.inside:
            raise Undelivered(f"{room.name} is not open.", permanent=True)
        return self.inside[room.name]
