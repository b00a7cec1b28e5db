"""Finds the words that a form showed for an answer that was kept."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from bot.commands import COMMANDS
from messages.form import Field
from workflows.frameworks import framework


@cache
def _choices() -> dict[tuple[str, str], dict[str, str]]:
    return {
        (name, path): {choice.value: choice.label for choice in field.choices}
        for name, command in COMMANDS.items()
        for path, field in _walk(command.form.fields)
        if not isinstance(field.choices, str)
    }


def _walk(fields: tuple[Field, ...], path: str = "") -> Iterator[tuple[str, Field]]:
    for field in fields:
        yield path + field.id, field
        yield from _walk(field.fields, f"{path}{field.id}.")


def said(command: str, path: str, value: Any) -> str:
    """What a form calls one of its answers: "Apologies with report"."""
    if value is None:
        return ""
    return _choices()[command, path].get(str(value), str(value).replace("_", " "))


UNITS = {
    "count": "a number",
    "months": "months out of the last 12",
    "weeks": "weeks out of the last 52",
    "money": "pounds",
    "yes_no": "yes or no",
    "scale": "a score",
}


def unit(indicator: Any, taf: Any) -> str:
    """What a reading of an indicator is, in words."""
    if indicator.unit != "scale":
        return UNITS[indicator.unit]
    kept = next(
        (one for one in framework(taf.framework).indicators if one.id == indicator.measure), None
    )
    return (
        f"a score, {kept.scale.lowest} to {kept.scale.highest}"
        if kept and kept.scale
        else "a score"
    )
