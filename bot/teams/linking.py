"""Makes a chat the room of a family, when somebody of its team writes "link F-1042" in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.app import Assistant
from bot.chat.showing import saying
from bot.platform import Undelivered
from bot.teams.knowing import PLATFORM, Knowing
from bot.teams.reading import GROUP
from messages import words
from messages.card import Card
from storage import audit, rooms
from workflows import linking, rooms_in_step
from workflows.doing import Doing
from workflows.refusals import Refusal

NOT_HERE = "Write this in the group chat that is to be the family's room."
WE_MAKE_THEM = "Here the assistant makes the rooms itself. Nothing needs linking."
STRANGERS = (
    "{who} {are} in this chat and not on the team. Take them out, or add them to the team; then"
    " write it again. Nothing is linked yet."
)
NOBODY_KNOWS = "Teams does not say who is in this chat. Try again in a minute."
LINKED = "This chat is the room of {name} now."
MISSING = "Still to be added to the chat: {who}."


@dataclass
class Linking:
    """Links chats to rooms, where people make the chats."""

    assistant: Assistant
    knowing: Knowing

    def link(self, person: int, body: Mapping[str, Any], name: str) -> Card:
        """Link the chat that this was written in; what is said there."""
        if self.knowing.calling.connection.makes_rooms:
            return saying(WE_MAKE_THEM)
        if body["in"] != GROUP:
            return saying(NOT_HERE)
        boundary, now = self.assistant.boundary, self.assistant.clock.now()
        try:
            with self.assistant.database.reading() as session:
                linking.room_to_link(boundary.doing(session, person, now), PLATFORM, name)
            inside = self.knowing.inside(body["where"], now)
            card, strange = self.assistant.database.write(
                lambda session: self._linked(session, person, body["where"], name, inside)
            )
            return saying(self._who(strange, body["where"])) if strange else card
        except Refusal as no:
            return saying(boundary.said(no))
        except Undelivered:
            return saying(NOBODY_KNOWS)

    def app_came(self, address: str) -> None:
        """The app was seen in a channel: if that waited for it, it is opened now."""
        if not self.knowing.calling.connection.in_channels or not self.knowing.is_seen(address):
            return
        self.assistant.database.write(lambda session: self._go_on(session, address))
        self.assistant.send_soon()

    def _go_on(self, session: Any, address: str) -> None:
        room = rooms.at(session, PLATFORM, address)
        if room is not None and room.state not in {"open", "closed"}:
            somebody = next(iter(rooms_in_step.team(session, room)), None)
            now, office = self.assistant.clock.now(), self.assistant.office
            linking.go_on(Doing(session, now, somebody, office), room)

    def _linked(
        self, session: Any, person: int, address: str, name: str, inside: frozenset[str]
    ) -> tuple[Card, tuple[str, ...]]:
        """What is said of it; or the strangers, whose names Teams is asked for afterwards."""
        doing = self.assistant.boundary.doing(session, person, self.assistant.clock.now())
        room = linking.room_to_link(doing, PLATFORM, name)
        if strange := linking.strangers(doing, room, inside):
            return Card(""), strange
        missing = linking.link(doing, room, address, inside)
        about = {"about": room.taf.ref, "taf_id": room.taf_id} if room.taf else {}
        told = {"facts": {"platform": PLATFORM}, **about}
        audit.record(session, doing.now, "room linked", person_id=person, **told)
        more = [MISSING.format(who=words.listed(missing))] if missing else []
        return saying(LINKED.format(name=name), *more), ()

    def _who(self, accounts: tuple[str, ...], address: str) -> str:
        """Their names, as the chat has them: whoever reads this is in it too."""
        shown = self.knowing.calling.members(address, self.knowing.service(address))
        names = [str(one.get("name") or "Somebody") for one in shown if one.get("id") in accounts]
        are = "is" if len(accounts) == 1 else "are"
        return STRANGERS.format(who=words.listed(names or ["Somebody"]), are=are)
