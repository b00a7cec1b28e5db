"""A form as the card of a dialog: its questions step by step, filled in, what is wrong in red.

A card cannot call us when an answer changes. So a question that matters only under another answer
is shown when that answer is known; where what somebody sends makes another question matter, the
dialog comes back with it (`follows`), everything else as it was. Nobody is asked what does not
matter, and nothing is saved before all that does was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.teams.cards import FORM, MOST_BYTES, adaptive, rows_of
from bot.teams.fields import ERROR, most_bytes, question, with_error, wrong
from bot.teams.wording import Element, cut, heading, paragraph, plain, run, weight, within
from messages.form import ChoiceLists, Field, Form, Raw
from messages.reading import MOST_ROWS, matters, shown_choices
from messages.rows import ADD, REMOVE, handle_of, laid_out, one_of
from messages.rows import rows_of as given_rows
from messages.steps import Part, Step, divided, step_in

SEND, BACK = "send", "back"
"""What a button of a dialog does; "row:add:…" and "row:remove:…" (`messages.rows`) are others."""

CONTEXT = "_ctx"
"""What a dialog's buttons carry unseen: opaque references, numbers, paths of questions."""

PARTS = MOST_BYTES - 4_500
"""The bytes of a step's questions; the rest is for the words around them."""

MOST_QUESTIONS = 40
"""More than a person wants to scroll through on a phone (ours)."""

_BUTTON = 160
"""The bytes of a button, what it carries left out."""

_OPAQUE = re.compile(r"[\w.:+-]{0,255}", re.ASCII)


class UnfitMeta(ValueError):
    """What a dialog carries unseen is opaque references and numbers, never answers or names."""


def dialog(
    form: Form,
    raw: Raw,
    lists: ChoiceLists,
    errors: Mapping[str, str],
    meta: Mapping[str, Any],
    *,
    context: Sequence[str] = (),
    notice: str = "",
) -> Element:
    """One step of a form as a card.

    `errors` are sentences by path, as `messages.reading` names them. `meta` is the command (c),
    what it is given on (a), the step, the first being 0 (s), and the version that was seen (v).
    `context` is said in small print (which family, which meeting), `notice` above the questions.
    Raises UnfitMeta.
    """
    raw = laid_out(form, raw, lists)
    all_steps = steps(form, lists, raw)
    step = max(0, min(int(meta.get("s") or 0), len(all_steps) - 1))
    carried = {**meta, "s": step}
    drawing = _Drawing(form, raw, lists, errors, carried)
    parts = all_steps[step]
    carried |= {"p": drawing.names(parts), "h": sorted(drawing.hidden(parts))}
    _check(carried)
    count = len(all_steps)
    small = [*context, *([f"Step {step + 1} of {count}"] if count > 1 else [])]
    return adaptive(
        [
            *_above(form, small, notice, errors, first=step == 0),
            *drawing.step(parts),
            *_below(form, drawing, step, count),
        ]
    )


def steps(form: Form, lists: ChoiceLists, raw: Raw) -> tuple[Step, ...]:
    """The form's steps under these answers, at least one."""
    drawing = _Drawing(form, laid_out(form, raw, lists), lists, {}, {})
    known: dict[Part, int] = {}

    def fits(step: Step) -> bool:
        for part in step:
            if part not in known:
                known[part] = drawing.most_bytes(part)
        buttons = 2 + sum(part.adds or _is_removable(part) for part in step)
        size = sum(known[part] for part in step) + buttons * drawing.carried(step)
        return size <= PARTS and sum(len(_asked(part)) for part in step) <= MOST_QUESTIONS

    return divided(form, lists, raw, fits)


def step_of(form: Form, lists: ChoiceLists, raw: Raw, path: str) -> int:
    """The number of the step in which a path stands; the first where it stands in none."""
    return step_in(steps(form, lists, raw), path)


def _check(carried: Mapping[str, Any]) -> None:
    for name, value in carried.items():
        for one in value if isinstance(value, list) else [value]:
            if not (one is None or isinstance(one, int) or _OPAQUE.fullmatch(str(one))):
                raise UnfitMeta(f"{name} is no opaque reference")


def _above(
    form: Form, small: Sequence[str], notice: str, errors: Mapping[str, str], *, first: bool
) -> list[Element]:
    made = [heading(form.heading)] if form.heading != form.label or not form.fields else []
    if small:
        words = within(" · ".join(small), 400)
        made.append(paragraph(run(words, isSubtle=True, size="small"), spacing="small"))
    if form.intro and first:
        made.append(paragraph(run(form.intro)))
    if notice:
        made.append(_boxed("accent", [paragraph(run(within(notice, 400), weight="bolder"))]))
    return made + ([_problem(errors)] if errors else [])


def _problem(errors: Mapping[str, str]) -> Element:
    """All that is wrong, each thing once."""
    sentences = list(dict.fromkeys(errors.values()))
    shown = [
        paragraph(run(f"•\u00a0{within(plain(one), ERROR)}"), spacing="small")
        for one in sentences[:6]
    ]
    more = len(sentences) - len(shown)
    if more:
        shown.append(paragraph(run(f"… and {more} more"), spacing="small"))
    return _boxed("attention", [paragraph(wrong("There is a problem")), *shown])


def _boxed(style: str, items: list[Element]) -> Element:
    return {"type": "Container", "style": style, "items": items}


def _below(form: Form, drawing: _Drawing, step: int, count: int) -> list[Element]:
    last = step == count - 1
    made = [paragraph(run(form.sure, weight="bolder"))] if form.sure and last else []
    words = (form.submit or _verb(form)) if last else "Continue"
    sends = drawing.button(words, SEND) | {"style": "positive"}
    back = [drawing.button("Back", BACK)] if step else []
    return [*made, *rows_of([sends, *back])]


def _verb(form: Form) -> str:
    """The last button's words where the form has none of its own."""
    return form.label if form.sure else "Save"


def _asked(part: Part) -> Sequence[Field]:
    """The questions of a part."""
    if part.adds:
        return ()
    return (part.field,) if part.row is None else part.field.fields


def _is_removable(part: Part) -> bool:
    return part.row is not None and part.field.kind == "list"


@dataclass(frozen=True)
class _Drawing:
    form: Form
    raw: Raw
    lists: ChoiceLists
    errors: Mapping[str, str]
    meta: Mapping[str, Any]

    def step(self, parts: Step) -> list[Element]:
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
            for field in _asked(part):
                if not shown or not matters(field, row):
                    yield _path(part, field)

    def carried(self, parts: Step) -> int:
        """How many bytes a button takes at most on this step."""
        may_hide = [
            _path(part, field) for part in parts for field in _asked(part) if _may_hide(part, field)
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
        asked = (most_bytes(one, self.lists, _path(part, one), label) for one in _asked(part))
        return words + sum(asked)

    def button(self, words: str, does: str) -> Element:
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
        if _is_removable(part):
            handle = handle_of(part.field, dict(self._of(part)))
            does = f"{REMOVE}{part.field.id}-{handle}"
            made += rows_of([self.button(f"Remove {self._called(part)}", does)])
        return [self._boxed_row(part, made)]

    def _boxed_row(self, part: Part, inside: Sequence[Element]) -> Element:
        called = self._called(part)
        words = called if part.field.kind == "each" else called.capitalize()
        made = [paragraph(run(words, weight="bolder")), *inside]
        return _boxed("emphasis", with_error(made, self.errors.get(part.path, "")))

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
