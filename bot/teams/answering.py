"""Answers what somebody typed on Teams: in their own chat with us, whatever chat they typed in."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.app import Assistant
from bot.chat.home import Homes
from bot.chat.in_step import InStep
from bot.chat.showing import saying
from bot.chat.typing import Words
from bot.chat.who import STRANGER
from bot.platform import Place, Undelivered
from bot.teams.linking import Linking
from bot.teams.platform import TeamsPlatform
from bot.teams.reading import PERSONAL
from bot.teams.showing import home_message, shown
from messages.card import Button, Card
from storage import rooms

log = logging.getLogger(__name__)

LINK = re.compile(r"link\s+([A-Za-z]{1,2}-\d{3,7}(?:-\d{1,3})?|supervision)", re.IGNORECASE)
HOME = frozenset({"", "actions", "home", "hello", "hi"})
"""Whoever says no more than this wants to see what is theirs."""

ADD_ME = (
    "I answer in your own chat with me, so that nobody else reads it. Add the app for yourself in"
    " Teams, then ask me there."
)
WELCOME = (
    "To make this chat the room of a family, add its team to the chat, and nobody else. Then write"
    " here: {call} link F-1042"
)
BEGIN = "Press the button to begin."


@dataclass
class Answering:
    """Does what was typed and what happened to a chat; both may be asked for twice."""

    assistant: Assistant
    on: TeamsPlatform
    words: Words
    homes: Homes
    in_step: InStep
    linking: Linking

    def typed(self, body: Mapping[str, Any]) -> None:
        """Answer what somebody typed."""
        account, where = body["account"], body["where"]
        self.linking.app_came(where)
        asked = self._without_our_name(str(body["words"]))
        person = body["person"]
        match = LINK.fullmatch(asked)
        if match is not None and person is not None:
            name = match[1].upper() if match[1].lower() != "supervision" else "supervision"
            self._say(where, shown(self.linking.link(person, body, name), self.on.naming))
            return
        if person is None:
            answer = shown(saying(STRANGER), self.on.naming)
            self._say(where, answer)
            return
        self._privately(account, person, body, self._answer(account, person, asked))

    def _without_our_name(self, words: str) -> str:
        """Our help says it as one calls us in a chat; in one's own chat that is plain text."""
        call = self.words.call
        return words[len(call) :].strip() if words.lower().startswith(call.lower()) else words

    def _answer(self, account: str, person: int, asked: str) -> dict[str, Any]:
        if asked.lower() in HOME:
            return home_message(self.homes.of(person), self.on.naming)
        opens = self.words.opens(asked)
        if opens is not None:
            card = replace(saying(BEGIN), buttons=(Button(opens, ""),))
            return shown(card, self.on.naming)
        return self.answered(account, asked)

    def answered(self, account: str, asked: str) -> dict[str, Any]:
        """The answer to these words, as things stand now."""
        word = asked if self.words.says_nothing_of_people(asked) else ""
        return shown(self.words.answer(account, asked), self.on.naming, word)

    def happened(self, body: Mapping[str, Any]) -> None:
        """A chat changed: one of ours is looked at, a new one is told how it becomes a room."""
        if body["in"] == PERSONAL:
            return
        with self.assistant.database.reading() as session:
            known = rooms.at(session, self.on.name, body["where"]) is not None
        if known:
            self.linking.app_came(body["where"])
            self.in_step.told_of(body["where"])
        elif body.get("came") and not self.on.changes_members():
            card: Card = saying(WELCOME.format(call=self.words.call))
            self._say(body["where"], shown(card, self.on.naming))

    def privately(self, account: str, sentence: str) -> None:
        """Tell somebody how something ended that they were told to wait for."""
        to = Place(None, None, "", account)
        try:
            address, service = self.on.knowing.personal(to, self.assistant.clock.now())
            message = shown(saying(sentence), self.on.naming)
            self.on.calling.send(address, service, message)
        except Undelivered as no:
            log.info("an answer could not be shown", extra={"why": no.why})

    def _privately(
        self, account: str, person: int, body: Mapping[str, Any], message: dict[str, Any]
    ) -> None:
        """Only they see it. Whose own chat cannot be opened is told so where they typed."""
        if body["in"] == PERSONAL:
            self._say(body["where"], message)
            return
        to = Place(None, person, "", account)
        try:
            address, service = self.on.knowing.personal(to, self.assistant.clock.now())
            self.on.calling.send(address, service, message)
        except Undelivered as no:
            log.info("an answer could not be shown", extra={"why": no.why})
            self._say(body["where"], shown(saying(ADD_ME), self.on.naming))

    def _say(self, address: str, message: dict[str, Any]) -> None:
        """Nobody keeps it: a lost answer loses nothing, and is asked for again."""
        try:
            self.on.calling.send(address, self.on.knowing.service(address), message)
        except Undelivered as no:
            log.info("an answer could not be shown", extra={"why": no.why})
