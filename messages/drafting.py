"""What somebody filled in of a form, told apart from what it was filled in with when it opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from messages.form import ChoiceLists, Form, Raw
from messages.rows import laid_out, rows_of


def touched(form: Form, raw: Raw, begins: Raw, lists: ChoiceLists) -> dict[str, Any]:
    """The answers that are not those the form began with; of a row for each person, those rows.

    What was only shown to somebody is not theirs: the record may say something else by now.
    """
    before, found = laid_out(form, begins, lists), {}
    each = {field.id: field for field in form.fields if field.kind == "each"}
    for name, value in raw.items():
        if _plain(value) == _plain(before.get(name)):
            continue
        found[name] = value
        if field := each.get(name):
            known = [_plain(row) for row in rows_of(before, field)]
            found[name] = [row for row in rows_of(raw, field) if _plain(row) not in known]
    return found


def over(form: Form, begins: Raw, filled_in: Raw) -> dict[str, Any]:
    """What was filled in before over what the form begins with now."""
    made = {**begins, **filled_in}
    for field in form.fields:
        if field.kind == "each" and field.id in filled_in:
            both = [*rows_of(begins, field), *rows_of(filled_in, field)]
            rows = {str(row.get("who")): row for row in both}
            made[field.id] = list(rows.values())
    return made


def _plain(value: Any) -> Any:
    """An answer as it can be compared, however a platform or the record spells it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        kept = {name: _plain(one) for name, one in value.items() if name != "as"}
        return {name: one for name, one in kept.items() if one} or None
    if isinstance(value, list | tuple):
        return [one for one in map(_plain, value) if one] or None
    return str(value) if value not in (None, "") else None
