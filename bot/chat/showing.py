"""The cards that answer somebody: words, and the buttons of what they may do now."""

from __future__ import annotations

from typing import Any

from bot.chat.reaching import allowed
from messages.card import Button, Card, Line, Span
from workflows.doing import Doing


def saying(*sentences: str, title: str = "") -> Card:
    """A card that says something and offers nothing."""
    return Card(title, tuple(Line((Span(one),)) for one in sentences))


def offering(doing: Doing, subject: Any, most: int = 25) -> tuple[Button, ...]:
    """The buttons of what this person may do about a subject now."""
    about = subject.ref if subject is not None else ""
    return tuple(Button(one, about) for one in allowed(doing, subject)[:most])
