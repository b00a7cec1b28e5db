"""The handles of a story: whom and what they stand for, and from which event on."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from typing import get_type_hints

from bot.commands import Command
from bot.story.parts import STRANGER, Handle
from bot.story.written import Problems, Words, pointed

SHAPE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_PART = re.compile(r"(?P<kind>[a-z_]+)(?:-(?P<number>\d{1,4}))?")

MADE_IN_ROWS = {"members": "family_member", "actions": "action"}
"""What the rows of a form make, by the field's id, where they make something."""

KINDS = {
    "person": "a person",
    "taf": "a family's team (TAF)",
    "family_member": "a family member",
    "team_member": "a place on the team",
    "handover": "an offer of the lead",
    "assessment": "an assessment",
    "meeting": "a meeting",
    "plan": "a plan",
    "outcome": "an outcome",
    "action": "an action",
    "indicator": "an indicator",
    "help": "a request for help",
    "delivery": "something that could not be delivered",
    "account": "an account on a platform",
}
"""Every kind of subject a handle can stand for, as a sentence calls it."""

PARTS = frozenset(KINDS) - {"person", "taf", "team_member", "delivery", "account"}
"""What a family's handle reaches with a dot: "hardman.plan", "hardman.meeting-2"."""


@cache
def made_by(command: Command) -> str | None:
    """The kind of subject that a command makes, or None where it makes none."""
    made = get_type_hints(command.does.does).get("return")
    return getattr(made, "kind", None)


@dataclass(frozen=True)
class Made:
    """What a handle stands for, and the event and line that make it."""

    kind: str
    line: int
    event: int


@dataclass
class Handles:
    """Everything a story gives a handle to: its people, and what its events make."""

    people: Collection[str]
    made: dict[str, Made] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    """The people whose handles were looked up."""

    def add(self, word: Words, made: Made, problems: Problems) -> str | None:
        """Give a handle to what an event makes."""
        if not SHAPE.fullmatch(word):
            sentence = f'"{word}" cannot be a handle: use letters, numbers and hyphens'
            problems.add(word.line, sentence)
        elif word in self.people or word == STRANGER:
            problems.add(word.line, f'"{word}" is a person\'s handle already')
        elif word in self.made:
            first = self.made[word].line
            problems.add(word.line, f'"{word}" is given twice, first on line {first}')
        else:
            self.made[str(word)] = made
            return str(word)
        return None

    def check(
        self, word: Words, kinds: Collection[str], event: int | None, problems: Problems
    ) -> Handle:
        """A handle where one of these kinds is wanted, before the event of this number."""
        kind = self._kind(word, event, problems)
        if kind and kind not in kinds:
            wanted = " or ".join(KINDS[one] for one in KINDS if one in kinds)
            problems.add(word.line, f'"{word}" is {KINDS[kind]}; here it takes {wanted}')
        return Handle(word)

    def _kind(self, word: Words, event: int | None, problems: Problems) -> str | None:
        if word in self.people:
            self.met.add(str(word))
            return "person"
        family, dot, part = word.partition(".")
        found = self.made.get(family)
        if found is None:
            known = [*self.people, *self.made]
            problems.unknown(word.line, "handle", word, known)
            return None
        if event is not None and found.event >= event:
            problems.add(
                word.line, f'"{family}" is used before it is made: that is on line {found.line}'
            )
            return None
        return self._part(word, found, part, problems) if dot else found.kind

    def _part(self, word: Words, found: Made, part: str, problems: Problems) -> str | None:
        if found.kind != "taf":
            sentence = f'"{word}": only a family\'s own handle takes a dot'
            problems.add(word.line, sentence)
            return None
        if part in self.people:
            return "team_member"
        match = _PART.fullmatch(part)
        if match and match["kind"] in PARTS:
            return match["kind"]
        near = pointed(part, sorted(PARTS) + list(self.people))
        problems.add(word.line, f'"{word}": a family has no "{part}"{near}')
        return None
