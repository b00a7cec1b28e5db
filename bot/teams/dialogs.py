"""A command's form as a dialog: drawn, drawn again, read back, sent off."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.boundary import Answer
from bot.chat.asking import Asked, Asking, Ready
from bot.teams import answers, forms
from bot.teams.drawing import CONTEXT
from bot.teams.fields import found, search_of
from bot.teams.listening import search_result
from bot.teams.tasks import said, task_continue, task_message
from messages.rows import laid_out, rearranged
from workflows.refusals import Refusal

FOLLOWS = "There is more to answer now. Then send it again."
KEY = re.compile(r"[0-9a-f]{16}", re.ASCII)
CARD = re.compile(r"[\w.:+-]{1,200}", re.ASCII)

Body = dict[str, Any]
Give = Callable[[Asked, dict[str, Any]], Answer | None]
"""Gives a command with these answers, once; None where it was given before."""


def opened(person_id: int, command: str, about: str, card: tuple[str, str] = ("", "")) -> Asked:
    """A form that is opened now: this opening is told from every other by a key of its own."""
    return Asked(person_id, command, about, key=secrets.token_hex(8), card=card)


def card_of(carried: Mapping[str, Any]) -> tuple[str, str]:
    """The message that a dialog was opened from, and which drawing of it, if it says so."""
    card = str(carried.get("m") or ""), str(carried.get("n") or "")
    return card if all(CARD.fullmatch(one) for one in card) else ("", "")


def asked_by(person_id: int, data: Mapping[str, Any]) -> Asked | None:
    """The form that a dialog shows, None if it shows none of ours."""
    back, carried = answers.asked(data), data.get(CONTEXT)
    if back is None or not isinstance(carried, Mapping):
        return None
    key = str(carried.get("k") or "")
    if not KEY.fullmatch(key):
        return None
    card = card_of(carried)
    return Asked(person_id, back.command, back.about, back.step, back.seen, key, card)


@dataclass
class Dialogs:
    """Draws forms for a person and reads them back."""

    asking: Asking

    def drawn(
        self,
        asked: Asked,
        raw: dict[str, Any] | None = None,
        errors: Mapping[str, str] | None = None,
        notice: str = "",
    ) -> Body:
        """The dialog of a form; one that may not be given now says why instead."""
        try:
            ready = self.asking.ready(asked, raw)
        except Refusal as no:
            return said("Not now", self.asking.assistant.boundary.said(no))
        card = forms.dialog(
            ready.form,
            ready.raw,
            ready.lists,
            errors or {},
            ready.asked.meta,
            context=ready.context,
            notice=notice,
        )
        return task_continue(ready.form.label, card)

    def sent(self, asked: Asked, data: Mapping[str, Any], give: Give) -> Body:
        """Something in a dialog was pressed: the dialog as it goes on, or what came of it.

        Whatever was filled in is kept first, so that nothing is lost when the dialog is closed.
        """
        try:
            begun = self.asking.begun(asked)
        except Refusal as no:
            return said("Not now", self.asking.assistant.boundary.said(no))
        raw = begun.known(begun.over(answers.answers(begun.form, data)))
        op = str(data.get("op"))
        if op not in {forms.SEND, forms.BACK}:
            raw = rearranged(begun.form, raw, op)
        self.asking.keep(asked, raw)
        if op == forms.BACK:
            return self.drawn(replace(asked, step=max(0, asked.step - 1)), raw)
        if op != forms.SEND:
            return self.drawn(asked, raw)
        if answers.follows(begun.form, laid_out(begun.form, raw, begun.lists), data):
            return self.drawn(asked, raw, notice=FOLLOWS)
        wrong = self._here(begun, raw)
        if wrong:
            return self.drawn(asked, raw, wrong)
        if asked.step < len(forms.steps(begun.form, begun.lists, raw)) - 1:
            return self.drawn(replace(asked, step=asked.step + 1), raw)
        return self._came_of_it(begun, raw, give(asked, raw))

    def _here(self, begun: Ready, raw: dict[str, Any]) -> dict[str, str]:
        """What is wrong with the questions of the step that was sent."""
        every = begun.wrong(raw).items()
        step = begun.asked.step
        return {
            path: sentence
            for path, sentence in every
            if forms.step_of(begun.form, begun.lists, raw, path) == step
        }

    def _came_of_it(self, begun: Ready, raw: dict[str, Any], answer: Answer | None) -> Body:
        if answer is None:
            # What this dialog kept of it just now would begin the next form.
            self.asking.forget(begun.asked.person_id, begun.asked.command, begun.asked.about)
            return task_message("It was saved before.")
        if answer.ok:
            return task_message(answer.sentence)
        if answer.errors:
            step = forms.step_of(begun.form, begun.lists, raw, next(iter(answer.errors)))
            return self.drawn(replace(begun.asked, step=step), raw, answer.errors)
        return said("Not saved", answer.sentence)

    def searched(self, person_id: int, data: Mapping[str, Any]) -> Body:
        """The choices of a long list that fit what was typed."""
        asked = search_of(data)
        if asked is None:
            return search_result([])
        command, about, path, typed = asked
        try:
            begun = self.asking.begun(Asked(person_id, command, about))
        except Refusal:
            return search_result([])
        return found(begun.form, begun.lists, path, typed)
