"""What comes back from a dialog, read: into a form's answers, and which form it was.

Nothing that comes back is trusted: only questions that the form has are read, and only as much as
they may hold; `messages.reading` decides whether that can be taken. Teams leaves out what was left
empty, so every question that was asked and is not there is blank.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.teams.cards import references
from bot.teams.drawing import CONTEXT
from bot.teams.fields import BEFORE, unpacked
from bot.teams.forms import BACK, SEND
from bot.teams.wording import clean
from messages.form import Field, Form, Raw
from messages.offering import NO_ANSWER
from messages.places import place
from messages.reading import matters
from messages.rows import ADD, REMOVE, Row, rows_of

OPEN = "open"
"""What is asked by a button on a card: that the form be shown."""

MOST_PARTS = 400
MOST_CHOSEN = 400

_OP = re.compile(rf"{SEND}|{BACK}|({ADD}|{REMOVE})\w{{1,40}}(-\d{{1,9}})?", re.ASCII)
_ROW = re.compile(r"(.+)-(\d{1,4})", re.ASCII)
_HANDLE = re.compile(r"[\w.+-]{1,100}", re.ASCII)


class Asked(NamedTuple):
    """Which form is before somebody, at which step, seen at which version, and what was pressed."""

    command: str
    about: str = ""
    step: int = 0
    seen: int | None = None
    op: str = OPEN


def asked(data: Any) -> Asked | None:
    """Which form a button opens or a dialog showed; None if it is none of ours."""
    if not isinstance(data, Mapping):
        return None
    carried = data.get(CONTEXT)
    if not isinstance(carried, Mapping):
        found = references(data.get("command"), data.get("about"))
        return Asked(*found) if found else None
    found = references(carried.get("c"), carried.get("a"))
    op = data.get("op")
    if found is None or not isinstance(op, str) or not _OP.fullmatch(op):
        return None
    return Asked(*found, _number(carried.get("s")) or 0, _number(carried.get("v")), op)


def answers(form: Form, data: Any) -> dict[str, Any]:
    """What stands in a dialog, in the shape that `messages.reading` reads.

    A question that was asked and left blank is blank, so that it takes back an earlier answer; one
    that was not asked is not there.
    """
    found: dict[str, Any] = {}
    rows: dict[str, dict[tuple[int, str], Row]] = {}
    hidden = _hidden(data)
    for path, handle in _parts(data):
        where = place(form, path)
        if where is not None and where.rows is None and not handle and path not in hidden:
            found[path] = _value(where.field, data.get(f"{BEFORE}{path}"))
        match = _ROW.fullmatch(path) if handle else None
        field = _rows_field(form, match[1]) if match else None
        if match is None or field is None:
            continue
        name = "who" if field.kind == "each" else "as"
        row = rows.setdefault(field.id, {}).setdefault((int(match[2]), handle), {name: handle})
        for inner in field.fields:
            if f"{path}-{inner.id}" not in hidden:
                row[inner.id] = _value(inner, data.get(f"{BEFORE}{path}-{inner.id}"))
    for name, by_handle in rows.items():
        found[name] = [by_handle[at] for at in sorted(by_handle)]
    return found


def follows(form: Form, raw: Raw, data: Any) -> frozenset[str]:
    """The questions of a dialog that were not asked in it and matter under these answers.

    `raw` is everything answered, laid out; the paths are those of the dialog that came back.
    """
    handles = dict(_parts(data))
    return frozenset(path for path in _hidden(data) if _matters_now(form, raw, path, handles))


def _matters_now(form: Form, raw: Raw, path: str, handles: Mapping[str, str]) -> bool:
    where = place(form, path)
    if where is None:
        return False
    if where.rows is None:
        return matters(where.field, raw)
    handle = handles.get(f"{where.rows.id}-{where.row}")
    name = "who" if where.rows.kind == "each" else "as"
    rows = [row for row in rows_of(raw, where.rows) if row.get(name) == handle]
    return matters(where.rows, raw) and any(matters(where.field, row) for row in rows)


def _rows_field(form: Form, name: str) -> Field | None:
    kinds = {"list", "each"}
    return next((one for one in form.fields if one.id == name and one.kind in kinds), None)


def _parts(data: Any) -> list[tuple[str, str]]:
    """The paths of what stood in a dialog, each with its row's handle or none."""
    found = []
    for one in _carried(data, "p"):
        path, colon, handle = one.partition(":")
        if not colon or _HANDLE.fullmatch(handle):
            found.append((path, handle))
    return found


def _hidden(data: Any) -> frozenset[str]:
    return frozenset(_carried(data, "h"))


def _carried(data: Any, name: str) -> list[str]:
    carried = data.get(CONTEXT) if isinstance(data, Mapping) else None
    held = carried.get(name) if isinstance(carried, Mapping) else None
    return [str(one)[:300] for one in held[:MOST_PARTS]] if isinstance(held, list) else []


def _number(given: Any) -> int | None:
    """A number that may have come back as text or as a fraction."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    match = re.fullmatch(r"(\d{1,9})(\.0)?", str(given), re.ASCII)
    return int(match[1]) if match else None


def _value(field: Field, given: Any) -> Any:
    if field.kind == "choices":
        held = given.split(",")[:MOST_CHOSEN] if isinstance(given, str) else []
        return [unpacked(clean(one.strip()))[:200] for one in held if one.strip()]
    if isinstance(given, bool):
        given = "true" if given else "false"
    if isinstance(given, int | float):
        given = str(given)[:40]
    typed = clean(given[: 2 * field.limit + 2]).strip() if isinstance(given, str) else ""
    if field.kind == "yes_no":
        typed = {"true": "yes", "false": "no"}.get(typed, typed)
    if field.kind in {"choice", "yes_no"} and typed == NO_ANSWER.value:
        return ""
    # One character more than fits is enough to be told so.
    return typed[: field.limit + 1]
