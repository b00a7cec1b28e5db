"""Checks an event's answers against its command's form, and marks where handles stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.story.handles import MADE_IN_ROWS, Handles
from bot.story.parts import Handle
from bot.story.written import Problems, Rows, Table, Value, Words
from messages.form import YES_NO, Field, Form
from workflows.frameworks import Framework

LIST_KINDS = {
    "practitioners": ("person",),
    "team": ("person",),
    "newcomers": ("person",),
    "invitees": ("person",),
    "owners": ("person", "family_member"),
    "family": ("family_member",),
    "with_responsibility": ("family_member",),
    "family_or_household": ("family_member",),
    "outcomes": ("outcome",),
    "held_meetings": ("meeting",),
}
"""The kinds of subject that a form's named lists hold."""

_YES_NO = {"true": "yes", "on": "yes", "y": "yes", "false": "no", "off": "no", "n": "no"}


@dataclass
class Answers:
    """Reads one event's `with:`; what cannot be is written down in `problems`.

    `lenient`: the press must be refused, so a missing or a wrong answer may be what it is about.
    """

    handles: Handles
    framework: Framework
    problems: Problems
    event: int
    lenient: bool = False
    rows: dict[str, tuple[str, int]] = field(default_factory=dict)

    def read(self, form: Form, given: Table) -> dict[str, Any]:
        """The answers as a platform would hand them over, with handles in place of references."""
        return self._fields(form.fields, given, "field", form.label)

    def _fields(
        self, fields: Sequence[Field], given: Table, what: str, where: str, also: str = ""
    ) -> dict[str, Any]:
        known = {one.id: one for one in fields}
        for key in given:
            if key not in known and key != also:
                self.problems.unknown(given.line_of(key), what, key, known)
        found = {}
        for one in fields:
            if one.id in given:
                found[one.id] = self._value(one, given[one.id])
            elif one.start:
                found[one.id] = one.start
            elif one.required and not one.only_if and not self.lenient:
                self.problems.add(given.line, f'"{where}" needs the {what} "{one.id}"')
        return found

    def _value(self, one: Field, given: Value) -> Any:
        if one.kind in {"list", "each"}:
            return self._rows(one, given)
        if one.kind == "choices":
            several = given if isinstance(given, Rows) else [given]
            return [self._single(one, each) for each in several]
        return self._single(one, given)

    def _single(self, one: Field, given: Value) -> str:
        if not isinstance(given, Words):
            self.problems.add(given.line, f'"{one.id}" takes one answer, not several')
            return ""
        if one.kind == "yes_no":
            return self._known(given, {choice.value for choice in YES_NO}, _YES_NO)
        if one.kind not in {"choice", "choices"} or not given:
            return str(given)
        if not isinstance(one.choices, str):
            return self._known(given, [choice.value for choice in one.choices])
        return self._listed(one.choices, given)

    def _known(self, given: Words, known: Any, meant: dict[str, str] | None = None) -> str:
        word = (meant or {}).get(given.lower(), str(given))
        if word and word not in known and not self.lenient:
            self.problems.unknown(given.line, "answer", given, known)
        return word

    def _listed(self, name: str, given: Words) -> str:
        if name == "family_or_household" and given == "household":
            return str(given)
        if name in LIST_KINDS:
            return self.handles.check(given, LIST_KINDS[name], self.event, self.problems)
        known = {
            "criteria": [one.id for one in self.framework.criteria],
            "needs": [one.id for one in self.framework.needs],
            "measures": [one.id for one in self.framework.indicators],
        }.get(name)
        return str(given) if known is None else self._known(given, known)

    def _rows(self, one: Field, given: Value) -> list[dict[str, Any]]:
        if not isinstance(given, Rows):
            self.problems.add(given.line, f'"{one.id}" takes a list, each row after a dash')
            return []
        found = []
        for index, row in enumerate(given):
            if not isinstance(row, Table):
                sentence = f'a row of "{one.id}" holds answers, like `{_first(one)}: …`'
                self.problems.add(row.line, sentence)
                continue
            found.append(self._each(one, row) if one.kind == "each" else self._row(one, row, index))
        return found

    def _row(self, one: Field, row: Table, index: int) -> dict[str, Any]:
        name = row.get("as")
        if isinstance(name, Words) and one.id in MADE_IN_ROWS:
            self.rows[str(name)] = (one.id, index)
        return self._fields(one.fields, row, "answer", one.id, "as" if _makes(one) else "")

    def _each(self, one: Field, row: Table) -> dict[str, Any]:
        found = self._fields(one.fields, row, "answer", one.id, "who")
        who = row.get("who")
        if isinstance(who, Words):
            return {"who": self._listed(str(one.choices), who), **found}
        self.problems.add(row.line, f'a row of "{one.id}" says `who` it is about')
        return found


def _makes(one: Field) -> bool:
    return one.id in MADE_IN_ROWS


def _first(one: Field) -> str:
    return "who" if one.kind == "each" else one.fields[0].id


def makings(form: Form, given: Table) -> list[tuple[Words, str]]:
    """The handles that the rows of a form are given, and the kind of what each row makes."""
    found = []
    for one in form.fields:
        rows = given.get(one.id)
        if _makes(one) and isinstance(rows, Rows):
            names = [row.get("as") for row in rows if isinstance(row, Table)]
            found += [(name, MADE_IN_ROWS[one.id]) for name in names if isinstance(name, Words)]
    return found


def filled(answers: Any, references: dict[str, str]) -> Any:
    """The answers with each handle's reference in its place; raises KeyError for one unmade."""
    if isinstance(answers, dict):
        return {name: filled(value, references) for name, value in answers.items()}
    if isinstance(answers, list):
        return [filled(value, references) for value in answers]
    return references[answers] if isinstance(answers, Handle) else answers
