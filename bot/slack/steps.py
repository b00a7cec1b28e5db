"""A long form in steps: as many questions and rows as one modal holds."""

from __future__ import annotations

from bot.slack.choosing import widget
from messages.form import ChoiceLists, Field, Form, Raw
from messages.offering import offered
from messages.steps import Part, Step, divided, step_in

STEP_BLOCKS = 40
"""Slack takes 100 blocks; each question may need an error above it, and a phone is small (ours)."""

STEP_BYTES = 180_000
"""Slack takes 250 kB; the rest is for the words around the questions."""


def steps(form: Form, lists: ChoiceLists, raw: Raw) -> tuple[Step, ...]:
    """The form's steps under these answers, at least one."""

    def fits(step: Step) -> bool:
        return (
            sum(_blocks(part) for part in step) <= STEP_BLOCKS
            and sum(_bytes(part, lists) for part in step) <= STEP_BYTES
        )

    return divided(form, lists, raw, fits)


def step_of(form: Form, lists: ChoiceLists, raw: Raw, path: str) -> int:
    """The number of the step in which a path stands; the first where it stands in none."""
    return step_in(steps(form, lists, raw), path)


def _blocks(part: Part) -> int:
    """How many blocks a part takes at most, errors left out, a heading above it counted."""
    if part.row is None:
        return 2 if part.adds else 1
    first = 1 if part.row == 0 else 0
    alone = part.field.kind == "each" and len(part.field.fields) == 1
    return first + (1 if alone else 1 + len(part.field.fields))


def _bytes(part: Part, lists: ChoiceLists) -> int:
    asked = part.field.fields if part.row is not None else (part.field,)
    return sum(_weight(field, lists) for field in asked)


def _weight(field: Field, lists: ChoiceLists) -> int:
    """About how many bytes a question may take: four for each character that may be in it."""
    if field.kind in {"choice", "choices", "yes_no"}:
        count = len(offered(field, lists))
        return 1_000 if "external" in widget(field, count) else 1_000 + 900 * min(count, 101)
    return 1_000 + (4 * field.limit if field.kind in {"text", "words", "number", "money"} else 0)
