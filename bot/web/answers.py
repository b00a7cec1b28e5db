"""Puts a line of the audit in words: who did what, when, and what they answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.commands import COMMANDS
from bot.web.describe import meeting_title, short
from bot.web.visit import Visit
from messages import words
from messages.form import YES_NO, Field, Form
from storage import subjects
from workflows.choices import LISTS

REFERENCED = LISTS.keys() - {"criteria", "needs", "measures", "agencies"}
"""The lists whose values are references to something that has a name of its own."""


@dataclass(frozen=True)
class Entry:
    """One line: answers are pairs of a question and the words of its answer."""

    at: datetime
    who: str
    what: str
    about: str
    answers: list[tuple[str, list[str]]]


def entry(visit: Visit, line: Any, taf: Any) -> Entry:
    """A line of the audit, for somebody on the family's team."""
    command = COMMANDS.get(line.command or "")
    form = visit.form(command.id) if command else None
    return Entry(
        at=visit.days.local(line.at),
        who=line.person.name if line.person else "The assistant",
        what=_what(form) if form else str(line.command),
        about=_about(visit, line.about),
        answers=_answers(visit, taf, form.fields if form else (), line.facts),
    )


def _what(form: Form) -> str:
    """What was done: the form's heading, or its button where the heading is a question."""
    return form.label if form.heading.endswith("?") else form.heading


def _about(visit: Visit, ref: str | None) -> str:
    subject = subjects.find(visit.session, ref or "")
    if subject is None or subject.kind == "taf":
        return ""
    if subject.kind == "meeting":
        return meeting_title(visit, subject)
    return words.sentence(short(visit, subject))


def _answers(
    visit: Visit, taf: Any, fields: Sequence[Field], facts: dict[str, Any]
) -> list[tuple[str, list[str]]]:
    found = []
    known = {field.id for field in fields}
    for field in fields:
        lines = _lines(visit, taf, field, facts.get(field.id))
        if lines:
            found.append((field.label, lines))
    return found + [
        (words.sentence(name.replace("_", " ")), [str(value)])
        for name, value in facts.items()
        if name not in known and value not in (None, "", [])
    ]


def _lines(visit: Visit, taf: Any, field: Field, value: Any) -> list[str]:
    if value is None or value in ("", []):
        return []
    if field.kind in {"list", "each"}:
        return [_row(visit, taf, field, row) for row in value]
    if field.kind == "choices":
        return [_one(visit, taf, field, each) for each in value]
    return [_one(visit, taf, field, value)]


def _row(visit: Visit, taf: Any, field: Field, row: dict[str, Any]) -> str:
    parts = [
        (inner.label, "; ".join(_lines(visit, taf, inner, row.get(inner.id))))
        for inner in field.fields
    ]
    told = [value if len(parts) == 1 else f"{label}: {value}" for label, value in parts if value]
    if row.get("who") and field.kind == "each":
        return f"{_named(visit, row['who'])}: {', '.join(told)}"
    return "; ".join(told)


def _one(visit: Visit, taf: Any, field: Field, value: Any) -> str:
    match field.kind:
        case "date":
            return words.long_day(value)
        case "time":
            return words.clock(value)
        case "money":
            return words.amount(value, "money")
        case "yes_no":
            return next((one.label for one in YES_NO if (one.value == "yes") is value), str(value))
        case "choice" | "choices":
            return _choice(visit, taf, field, str(value))
        case _:
            return str(value)


def _choice(visit: Visit, taf: Any, field: Field, value: str) -> str:
    if not isinstance(field.choices, str):
        return next((one.label for one in field.choices if one.value == value), value)
    if field.choices in REFERENCED:
        return _named(visit, value)
    return dict(LISTS[field.choices](visit.doing, taf)).get(value, value)


def _named(visit: Visit, ref: str) -> str:
    """What a reference stands for."""
    if ref == "household":
        return "The whole household"
    subject = subjects.find(visit.session, ref)
    if subject is None:
        return ref
    if subject.kind == "person":
        return str(subject.name)
    if subject.kind == "meeting":
        return meeting_title(visit, subject)
    if subject.kind == "outcome":
        return f"{subject.number}. {subject.words}"
    return words.sentence(short(visit, subject))
