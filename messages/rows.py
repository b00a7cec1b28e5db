"""The rows of a form being filled in: for each person, or as many as wanted, each with a handle.

A path names a row by its number, for errors to find it; but when a row is removed the next one
takes its number, and a platform that keeps what was typed under the old number would put it in the
wrong row. So each row has a handle that stays with it: whom it is about, or a number given once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from messages.form import ChoiceLists, Field, Form, Raw
from messages.reading import MOST_ROWS, shown_choices

ADD, REMOVE = "row:add:", "row:remove:"

_HANDLE = re.compile(r"[1-9]\d{0,8}")

Row = dict[str, Any]


def laid_out(form: Form, raw: Raw, lists: ChoiceLists) -> dict[str, Any]:
    """The answers as the modal shows them: what is filled in from the start, every row in place.

    A list that needs a row has one; a question about each person has a row for each of them, in
    the list's order, and none for anybody who is not in it any more. Doing it twice changes
    nothing. The answers must be laid out before they are read, or errors would name other rows.
    """
    made = dict(raw)
    for field in form.fields:
        if field.kind == "list":
            made[field.id] = with_handles(rows_of(raw, field))
            if field.required and not made[field.id]:
                made[field.id] = [_first_row(field, 1)]
        elif field.kind == "each":
            known = {str(row.get("who")): row for row in rows_of(raw, field)}
            made[field.id] = [
                {**known.get(choice.value, {}), "who": choice.value}
                for choice in shown_choices(field, lists)
            ]
        elif field.start and field.id not in raw:
            made[field.id] = field.start
    return made


def rows_of(raw: Raw, field: Field) -> list[Row]:
    """The rows that were given for a question, whatever else was given."""
    given = raw.get(field.id)
    held = given if isinstance(given, list | tuple) else ()
    return [dict(row) for row in held if isinstance(row, Mapping)]


def with_handles(rows: list[Row]) -> list[Row]:
    """The rows of a list, each with its handle; one without gets the next number."""
    found: list[Row] = []
    last = _last_handle(rows)
    used: set[str] = set()
    for row in rows:
        handle = row.get("as")
        if not isinstance(handle, str) or not _HANDLE.fullmatch(handle) or handle in used:
            last += 1
            handle = str(last)
        used.add(handle)
        found.append(row | {"as": handle})
    return found


def _last_handle(rows: list[Row]) -> int:
    handles = [str(row.get("as")) for row in rows]
    return max((int(one) for one in handles if _HANDLE.fullmatch(one)), default=0)


def _first_row(field: Field, handle: int) -> Row:
    filled = {inner.id: inner.start for inner in field.fields if inner.start}
    return filled | {"as": str(handle)}


def handle_of(field: Field, row: Row) -> str:
    """What tells a row from every other: whom it is about, or the number it was given."""
    return str(row["who"] if field.kind == "each" else row["as"])


def rearranged(form: Form, raw: Raw, action_id: str) -> dict[str, Any]:
    """The answers after "Add another" or "Remove" was pressed; as they were for anything else.

    Pressing the same "Remove" twice removes one row: it names the row's handle.
    """
    lists = {field.id: field for field in form.fields if field.kind == "list"}
    added = lists.get(action_id.removeprefix(ADD)) if action_id.startswith(ADD) else None
    if added:
        return {**raw, added.id: _one_more(added, with_handles(rows_of(raw, added)))}
    name, _, handle = action_id.removeprefix(REMOVE).rpartition("-")
    if action_id.startswith(REMOVE) and name in lists:
        rows = with_handles(rows_of(raw, lists[name]))
        return {**raw, name: _one_fewer(lists[name], rows, handle)}
    return dict(raw)


def _one_more(field: Field, rows: list[Row]) -> list[Row]:
    if len(rows) >= MOST_ROWS:
        return rows
    return [*rows, _first_row(field, _last_handle(rows) + 1)]


def _one_fewer(field: Field, rows: list[Row], handle: str) -> list[Row]:
    """Without that row; those after it get new handles, and no handle is ever given again."""
    index = next((at for at, row in enumerate(rows) if row["as"] == handle), None)
    if index is None:
        return rows
    last = _last_handle(rows)
    left = rows[:index] + rows[index + 1 :]
    if not left:
        return [_first_row(field, last + 1)] if field.required else []
    changed = min(index, len(left) - 1)
    for number, row in enumerate(left[changed:], last + 1):
        row["as"] = str(number)
    return left


def merged(before: Raw, now: Raw) -> dict[str, Any]:
    """Earlier answers with those of one step over them.

    Rows are known by whom they are about or by their handle. A row of the step that is not among
    the earlier ones of its list was removed in the meantime, and stays so.
    """
    made = dict(before)
    for name, value in now.items():
        made[name] = _merged_rows(before.get(name), value) if _are_rows(value) else value
    return made


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _merged_rows(before: Any, now: list[Row]) -> list[Row]:
    if before is None:
        return now
    rows = [dict(row) for row in before if isinstance(row, dict)] if _is_list(before) else []
    if "as" not in now[0]:
        given = {str(row.get("who")): row for row in now}
        return [row | given.pop(str(row.get("who")), {}) for row in rows] + list(given.values())
    given = {row["as"]: row for row in now}
    return [row | given.get(row["as"], {}) for row in with_handles(rows)]


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def one_of(field: Field) -> str:
    """One of a question's rows in a sentence: "family member"."""
    return field.called.removesuffix("s") or "row"
