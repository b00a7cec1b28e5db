"""Plays a story where people make the chats: whoever is told to do something to one does it."""

from __future__ import annotations

import re
from typing import Any

from bot.boundary import Press
from bot.teams.platform import ADD_THEM, END_IT, TAKE_THEM_OUT, topic_of
from storage import rooms
from storage.people import Person
from tests.platforms.on_teams.by_hand import ByHand, Watched
from tests.platforms.teams.cards import parts
from tests.platforms.teams.chats import Chat, Message
from tests.platforms.teams.hands import Hand
from workflows import rooms_in_step

MAKE_ONE = re.compile(r"Make a group chat in Teams .* link ([\w-]+)")


class Paired(ByHand):
    """People make chats, link them, fill and empty them, and only when the assistant says so.

    `told` counts what they were told, by what it was.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.ticker = Watched(self.town.assistant.ticker, self.does_as_told)
        self.read: set[str] = set()
        self.told: dict[str, int] = {}

    def press(self, press: Press) -> Any:
        """What was said since the last tick is heeded first."""
        self.does_as_told()
        return super().press(press)

    def does_as_told(self) -> None:
        """Read what is new in everybody's own chat, and do what it asks for."""
        self.town.rest()
        for hand in self.town.hands.values():
            for said in hand.personal.standing():
                if said.sender != hand.id and said.id not in self.read:
                    self.read.add(said.id)
                    self._heeds(hand, said)

    def _heeds(self, hand: Hand, said: Message) -> None:
        words = " ".join(str(one.get("text", "")) for one in parts(said.card_of(hand.person)))
        for name in MAKE_ONE.findall(words):
            self._count("make one")
            self._makes(name)
        for told in (ADD_THEM, TAKE_THEM_OUT):
            if told in words:
                self._count(told)
                self._puts_right()
        if END_IT in words:
            self._count(END_IT)
            self._ends(hand, said)

    def _count(self, told: str) -> None:
        self.told[told] = self.told.get(told, 0) + 1

    def _team(self, name: str) -> list[Hand]:
        """The hands of those who belong in a room."""
        with self.town.assistant.database.reading() as session:
            there = rooms_in_step.team(session, rooms.named(session, name))
            accounts = {one.platform_id for one in there if isinstance(one, Person)}
        return [one for one in self.town.hands.values() if one.person.mri in accounts]

    def _makes(self, name: str) -> None:
        """One of the team makes the chat, adds the app, and writes that it is the family's."""
        if any(one.topic == topic_of(name) for one in self.town.workspace.chats.values()):
            return
        first, *others = self._team(name)
        chat = first.admin.makes_chat(topic_of(name), *(one.person for one in others))
        first.admin.brings_bot(chat)
        self.town.rest()
        assert "link F-1042" in str(chat.standing()[-1].card)
        first.types(f"TAF link {name}", chat)
        self.town.rest()
        first.reads(f"This chat is the room of {name} now.")

    def _puts_right(self) -> None:
        """The members of every linked chat become those of its team."""
        for chat in self._linked():
            name = chat.name.removeprefix("TAF ")
            wanted = {one.id: one for one in self._team(name)}
            somebody = next(iter(wanted.values()))
            for one in set(chat.members) - set(wanted):
                somebody.admin.removes(chat, self.town.workspace.people[one])
            for one in set(wanted) - set(chat.members):
                somebody.admin.brings(chat, wanted[one].person)
        self.town.rest()

    def _linked(self) -> list[Chat]:
        with self.town.assistant.database.reading() as session:
            found = rooms.open_addresses(session, "teams")
        return [one for one in self.town.workspace.chats.values() if one.id in found]

    def _ends(self, hand: Hand, said: Message) -> None:
        """Whoever is told takes the app and everybody out, and presses nothing."""
        words = " ".join(str(one.get("text", "")) for one in parts(said.card_of(hand.person)))
        name = re.findall(r"([\w-]+): End the chat", words)[-1]
        chat = self.town.workspace.chat_of(topic_of(name))
        hand.admin.removes_bot(chat)
        for one in list(chat.members):
            hand.admin.removes(chat, self.town.workspace.people[one])
        self.town.rest()
