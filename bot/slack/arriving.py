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
from bot.chat.asking import Asking
from bot.chat.who import STRANGER, Who
from bot.slack.dialogs import Filled
from bot.slack.happening import Happening
from bot.slack.matching import PLATFORM
from bot.slack.saying import Saying
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
        self.assistant.inbox.kinds |= {PRESS: self._press, FORM: self._form, EVENT: self._event}

    def pressed(self, body: Mapping[str, Any], command: str, about: str) -> Arrival:
        """What to keep of a single press, under Slack's own name for it."""
        pressed = body["actions"][0]
        container = body.get("container") or {}
        at = container.get("message_ts") or container.get("view_id") or ""
        key = _key(body["user"]["id"], at, pressed["action_id"], pressed.get("action_ts", ""))
        where = (body.get("channel") or {}).get("id", "")
        told = {"user": body["user"]["id"], "command": command, "about": about, "where": where}
        return Arrival(PLATFORM, key, PRESS, told | {"key": key})

    def keep_form(self, user: str, view: Mapping[str, Any], filled: Filled) -> str:
        """Keep a form that was sent off. The same answers sent twice from one view are one form."""
        asked = filled.asked
        answers = json.dumps(filled.raw, sort_keys=True, default=str)
        key = _key(user, str(view["id"]), str(view.get("hash", "")), answers)
        told = {
            "user": user,
            "command": asked.command,
            "about": asked.about,
            "answers": filled.raw,
            "seen": asked.seen,
        }
        self.assistant.inbox.take(PLATFORM, key, FORM, told | {"key": key})
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

    def _press(self, body: Mapping[str, Any]) -> Answer:
        person = self.who.found(body["user"])
        if person is None:
            self.saying.privately(body["user"], body["where"], STRANGER)
            return Answer(STRANGER, refused="stranger")
        press = Press(PLATFORM, body["key"], person, body["command"], body["about"])
        answer = self.assistant.boundary.press(press)
        self.saying.privately(body["user"], body["where"], answer.sentence)
        if not body["where"]:
            self.happening.home(body["user"])
        return answer

    def _form(self, body: Mapping[str, Any]) -> Answer:
        person = self.who.found(body["user"])
        if person is None:
            return Answer(STRANGER, refused="stranger")
        given = (body["command"], body["about"], body["answers"], body["seen"])
        answer = self.assistant.boundary.press(Press(PLATFORM, body["key"], person, *given))
        if answer.ok:
            self.asking.forget(person, body["command"], body["about"])
        return answer

    def _event(self, body: Mapping[str, Any]) -> Answer:
        self.happening.happens(body)
        return Answer("")


def _key(*parts: str) -> str:
    """Slack's own names for one thing that somebody did, in a length that can be kept."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
