"""A long form in steps: which questions and rows stand together on one modal."""

from __future__ import annotations

from dataclasses import dataclass

from bot.slack.choosing import offered, widget
from bot.slack.rows import laid_out, rows_of
from messages.form import ChoiceLists, Field, Form, Raw

STEP_BLOCKS = 40
"""Slack takes 100 blocks; each question may need an error above it, and a phone is small (ours)."""

STEP_BYTES = 180_000
"""Slack takes 250 kB; the rest is for the words around the questions."""


@dataclass(frozen=True)
class Part:
    """What is never torn between two steps: a question, one row of a question, or "Add another".

    `row` is the row's number, None for a plain question; `adds`: it is the button.
    """

    field: Field
    row: int | None = None
    adds: bool = False

    @property
    def path(self) -> str:
        """How the errors of its answers begin."""
        return self.field.id if self.row is None else f"{self.field.id}-{self.row}"


Step = tuple[Part, ...]


def steps(form: Form, lists: ChoiceLists, raw: Raw) -> tuple[Step, ...]:
    """The form's steps under these answers, at least one.

    Only the number of rows moves a boundary, never an answer: a question that does not matter
    just now is counted too. A row that is added changes no step before its own.
    """
    made: list[list[Part]] = [[]]
    blocks = size = 0
    for part in _parts(form, laid_out(form, raw, lists)):
        more, heavier = _blocks(part), _bytes(part, lists)
        if made[-1] and (blocks + more > STEP_BLOCKS or size + heavier > STEP_BYTES):
            made.append([])
            blocks = size = 0
        made[-1].append(part)
        blocks, size = blocks + more, size + heavier
    return tuple(tuple(step) for step in made)


def step_of(form: Form, lists: ChoiceLists, raw: Raw, path: str) -> int:
    """The number of the step in which a path stands; the first where it stands in none.

    A whole question of rows ("actions") stands where its last part does: there is "Add another".
    """
    found = 0
    for number, step in enumerate(steps(form, lists, raw)):
        for part in step:
            if path == part.path or path.startswith(f"{part.path}-") or path == part.field.id:
                found = number
                if part.row is not None and path != part.field.id:
                    return number
    return found


def _parts(form: Form, raw: Raw) -> list[Part]:
    found: list[Part] = []
    for field in form.fields:
        if field.kind in {"list", "each"}:
            found += [Part(field, index) for index in range(len(rows_of(raw, field)))]
        if field.kind == "list":
            found.append(Part(field, adds=True))
        elif field.kind != "each":
            found.append(Part(field))
    return found


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
