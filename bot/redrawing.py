"""What a message that was sent says once something on it was pressed: what is so now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.boundary import Answer
from bot.clock import Clock
from bot.platform import Outgoing
from bot.preparing import Preparing, place_of
from messages.card import Card, Line, Span
from storage import outbox
from storage.database import Database


@dataclass(frozen=True)
class Redrawing:
    """Writes down what a message says now, and hands it out to be put in its place."""

    database: Database
    clock: Clock
    preparing: Preparing

    def redrawn(
        self, number: int, ref: str, pressed: Mapping[str, Any], answer: Answer | None
    ) -> Outgoing | None:
        """The message of a delivery as it is now, if that may be another than it shows.

        `ref` is the platform's name for it, `pressed` the command and what it was given on. What
        came of it is said to one person at their own card; to a room its own cards say it.
        """
        return self.database.write(
            lambda session: self._redrawn(session, number, ref, pressed, answer)
        )

    def _redrawn(
        self,
        session: Any,
        number: int,
        ref: str,
        pressed: Mapping[str, Any],
        answer: Answer | None,
    ) -> Outgoing | None:
        delivery = outbox.shown(session, number, ref)
        if delivery is None or delivery.card is None:
            return None
        now, person = self.clock.now(), delivery.lane.person
        before, button = Card.from_json(delivery.card), (pressed["command"], pressed["about"])
        said = answer.sentence if person is not None and answer is not None and answer.ok else ""
        card = _with(before, button, said)
        card = self.preparing.pressable(session, card, person, now)
        if card == before and _offers(before, button):
            return None  # a button that was gone and could be pressed: the last edit was lost
        delivery.card = card.as_json()
        return Outgoing(number, place_of(delivery.lane), card, now, replaces=ref)


def _with(card: Card, button: tuple[str, str], said: str) -> Card:
    """The card, with this said below what the pressed button stood under."""
    if not said:
        return card
    if _has(card, button):
        return replace(card, lines=(*card.lines, Line((Span(said, strong=True),))))
    return replace(card, cards=tuple(_with(one, button, said) for one in card.cards))


def _offers(card: Card, button: tuple[str, str]) -> bool:
    return _has(card, button) or any(_offers(one, button) for one in card.cards)


def _has(card: Card, button: tuple[str, str]) -> bool:
    return button in {(one.command, one.about) for one in card.buttons}
