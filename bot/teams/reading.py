"""An activity from Teams, read: who, where, what was said; nothing else of it is used or kept."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PERSONAL, GROUP, CHANNEL = "personal", "groupChat", "channel"
LONGEST = 300
"""The most characters of what somebody typed that are read: our words are short (ours)."""


@dataclass(frozen=True)
class Came:
    """Who did something, in which chat, and where that is answered; `name` is the activity's."""

    account: str
    address: str
    kind: str
    service_url: str
    name: str
    reply_to: str
    bot: str

    @property
    def is_personal(self) -> bool:
        """Whether it came from somebody's own chat with us."""
        return self.kind == PERSONAL


def came(activity: Mapping[str, Any]) -> Came:
    """What an activity says of itself; raises KeyError, TypeError where it does not."""
    return Came(
        account=str(activity["from"]["id"]),
        address=_address(activity),
        kind=_kind(activity),
        service_url=str(activity["serviceUrl"]),
        name=str(activity.get("id") or ""),
        reply_to=str(activity.get("replyToId") or ""),
        bot=str((activity.get("recipient") or {}).get("id") or ""),
    )


def _kind(activity: Mapping[str, Any]) -> str:
    """What kind of chat it came from; one that does not say so may have others in it."""
    said = activity["conversation"].get("conversationType")
    if said in {PERSONAL, GROUP, CHANNEL}:
        return str(said)
    return CHANNEL if _channel(activity) else GROUP


def _channel(activity: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The channel that an activity names, if it came from one."""
    data = activity.get("channelData")
    channel = data.get("channel") if isinstance(data, Mapping) else None
    return channel if isinstance(channel, Mapping) else None


def _address(activity: Mapping[str, Any]) -> str:
    """The conversation as a whole: of a channel, and not of one thread in it."""
    channel = _channel(activity)
    if channel is not None and _kind(activity) == CHANNEL:
        return str(channel["id"])
    return str(activity["conversation"]["id"]).partition(";")[0]


def spoken(activity: Mapping[str, Any]) -> str:
    """What somebody typed to the assistant, without the mention of its name."""
    text, us = str(activity.get("text") or ""), (activity.get("recipient") or {}).get("id")
    for one in activity.get("entities") or ():
        mentioned = one.get("mentioned") if isinstance(one, Mapping) else None
        if isinstance(mentioned, Mapping) and mentioned.get("id") == us and one.get("text"):
            text = text.replace(str(one["text"]), " ")
    words = html.unescape(re.sub(r"<[^>]{0,200}>", " ", text))
    return " ".join(words.split())[:LONGEST].removeprefix("/")


def written(activity: Mapping[str, Any]) -> str:
    """The words of the message that somebody chose to make an action of, as plain text."""
    value = activity.get("value")
    message = value.get("messagePayload") if isinstance(value, Mapping) else None
    body = message.get("body") if isinstance(message, Mapping) else None
    content = str(body.get("content") or "") if isinstance(body, Mapping) else ""
    return " ".join(html.unescape(re.sub(r"<[^>]{0,2000}>", " ", content[:20_000])).split())


def data_of(activity: Mapping[str, Any]) -> dict[str, Any]:
    """What a button carries, with what was filled in."""
    value = activity.get("value")
    if not isinstance(value, Mapping):
        return {}
    action = value.get("action")
    held = action.get("data") if isinstance(action, Mapping) else value.get("data")
    return dict(held) if isinstance(held, Mapping) else {}


def key_of(*parts: str) -> str:
    """A name for one thing that somebody did, in a length that can be kept."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
