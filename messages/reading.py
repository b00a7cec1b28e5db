"""Reads a filled-in form: typed values, or a sentence for each answer that cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from messages.form import YES_NO, Choice, ChoiceLists, Field, Form, Raw

BESIDE_THE_FIELDS = frozenset({"as", "who"})
"""What a row may hold beside its fields: a story's handle, and whom the row is about."""

MOST_ROWS = 20
"""No family in the seeds needs more than eight actions or six practitioners (ours)."""


class NotTaken(Exception):
    """Some answers cannot be taken; `errors` holds a sentence for each, by the field's path."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def read(form: Form, raw: Raw, lists: ChoiceLists) -> dict[str, Any]:
    """The form's answers as typed values, one for every field; raises NotTaken.

    An answer that does not matter (see `Field.only_if`) or was left blank is None, or an empty
    list for the kinds that hold several.
    """
    errors: dict[str, str] = {}
    values = _fields(form.fields, raw, lists, "", errors)
    if errors:
        raise NotTaken(errors)
    return values


def _fields(
    fields: Sequence[Field], raw: Raw, lists: ChoiceLists, path: str, errors: dict[str, str]
) -> dict[str, Any]:
    for name in sorted(set(raw) - {field.id for field in fields} - BESIDE_THE_FIELDS):
        errors[path + name] = f'There is no question "{name}" on this form'
    values: dict[str, Any] = {}
    for field in fields:
        if not matters(field, raw):
            values[field.id] = [] if field.kind in {"choices", "list", "each"} else None
            continue
        values[field.id] = _READERS[field.kind](field, raw.get(field.id), lists, path, errors)
    return values


def matters(field: Field, raw: Raw) -> bool:
    """Whether a question matters under these answers."""
    if field.only_if is None:
        return True
    name, answers = field.only_if
    given = raw.get(name)
    if isinstance(given, bool):
        given = "yes" if given else "no"
    held = given if isinstance(given, list) else [given]
    return any(str(value).lower() in answers for value in held)


def shown_choices(field: Field, lists: ChoiceLists) -> Sequence[Choice]:
    """The choices of a field for this press."""
    if field.kind == "yes_no":
        return YES_NO
    return lists(field.choices) if isinstance(field.choices, str) else field.choices


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {})


def _one(
    convert: Callable[[Field, str], Any],
) -> Callable[[Field, Any, ChoiceLists, str, dict[str, str]], Any]:
    def reader(field: Field, raw: Any, _: ChoiceLists, path: str, errors: dict[str, str]) -> Any:
        if isinstance(raw, list | dict | tuple):
            errors[path + field.id] = f"Give one answer for the {field.called}"
            return None
        written = "" if raw is None else _clean(str(raw))
        if not written:
            if field.required:
                errors[path + field.id] = f"Enter the {field.called}"
            return None
        try:
            return convert(field, written)
        except _Bad as bad:
            errors[path + field.id] = bad.args[0]
            return None

    return reader


class _Bad(ValueError):
    """An answer that cannot be taken; the first argument is the sentence."""


_CONTROL = re.compile(
    r"[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
)


_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def _clean(raw: str) -> str:
    """What was typed, without characters that cannot be seen, its lines ended one way."""
    return _CONTROL.sub("", _LINE_END.sub("\n", raw)).strip()


def _text(field: Field, text: str) -> str:
    if field.kind == "text":
        text = " ".join(text.split())
    if len(text) > field.limit:
        raise _Bad(f"The {field.called} must be {field.limit} characters or fewer")
    return text


def _number(field: Field, raw: str) -> Decimal:
    cleaned = raw.replace(",", "").replace("£", "").strip()
    try:
        number = Decimal(cleaned)
    except InvalidOperation:
        raise _Bad(f"The {field.called} must be a number, like 3") from None
    if not number.is_finite():
        raise _Bad(f"The {field.called} must be a number, like 3")
    if not field.least <= number <= field.most:
        raise _Bad(f"The {field.called} must be between {field.least} and {field.most:,}")
    if field.kind == "money":
        if number != round(number, 2):
            raise _Bad(f"The {field.called} must be pounds and pence, like 120.50")
        return number
    if number != number.to_integral_value():
        raise _Bad(f"The {field.called} must be a whole number")
    return number


_DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%d %B %Y", "%d %b %Y")
_YEARS = range(1990, 2101)


def _date(field: Field, raw: str) -> date:
    for shape in _DATE_FORMS:
        try:
            found = datetime.strptime(" ".join(raw.split()), shape).date()  # noqa: DTZ007
        except ValueError:
            continue
        if found.year not in _YEARS:
            raise _Bad(f"The {field.called} must have a year between 1990 and 2100")
        return found
    raise _Bad(f"The {field.called} must be a real date, like 27 3 2026")


_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?")


def _time(field: Field, raw: str) -> time:
    match = _TIME.fullmatch(raw.lower().strip())
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif half or not match[2]:
            hour = 99
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise _Bad(f"The {field.called} must be a time, like 2pm or 14:30")


def _choice(field: Field, raw: Any, lists: ChoiceLists, path: str, errors: dict[str, str]) -> Any:
    if isinstance(raw, bool):
        raw = "yes" if raw else "no"
    if _blank(raw):
        if field.required:
            errors[path + field.id] = f"Choose the {field.called}"
        return None
    if str(raw) not in {choice.value for choice in shown_choices(field, lists)}:
        errors[path + field.id] = f"Choose the {field.called} from the list"
        return None
    return str(raw) == "yes" if field.kind == "yes_no" else str(raw)


def _choices(
    field: Field, raw: Any, lists: ChoiceLists, path: str, errors: dict[str, str]
) -> list[str]:
    held = raw if isinstance(raw, list | tuple) else [] if _blank(raw) else [raw]
    given = [str(value) for value in held if value]
    if field.required and not given:
        errors[path + field.id] = f"Choose at least one of the {field.called}"
    known = {choice.value for choice in shown_choices(field, lists)}
    if any(value not in known for value in given):
        errors[path + field.id] = f"Choose the {field.called} from the list"
    return list(dict.fromkeys(given))


def _rows(
    field: Field, raw: Any, lists: ChoiceLists, path: str, errors: dict[str, str]
) -> list[dict[str, Any]]:
    if not isinstance(raw, list | tuple | type(None)):
        errors[path + field.id] = f"The {field.called} must be a list"
        return []
    rows = []
    for index, row in enumerate(raw or []):
        if not isinstance(row, dict):
            errors[f"{path}{field.id}-{index}"] = f"Fill in the {field.called}"
            continue
        if not all(_untouched(inner, row.get(inner.id)) for inner in field.fields):
            here = f"{path}{field.id}-{index}-"
            values = _fields(field.fields, row, lists, here, errors)
            rows.append(values | {"row": index})
    if len(rows) > MOST_ROWS:
        errors[path + field.id] = f"Give at most {MOST_ROWS} {field.called} at a time"
    if field.required and not rows:
        errors[path + field.id] = f"Give at least one of the {field.called}"
    return rows


def _untouched(field: Field, raw: Any) -> bool:
    return _blank(raw) or (bool(field.start) and raw == field.start)


def _each(
    field: Field, raw: Any, lists: ChoiceLists, path: str, errors: dict[str, str]
) -> list[dict[str, Any]]:
    known = {choice.value for choice in shown_choices(field, lists)}
    rows = []
    given = raw if isinstance(raw, list | tuple) else []
    for index, row in enumerate(given):
        if not isinstance(row, dict) or str(row.get("who")) not in known:
            errors[f"{path}{field.id}-{index}"] = f"Choose the {field.called} from the list"
            continue
        values = _fields(field.fields, row, lists, f"{path}{field.id}-{index}-", errors)
        rows.append(values | {"who": str(row["who"])})
    if len({row["who"] for row in rows}) < len(rows):
        errors[path + field.id] = f"Give each of the {field.called} once"
    if field.required and len(rows) < len(known):
        errors[path + field.id] = f"Answer for each of the {field.called}"
    return rows


_READERS: dict[str, Callable[[Field, Any, ChoiceLists, str, dict[str, str]], Any]] = {
    "text": _one(_text),
    "words": _one(_text),
    "number": _one(_number),
    "money": _one(_number),
    "date": _one(_date),
    "time": _one(_time),
    "choice": _choice,
    "yes_no": _choice,
    "choices": _choices,
    "list": _rows,
    "each": _each,
}
