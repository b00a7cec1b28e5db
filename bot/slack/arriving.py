"""What somebody does on Slack, kept in the inbox first, and then done, once."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.app import Assistant
from bot.boundary import Answer, Press
from bot.chat.asking import Asked, Asking
from bot.chat.who import STRANGER, Who
from bot.slack.dialogs import Filled, said
from bot.slack.happening import Happening
from bot.slack.matching import PLATFORM
from bot.slack.saying import Saying
from bot.slack.showing import page_of
from storage.inbox import Arrival

log = logging.getLogger(__name__)

PRESS, FORM, EVENT = "slack.press", "slack.form", "slack.event"
PICKED_UP_AFTER = timedelta(seconds=15)


@dataclass
class Arriving:
    """The inbox's side of Slack: what to keep of each thing that comes in, and what to do."""

    assistant: Assistant
    who: Who
    asking: Asking
    saying: Saying
    happening: Happening

    def __post_init__(self) -> None:
        """Say what to do with each kind, so that whatever nobody finished is picked up too."""
        inbox = self.assistant.inbox
        inbox.kinds |= {PRESS: self._press, FORM: self._form, EVENT: self._event}
        inbox.afterwards[PRESS], inbox.picked_up[FORM] = self._say, self._picked_up

    def pressed(self, body: Mapping[str, Any], command: str, about: str) -> Arrival:
        """What to keep of a single press, under Slack's own name for it."""
        pressed = body["actions"][0]
        container = body.get("container") or {}
        at = container.get("message_ts") or container.get("view_id") or ""
        key = _key(body["user"]["id"], at, pressed["action_id"], pressed.get("action_ts", ""))
        where = (body.get("channel") or {}).get("id", "")
        told = {"user": body["user"]["id"], "command": command, "about": about, "where": where}
        told |= {"page": page_of(body.get("view") or {})}
        return Arrival(PLATFORM, key, PRESS, told | {"key": key})

    def keep_form(self, user: str, view: Mapping[str, Any], filled: Filled) -> str:
        """Keep a form that was sent off. The same answers sent twice from one view are one form.

        A refusal leaves the view as it was: sent off again, the form is tried again.
        """
        asked, inbox = filled.asked, self.assistant.inbox
        answers = json.dumps(filled.raw, sort_keys=True, default=str)
        key = _key(user, str(view["id"]), str(view.get("hash", "")), answers)
        key = inbox.key_now(PLATFORM, key)
        told = {
            "user": user,
            "view": str(view["id"]),
            "command": asked.command,
            "about": asked.about,
            "answers": filled.raw,
            "seen": asked.seen,
        }
        inbox.take(PLATFORM, key, FORM, told | {"key": key})
        return key

    def happened(self, body: Mapping[str, Any]) -> Arrival | None:
        """What to keep of an event, under its event_id whichever delivery of it this is."""
        event = body.get("event") or {}
        told = self.happening.worth_keeping(event)
        key = str(body.get("event_id", ""))
        if not told or not key:
            return None
        return Arrival(PLATFORM, key, EVENT, told | {"key": key})

    def work_on(self, key: str) -> Answer | None:
        """Do what was kept, and send at once what it brought about."""
        answer = self.assistant.inbox.work_on(PLATFORM, key)
        self.assistant.send_soon()
        return answer

    def came_of(self, key: str) -> Answer:
        """Do a form that was kept, or say what came of it where it was done already."""
        return self.work_on(key) or self.assistant.inbox.came_of(PLATFORM, key)

    def _press(self, body: Mapping[str, Any]) -> Answer:
        person = self.who.found(body["user"])
        if person is None:
            return Answer(STRANGER, refused="stranger")
        press = Press(PLATFORM, body["key"], person, body["command"], body["about"])
        return self.assistant.boundary.press(press)

    def _say(self, body: Mapping[str, Any], answer: Answer) -> None:
        """Whoever pressed sees what came of it: where they pressed, or on their home tab."""
        if body["where"]:
            self.saying.privately(body["user"], body["where"], answer.sentence)
            return
        if not answer.ok:
            self.saying.directly(body["user"], answer.sentence)
        self.happening.home(body["user"], body.get("page", 0))

    def _form(self, body: Mapping[str, Any]) -> Answer:
        person = self.who.found(body["user"])
        if person is None:
            return Answer(STRANGER, refused="stranger")
        given = (body["command"], body["about"], body["answers"], body["seen"])
        answer = self.assistant.boundary.press(Press(PLATFORM, body["key"], person, *given))
        asked = Asked(person, body["command"], body["about"])
        if answer.ok:
            self.asking.forget(asked.person_id, asked.command, asked.about)
        else:
            self.asking.keep(asked, body["answers"])  # nothing typed is lost with a refusal
        return answer

    def _picked_up(self, body: Mapping[str, Any], answer: Answer) -> None:
        """Somebody's form was finished by another process: they hear what came of it."""
        title = "Saved" if answer.ok else "Not saved"
        self.saying.show(body.get("view", ""), said(title, answer.sentence))
        self.saying.directly(body["user"], f"{title}: {answer.sentence}")

    def _event(self, body: Mapping[str, Any]) -> Answer:
        self.happening.happens(body)
        return Answer("")


def _key(*parts: str) -> str:
    """Slack's own names for one thing that somebody did, in a length that can be kept."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
