"""Lays a form's questions out for the page: which widget, filled in how, with which error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from itertools import groupby
from typing import Any

from bot.starting import first_row
from bot.web.posted import date_parts
from messages.form import Choice, ChoiceLists, Field, Form
from messages.reading import MOST_ROWS, shown_choices

FEW = 7
"""Up to so many choices are shown at once; more are a list to choose from."""

MANY = 10
"""From so many choices on they are gathered under their headings."""


@dataclass(frozen=True)
class Row:
    """One row of questions: of a list, or about one of a known set."""

    index: int | str
    heading: str
    who: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Question:
    """One question as the page draws it; `name` is its path, unique on the page."""

    field: Field
    name: str
    widget: str
    value: Any
    error: str
    choices: tuple[Choice, ...] = ()
    groups: tuple[tuple[str, tuple[Choice, ...]], ...] = ()
    reveals: Mapping[str, tuple[Question, ...]] = made_by(default_factory=dict)
    rows: tuple[Row, ...] = ()
    spare: Row | None = None
    condition: str = ""

    @property
    def label(self) -> str:
        """The question, and whether it may be left blank."""
        needed = self.field.required or self.widget == "each"
        return self.field.label + ("" if needed else " (optional)")

    @property
    def hint(self) -> str:
        """What helps to answer it."""
        return ". ".join(one for one in (self.condition, self.field.hint) if one)

    @property
    def target(self) -> str:
        """The id of what an error about it links to."""
        if self.widget == "date":
            return f"{self.name}-day"
        if self.widget == "each" and self.rows and self.rows[0].questions:
            return self.rows[0].questions[0].target
        return self.name

    @property
    def items(self) -> list[tuple[str, str]]:
        """Radio buttons: the choices, and one to take a choice back where none is needed."""
        shown = [(choice.value, choice.label) for choice in self.choices]
        taken_back = self.field.required or self.widget == "yes_no"
        if taken_back or any(value in {"none", "not_yet"} for value, _ in shown):
            return shown
        return [*shown, ("", "None of these")]

    @property
    def inline(self) -> bool:
        """Whether its radio buttons stand side by side."""
        return self.widget == "yes_no" and not self.reveals

    @property
    def small(self) -> bool:
        """Whether its radio buttons are small: in the rows of a list, of which there are many."""
        return "-" in self.name

    @property
    def one(self) -> str:
        """One of its rows: "family member"."""
        return self.field.called.removesuffix("s")

    @property
    def an(self) -> str:
        """One of its rows with its article: "an action"."""
        return f"{'an' if self.one[:1] in 'aeiou' else 'a'} {self.one}"

    @property
    def full(self) -> bool:
        """Whether no more rows fit."""
        return len(self.rows) >= MOST_ROWS


def questions(
    form: Form, raw: Mapping[str, Any], lists: ChoiceLists, errors: Mapping[str, str]
) -> tuple[Question, ...]:
    """A form's questions with these answers and errors."""
    return _Asking(lists, errors).all(form.fields, raw, "")


@dataclass(frozen=True)
class _Asking:
    lists: ChoiceLists
    errors: Mapping[str, str]

    def all(
        self, fields: Sequence[Field], raw: Mapping[str, Any], path: str
    ) -> tuple[Question, ...]:
        hosts = {one.id: one for one in fields if _widget(one) in {"radios", "yes_no"}}
        hidden = {one.id for one in fields if _revealed_by(one, hosts)}
        return tuple(self._one(one, fields, raw, path) for one in fields if one.id not in hidden)

    def _one(
        self, one: Field, around: Sequence[Field], raw: Mapping[str, Any], path: str
    ) -> Question:
        name, widget, value = path + one.id, _widget(one), raw.get(one.id)
        shown = tuple(shown_choices(one, self.lists)) if _chooses(one) else ()
        reveals: dict[str, tuple[Question, ...]] = {}
        if widget in {"radios", "yes_no"}:
            for inner in around:
                answer = _revealed_by(inner, {one.id: one})
                if answer:
                    shown_there = self._one(inner, around, raw, path)
                    reveals[answer] = (*reveals.get(answer, ()), shown_there)
        return Question(
            field=one,
            name=name,
            widget=widget,
            value=_shown_value(one, value),
            error=self.errors.get(name, ""),
            choices=shown,
            groups=_groups(shown) if len(shown) > MANY else (),
            reveals=reveals,
            rows=self._rows(one, value, name, shown),
            spare=self._spare(one, name),
            condition=self._condition(one, around),
        )

    def _rows(self, one: Field, value: Any, name: str, shown: Sequence[Choice]) -> tuple[Row, ...]:
        given = value if isinstance(value, list) else []
        if one.kind == "list":
            return tuple(self._row(one, row, name, index) for index, row in enumerate(given))
        if one.kind == "each":
            by_who = {row.get("who"): row for row in given}
            return tuple(
                Row(
                    index,
                    choice.label,
                    choice.value,
                    self.all(one.fields, by_who.get(choice.value, {}), f"{name}-{index}-"),
                )
                for index, choice in enumerate(shown)
            )
        return ()

    def _row(self, one: Field, row: Mapping[str, Any], name: str, index: int | str) -> Row:
        number = index + 1 if isinstance(index, int) else "__n__"
        heading = f"{one.called.removesuffix('s').capitalize()} {number}"
        return Row(index, heading, "", self.all(one.fields, row, f"{name}-{index}-"))

    def _spare(self, one: Field, name: str) -> Row | None:
        """The row that the page's script copies when another is added."""
        return self._row(one, first_row(one), name, "__i__") if one.kind == "list" else None

    def _condition(self, one: Field, around: Sequence[Field]) -> str:
        """Says when a question matters that is not revealed by its answer."""
        hosts = {other.id: other for other in around}
        if one.only_if is None or _revealed_by(one, hosts):
            return ""
        host, wanted = hosts.get(one.only_if[0]), one.only_if[1]
        if host is None or isinstance(host.choices, str):
            return ""
        labels = [choice.label for choice in host.choices if choice.value in wanted]
        left_out = [choice for choice in host.choices if choice.value not in wanted]
        if len(labels) > 2 and len(left_out) == 1:
            return f"Leave this blank where the answer above is “{left_out[0].label}”"
        return f"Only where the answer above is {' or '.join(f'“{label}”' for label in labels)}"


def _chooses(one: Field) -> bool:
    return one.kind in {"choice", "choices", "yes_no", "each"}


def _widget(one: Field) -> str:
    if one.kind == "choice":
        few = not isinstance(one.choices, str) and len(one.choices) <= FEW
        return "radios" if few else "select"
    return {"choices": "checkboxes"}.get(one.kind, one.kind)


def _revealed_by(one: Field, hosts: Mapping[str, Field]) -> str:
    """The answer under which a question is revealed, "" where it is simply shown."""
    if one.only_if is None or one.only_if[0] not in hosts or len(one.only_if[1]) != 1:
        return ""
    host = hosts[one.only_if[0]]
    return next(iter(one.only_if[1])) if _widget(host) in {"radios", "yes_no"} else ""


def _shown_value(one: Field, value: Any) -> Any:
    if one.kind == "date":
        return date_parts(value)
    if one.kind in {"list", "each"}:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value is not None else ([] if one.kind == "choices" else "")


def _groups(choices: Sequence[Choice]) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """Long lists under the headings that their labels begin with: "school attendance: …"."""
    if not all(": " in choice.label for choice in choices):
        return ()
    return tuple(
        (
            heading[:1].upper() + heading[1:],
            tuple(choice._replace(label=choice.label.partition(": ")[2]) for choice in found),
        )
        for heading, found in groupby(choices, key=lambda choice: choice.label.partition(": ")[0])
    )


def mistakes(asked: Sequence[Question], errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """The errors in the page's order, each with the id to go to, "" where there is none."""
    placed = {one.name: one.target for one in _every(asked)}
    found = [(f"#{placed[name]}", errors[name]) for name in placed if name in errors]
    for name, sentence in errors.items():
        if name not in placed:
            row = re.sub(r"-\d+.*$", "", name)
            found.append((f"#{placed[row]}" if row in placed else "", sentence))
    return found


def _every(asked: Sequence[Question]) -> Iterator[Question]:
    for one in asked:
        yield one
        for revealed in one.reveals.values():
            yield from _every(revealed)
        for row in one.rows:
            yield from _every(row.questions)
