"""Where a path of a form leads, as `messages.reading` names its answers: "actions-0-due_on"."""

from __future__ import annotations

import re
from typing import NamedTuple

from messages.form import Field, Form


class Place(NamedTuple):
    """Where a path leads: to a question, and for one in a row to the row's question and number."""

    field: Field
    rows: Field | None = None
    row: int = 0


def place(form: Form, path: str) -> Place | None:
    """The question of a path as `messages.reading` names it ("actions-0-due_on"), if there is."""
    by_id = {field.id: field for field in form.fields}
    if path in by_id and not by_id[path].fields:
        return Place(by_id[path])
    match = re.fullmatch(r"(.+)-(\d{1,4})-(.+)", path, re.ASCII)
    rows = by_id.get(match[1]) if match else None
    if match is None or rows is None:
        return None
    inner = next((one for one in rows.fields if one.id == match[3]), None)
    return Place(inner, rows, int(match[2])) if inner else None
