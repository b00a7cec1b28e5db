"""What somebody is shown of their own on Slack: the home tab, and the answer to what they typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.chat.home import Home
from bot.slack.blocks import Forms, Labels, fallback, offers, parts
from bot.slack.choosing import plain
from messages.card import Card
from messages.form import Choice
from messages.words import cut

PAGE = "home:page:"
REACH = "reach:"
"""The action_id is "reach:" and the reference of the work: what it lists is asked for each time."""

LATER = 500
"""The buttons below the actions are numbered from here on: a page of actions has fewer."""

Block = dict[str, Any]


def home_view(home: Home, labels: Labels, forms: Forms) -> dict[str, Any]:
    """Somebody's home tab."""
    first, *rest = home.sections
    blocks = parts([first], labels, forms, menu) + _turning(home)
    blocks += parts(rest, labels, forms, menu, LATER)
    if home.begin:
        blocks += [{"type": "divider"}, *offers(home.begin, labels, forms)]
    page = str(home.page)
    return {"type": "home", "callback_id": "home", "private_metadata": page, "blocks": blocks}


def page_of(view: Mapping[str, Any]) -> int:
    """Which page of somebody's home they had before them."""
    page = str(view.get("private_metadata") or "") if view.get("type") == "home" else ""
    return int(page) if re.fullmatch(r"\d{1,6}", page, re.ASCII) else 0


def typed_answer(card: Card, labels: Labels, forms: Forms) -> dict[str, Any]:
    """The answer to what somebody typed: only they see it."""
    blocks = parts([card], labels, forms, menu)
    return {"response_type": "ephemeral", "text": fallback(card), "blocks": blocks}


def menu(ref: str) -> Block:
    """The list of all that may be done about a family, under what is said of it."""
    return {
        "type": "section",
        "block_id": f"{REACH}{ref}",
        "text": plain("Something else about this family"),
        "accessory": {
            "type": "external_select",
            "action_id": f"{REACH}{ref}",
            "min_query_length": 0,
            "placeholder": plain("Search: meeting, action 3…", 150),
        },
    }


def found(choices: list[Choice], most: int) -> dict[str, Any]:
    """What a search in such a list found."""
    shown = choices[:most]
    return {
        "options": [{"text": plain(cut(one.label, 75), 75), "value": one.value} for one in shown]
    }


def _turning(home: Home) -> list[Block]:
    if not home.last:
        return []
    turns = []
    if home.page > 0:
        turns.append(_turn("Sooner", home.page - 1))
    if home.page < home.last:
        turns.append(_turn("Later", home.page + 1))
    return [
        {"type": "context", "elements": [plain(home.place)]},
        {"type": "actions", "block_id": "pages", "elements": turns},
    ]


def _turn(label: str, page: int) -> Block:
    return {"type": "button", "text": plain(label, 75), "action_id": f"{PAGE}{page}"}
