"""Turns what a browser posted into a form's answers: dates joined, rows gathered in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.datastructures import FormData

from bot.starting import first_row
from messages.form import Field, Form
from messages.reading import MOST_ROWS

DATE_PARTS = ("day", "month", "year")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ADD, REMOVE = "_add", "_remove"


def answers(form: Form, posted: FormData) -> dict[str, Any]:
    """The answers of a posted page, in the shape that `messages.reading` reads."""
    return _fields(form.fields, posted, "")


def text(posted: FormData, name: str) -> str:
    """One posted value; a file is nothing that a form of ours asks for."""
    value = posted.get(name)
    return value if isinstance(value, str) else ""


def _fields(fields: Sequence[Field], posted: FormData, path: str) -> dict[str, Any]:
    return {field.id: _answer(field, posted, path + field.id) for field in fields}


def _answer(field: Field, posted: FormData, name: str) -> Any:
    match field.kind:
        case "choices":
            return [one for one in posted.getlist(name) if isinstance(one, str)]
        case "date":
            return _date(*(text(posted, f"{name}-{part}") for part in DATE_PARTS))
        case "list":
            return [_fields(field.fields, posted, f"{name}-{row}-") for row in _rows(posted, name)]
        case "each":
            return [
                _fields(field.fields, posted, f"{name}-{row}-")
                | {"who": text(posted, f"{name}-{row}-who")}
                for row in _rows(posted, name)
            ]
        case _:
            return text(posted, name)


def _rows(posted: FormData, name: str) -> list[str]:
    rows = [one for one in posted.getlist(name) if isinstance(one, str) and one.isdigit()]
    return list(dict.fromkeys(rows))[: 5 * MOST_ROWS]


def _date(day: str, month: str, year: str) -> str:
    """Year-month-day as typed, so that a wrong date can be shown again as it was; "" if blank."""
    parts = [" ".join(part.replace("-", " ").split()) for part in (year, month, day)]
    if not any(parts):
        return ""
    if parts[1][:3].lower() in MONTHS:
        parts[1] = str(MONTHS.index(parts[1][:3].lower()) + 1)
    return "-".join(parts)


def date_parts(value: str) -> dict[str, str]:
    """A kept date as the three boxes show it."""
    year, month, day = [*str(value or "").split("-"), "", ""][:3]
    return {"day": _plain(day), "month": _plain(month), "year": year}


def _plain(number: str) -> str:
    return number.lstrip("0") or number


def rearranged(form: Form, posted: FormData, raw: dict[str, Any]) -> bool:
    """Add or take away a row, where that was asked for; whether it was."""
    lists = {field.id: field for field in form.fields if field.kind == "list"}
    wanted = text(posted, ADD)
    if wanted in lists:
        if len(raw[wanted]) < MOST_ROWS:
            raw[wanted].append(first_row(lists[wanted]))
        return True
    name, _, row = text(posted, REMOVE).rpartition("-")
    if name in lists:
        rows = _rows(posted, name)
        if row in rows:
            del raw[name][rows.index(row)]
        return True
    return False
