"""A long form in steps: which questions and rows stand together, whatever a step may hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from messages.form import ChoiceLists, Field, Form, Raw
from messages.rows import laid_out, rows_of


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


def divided(
    form: Form, lists: ChoiceLists, raw: Raw, fits: Callable[[Step], bool]
) -> tuple[Step, ...]:
    """The form's steps under these answers, at least one; `fits`: whether a step is not too long.

    Only the number of rows moves a boundary, never an answer: a question that does not matter
    just now is counted too. A row that is added changes no step before its own.
    """
    made: list[Step] = [()]
    for part in _parts(form, laid_out(form, raw, lists)):
        if made[-1] and not fits((*made[-1], part)):
            made.append(())
        made[-1] = (*made[-1], part)
    return tuple(made)


def step_in(steps: Sequence[Step], path: str) -> int:
    """The number of the step in which a path stands; the first where it stands in none.

    A whole question of rows ("actions") stands where its last part does: there is "Add another".
    """
    found = 0
    for number, step in enumerate(steps):
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
