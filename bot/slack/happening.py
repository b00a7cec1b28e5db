"""What Slack tells of by itself: somebody opened the home tab, or changed one of our channels."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.app import Assistant
from bot.chat.home import Homes
from bot.chat.in_step import InStep
from bot.chat.naming import Naming
from bot.chat.who import Who
from bot.platform import Undelivered
from bot.recording import LOCKED_OUT
from bot.slack import limits
from bot.slack.calling import Calling
from bot.slack.matching import PLATFORM
from bot.slack.showing import home_view
from storage import gates

log = logging.getLogger(__name__)

ABOUT_CHANNELS = (
    "channel_shared",
    "group_archive",
    "group_deleted",
    "group_rename",
    "member_joined_channel",
    "member_left_channel",
)
"""Whatever happened, the channel is looked at as it is now."""

KEPT = ("type", "user", "channel", "tab")
"""What is kept of an event: who and where, never what was written."""


@dataclass
class Happening:
    """Does what each kind of event asks for; every one may come twice."""

    assistant: Assistant
    calling: Calling
    who: Who
    homes: Homes
    naming: Naming
    in_step: InStep
    _kinds: dict[str, Callable[[Mapping[str, Any]], None]] = field(init=False)

    def __post_init__(self) -> None:
        """Know the kinds that ask for something; all others are acknowledged and forgotten."""
        self._kinds = {
            "app_home_opened": self._home_opened,
            "tokens_revoked": self._locked_out,
            "app_uninstalled": self._locked_out,
            **dict.fromkeys(ABOUT_CHANNELS, self._channel_changed),
        }

    def worth_keeping(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """What is kept of an event, nothing where it asks for nothing."""
        if event.get("type") not in self._kinds:
            return {}
        kept = {name: event[name] for name in KEPT if isinstance(event.get(name), str)}
        if isinstance(event.get("channel"), dict):  # a rename tells the whole channel
            kept["channel"] = str(event["channel"].get("id", ""))
        return kept

    def happens(self, event: Mapping[str, Any]) -> None:
        """Do what an event asks for."""
        work = self._kinds.get(str(event.get("type")))
        if work is not None:
            work(event)

    def home(self, user: str, page: int = 0) -> None:
        """Draw somebody's home tab."""
        home = self.homes.of(self.who.try_to_find(user), page)
        view = home_view(home, self.naming.label, self.naming.form)
        if wrong := limits.check("home", view):
            log.error("a home tab would be refused", extra={"why": wrong[0]})
            return
        try:
            self.calling.show("views.publish", user_id=user, view=view)
        except Undelivered as no:
            log.info("a home tab could not be drawn", extra={"why": no.why})

    def _home_opened(self, event: Mapping[str, Any]) -> None:
        if event.get("tab") == "home":
            self.home(str(event["user"]))

    def _channel_changed(self, event: Mapping[str, Any]) -> None:
        if channel := event.get("channel"):
            self.in_step.told_of(str(channel))

    def _locked_out(self, _: Mapping[str, Any]) -> None:
        """Nothing is sent until Slack knows the app again, and nothing is given up."""
        until = self.assistant.clock.now() + LOCKED_OUT
        self.assistant.database.write(
            lambda session: gates.shut(
                session, PLATFORM, until, "Slack does not know the app any more."
            )
        )
        log.warning("slack does not know the app any more")
