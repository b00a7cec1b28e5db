"""Chats, what is written in them, and who is in them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from tests.platforms.teams.people import Person

CARD = "application/vnd.microsoft.card.adaptive"
"""The content type of an Adaptive Card (documented)."""


@dataclass
class Message:
    """One message. `views`: the card that a press gave one person, in place of everybody's."""

    id: str
    chat: str
    sender: str
    text: str
    attachments: list[dict[str, Any]] = field(default_factory=list)
    mentions: list[dict[str, Any]] = field(default_factory=list)
    reply_to: str | None = None
    event: str | None = None
    """What happened in the chat, where Teams itself wrote it: it is no message of anybody's."""

    at: float = 0.0
    edited: float | None = None
    edits: int = 0
    deleted: bool = False
    audience: str | None = None
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What each person has entered into its card and not sent yet, by their id."""

    @property
    def card(self) -> dict[str, Any] | None:
        """The card that everybody sees."""
        found = (one["content"] for one in self.attachments if one["contentType"] == CARD)
        return next(found, None)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """What its card shows, its actions last."""
        card = self.card or {}
        return [*card.get("body", []), *card.get("actions", [])]

    def card_of(self, person: Person) -> dict[str, Any] | None:
        """The card as this person sees it."""
        return self.views.get(person.id) or self.card

    def says(self, words: str, person: Person) -> bool:
        """Whether this person reads these words in it."""
        shown = json.dumps(self.card_of(person), ensure_ascii=False) if self.card else ""
        return words in self.text or words in shown


@dataclass
class Membership:
    """Somebody's place in a chat: its id is another one than theirs (documented)."""

    id: str
    person: str
    roles: list[str]
    history_from: str | None = None


@dataclass
class Chat:
    """A group chat, the personal chat of one person with our app, or a channel.

    Of a personal one, `id` is what activities call it and `graph_id` what Graph does; the
    connector takes both (documented). `installation`: that of our app, while it is there.
    """

    id: str
    kind: str
    graph_id: str
    topic: str | None = None
    created: float = 0.0
    installation: str | None = None
    consented: set[str] = field(default_factory=set)
    memberships: dict[str, Membership] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    began_with: int = 0
    blocked: bool = False
    """Whether its one person has blocked the bot."""

    membership: str = ""
    """Of a channel: standard, private or shared."""

    description: str = ""
    archived: bool = False

    @property
    def members(self) -> list[str]:
        """The ids of the people in it; the bot is none of them, see `has_app`."""
        return list(self.memberships)

    @property
    def has_app(self) -> bool:
        """Whether our app is installed in it."""
        return self.installation is not None

    @property
    def name(self) -> str:
        """Its topic, as everybody sees it."""
        return self.topic or ""

    def adds(self, person: Person, roles: list[str], history_from: str | None = None) -> Membership:
        """Write somebody in."""
        raw = f"MCMj{self.graph_id}##{person.id}".encode()
        found = Membership(base64.b64encode(raw).decode(), person.id, roles, history_from)
        self.memberships[person.id] = found
        return found

    def standing(self) -> list[Message]:
        """The messages that nobody deleted, oldest first."""
        return [one for one in self.messages if not one.deleted and one.event is None]

    def message(self, number: str) -> Message | None:
        """The message of this id."""
        return next((one for one in self.standing() if one.id == number), None)

    def brief(self, tenant_id: str, thread: str | None = None) -> dict[str, Any]:
        """The chat as activities name it; of a channel, with the thread's first message."""
        found = {"conversationType": "groupChat", "tenantId": tenant_id, "id": self.id}
        if self.kind == "personal":
            return found | {"conversationType": "personal"}
        if self.kind == "channel":
            at = f"{self.id};messageid={thread}" if thread else self.id
            found |= {"conversationType": "channel", "id": at}
        return found | {"isGroup": True}
