"""What each thing somebody does on Teams leads to: an answer, a form, a form drawn again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.boundary import Answer
from bot.chat.asking import Asked, from_words
from bot.chat.home import Homes
from bot.chat.reaching import read_reach, within_reach
from bot.chat.who import STRANGER
from bot.commands import COMMANDS
from bot.teams.answering import Answering
from bot.teams.arriving import HAPPENED, TYPED, Arriving
from bot.teams.cards import CONTENT_TYPE, FORM, pressed, references
from bot.teams.dialogs import Dialogs, asked_by, card_of, opened
from bot.teams.fields import found_of, search_of
from bot.teams.listening import UNSURE, Activity, Then, Work, in_words, search_result
from bot.teams.reading import CHANNEL, Came, came, data_of, spoken, written
from bot.teams.redrawing import CardsAgain
from bot.teams.showing import CHOSEN, HOME, PAGE, REACH, drawing, home_card, reach_dialog
from bot.teams.tasks import said, task_message
from storage import rooms
from workflows.refusals import Refusal

EXECUTE = "adaptiveCard/action"
NO_ROOM = "This is no family's room. Make an action in the chat of the family."
OLD = "This does nothing any more. Ask me for your actions again."
AGAIN = "It was done before."
LATER = "It is not saved yet. Open the form again: what you filled in is still there."
SHOWN_LATE = "It took too long to show. Ask for it again."
SENT = frozenset({"task/submit", "composeExtension/submitAction"})

Body = dict[str, Any]


@dataclass
class TeamsDoors:
    """Everything that somebody can do on Teams, as plain functions for any thread."""

    arriving: Arriving
    answering: Answering
    dialogs: Dialogs
    homes: Homes
    again: CardsAgain

    def message(self, activity: Activity) -> Work | None:
        """Somebody wrote to us: it is kept, and answered once Teams knows that it came."""
        at = came(activity)
        self.arriving.remember(at)
        if activity.get("value") is not None:
            return None  # a card from before this release
        return self._kept(at, TYPED, {"words": spoken(activity)})

    def happened(self, activity: Activity) -> Work | None:
        """Somebody or the app came or went, or the chat was renamed."""
        at = came(activity)
        gone = activity.get("action") == "remove" or _names(activity, "membersRemoved", at.bot)
        joined = activity.get("action") == "add" and activity.get("type") == "installationUpdate"
        came_in = joined or _names(activity, "membersAdded", at.bot)
        if not gone and (came_in or at.kind != CHANNEL):  # we hear of channels that we are not in
            self.arriving.remember(at)
        return self._kept(at, HAPPENED, {"came": joined})

    def _kept(self, at: Came, kind: str, told: dict[str, Any]) -> Work | None:
        key = self.arriving.keep(at, kind, told)
        return partial(self.arriving.work_on, key) if key is not None else None

    def pressed(self, activity: Activity) -> Body | Then:
        """A button of a card."""
        at, data = came(activity), data_of(activity)
        self.arriving.remember(at)
        if data.get("action") == PAGE and isinstance(data.get("page"), int):
            return self._turned(at, data["page"])
        press = pressed(data)
        if press is None or press[0] not in COMMANDS:
            return in_words(EXECUTE, OLD)
        drawn = str(data.get("n") or "")
        answer = self.arriving.press(at, *press, drawn)
        said_ = in_words(EXECUTE, answer.sentence if answer else AGAIN)
        return self._drawn_again(said_, at, press, (at.reply_to, drawn), answer)

    def _drawn_again(
        self,
        body: Body,
        at: Came,
        press: tuple[str, str],
        card: tuple[str, str],
        answer: Answer | None,
    ) -> Then:
        """The answer to a press, after which the card that it stood on is drawn again."""
        told = {"account": at.account, "where": at.address, "card": card}
        told |= {"command": press[0], "about": press[1]}
        return Then(body, partial(self.again.after, told, answer))

    def _turned(self, at: Came, page: int) -> Then:
        """Another page: as the answer, and in the message too, since Teams may take that back."""
        home = self.homes.of(self.arriving.found(at.account, at.address), page)
        card = home_card(home, self.answering.on.naming)
        body = {"statusCode": 200, "type": CONTENT_TYPE, "value": card}
        told: dict[str, Any] = {"account": at.account, "where": at.address}
        told |= {"card": (at.reply_to, drawing(HOME, str(home.page)))}
        return Then(body, partial(self.again.after, told, None))

    def dialog(self, activity: Activity) -> Body:
        """A form is to be opened, or the list of all that can be done about a family."""
        at, data = came(activity), data_of(activity)
        self.arriving.remember(at)
        person = self.arriving.found(at.account, at.address)
        if person is None:
            return task_message(STRANGER)
        card = card_of({"m": at.reply_to, "n": data.get("n")})
        if data.get("dialog_id") == REACH:
            return self._reach(person, str(data.get("about")), card)
        asked = references(data.get("command"), data.get("about"))
        if data.get("dialog_id") != FORM or asked is None:
            return task_message(OLD)
        return self.dialogs.drawn(opened(person, *asked, card))

    def _reach(self, person: int, ref: str, card: tuple[str, str]) -> Body:
        assistant = self.arriving.assistant
        with assistant.database.reading() as session:
            try:
                doing = assistant.boundary.doing(session, person, assistant.clock.now())
            except Refusal as no:
                return task_message(assistant.boundary.said(no))
            return reach_dialog(within_reach(doing, ref), ref, card)

    def given(self, activity: Activity) -> Body | Then:
        """Something in a dialog was pressed."""
        at, data = came(activity), data_of(activity)
        person = self.arriving.found(at.account, at.address)
        if person is None:
            return task_message(STRANGER)
        if data.get("dialog_id") == REACH:
            return self._reached(at, person, data)
        asked = asked_by(person, data)
        if asked is None:
            return task_message(OLD)
        given: list[Answer | None] = []

        def give(asked: Asked, raw: dict[str, Any]) -> Answer | None:
            given.append(self.arriving.form(at, asked, raw))
            return given[0]

        body = self.dialogs.sent(asked, data, give)
        if not given:
            return body
        return self._drawn_again(body, at, (asked.command, asked.about), asked.card, given[0])

    def _reached(self, at: Came, person: int, data: Mapping[str, Any]) -> Body | Then:
        """What was chosen of all that can be done: its form, or it is done."""
        chosen, card = read_reach(str(data.get(CHOSEN) or "")), card_of(data)
        asked = references(*chosen) if chosen else None
        if asked is None:
            return self._reach(person, str(data.get("about")), card)
        if COMMANDS[asked[0]].form.asks:
            return self.dialogs.drawn(opened(person, *asked, card))
        answer = self.arriving.form(at, opened(person, *asked), {})
        body = task_message(answer.sentence if answer else AGAIN)
        return self._drawn_again(body, at, asked, card, answer)

    def from_message(self, activity: Activity) -> Body:
        """The form of an action whose words were written in a family's room."""
        at = came(activity)
        person = self.arriving.found(at.account, at.address)
        if person is None:
            return task_message(STRANGER)
        with self.arriving.assistant.database.reading() as session:
            room = rooms.at(session, self.answering.on.name, at.address)
            about = room.taf.ref if room is not None and room.taf is not None else None
        if about is None:
            return said("Make an action", NO_ROOM)
        asked = opened(person, "action.agree", about)
        return self.dialogs.drawn(asked, from_words(written(activity)))

    from_message_given = given

    def searched(self, activity: Activity) -> Body:
        """The choices of a long list that fit what was typed."""
        at, value = came(activity), activity.get("value")
        person = self.arriving.found(at.account, at.address)
        if person is None:
            return search_result([])
        asked = search_of(value)
        if asked is not None and asked[0] == REACH:
            return self._found(person, asked[1], asked[3])
        return self.dialogs.searched(person, value if isinstance(value, Mapping) else {})

    def _found(self, person: int, ref: str, typed: str) -> Body:
        """What of all that can be done about a family fits what was typed."""
        assistant = self.arriving.assistant
        with assistant.database.reading() as session:
            try:
                doing = assistant.boundary.doing(session, person, assistant.clock.now())
            except Refusal:
                return search_result([])
            return found_of(within_reach(doing, ref, typed))

    def is_kept(self, activity: Activity) -> bool:
        """Whether what is still being done is in the inbox."""
        return came(activity).name in self.arriving.kept

    def late(self, activity: Activity, answer: Body | None) -> None:
        """It ended after whoever waited was told to wait: they hear of it in their own chat."""
        self.answering.privately(came(activity).account, _ended(activity, answer))


def _ended(activity: Activity, answer: Body | None) -> str:
    """How something ended that was waited for; what only shows something is to be asked again."""
    if answer is None:
        return UNSURE
    task = answer.get("task") or {}
    said_ = task.get("value") if task.get("type") == "message" else answer.get("value")
    if isinstance(said_, str):
        return said_
    return LATER if str(activity.get("name")) in SENT else SHOWN_LATE


def _names(activity: Activity, what: str, account: str) -> bool:
    """Whether an activity names an account among those who came or went."""
    named = activity.get(what)
    listed = named if isinstance(named, list) else []
    return any(isinstance(one, Mapping) and one.get("id") == account for one in listed)
