"""Fills in any command's form with plausible answers, at random."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from bot.starting import MONDAY_TO_FRIDAY
from messages.form import ChoiceLists, Field, Form
from messages.reading import shown_choices

TYPED = "ZEBRA"
"""Stands in everything a person types: no notice may ever show it (R1)."""

WORDS = [f"{TYPED}", f"{TYPED} *bold* {{{{ reference }}}}\n- one\n---\ntitle: x", f"{TYPED} " * 8]
LABELS = ["father", "baby", "older brother", "child 9", "AB", "Mother", "Jason"]
OFFSETS = [0, 0, 1, 3, 10, 30, -1, -20, 200, 900]


def filled(form: Form, lists: ChoiceLists, today: date, luck: Random, never: str) -> dict[str, Any]:
    """Answers that are mostly right; `never` is a choice that nobody makes."""
    return {
        field.id: given
        for field in form.fields
        if (given := answer(field, lists, today, luck, never)) is not None
    }


def answer(field: Field, lists: ChoiceLists, today: date, luck: Random, never: str) -> Any:
    """An answer to one question, or None for leaving it blank."""
    if not field.required and luck.random() < 0.5:
        return None
    match field.kind:
        case "choice" | "choices" | "yes_no":
            return _chosen(field, lists, luck, never)
        case "date":
            return (today + timedelta(days=luck.choice(OFFSETS))).isoformat()
        case "time":
            return luck.choice(["09:30", "14:00", "18:45", "07:15"])
        case "number" | "money":
            return luck.choice(["0", "3", "12"])
        case "list":
            rows = luck.randint(1 if field.required else 0, 2)
            return [_row(field, lists, today, luck, never) for _ in range(rows)]
        case "each":
            known = shown_choices(field, lists)
            return [_row(field, lists, today, luck, never) | {"who": one.value} for one in known]
    return _typed(field, luck)


def _chosen(field: Field, lists: ChoiceLists, luck: Random, never: str) -> Any:
    values = [one.value for one in shown_choices(field, lists) if one.value != never]
    if not values:
        return None
    if field.id == "works_on":
        return list(MONDAY_TO_FRIDAY)  # whoever changed their days would look told on a day off
    if field.kind == "choices":
        return luck.sample(values, luck.randint(1, min(3, len(values))))
    return luck.choice(values)


def _row(field: Field, lists: ChoiceLists, today: date, luck: Random, never: str) -> dict[str, Any]:
    found = {one.id: answer(one, lists, today, luck, never) for one in field.fields}
    return {name: value for name, value in found.items() if value is not None}


def _typed(field: Field, luck: Random) -> str:
    if field.id == "label":
        return str(luck.choice(LABELS))
    if field.id == "family":
        return str(luck.choice(["F-1042", "F-2000", "f-2001", "Jason"]))
    if field.id == "name":
        return f"Zoe {luck.randint(1, 9)}"
    if field.id == "email":
        return luck.choice([f"zoe{luck.randint(1, 9)}@housing.example", "zoe"])
    if field.id in {"value", "baseline", "target"}:
        return str(luck.choice(["0", "1", "3", "yes", "12", "£40.50", TYPED]))
    return str(luck.choice(WORDS))[: field.limit]
