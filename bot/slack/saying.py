"""Says something to one person that nobody keeps: a short answer to a press of theirs."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from bot.platform import Undelivered
from bot.slack import limits
from bot.slack.calling import Calling
from bot.slack.choosing import plain

log = logging.getLogger(__name__)


@dataclass
class Saying:
    """Answers that cannot be looked for and carry no state: a lost one loses nothing."""

    calling: Calling
    instead: dict[str, Any]
    """The window that is shown in place of one that Slack would refuse."""

    def privately(self, user: str, channel: str, sentence: str, *more: dict[str, Any]) -> None:
        """Only they see it, where they pressed; in no channel, there is nowhere to say it."""
        if not channel or not sentence:
            return
        blocks = [{"type": "section", "text": plain(sentence)}, *more]
        try:
            self.calling.show(
                "chat.postEphemeral",
                channel=channel,
                user=user,
                text=escaped(sentence),
                blocks=blocks,
            )
        except Undelivered as no:
            log.info("an answer could not be shown", extra={"why": no.why})

    def directly(self, user: str, sentence: str) -> None:
        """To somebody by themselves, who waits for it nowhere any more."""
        try:
            opened = self.calling.ask("conversations.open", users=user)
            channel, said = str(opened["channel"]["id"]), escaped(sentence)
            self.calling.show("chat.postMessage", channel=channel, text=said)
        except Undelivered as no:
            log.info("an answer could not be said", extra={"why": no.why})

    def show(self, view_id: str, view: dict[str, Any], seen: str | None = None) -> None:
        """Show another view in place of one, unless that has moved on or is gone."""
        if wrong := limits.check("modal", view):
            log.error("a window would be refused", extra={"why": wrong[0]})
            view = self.instead
        try:
            self.calling.show("views.update", view_id=view_id, view=view, hash=seen)
        except Undelivered as no:
            log.info("a window could not be drawn again", extra={"why": no.why})


def escaped(sentence: str) -> str:
    """Words that Slack reads as markup, with nothing left in them to read."""
    return sentence.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
