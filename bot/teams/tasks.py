"""What a dialog is answered with: a card that goes on, or words that end it."""

from __future__ import annotations

from typing import Any

from bot.teams.cards import adaptive, attached
from bot.teams.wording import Element, cut, paragraph, plain, run

TITLE = 60
_TALL = 8
"""From so many elements, a dialog is as high as it can be."""


def task_continue(title: str, card: Element) -> dict[str, Any]:
    """A dialog with this card: opened, or in place of the one that was there."""
    height = "large" if len(card["body"]) >= _TALL else "medium"
    shown = {"title": plain(title, TITLE), "height": height, "width": "medium"}
    return {"task": {"type": "continue", "value": {**shown, "card": attached(card)}}}


def task_message(text: str) -> dict[str, Any]:
    """Words in place of the dialog, which end it."""
    return {"task": {"type": "message", "value": plain(text)}}


def said(title: str, *sentences: str) -> dict[str, Any]:
    """A dialog that asks nothing and says how something ended."""
    words = [one for one in sentences if one] or ["…"]
    return task_continue(title, adaptive([paragraph(run(cut(one, 1_000))) for one in words]))
