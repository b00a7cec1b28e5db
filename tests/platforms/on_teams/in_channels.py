"""Plays a story where rooms are private channels: whoever is told to add the app adds it."""

from __future__ import annotations

import re

from bot.teams.platform import topic_of
from tests.platforms.on_teams.paired import Paired
from tests.platforms.teams.cards import parts
from tests.platforms.teams.channels import owners
from tests.platforms.teams.chats import Message
from tests.platforms.teams.hands import Hand

ADD_IT = re.compile(r"open the channel TAF ([\w-]+) in Teams, press Add an app")


class InChannels(Paired):
    """People add the app to channels, and do nothing else there."""

    def _heeds(self, hand: Hand, said: Message) -> None:
        words = " ".join(str(one.get("text", "")) for one in parts(said.card_of(hand.person)))
        for name in ADD_IT.findall(words):
            self._count("add the app")
            chat = self.town.workspace.chat_of(topic_of(name))
            if not chat.has_app:
                owner = next(one for one in self.town.hands.values() if one.id in owners(chat))
                owner.admin.brings_bot(chat)
                self.town.rest()
