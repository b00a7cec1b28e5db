"""Draws the card again that something was pressed on, so that it shows what is so now."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.boundary import Answer
from bot.platform import Undelivered
from bot.redrawing import Redrawing
from bot.teams.answering import Answering
from bot.teams.knowing import PLATFORM
from bot.teams.showing import HOME, SAID, home_message
from storage import accounts

log = logging.getLogger(__name__)

NUMBER = re.compile(r"\d{1,9}", re.ASCII)


@dataclass
class CardsAgain:
    """A digest, a message to one person, their home, an answer; what a room shows, it edits itself.

    Nobody keeps it: a card that could not be drawn again refuses what is over, and is drawn then.
    """

    answering: Answering

    def after(self, body: Mapping[str, Any], answer: Answer | None) -> None:
        """Draw again what a press stood on; None: the press had been done before."""
        message, drawn = body.get("card") or ("", "")
        if not message:
            return
        try:
            if NUMBER.fullmatch(drawn):
                self._delivered(int(drawn), message, body, answer)
            else:
                self._own(message, drawn, body)
        except Undelivered as no:
            log.info("a card could not be drawn again", extra={"why": no.why})

    def picked_up(self, body: Mapping[str, Any], answer: Answer) -> None:
        """Somebody's press was finished by another process: they hear what came of it."""
        self.answering.privately(body["account"], answer.sentence)
        self.after(body, answer)

    def _delivered(
        self, number: int, message: str, body: Mapping[str, Any], answer: Answer | None
    ) -> None:
        assistant = self.answering.assistant
        redrawing = Redrawing(assistant.database, assistant.clock, assistant.delivery.preparing)
        outgoing = redrawing.redrawn(number, message, body, answer)
        if outgoing is not None:
            self.answering.on.post(outgoing)

    def _own(self, message: str, drawn: str, body: Mapping[str, Any]) -> None:
        """What they asked for, in their own chat and nowhere else."""
        account, where = body["account"], body["where"]
        kind, _, what = drawn.rpartition(":")[0].partition(":")
        with self.answering.assistant.database.reading() as session:
            own = accounts.personal_of(session, PLATFORM, account)
            if own is None or own.address != where or kind not in {HOME, SAID}:
                return
            service = own.service_url
        if kind == HOME:
            homes, person = self.answering.homes, self.answering.words.who.known(account)
            home = homes.of(person, int(what) if NUMBER.fullmatch(what) else 0)
            said = home_message(home, self.answering.on.naming)
        else:
            said = self.answering.answered(account, what)
        self.answering.on.calling.update(where, service, message, said)
