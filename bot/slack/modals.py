"""A form as modal views: its questions step by step, filled in, with what is wrong above each.

Drawn again with views.update, Slack keeps what stands in a question whose block_id and action_id
are unchanged and passes over its initial value; every other question shows its initial value.
So the ids here depend on the question, its row's number and its row's handle, and on nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.asked import Block, decides, question, with_error
from bot.slack.choosing import plain
from bot.slack.steps import steps
from messages.form import ChoiceLists, Field, Form, Raw
from messages.reading import MOST_ROWS, matters, shown_choices
from messages.rows import ADD, REMOVE, Row, handle_of, laid_out, one_of, rows_of
from messages.steps import Part, Step

CALLBACK = "form"
BACK = "step:"
"""The action_id of "Back" is "step:" and the number of the step to go to, the first being 0."""

_BUTTON = 24
_OPAQUE = re.compile(r"[\w.:-]{0,255}", re.ASCII)
_METADATA = 3000


class UnfitMeta(ValueError):
    """What a view carries unseen is a few opaque references and numbers, never answers or names."""


def view(
    form: Form,
    step: int,
    raw: Raw,
    lists: ChoiceLists,
    errors: Mapping[str, str],
    meta: Mapping[str, Any],
    *,
    heading: str = "",
    context: Sequence[str] = (),
    submit: str = "",
) -> dict[str, Any]:
    """One step of a form as a modal view, ready to open or to draw again.

    `errors` are sentences by path, as `messages.reading` names them; `context` is what is said in
    small print (which family, which meeting). Raises UnfitMeta.
    """
    raw = laid_out(form, raw, lists)
    all_steps = steps(form, lists, raw)
    step = max(0, min(step, len(all_steps) - 1))
    drawn = _Drawing(form, raw, lists, errors).step(all_steps[step])
    said = heading or form.heading
    above = _above(form, step, len(all_steps), said, context, _unplaced(errors, drawn))
    send = "Next" if step < len(all_steps) - 1 else submit or form.submit or _verb(form)
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(_title(form, said), _BUTTON),
        "submit": plain(send, _BUTTON),
        "close": plain("Not now", _BUTTON),
        "notify_on_close": True,
        "private_metadata": _packed(meta),
        "blocks": [*above, *drawn, *_below(form, step, len(all_steps))],
    }


def read_back(action_id: str) -> int | None:
    """The step that "Back" leads to, None if something else was pressed."""
    match = re.fullmatch(rf"{BACK}(\d{{1,3}})", action_id, re.ASCII)
    return int(match[1]) if match else None


def _packed(meta: Mapping[str, Any]) -> str:
    for name, value in meta.items():
        if not (value is None or isinstance(value, int) or _OPAQUE.fullmatch(str(value))):
            raise UnfitMeta(f"{name} is no opaque reference")
    packed = json.dumps(meta, separators=(",", ":"), sort_keys=True)
    if len(packed) > _METADATA:
        raise UnfitMeta(f"{len(packed)} characters, more than {_METADATA}")
    return packed


def _title(form: Form, heading: str) -> str:
    """The heading if it fits, else the button's words if they do, else as much as fits."""
    fits = [one for one in (heading, form.label) if len(one) <= _BUTTON]
    return fits[0] if fits else _whole_words(heading)


def _whole_words(text: str) -> str:
    head = text[: _BUTTON - 1]
    return (head[: head.rfind(" ")] if " " in head else head) + "…"


def _verb(form: Form) -> str:
    """The last button's words where the form has none of its own."""
    return form.label if form.sure and len(form.label) <= _BUTTON else "Save"


def _above(
    form: Form, step: int, count: int, heading: str, context: Sequence[str], unplaced: Sequence[str]
) -> list[Block]:
    small = [*context, *([f"Step {step + 1} of {count}"] if count > 1 else [])]
    made: list[Block] = []
    if heading != _title(form, heading) or not form.fields:
        made.append({"type": "header", "text": plain(heading, 150)})
    if small:
        made.append({"type": "context", "elements": [plain(one) for one in small[:10]]})
    if unplaced:
        made.append(
            _said("⚠ There is a problem. " + " ".join(one.rstrip(".") + "." for one in unplaced))
        )
    if form.intro and step == 0:
        made.append(_said(form.intro))
    return made


def _below(form: Form, step: int, count: int) -> list[Block]:
    made = [_said(form.sure)] if form.sure and step == count - 1 else []
    if step:
        made.append({"type": "actions", "elements": [_button("Back", f"{BACK}{step - 1}")]})
    return made


def _said(text: str) -> Block:
    return {"type": "section", "text": plain(text)}


def _button(words: str, action_id: str) -> Block:
    return {"type": "button", "text": plain(words, 75), "action_id": action_id}


def _unplaced(errors: Mapping[str, str], drawn: Sequence[Block]) -> list[str]:
    """The errors that no question on this step shows above itself."""
    shown = {str(block["text"]["text"]) for block in drawn if block["type"] == "section"}
    return [one for one in dict.fromkeys(errors.values()) if f"⚠ {one}" not in shown]


@dataclass(frozen=True)
class _Drawing:
    form: Form
    raw: Raw
    lists: ChoiceLists
    errors: Mapping[str, str]

    def step(self, parts: Step) -> list[Block]:
        made: list[Block] = []
        opened = ""
        for part in parts:
            if not matters(part.field, self.raw):
                continue
            if part.row is None and not part.adds:
                made += self._plain(part.field)
                continue
            if part.field.id != opened:
                made += self._heading(part)
                opened = part.field.id
            made += self._add(part.field) if part.adds else self._row(part)
        return made

    def _plain(self, field: Field) -> list[Block]:
        tells = decides(field, self.form.fields)
        block = question(field, field.id, self.raw.get(field.id), self.lists, tells=tells)
        return with_error(block, self.errors.get(field.id, ""))

    def _heading(self, part: Part) -> list[Block]:
        field = part.field
        label = field.label + ("" if field.required else " (optional)")
        label += " (continued)" if part.row else ""
        made = with_error(
            {"type": "header", "text": plain(label, 150)}, self.errors.get(field.id, "")
        )
        return made + ([_said(field.hint)] if field.hint else [])

    def _add(self, field: Field) -> list[Block]:
        rows = rows_of(self.raw, field)
        if len(rows) >= MOST_ROWS:
            return [_said(f"No more than {MOST_ROWS} fit here at a time.")]
        one = one_of(field)
        words = f"Add another {one}" if rows else f"Add {'an' if one[0] in 'aeiou' else 'a'} {one}"
        return [{"type": "actions", "elements": [_button(words, f"{ADD}{field.id}")]}]

    def _row(self, part: Part) -> list[Block]:
        row = rows_of(self.raw, part.field)[part.row or 0]
        wrong = self.errors.get(part.path, "")
        if part.field.kind == "each" and len(part.field.fields) == 1:
            asked = self._asked(part, row, self._person(part.field, row))
            return asked if not wrong else [_said(f"⚠ {wrong}"), *asked]
        return with_error(self._row_heading(part, row), wrong) + self._asked(part, row, "")

    def _row_heading(self, part: Part, row: Row) -> Block:
        if part.field.kind == "each":
            return _said(self._person(part.field, row))
        action = f"{REMOVE}{part.field.id}-{handle_of(part.field, row)}"
        words = f"{one_of(part.field).capitalize()} {(part.row or 0) + 1}"
        return _said(words) | {"accessory": _button("Remove", action)}

    def _person(self, field: Field, row: Row) -> str:
        choices = shown_choices(field, self.lists)
        return next(one.label for one in choices if one.value == row["who"])

    def _asked(self, part: Part, row: Row, label: str) -> list[Block]:
        made: list[Block] = []
        each = part.field.kind == "each"
        for inner in part.field.fields:
            if matters(inner, row):
                path = f"{part.path}-{inner.id}"
                block = question(
                    inner,
                    path,
                    row.get(inner.id),
                    self.lists,
                    label=label,
                    handle=handle_of(part.field, row),
                    tells=decides(inner, part.field.fields) or (each and _presses(inner)),
                    a_person=each,
                )
                made += with_error(block, self.errors.get(path, ""))
        return made


def _presses(field: Field) -> bool:
    """Whether it is answered with a press, so that it can be kept at once as a draft."""
    return field.kind not in {"text", "words", "number", "money"}
