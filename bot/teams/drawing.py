"""The questions of one step of a form, as elements of a dialog's card: rows, errors, buttons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.teams.cards import FORM, rows_of
from bot.teams.fields import ERROR, most_bytes, question, with_error
from bot.teams.wording import Element, cut, heading, paragraph, run, weight, within
from messages.form import ChoiceLists, Field, Form, Raw
from messages.reading import MOST_ROWS, matters, shown_choices
from messages.rows import ADD, REMOVE, handle_of, one_of
from messages.rows import rows_of as given_rows
from messages.steps import Part, Step

CONTEXT = "_ctx"
"""What a dialog's buttons carry unseen: opaque references, numbers, paths of questions."""

_BUTTON = 160
"""The bytes of a button, what it carries left out."""


def boxed(style: str, items: list[Element]) -> Element:
    """Elements in a box of their own."""
    return {"type": "Container", "style": style, "items": items}


def questions_of(part: Part) -> Sequence[Field]:
    """The questions of a part."""
    if part.adds:
        return ()
    return (part.field,) if part.row is None else part.field.fields


def is_removable(part: Part) -> bool:
    """Whether a part is a row that can be taken away again."""
    return part.row is not None and part.field.kind == "list"


@dataclass(frozen=True)
class Drawing:
    """The questions of a form under these answers, as elements of a card."""

    form: Form
    raw: Raw
    lists: ChoiceLists
    errors: Mapping[str, str]
    meta: Mapping[str, Any]

    def step(self, parts: Step) -> list[Element]:
        """A step's questions, those that matter."""
        made: list[Element] = []
        opened = ""
        for part in parts:
            if not matters(part.field, self.raw):
                continue
            if part.row is None and not part.adds:
                made += self._question(part.field, part.field.id, self.raw)
                continue
            if part.field.id != opened:
                made += self._heading(part)
                opened = part.field.id
            made += self._add(part.field) if part.adds else self._row(part)
        return made

    def names(self, parts: Step) -> list[str]:
        """Which questions and rows stand on a step, each row with its handle."""
        return [self._name(part) for part in parts if not part.adds]

    def hidden(self, parts: Step) -> Iterator[str]:
        """The paths of a step's questions that are not asked, since they do not matter so far."""
        for part in parts:
            row = self._of(part)
            shown = matters(part.field, self.raw)
            for field in questions_of(part):
                if not shown or not matters(field, row):
                    yield _path(part, field)

    def carried(self, parts: Step) -> int:
        """How many bytes a button takes at most on this step."""
        may_hide = [
            _path(part, field)
            for part in parts
            for field in questions_of(part)
            if _may_hide(part, field)
        ]
        return _BUTTON + 3 * 75 + 300 + weight(self.names(parts)) + weight(may_hide)

    def most_bytes(self, part: Part) -> int:
        """How many bytes a part takes at most, its heading counted and its buttons not."""
        path, field = part.path, part.field
        bare = replace(self, errors=dict.fromkeys((path, field.id), "x" * ERROR))
        words = weight(bare._heading(part)) if part.adds or part.row == 0 else 0
        label = ""
        if part.row is not None:
            label = self._alone(part)
            words += 0 if label else weight(bare._boxed_row(part, ()))
        asked = (most_bytes(one, self.lists, _path(part, one), label) for one in questions_of(part))
        return words + sum(asked)

    def button(self, words: str, does: str) -> Element:
        """A button of the dialog, with what it carries unseen."""
        carried = {"dialog_id": FORM, "action": FORM, "op": does, CONTEXT: dict(self.meta)}
        return {"type": "Action.Submit", "title": cut(words, 75), "data": carried}

    def _name(self, part: Part) -> str:
        if part.row is None:
            return part.path
        return f"{part.path}:{handle_of(part.field, dict(self._of(part)))}"

    def _of(self, part: Part) -> Mapping[str, Any]:
        """The answers beside a part's questions: its row's, or the form's."""
        return self.raw if part.row is None else given_rows(self.raw, part.field)[part.row]

    def _question(
        self, field: Field, path: str, around: Mapping[str, Any], label: str = "", error: str = ""
    ) -> list[Element]:
        search = f"{self.meta.get('c') or ''}|{self.meta.get('a') or ''}"
        value = around.get(field.id)
        made = question(field, path, value, self.lists, label=label, search=search)
        return with_error(made, self.errors.get(path, error))

    def _heading(self, part: Part) -> list[Element]:
        field = part.field
        optional = "" if field.required else " (optional)"
        again = " (continued)" if part.row else ""
        words = heading(f"{field.label}{optional}{again}", size="default", separator=True)
        made = with_error([words], self.errors.get(field.id, ""))
        return made + (
            [paragraph(run(field.hint, isSubtle=True, size="small"))] if field.hint else []
        )

    def _add(self, field: Field) -> list[Element]:
        rows = given_rows(self.raw, field)
        if len(rows) >= MOST_ROWS:
            return [paragraph(run(f"No more than {MOST_ROWS} fit here at a time."))]
        one = one_of(field)
        words = f"Add another {one}" if rows else f"Add {'an' if one[0] in 'aeiou' else 'a'} {one}"
        return rows_of([self.button(words, f"{ADD}{field.id}")])

    def _row(self, part: Part) -> list[Element]:
        if label := self._alone(part):
            return list(self._asked_of(part, label, self.errors.get(part.path, "")))
        made = list(self._asked_of(part, ""))
        if is_removable(part):
            handle = handle_of(part.field, dict(self._of(part)))
            does = f"{REMOVE}{part.field.id}-{handle}"
            made += rows_of([self.button(f"Remove {self._called(part)}", does)])
        return [self._boxed_row(part, made)]

    def _boxed_row(self, part: Part, inside: Sequence[Element]) -> Element:
        called = self._called(part)
        words = called if part.field.kind == "each" else called.capitalize()
        made = [paragraph(run(words, weight="bolder")), *inside]
        return boxed("emphasis", with_error(made, self.errors.get(part.path, "")))

    def _called(self, part: Part) -> str:
        """A row in words: whom it is about, or "action 2"."""
        person = self._person(part)
        return within(person or f"{one_of(part.field)} {(part.row or 0) + 1}", 400)

    def _alone(self, part: Part) -> str:
        """Whom a row is about that asks one thing, which is then named after them."""
        return self._person(part) if len(part.field.fields) == 1 else ""

    def _asked_of(self, part: Part, label: str, error: str = "") -> Iterator[Element]:
        row = self._of(part)
        for field in part.field.fields:
            if matters(field, row):
                yield from self._question(field, _path(part, field), row, label, error)

    def _person(self, part: Part) -> str:
        if part.field.kind != "each":
            return ""
        choices = shown_choices(part.field, self.lists)
        return next(one.label for one in choices if one.value == self._of(part)["who"])


def _path(part: Part, field: Field) -> str:
    return part.path if part.row is None else f"{part.path}-{field.id}"


def _may_hide(part: Part, field: Field) -> bool:
    return field.only_if is not None or part.field.only_if is not None
