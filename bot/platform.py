"""What every platform can do, and how it says that it could not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from messages.card import Card


class Undelivered(Exception):
    """The platform did not take it. `permanent`: asking again will not help.

    `unknown`: it may have been taken; look before sending again.
    """

    def __init__(self, why: str, *, permanent: bool = False, unknown: bool = False) -> None:
        super().__init__(why)
        self.why, self.permanent, self.unknown = why, permanent, unknown


@dataclass(frozen=True)
class Place:
    """Where something goes: a room, or one person. Ids are ours; the address the platform's."""

    room_id: int | None
    person_id: int | None
    name: str
    address: str | None


@dataclass(frozen=True)
class Outgoing:
    """One message on its way: its number is the same on every attempt."""

    number: int
    to: Place
    card: Card
    at: datetime
    replaces: str | None = None
    notice: str = ""
    rule: str | None = None


class Platform(Protocol):
    """A chat platform, or the web. `pace` is the least time between two messages in one place.

    Every method raises Undelivered when the platform says no or does not answer.
    """

    name: str
    pace: timedelta

    def open_room(self, room: Place, number: int) -> str:
        """Make the private room, or fail; its address."""

    def admit(self, room: Place, person_id: int, at: datetime) -> None:
        """Let a person in; one who is in already is no fault."""

    def remove(self, room: Place, person_id: int, at: datetime) -> None:
        """Take a person out; one who is out already is no fault."""

    def close_room(self, room: Place, at: datetime) -> None:
        """Close the room for good."""

    def post(self, message: Outgoing) -> str:
        """Post a message, or edit the one it replaces; the platform's own name for it."""

    def find(self, message: Outgoing) -> str | None:
        """The name of a message that was taken after all, or None."""
