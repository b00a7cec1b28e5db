"""What happens while a story is played, in its order: presses, moves, rooms and messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Union

from bot.platform import Outgoing
from bot.story.parts import Event


@dataclass
class Pressed:
    """An event's press, and the reason it was refused for, if it was."""

    at: datetime
    event: Event
    refused: str | None = None


@dataclass(frozen=True)
class Moved:
    """A legal move of a subject's state."""

    at: datetime
    of: str
    before: str
    to: str


@dataclass(frozen=True)
class RoomChanged:
    """Something a platform did with a room: opened, admitted, removed, closed."""

    at: datetime
    did: str
    room: str
    person_id: int | None = None


@dataclass(frozen=True)
class Carried:
    """A message that a platform showed."""

    at: datetime
    platform: str
    message: Outgoing


Happening = Union[Pressed, Moved, RoomChanged, Carried]  # noqa: UP007  one name for four
Log = list[Happening]
