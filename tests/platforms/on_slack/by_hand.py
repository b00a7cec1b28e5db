"""Gives any command of a story by hand: finds its form on Slack, fills it in, sends it off."""

from __future__ import annotations

import json
from typing import Any

from bot.boundary import Press
from bot.commands import COMMANDS
from bot.slack.arriving import FORM, PRESS
from tests.platforms import by_hand
from tests.platforms.by_hand import Question
from tests.platforms.slack.hands import Hand
from tests.platforms.slack.views import View


class ByHand(by_hand.ByHand):
    """Everything is typed, pressed and filled in on Slack."""

    kinds = (PRESS, FORM)

    def begins(self, hand: Hand, press: Press) -> bool:
        """From the home tab, from the card that a reference brings, or from a message."""
        if not press.about:
            hand.opens_home()
            home = self.town.until(lambda: hand.home)
            return self._pressed(hand, home, f"press:{press.command}:")
        name = self.name_of_the_work(press.about)
        if name:
            hand.types(f"/taf {name}")
        self.town.workspace.settle()
        said = hand.sees[-1]
        block = next((one for one in said.blocks if one.get("accessory")), None)
        if block is None:
            return self._by_a_message(hand, press)
        value = f"{press.command} {press.about}"
        for words in (COMMANDS[press.command].form.label, ""):
            offered = hand.searches(said, block["block_id"], words)
            if any(one["value"] == value for one in offered):
                hand.presses(said, block["accessory"]["action_id"], value)
                self._waits_for_a_form(hand, press)
                return True
        return self._by_a_message(hand, press)

    def _by_a_message(self, hand: Hand, press: Press) -> bool:
        """The button on a message: for what somebody is asked who is on no team."""
        for said in reversed(hand.sees):
            for block in said.blocks:
                for one in block.get("elements", ()):
                    if one.get("value") == press.about and press.command in one["action_id"]:
                        hand.presses(said, one["action_id"], one["value"])
                        self._waits_for_a_form(hand, press)
                        return True
        return False

    def _pressed(self, hand: Hand, where: Any, begins: str) -> bool:
        for block in where.blocks:
            for one in block.get("elements", ()):
                if str(one.get("action_id", "")).startswith(begins):
                    hand.presses(where, one["action_id"])
                    self.town.until(lambda: hand.view and _is_drawn(hand.view))
                    return True
        return False

    def _waits_for_a_form(self, hand: Hand, press: Press) -> None:
        if COMMANDS[press.command].form.asks:
            self.town.until(lambda: hand.view and _is_drawn(hand.view))
        else:
            self.town.until(lambda: self.kept(self.before))

    def is_form(self, view: View) -> bool:
        """A form has its name unseen."""
        return view.body.get("callback_id") == "form"

    def is_wrong(self, view: View) -> bool:
        """Slack shows what is wrong below its question."""
        return bool(view.errors)

    def questions(self, view: View) -> list[Question]:
        """Each input block has the path for its id, and the row in its element's."""
        return [
            Question(one["block_id"], one["element"]["action_id"].partition(":")[2])
            for one in view.blocks
            if one["type"] == "input"
        ]

    def fill(self, hand: Hand, question: Question, value: Any) -> None:
        """Some answers make the form be drawn again at once."""
        view = hand.view
        assert view is not None
        block = next(one for one in view.blocks if one["block_id"] == question.path)
        if "external" in block["element"]["type"]:
            hand.searches(view, question.path, "")
        fill = {question.path: value}
        if block.get("dispatch_action"):
            self._waits(lambda: hand.fills(view, fill))
        else:
            hand.fills(view, fill)

    def may_add(self, view: View, name: str) -> bool:
        """Whether the button is there."""
        elements = (each for one in view.blocks for each in one.get("elements", ()))
        return any(one.get("action_id") == f"row:add:{name}" for one in elements)

    def adds(self, hand: Hand, name: str) -> None:
        """Press the button, after which the form is drawn again."""
        view = hand.view
        assert view is not None
        self._waits(lambda: hand.presses(view, f"row:add:{name}"))

    def _waits(self, act: Any) -> None:
        """Do something after which the form is drawn again, and wait until it is."""
        drawn = len(self.town.workspace.calls("views.update"))
        act()
        self.town.until(lambda: len(self.town.workspace.calls("views.update")) > drawn)


def _is_drawn(view: View) -> bool:
    return view.body.get("callback_id") == "form" or "Not now" in json.dumps(view.body["title"])
