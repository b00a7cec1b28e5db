"""What each thing somebody does on Slack leads to: a form, a form drawn again, an outcome."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.chat.asking import Asked, from_words
from bot.chat.reaching import within_reach
from bot.chat.typing import Words
from bot.chat.who import STRANGER, Who
from bot.slack.answers import field_errors
from bot.slack.arriving import Arriving
from bot.slack.choosing import LISTED
from bot.slack.dialogs import Dialogs, asked_by, said
from bot.slack.happening import Happening
from bot.slack.saying import Saying
from bot.slack.showing import found, typed_answer
from bot.slack.written import written
from storage import people, rooms
from workflows.refusals import Refusal

log = logging.getLogger(__name__)

NO_ROOM = "This is no family's room. Make an action in the private channel of the family."

View = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What a form that was sent off came to: how Slack is told in time, and what is shown later."""

    acknowledgement: dict[str, Any]
    view: View


@dataclass(frozen=True)
class Kept:
    """A form that is in the inbox under this key, and is done now or picked up later."""

    key: str
    asked: Asked
    raw: dict[str, Any]


@dataclass
class Doors:
    """Everything that somebody can do on Slack, as plain functions for any thread."""

    who: Who
    dialogs: Dialogs
    saying: Saying
    arriving: Arriving
    happening: Happening
    words: Words

    opening = said("One moment", "Getting the form ready…")
    saving = said("Saving", "This takes a moment. Keep it open until it says that it is saved.")
    failed = said("Not now", "The form could not be shown. Close this and press again.")
    unsure = said(
        "Not sure",
        "Something went wrong. It may be saved in a minute: look before you fill it in again.",
    )

    def form(self, user: str, command: str, about: str, raw: dict[str, Any] | None = None) -> View:
        """The window of a command's form, or why there is none."""
        person = self.who.try_to_find(user)
        if person is None:
            return said("Hello", STRANGER)
        return self.dialogs.drawn(Asked(person, command, about), raw)

    def make_action(self, user: str, channel: str, words: str) -> View:
        """The form of an action whose words were written in a family's room."""
        with self.who.assistant.database.reading() as session:
            room = rooms.at(session, "slack", channel)
            about = room.taf.ref if room is not None and room.taf is not None else None
            plain = written(words, partial(_called, session)) if about else ""
        if about is None:
            return said("Make an action", NO_ROOM)
        return self.form(user, "action.agree", about, from_words(plain))

    def fill(self, view_id: str, draw: Callable[[], View]) -> None:
        """Put the form in a window that is open already."""
        try:
            view = draw()
        except Exception:
            log.exception("a form could not be drawn")
            view = self.failed
        self.saying.show(view_id, view)

    def redraw(self, user: str, view: Mapping[str, Any], action_id: str) -> None:
        """Something was chosen in a form: what is filled in is kept, and the form follows it."""
        asked = self._asked(user, view)
        if asked is None:
            return
        try:
            before = self.dialogs.filled(asked, view)
            after = self.dialogs.changed(before, action_id)
            self.dialogs.asking.keep(after.asked, after.raw)
            drawn = self.dialogs.drawn(after.asked, after.raw)
        except Refusal as no:
            drawn = said("Not now", self.who.assistant.boundary.said(no))
        self.saying.show(str(view["id"]), drawn, str(view.get("hash") or "") or None)

    def closed(self, user: str, view: Mapping[str, Any]) -> None:
        """A form was put away half filled: it is kept."""
        asked = self._asked(user, view)
        if asked is not None and (view.get("state") or {}).get("values"):
            try:
                filled = self.dialogs.filled(asked, view)
                self.dialogs.asking.keep(asked, filled.raw)
            except Refusal:
                log.info("a form that nobody may give any more is not kept")

    def offered(self, user: str, view: Mapping[str, Any], path: str, typed: str) -> dict[str, Any]:
        """The choices of a long list that fit what was typed."""
        asked = self._asked(user, view)
        if asked is None:
            return {"options": []}
        try:
            return self.dialogs.offered(asked, path, typed)
        except Refusal:
            return {"options": []}

    def reach(self, user: str, ref: str, typed: str) -> dict[str, Any]:
        """What somebody may do now about a family, of what fits what they typed."""
        person = self.who.known(user)
        assistant = self.who.assistant
        if person is None:
            return {"options": []}
        with assistant.database.reading() as session:
            try:
                doing = assistant.boundary.doing(session, person, assistant.clock.now())
            except Refusal:
                return {"options": []}
            return found(within_reach(doing, ref, typed), LISTED)

    def typed(self, user: str, words: str) -> dict[str, Any]:
        """The answer to the words after /taf."""
        naming = self.happening.naming
        return typed_answer(self.words.answer(user, words), naming.label, naming.form)

    def turn(self, user: str, page: int) -> None:
        """Another page of somebody's actions on their home tab."""
        self.happening.home(user, page)

    def take_in(self, user: str, view: Mapping[str, Any]) -> Outcome | Kept:
        """A form was sent off: its next step, what is wrong with it, or that it is kept now."""
        asked = self._asked(user, view)
        if asked is None:
            return _ended("Hello", STRANGER)
        try:
            filled = self.dialogs.filled(asked, view)
        except Refusal as no:
            return _ended("Not now", self.who.assistant.boundary.said(no))
        if filled.errors:
            return self._wrong(asked, filled.raw, filled.errors, view)
        if not filled.is_last:
            self.dialogs.asking.keep(asked, filled.raw)
            further = replace(asked, step=asked.step + 1)
            drawn = self.dialogs.drawn(further, filled.raw)
            return Outcome({"response_action": "update", "view": drawn}, drawn)
        return Kept(self.arriving.keep_form(user, view, filled), asked, filled.raw)

    def finish(self, kept: Kept, view: Mapping[str, Any]) -> Outcome:
        """Do what a form that is kept asks for: what came of it."""
        answer = self.arriving.came_of(kept.key)
        if answer.ok:
            return Outcome({"response_action": "clear"}, said("Saved", answer.sentence))
        if answer.errors:
            return self._wrong(kept.asked, kept.raw, answer.errors, view)
        return _ended("Not saved", answer.sentence)

    def _wrong(
        self, asked: Asked, raw: dict[str, Any], errors: dict[str, str], view: Mapping[str, Any]
    ) -> Outcome:
        """Each error at its question; where one is on another step, that step is shown."""
        here, others = field_errors(errors, view)
        if not others and here:
            return Outcome(
                {"response_action": "errors", "errors": here},
                self.dialogs.drawn(asked, raw, errors),
            )
        self.dialogs.asking.keep(asked, raw)
        drawn = self.dialogs.at_error(asked, raw, errors)
        return Outcome({"response_action": "update", "view": drawn}, drawn)

    def _asked(self, user: str, view: Mapping[str, Any]) -> Asked | None:
        person = self.who.known(user)
        return asked_by(person, view) if person is not None else None


def _called(session: Any, account: str) -> str:
    """Whoever is named in a message, by the name in the record."""
    known = people.known_as(session, "slack", account)
    return known.name if known is not None else "somebody"


def _ended(title: str, sentence: str) -> Outcome:
    view = said(title, sentence)
    return Outcome({"response_action": "update", "view": view}, view)
