"""The web as a chat platform: a message is a row, shown on the room's page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.platform import Capabilities, Limits, Outgoing, Place, Undelivered
from bot.web.capabilities import CAN
from storage import rooms
from storage.database import Database


@dataclass
class WebPlatform:
    """Posts and edits in our own database; who may read is asked of the record at each look."""

    database: Database
    name: str = "web"
    limits: Limits = field(default_factory=Limits)
    can: Capabilities = CAN

    def open_room(self, room: Place, number: int) -> str:  # noqa: ARG002
        """A web room is its page: private to the family's team."""
        return f"/families/{room.name}"

    def admit(self, room: Place, person_id: int, at: datetime) -> None:
        """Nothing to do: the page asks the record who may look."""

    def remove(self, room: Place, person_id: int, at: datetime) -> None:
        """Nothing to do: the page asks the record who may look."""

    def put_out(self, room: Place, account: str) -> None:
        """Nobody is in a room of the web but by the record."""

    def name_room(self, room: Place) -> None:
        """A room's name cannot be changed here."""

    def pin(self, room: Place, message: str) -> None:
        """Nothing is pinned here."""

    def close_room(self, room: Place, at: datetime) -> None:
        """Nothing to do: the page stays as the record of the room."""

    def post(self, message: Outgoing) -> str:
        """Show a message, or change the one it replaces; the same delivery is shown once."""
        with self.database.writing() as session:
            if message.replaces:
                rooms.edit(session, int(message.replaces), message.card.as_json(), message.at)
                return message.replaces
            shown = rooms.show(
                session,
                message.number,
                message.card.as_json(),
                message.at,
                room_id=message.to.room_id,
                person_id=message.to.person_id,
            )
        if shown is None:
            raise Undelivered("There is no such room.", permanent=True)
        return str(shown)

    def find(self, message: Outgoing) -> tuple[str, ...]:
        """The message of this delivery, if it is shown."""
        with self.database.reading() as session:
            found = rooms.post_of(session, message.number)
        return (str(found),) if found else ()
