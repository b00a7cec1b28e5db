"""Every notice there is, with facts as the workflows give them, in each optional shape."""

from __future__ import annotations

import importlib
import pkgutil
import typing
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from bot.preparing import NO_WORDS
from bot.recording import NOBODY_CAN_TELL
from messages import rendering
from messages.form import Choice
from messages.forms import ask_for_help, close, record_review
from messages.forms._shared import LISTS, MODES
from messages.forms.schedule import FORM as SCHEDULE
from workflows import notices, reminders, undelivered
from workflows.notice import Notice
from workflows.plan_actions import FAMILYS, MOVES
from workflows.policy import load_policy

POLICY = load_policy((Path(__file__).parents[2] / "app.yaml").read_text(encoding="utf-8"))
LABELS = POLICY.labels.model_dump()
OTHER_LABELS = LABELS | {
    "lead_professional": "Family Help Lead Practitioner",
    "supervisor": "Think Family consultant",
}

for _module in pkgutil.iter_modules(reminders.__path__):
    importlib.import_module(f"workflows.reminders.{_module.name}")

NOTICES = sorted(Notice.__subclasses__(), key=lambda one: one.stem())
IN_MODULES = {notices.__name__, undelivered.__name__} | {rule.__name__ for rule in reminders.RULES}


def values(choices: typing.Sequence[Choice]) -> list[str]:
    return [choice.value for choice in choices]


def asked(form: Any, name: str) -> list[str]:
    return values(next(field.choices for field in form.fields if field.id == name))


NAMES = ["Asha Patel", "James Hodges"]
"""Practitioners are named in notices; the second name ends in s."""

WORDS: dict[str, tuple[str, list[str]]] = {
    "about": ("a subject's reference, made by the database", ["action-12"]),
    "reference": ("the family's opaque reference", ["F-1042", "QX-1234567"]),
    "request": ("a request's opaque reference", ["H-7"]),
    "who": ("a practitioner's name, from their account", NAMES),
    "by": ("a practitioner's name, from their account", NAMES),
    "lead": ("a practitioner's name, or blank while nobody leads", [*NAMES, ""]),
    "owner": ("a practitioner's name, or blank or the family for its own action", [*NAMES, ""]),
    "agency": ("an agency's name, from app.yaml", [one.name for one in POLICY.agencies.values()]),
    "banner": ("the safeguarding words, from app.yaml", [POLICY.safeguarding.banner]),
    "after": ("a period, from app.yaml", ["1 working day", "6 weeks"]),
    "starts_at": ("a moment", ["2026-03-04T14:00:00+00:00", "2026-09-30T11:30:00+01:00"]),
    "rung": (
        "a step of the ladder",
        list(typing.get_args(type(POLICY.ladder[0]).model_fields["to"].annotation)),
    ),
    "state": ("an action's state", MOVES.states),
    "purpose": ("chosen from a list", asked(SCHEDULE, "purpose")),
    "mode": ("chosen from a list", values(MODES)),
    "list": ("chosen from a list", values(LISTS)),
    "progress": ("chosen from a list", asked(record_review.FORM, "progress")),
    "decision": ("chosen from a list", asked(record_review.FORM, "decision")),
    "reason": ("why the work closed, chosen from a list", asked(close.FORM, "reason")),
    "why": ("why help is asked for, chosen from a list", asked(ask_for_help.FORM, "why")),
    "because": (
        "why something was not delivered, a platform's or our own fixed sentence",
        ["The channel is archived.", "The platform did not answer.", NO_WORDS, NOBODY_CAN_TELL],
    ),
    "message": ("the name of a notice's template", rendering.stems()),
    "number": ("a delivery's opaque reference", ["D-17", "D-1234567"]),
    "what": (
        "what became of an action, in fixed words of workflows/plan_actions.py",
        ["needs more time for", "is blocked on", "says it is not theirs to do:"],
    ),
}
"""The only facts that may be text: why each can hold nothing typed (R1), and its values."""

OF_ITS_OWN: dict[tuple[str, str], list[str]] = {
    ("review_recorded", "mode"): asked(record_review.FORM, "mode"),
    ("action_card", "owner"): [*NAMES, FAMILYS],
    ("not_delivered", "who"): [*NAMES, ""],
    ("room_by_hand", "who"): [*NAMES, ""],
    ("room_by_hand", "what"): ["open", "admit", "close"],
    ("room_astray", "who"): [*NAMES, ""],
    ("room_astray", "what"): [
        "stranger_inside",
        "not_inside",
        "stranger",
        "missing",
        "renamed",
        "shared",
        "archived",
        "public",
        "gone",
    ],
}

PLAIN: dict[Any, list[Any]] = {
    int: [3, 0, 1, 12],
    bool: [False, True],
    date: [date(2026, 3, 4), date(2026, 9, 30)],
}


def options(notice: type[Notice], name: str, kind: Any) -> list[Any]:
    parts = typing.get_args(kind) or (kind,)
    found = [
        value
        for part in parts
        if part is not type(None)
        for value in (
            PLAIN[part] if part in PLAIN else OF_ITS_OWN.get((notice.stem(), name), WORDS[name][1])
        )
    ]
    return found + ([None] if type(None) in parts else [])


def of_fields(notice: type[Notice]) -> dict[str, list[Any]]:
    kinds = typing.get_type_hints(notice)
    return {one.name: options(notice, one.name, kinds[one.name]) for one in fields(notice)}


def shapes(notice: type[Notice]) -> Iterator[dict[str, Any]]:
    """Facts of every shape: all together where they are few, else each value at least once."""
    choices = of_fields(notice)
    if prod(map(len, choices.values())) <= 200:
        everything = [dict(zip(choices, row, strict=True)) for row in product(*choices.values())]
    else:
        usual = {name: held[0] for name, held in choices.items()}
        everything = [usual | {name: value} for name, held in choices.items() for value in held]
        everything.append({name: held[-1] for name, held in choices.items()})
    for facts in everything:
        yield notice(**facts).facts | {"labels": LABELS}


def usual(notice: type[Notice]) -> dict[str, Any]:
    return next(shapes(notice))
