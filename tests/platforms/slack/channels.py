"""Channels, direct messages, and what is written in them."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from typing import Any


def _marked(part: Any) -> list[str]:
    """Every text in blocks that is read as mrkdwn."""
    if isinstance(part, list):
        return [text for one in part for text in _marked(one)]
    if not isinstance(part, dict):
        return []
    own = [part["text"]] if part.get("type") == "mrkdwn" else []
    return own + _marked(list(part.values()))


@dataclass
class Message:
    """One message; `audience` is set on an ephemeral one, which only that person sees."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    app_id: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edited: str | None = None
    edits: int = 0
    deleted: bool = False
    audience: str | None = None
    offered: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    """What was last found in an external select, by block and action."""
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What was chosen in it, by block and action."""

    def pings(self) -> list[str]:
        """Whom its markup calls by sound: `<!channel>`, `<!here>`, `<@U…>`."""
        found = [] if self.blocks else [self.text]
        found += _marked(self.blocks)
        return re.findall(r"<(?:!(?:channel|here|everyone)|@U\w+)[^>]*>", " ".join(found))

    def shown(self, *, with_metadata: bool = False) -> dict[str, Any]:
        """The message as the Web API shows it."""
        found: dict[str, Any] = {"type": "message", "user": self.user, "text": self.text}
        found["ts"] = self.ts
        for name in ("app_id", "bot_id", "subtype", "thread_ts"):
            if getattr(self, name):
                found[name] = getattr(self, name)
        if self.blocks:
            found["blocks"] = copy.deepcopy(self.blocks)
        if self.edited:
            found["edited"] = {"user": self.user, "ts": self.edited}
        if with_metadata and self.metadata:
            found["metadata"] = copy.deepcopy(self.metadata)
        return found


@dataclass
class Channel:
    """A channel, or a direct message between the bot and `im_with`."""

    id: str
    name: str
    creator: str
    created: int
    is_private: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    im_with: str | None = None
    topic: str = ""
    purpose: str = ""
    members: list[str] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)
    previous_names: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    ephemerals: list[Message] = field(default_factory=list)

    @property
    def scope(self) -> str:
        """The family of scopes that reach it."""
        if self.im_with:
            return "im"
        return "groups" if self.is_private else "channels"

    @property
    def event(self) -> str:
        """How events about it begin."""
        return "group" if self.is_private else "channel"

    def standing(self) -> list[Message]:
        """The messages that nobody deleted, oldest first."""
        return [one for one in self.messages if not one.deleted]

    def message(self, ts: str) -> Message | None:
        """The message of this moment; ephemeral ones cannot be found again (documented)."""
        return next((one for one in self.standing() if one.ts == ts), None)

    def brief(self) -> dict[str, Any]:
        """The channel as interactions name it; a private one is never named (remembered)."""
        if self.im_with:
            return {"id": self.id, "name": "directmessage"}
        return {"id": self.id, "name": "privategroup" if self.is_private else self.name}

    def shown(self, reader: str) -> dict[str, Any]:
        """The channel as `conversations.info` shows it to this reader."""
        if self.im_with:
            told = {"id": self.id, "created": self.created, "is_im": True, "is_archived": False}
            return told | {"user": self.im_with, "is_open": True, "is_org_shared": False}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "created": self.created,
            "creator": self.creator,
            "is_archived": self.is_archived,
            "is_general": False,
            "is_shared": self.is_ext_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_org_shared": False,
            "is_member": reader in self.members,
            "topic": {"value": self.topic, "creator": self.creator, "last_set": self.created},
            "purpose": {"value": self.purpose, "creator": self.creator, "last_set": self.created},
            "previous_names": list(self.previous_names),
        }
