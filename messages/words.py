"""Dates, times, counts and lists in the words people use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal

NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _date(value: date | str) -> date:
    if isinstance(value, str):
        return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return value


def day(value: date | str) -> str:
    """A date as people say it: "Tuesday 4 March"."""
    on = _date(value)
    return f"{on:%A} {on.day} {on:%B}"


def long_day(value: date | str) -> str:
    """A date with its year, for a record: "4 March 2026"."""
    on = _date(value)
    return f"{on.day} {on:%B} {on.year}"


def clock(value: datetime | time | str) -> str:
    """A time of day as people say it: "2pm", "9:30am", "midday"."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else time.fromisoformat(value)
    hour, minute = value.hour, value.minute
    if minute == 0 and hour in {0, 12}:
        return "midday" if hour else "midnight"
    half = "am" if hour < 12 else "pm"
    shown = hour % 12 or 12
    return f"{shown}:{minute:02}{half}" if minute else f"{shown}{half}"


def moment(value: datetime | str) -> str:
    """A local date and time: "Tuesday 4 March at 2pm"."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{day(at)} at {clock(at)}"


def long_moment(value: datetime | str) -> str:
    """A local date and time with its year: "4 March 2026 at 2pm"."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{long_day(at)} at {clock(at)}"


def count(number: int, one: str, many: str = "") -> str:
    """A number of things: "one action", "three actions", "12 actions"."""
    shown = NUMBERS[number] if 0 < number < len(NUMBERS) else str(number) if number else "no"
    return f"{shown} {one if number == 1 else many or one + 's'}"


def cut(text: str, most: int) -> str:
    """The text, with … for what does not fit."""
    text = text.strip()
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def listed(names: Iterable[str], last: str = "and") -> str:
    """Several things in one breath: "Housing, School and Police"."""
    *most, end = list(names) or [""]
    return f"{', '.join(most)} {last} {end}" if most else end


def amount(value: Decimal | str | None, kind: str) -> str:
    """A reading in its unit: "3", "4 months", "£1,250", "yes", "not known"."""
    if value is None:
        return "not known"
    number = Decimal(value)
    plain = f"{number:,f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:,f}"
    match kind:
        case "yes_no":
            return "yes" if number else "no"
        case "money":
            return f"£{plain}" if number == number.to_integral_value() else f"£{number:,.2f}"
        case "months" | "weeks":
            return f"{plain} {kind if number != 1 else kind[:-1]}"
        case _:
            return plain


def sentence(text: str) -> str:
    """The same words with a capital letter at the front."""
    return text[:1].upper() + text[1:]
