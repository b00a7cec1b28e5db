"""The neutral form: what a command asks, in one definition for every platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, NamedTuple

Kind = Literal[
    "text",  # one line
    "words",  # several lines, kept word for word
    "choice",  # one of a few
    "choices",  # any of a few
    "yes_no",
    "date",
    "time",
    "number",
    "money",
    "list",  # rows of the fields inside, as many as needed
    "each",  # one row of the fields inside for each of a known set of choices
]

SHORT = 150
LONG = 2000
"""2,000 characters: safely inside Slack's 3,000 for a plain text input."""


class Choice(NamedTuple):
    """One thing to choose: the value that is kept and the words that are shown."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One question: its id, its label, what kind of answer it takes and the limits of it.

    `choices` is either the choices themselves or the name of a list that the family's record
    gives (`team`, `outcomes`, …). `only_if` is the field and the answers that make it matter:
    where another answer is given, the field is passed over. `named` is how sentences call it.
    """

    id: str
    label: str
    kind: Kind = "text"
    required: bool = True
    hint: str = ""
    choices: tuple[Choice, ...] | str = ()
    fields: tuple[Field, ...] = ()
    only_if: tuple[str, frozenset[str]] | None = None
    longest: int = 0
    least: int = 0
    most: int = 1_000_000
    start: str = ""
    """The answer already filled in."""
    named: str = ""

    @property
    def called(self) -> str:
        """The field as a sentence names it: "due date"."""
        return self.named or (self.label[:1].lower() + self.label[1:]).rstrip("?")

    @property
    def limit(self) -> int:
        """The most characters that fit: the field's own, or the kind's."""
        return self.longest or (LONG if self.kind == "words" else SHORT)


@dataclass(frozen=True)
class Form:
    """What a command asks: its name on a button, its heading, its questions."""

    label: str
    title: str = ""
    fields: tuple[Field, ...] = ()
    intro: str = ""
    submit: str = ""
    done: str = "Saved."
    done_by_hand: str = ""
    """What is said instead where people make the rooms."""
    sure: str = ""
    """Where a press cannot be undone: the question to ask first."""

    @property
    def heading(self) -> str:
        """The form's heading: its title, or else its label."""
        return self.title or self.label

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in or confirm before the command is given."""
        return bool(self.fields or self.sure)


def choices(*labels: str, **named: str) -> tuple[Choice, ...]:
    """Choices whose value is the label in lower case with underscores, or is given."""
    return tuple(Choice(label.lower().replace(" ", "_"), label) for label in labels) + tuple(
        Choice(value, label) for value, label in named.items()
    )


def when(field: str, *answers: str) -> tuple[str, frozenset[str]]:
    """The condition of a field that matters only where another has one of these answers."""
    return field, frozenset(answers)


YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))

ChoiceLists = Callable[[str], Sequence[Choice]]
"""Gives the choices of a named list, for this press: who is on the team, which outcomes."""

Raw = Mapping[str, Any]
"""Answers as a platform hands them over: strings, lists of strings, lists of rows."""


def relabelled(form: Form, words: Mapping[str, str]) -> Form:
    """The form with a partnership's own names for the roles in place of ours."""
    changed = {ours: theirs for ours, theirs in words.items() if ours != theirs}
    return _swap(form, changed) if changed else form


def _swap(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, Choice):
        return value._replace(label=_swap(value.label, words))
    if isinstance(value, Form | Field):
        kept = {
            one.name: _swap(getattr(value, one.name), words)
            for one in fields(value)
            if one.name not in {"id", "kind", "start", "only_if"}
        }
        return replace(value, **kept)
    if isinstance(value, tuple):
        return tuple(_swap(one, words) for one in value)
    if isinstance(value, str):
        for ours, theirs in words.items():
            value = value.replace(ours, theirs)
    return value
