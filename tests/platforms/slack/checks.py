"""The smallest rules of Block Kit: texts, choices, numbers, and what one object may hold.

The limits are documented unless a comment says that they are remembered. None of it shares
anything with the product's own check, so that the two can disagree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Say = Callable[[str, str], None]
"""Called with what is wrong, and with the JSON pointer to it."""

Check = Callable[[Any, str, Say], None]
"""Looks at a value that stands at a pointer, and says what is wrong with it."""


@dataclass(frozen=True)
class Shape:
    """The fields that an object has to have, and those that it may have; no others.

    That an unknown field is refused is remembered.
    """

    required: dict[str, Check]
    optional: dict[str, Check]

    def __call__(self, value: Any, at: str, say: Say) -> None:
        """Check every field."""
        if not isinstance(value, dict):
            say("must be an object", at)
            return
        known = self.required | self.optional
        for name in self.required:
            if value.get(name) is None:
                say(f"missing required field: {name}", at)
        for name, field in value.items():
            if name == "type":
                continue
            if name not in known:
                say(f"invalid additional property: {name}", at)
            elif field is not None:
                known[name](field, f"{at}/{name}", say)


def string(most: int, least: int = 1) -> Check:
    """A string of so many characters."""

    def check(value: Any, at: str, say: Say) -> None:
        if not isinstance(value, str):
            say("must be a string", at)
        elif len(value) > most:
            say(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            say(f"must be more than {least - 1} characters", at)

    return check


def text(most: int, kinds: tuple[str, ...] = ("plain_text",)) -> Check:
    """A text object. `emoji` is for plain text, `verbatim` for mrkdwn (documented)."""
    within = string(most)

    def check(value: Any, at: str, say: Say) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in kinds:
            say(f"failed to match all allowed schemas: must be one of {list(kinds)}", at)
            return
        extra = "emoji" if kind == "plain_text" else "verbatim"
        Shape({"text": within}, {extra: boolean})(value, at, say)

    return check


MIXED = ("plain_text", "mrkdwn")


def boolean(value: Any, at: str, say: Say) -> None:
    """True or false."""
    if not isinstance(value, bool):
        say("must be a boolean", at)


def whole(least: int, most: int) -> Check:
    """A whole number in a range."""

    def check(value: Any, at: str, say: Say) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            say(f"must be a whole number from {least} to {most}", at)

    return check


def one_of(*words: str) -> Check:
    """One of these words."""

    def check(value: Any, at: str, say: Say) -> None:
        if value not in words:
            say(f"must be one of {list(words)}", at)

    return check


def matching(pattern: str, what: str) -> Check:
    """A string of this pattern."""

    def check(value: Any, at: str, say: Say) -> None:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            say(f"must be {what}", at)

    return check


def several(each: Check, most: int, least: int = 1) -> Check:
    """A list of so many."""

    def check(value: Any, at: str, say: Say) -> None:
        if not isinstance(value, list):
            say("must be an array", at)
            return
        if len(value) > most:
            say(f"no more than {most} items allowed", at)
        if len(value) < least:
            say(f"no fewer than {least} items allowed", at)
        for number, one in enumerate(value):
            each(one, f"{at}/{number}", say)

    return check


def option(kinds: tuple[str, ...] = ("plain_text",), *, with_url: bool = False) -> Check:
    """One choice of a menu: 75 characters of text and of description, 150 of value."""
    link = {"url": string(3000)} if with_url else {}
    required = {"text": text(75, kinds), "value": string(150)}
    return Shape(required, {"description": text(75, kinds), **link})


OPTIONS = several(option(), 100)
GROUPS = several(Shape({"label": text(75), "options": OPTIONS}, {}), 100)
MIXED_OPTIONS = several(option(MIXED), 10)
CONFIRM = Shape(
    {"title": text(100), "text": text(300, MIXED), "confirm": text(30), "deny": text(30)},
    {"style": one_of("primary", "danger")},
)
DISPATCH = Shape(
    {},
    {"trigger_actions_on": several(one_of("on_enter_pressed", "on_character_entered"), 2)},
)
DATE = matching(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a date YYYY-MM-DD")
TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time HH:mm")
NUMBER = matching(r"-?\d+(\.\d+)?", "a number as a string")
IDENTIFIER = string(255)
