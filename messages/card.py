"""The neutral card: one message as every platform can show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Span:
    """A run of words, plain or strong."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Line:
    """One paragraph of a card, or one point of a list."""

    spans: tuple[Span, ...]
    point: bool = False

    @property
    def text(self) -> str:
        """The line without any styling."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True)
class Button:
    """Something a person may press: a command, and the subject it is given on."""

    command: str
    about: str


@dataclass(frozen=True)
class Card:
    """A message: a title, some lines, the buttons it offers and where more can be read.

    `about` is the reference of its subject ("action-12"); it never holds personal details (R1).
    """

    title: str
    lines: tuple[Line, ...] = ()
    buttons: tuple[Button, ...] = ()
    about: str = ""
    cards: tuple[Card, ...] = field(default=())
    """The cards inside a digest."""

    @property
    def text(self) -> str:
        """The body as plain words, one line each, a digest's cards included."""
        own = [("- " if line.point else "") + line.text for line in self.lines]
        for card in self.cards:
            own += [card.title, *card.text.splitlines()]
        return "\n".join(own)

    def as_json(self) -> dict[str, Any]:
        """The card as plain data, for the outbox and the web room."""
        return {
            "title": self.title,
            "lines": [
                {"point": line.point, "spans": [[span.text, span.strong] for span in line.spans]}
                for line in self.lines
            ],
            "buttons": [[button.command, button.about] for button in self.buttons],
            "about": self.about,
            "cards": [card.as_json() for card in self.cards],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Card:
        """The card that `as_json` wrote down."""
        return cls(
            title=data["title"],
            lines=tuple(
                Line(tuple(Span(text, strong) for text, strong in line["spans"]), line["point"])
                for line in data["lines"]
            ),
            buttons=tuple(Button(command, about) for command, about in data["buttons"]),
            about=data["about"],
            cards=tuple(cls.from_json(card) for card in data["cards"]),
        )
