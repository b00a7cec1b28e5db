"""Gives any command of a story by hand: finds its form on Teams, fills it in, sends it off."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.boundary import Press
from bot.chat.typing import OPENS
from bot.teams.arriving import PRESS
from bot.teams.drawing import CONTEXT
from bot.teams.fields import BEFORE, packed
from bot.teams.forms import BACK, SEND
from bot.teams.showing import CHOSEN, REACH
from messages.rows import ADD
from tests.platforms import by_hand
from tests.platforms.by_hand import Question
from tests.platforms.teams.cards import parts
from tests.platforms.teams.chats import Message
from tests.platforms.teams.dialogs import Dialog
from tests.platforms.teams.hands import Hand
from tests.platforms.teams.inputs import inputs_of

MOST_TIMES = 8
"""So often somebody asks again who gets no answer."""


@dataclass
class Watched:
    """The ticker of a story, after each of whose ticks something else is done."""

    ticker: Any
    after: Callable[[], None]

    def next_moment(self) -> datetime | None:
        """When something is to be done next."""
        found: datetime | None = self.ticker.next_moment()
        return found

    def tick(self) -> None:
        """Do what is due, and then the rest."""
        self.ticker.tick()
        self.after()


class ByHand(by_hand.ByHand):
    """Everything is typed in a personal chat, pressed on cards, and filled in in dialogs."""

    kinds = (PRESS,)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # The clock leaps: it may not while something is still under way.
        self.ticker = Watched(self.town.assistant.ticker, self.town.rest)
        self.went_back: set[str] = set()
        self.dialogs: list[dict[str, Any]] = []

    def begins(self, hand: Hand, press: Press) -> bool:
        """From what is theirs, from the card that a reference brings, or from a message."""
        if not press.about:
            words = {command: word for word, command in OPENS.items()}
            said = self._typed(hand, words.get(press.command, "actions"))
            return self._presses(hand, said, press)
        name = self.name_of_the_work(press.about)
        said = self._typed(hand, name) if name else None
        reach = _action(hand, said, dialog_id=REACH) if said else None
        if said is not None and reach is not None:
            self._opens(hand, said, reach)
            if self._chooses(hand, f"{press.command} {press.about}"):
                return True
        if any(self._presses(hand, one, press) for one in reversed(hand.sees)):
            return True
        return bool(hand.sees) and self._presses(hand, self._typed(hand, "stuck"), press)

    def _typed(self, hand: Hand, words: str) -> Message:
        """What is answered; an answer that was lost is asked for again."""
        for _ in range(MOST_TIMES):
            before = len(hand.personal.messages)
            hand.types(words)
            self.town.rest()
            said = [one for one in hand.personal.messages[before:] if one.sender != hand.id]
            answers = [one for one in said if not _is_of_the_outbox(one)]
            if answers:
                return answers[-1]
        raise AssertionError(f"{words}: no answer in {MOST_TIMES} times")

    def _opens(self, hand: Hand, said: Message, reach: dict[str, Any]) -> None:
        """What takes too long answers that it does, and is pressed again."""
        for _ in range(MOST_TIMES):
            hand.presses(said, reach["title"], reach["data"]["about"])
            if hand.view is not None:
                return
            self.town.rest()
        raise AssertionError(f"{reach['title']}: nothing opened in {MOST_TIMES} times")

    def _chooses(self, hand: Hand, value: str) -> bool:
        """Of all that can be done, this; False where it is not among it."""
        view = hand.view
        assert view is not None
        self.dialogs.append(view.card)
        listed = [one for one in inputs_of(view.card) if one["id"] == CHOSEN]
        if not any(choice["value"] == value for one in listed for choice in one["choices"]):
            hand.closes(view)
            return False
        hand.fills(view, {CHOSEN: value})
        hand.presses(view, "Continue", REACH)
        return True

    def _presses(self, hand: Hand, said: Message, press: Press) -> bool:
        """The button of a command on a message."""
        found = _action(hand, said, command=press.command, about=press.about)
        if found is not None:
            hand.presses(said, found["title"], press.command)
        return found is not None

    def is_form(self, view: Dialog) -> bool:
        """A form says unseen which questions stand in it."""
        return _context(view) is not None

    def is_wrong(self, view: Dialog) -> bool:
        """What is wrong stands in red, in the form drawn again."""
        return "There is a problem" in json.dumps(view.blocks) or not self.is_form(view)

    def questions(self, view: Dialog) -> list[Question]:
        """Each input has the question's path in its id; the rows' handles are carried unseen."""
        rows = dict(one.split(":") for one in (_context(view) or {})["p"] if ":" in one)
        paths = [one["id"].removeprefix(BEFORE) for one in inputs_of(view.card)]
        return [Question(one, rows.get("-".join(one.split("-")[:2]), "")) for one in paths]

    def fill(self, hand: Hand, question: Question, value: Any) -> None:
        """One input; of a long list, what is to be chosen is searched for first."""
        name = f"{BEFORE}{question.path}"
        assert hand.view is not None
        asked = next(one for one in inputs_of(hand.view.card) if one["id"] == name)
        if "choices.data" in asked:
            hand.searches(hand.view, name, "")
        several = [packed(one) for one in value] if isinstance(value, list) else value
        hand.fills(hand.view, {name: several})

    def may_add(self, view: Dialog, name: str) -> bool:
        """Whether the button is there."""
        return _does(view, f"{ADD}{name}") is not None

    def adds(self, hand: Hand, name: str) -> None:
        """Press the button, and the form is drawn again."""
        self._does(hand, f"{ADD}{name}")

    def send(self, hand: Hand) -> None:
        """Once in each command, somebody goes back a step to look, and on again."""
        view = hand.view
        assert view is not None
        self.dialogs.append(view.card)
        command = (_context(view) or {})["c"]
        if _does(view, BACK) is not None and command not in self.went_back:
            self.went_back.add(command)
            self._does(hand, BACK)
            self._does(hand, SEND)
            assert _filled(hand.view) == _filled(view), "going back lost an answer"
        self._does(hand, SEND)

    def _does(self, hand: Hand, op: str) -> None:
        view = hand.view
        assert view is not None
        button = _does(view, op)
        assert button is not None, op
        hand.presses(view, button["title"], op)


def _is_of_the_outbox(said: Message) -> bool:
    return str((said.card or {}).get("body", [{}])[0].get("id", "")).startswith("delivery-")


def _action(hand: Hand, said: Message, **data: str) -> dict[str, Any] | None:
    """The button whose data say this, on a message as somebody sees it."""
    for one in parts(said.card_of(hand.person) or {}):
        held = one.get("data")
        if isinstance(held, dict) and data.items() <= held.items():
            return one
    return None


def _context(view: Dialog) -> dict[str, Any] | None:
    carried = [one["data"].get(CONTEXT) for one in parts(view.card) if "data" in one]
    return carried[0] if carried else None


def _does(view: Dialog, op: str) -> dict[str, Any] | None:
    buttons = (one for one in parts(view.card) if "data" in one)
    return next((one for one in buttons if one["data"].get("op") == op), None)


def _filled(view: Dialog | None) -> dict[str, str]:
    """What stands in a dialog's inputs."""
    assert view is not None
    found = {one["id"]: str(one.get("value", "")) for one in inputs_of(view.card)}
    return found | view.values
