"""A form as the card of a dialog: its questions step by step, filled in, what is wrong in red.

A card cannot call us when an answer changes. So a question that matters only under another answer
is shown when that answer is known; where what somebody sends makes another question matter, the
dialog comes back with it (`follows`), everything else as it was. Nobody is asked what does not
matter, and nothing is saved before all that does was asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.teams.cards import MOST_BYTES, adaptive, rows_of
from bot.teams.drawing import Drawing, boxed, is_removable, questions_of
from bot.teams.fields import ERROR, wrong
from bot.teams.wording import Element, heading, paragraph, plain, run, within
from messages.form import ChoiceLists, Form, Raw
from messages.rows import laid_out
from messages.steps import Part, Step, divided, step_in

SEND, BACK = "send", "back"
"""What a button of a dialog does; "row:add:…" and "row:remove:…" (`messages.rows`) are others."""

PARTS = MOST_BYTES - 4_500
"""The bytes of a step's questions; the rest is for the words around them."""

MOST_QUESTIONS = 40
"""More than a person wants to scroll through on a phone (ours)."""

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
    drawing = Drawing(form, raw, lists, errors, carried)
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
    drawing = Drawing(form, laid_out(form, raw, lists), lists, {}, {})
    known: dict[Part, int] = {}

    def fits(step: Step) -> bool:
        for part in step:
            if part not in known:
                known[part] = drawing.most_bytes(part)
        buttons = 2 + sum(part.adds or is_removable(part) for part in step)
        size = sum(known[part] for part in step) + buttons * drawing.carried(step)
        return size <= PARTS and sum(len(questions_of(part)) for part in step) <= MOST_QUESTIONS

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
        made.append(boxed("accent", [paragraph(run(within(notice, 400), weight="bolder"))]))
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
    return boxed("attention", [paragraph(wrong("There is a problem")), *shown])


def _below(form: Form, drawing: Drawing, step: int, count: int) -> list[Element]:
    last = step == count - 1
    made = [paragraph(run(form.sure, weight="bolder"))] if form.sure and last else []
    words = (form.submit or _verb(form)) if last else "Continue"
    sends = drawing.button(words, SEND) | {"style": "positive"}
    back = [drawing.button("Back", BACK)] if step else []
    return [*made, *rows_of([sends, *back])]


def _verb(form: Form) -> str:
    """The last button's words where the form has none of its own."""
    return form.label if form.sure else "Save"
