"""Shows posted cards: their words, the buttons this person may press, how things stand now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.web.describe import State, state
from bot.web.offers import Offer, offers_of
from bot.web.visit import Visit
from messages.card import Card, Line
from storage import subjects

USUAL = frozenset({("taf", "open"), ("indicator", "followed")})
"""States that say nothing worth reading on a card."""


@dataclass(frozen=True)
class Shown:
    """One card on the page."""

    id: str
    number: int
    title: str
    lines: tuple[Line, ...]
    offers: list[Offer]
    state: State | None
    posted_at: datetime | None
    edited_at: datetime | None
    cards: tuple[Shown, ...]
    level: int


def posted(visit: Visit, posts: list[Any], back: str, level: int = 3) -> list[Shown]:
    """Posted messages as this person sees them now."""
    return [
        _shown(
            visit,
            Card.from_json(post.card),
            back,
            level,
            name=f"message-{post.id}",
            number=post.id,
            posted_at=visit.days.local(post.posted_at),
            edited_at=visit.days.local(post.edited_at) if post.edited_at else None,
        )
        for post in posts
    ]


def _shown(
    visit: Visit,
    card: Card,
    back: str,
    level: int,
    *,
    name: str = "",
    number: int = 0,
    posted_at: datetime | None = None,
    edited_at: datetime | None = None,
) -> Shown:
    pairs = [(button.command, button.about) for button in card.buttons]
    return Shown(
        id=name,
        number=number,
        title=card.title,
        lines=card.lines,
        offers=offers_of(visit, pairs, back),
        state=_state(visit, card),
        posted_at=posted_at,
        edited_at=edited_at,
        cards=tuple(_shown(visit, inner, back, level + 1) for inner in card.cards),
        level=level,
    )


def _state(visit: Visit, card: Card) -> State | None:
    """How the card's subject stands now, where the card has buttons about it."""
    kinds = {button.about for button in card.buttons}
    if card.about not in kinds:
        return None
    subject = subjects.find(visit.session, card.about)
    if subject is None or (subject.kind, getattr(subject, "state", "")) in USUAL:
        return None
    return state(visit, subject)
