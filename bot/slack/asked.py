"""One question as an input block: which widget, filled in how, under which ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.slack.choosing import chosen, listed, option, plain, widget
from messages.form import Choice, ChoiceLists, Field, Form
from messages.offering import offered
from messages.reading import NotTaken, read

ANSWER = "answer"
"""The action_id of every question; a row's questions add its handle: "answer:person-12"."""

_LONGEST = 3000
"""Slack's most characters for a text input."""

Block = dict[str, Any]


def decides(field: Field, around: Sequence[Field]) -> bool:
    """Whether other questions appear or go with the answer to this one."""
    return any(other.only_if and other.only_if[0] == field.id for other in around)


def question(
    field: Field,
    path: str,
    value: Any,
    lists: ChoiceLists,
    *,
    label: str = "",
    handle: str = "",
    tells: bool = False,
    a_person: bool = False,
) -> Block:
    """An input block; `tells`: a press comes at once, not only with the whole form.

    Where there is nothing to choose from, a section says so: Slack has no empty list.
    """
    choices = offered(field, lists) if field.kind in {"choice", "choices", "yes_no"} else []
    name = label or field.label
    if field.kind in {"choice", "choices", "yes_no"} and not choices:
        return {"type": "section", "text": plain(f"{name}: there is nothing to choose from yet.")}
    element = _element(field, value, choices, a_person=a_person)
    block: Block = {
        "type": "input",
        "block_id": path,
        "label": plain(name, 2000),
        "element": element | {"action_id": f"{ANSWER}:{handle}" if handle else ANSWER},
        "optional": not field.required,
    }
    if field.hint:
        block["hint"] = plain(field.hint, 2000)
    if tells:
        block["dispatch_action"] = True
    return block


def _element(field: Field, value: Any, choices: Sequence[Choice], *, a_person: bool) -> Block:
    if choices:
        return _choosing(field, value, choices, widget(field, len(choices), a_person=a_person))
    if field.kind in {"date", "time"}:
        return _picker(field, value)
    return _typing(field, value)


def _typing(field: Field, value: Any) -> Block:
    """A box to type in; a number's too, since "£1,250" is how people write it."""
    typed = str(value)[:_LONGEST] if isinstance(value, str | int | float) else ""
    made: Block = {"type": "plain_text_input", "multiline": field.kind == "words"}
    made["max_length"] = min(max(field.limit, len(typed)), _LONGEST)
    return made | ({"initial_value": typed} if typed else {})


def _picker(field: Field, value: Any) -> Block:
    """Slack refuses a view with a date or a time that is none: such a one is left out."""
    made: Block = {"type": f"{field.kind}picker"}
    try:
        alone = Form("", fields=(replace(field, only_if=None),))
        given = read(alone, {field.id: value}, _no_lists)[field.id]
    except NotTaken:
        given = None
    if given is not None:
        shown = given.isoformat() if field.kind == "date" else f"{given:%H:%M}"
        made[f"initial_{field.kind}"] = shown
    return made


def _no_lists(_: str) -> Sequence[Choice]:
    return ()


def _choosing(field: Field, value: Any, choices: Sequence[Choice], kind: str) -> Block:
    made: Block = {"type": kind}
    if "external" in kind:
        made |= {"min_query_length": 0, "placeholder": plain("Type to search", 150)}
    elif kind in {"radio_buttons", "checkboxes"}:
        made["options"] = [option(choice) for choice in choices]
    else:
        made |= listed(choices) | {"placeholder": plain("Choose", 150)}
    initial = _initial(choices, value, kind)
    if initial and field.kind == "choices":
        made["initial_options"] = initial
    elif initial:
        made["initial_option"] = initial[0]
    return made


def _initial(choices: Sequence[Choice], value: Any, kind: str) -> list[Block]:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    held = value if isinstance(value, list | tuple) else [value]
    wanted = [str(one) for one in held if one is not None]
    if kind in {"radio_buttons", "checkboxes"}:
        return [option(one) for one in choices if one.value in wanted]
    return chosen(choices, wanted)


def with_error(block: Block, sentence: str) -> list[Block]:
    """The block, and above it what is wrong with its answer."""
    if not sentence:
        return [block]
    return [{"type": "section", "text": plain(f"⚠ {sentence}")}, block]


def paths(view: Mapping[str, Any]) -> frozenset[str]:
    """The paths of all the questions that a view asks."""
    blocks = view.get("blocks")
    return frozenset(
        str(block["block_id"])
        for block in (blocks if isinstance(blocks, list) else [])
        if isinstance(block, Mapping) and block.get("type") == "input" and "block_id" in block
    )
