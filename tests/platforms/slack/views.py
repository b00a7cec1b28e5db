"""Modals and home tabs, as people have them in front of them."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from tests.platforms.slack.inputs import elements_of, state_of


@dataclass
class View:
    """One view: what the app sent, and what the person has put into it since."""

    id: str
    team_id: str
    app_id: str
    bot_id: str
    person: str
    body: dict[str, Any]
    hash: str
    root: str
    previous: str | None = None
    closed: bool = False
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    offered: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    """What was last found in an external select, by block and action."""

    @property
    def type(self) -> str:
        """`modal` or `home`."""
        return str(self.body["type"])

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The blocks, each with a block_id, as Slack gives them one."""
        found: list[dict[str, Any]] = self.body["blocks"]
        return found

    @property
    def external_id(self) -> str:
        """The app's own name for it, or nothing."""
        return str(self.body.get("external_id") or "")

    def replace(self, body: dict[str, Any], new_hash: str) -> None:
        """Show something else; what was typed stays where block and action stay (remembered)."""
        self.body, self.hash, self.errors = body, new_hash, {}
        kept: dict[str, dict[str, Any]] = {}
        for block in self.blocks:
            for element in elements_of(block):
                value = self.values.get(block["block_id"], {}).get(element["action_id"])
                if value and value["type"] == element["type"]:
                    kept.setdefault(block["block_id"], {})[element["action_id"]] = value
        self.values = kept

    def shown(self) -> dict[str, Any]:
        """The view as the Web API and interactions show it."""
        sent = copy.deepcopy(self.body)
        return {
            "id": self.id,
            "team_id": self.team_id,
            "app_id": self.app_id,
            "bot_id": self.bot_id,
            "app_installed_team_id": self.team_id,
            "hash": self.hash,
            "root_view_id": self.root,
            "previous_view_id": self.previous,
            "title": sent.get("title"),
            "submit": sent.get("submit"),
            "close": sent.get("close"),
            "callback_id": sent.get("callback_id", ""),
            "external_id": self.external_id,
            "private_metadata": sent.get("private_metadata", ""),
            "clear_on_close": sent.get("clear_on_close", False),
            "notify_on_close": sent.get("notify_on_close", False),
            "type": self.type,
            "blocks": sent["blocks"],
            "state": {"values": state_of(self.blocks, self.values)},
        }


def with_ids(blocks: list[dict[str, Any]], first: int) -> list[dict[str, Any]]:
    """The blocks with the block and action ids that Slack makes up where the app gave none."""
    found = copy.deepcopy(blocks)
    for number, block in enumerate(found):
        block.setdefault("block_id", f"b{first:x}-{number}")
        parts = [block.get("element"), block.get("accessory"), *block.get("elements", [])]
        for place, part in enumerate(one for one in parts if one):
            if part.get("type") not in NO_ACTION:
                part.setdefault("action_id", f"a{first:x}-{number}-{place}")
    return found


NO_ACTION = frozenset({"image", "mrkdwn", "plain_text", None}) | {
    f"rich_text_{part}" for part in ("section", "list", "quote", "preformatted")
}
"""The parts of a block that nobody can press."""
