"""A modal's state read back: into a form's answers, over earlier ones, and errors to their place.

Nothing that comes back is trusted: only questions that the view showed are read, only in the
shapes Slack gives; `messages.reading` decides whether what they hold can be taken.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bot.slack.asked import ANSWER, paths
from messages.form import Field, Form
from messages.offering import NO_ANSWER
from messages.places import place
from messages.rows import Row


def answers(form: Form, state_values: Mapping[str, Any], shown: Collection[str]) -> dict[str, Any]:
    """What stands in a view, in the shape that `messages.reading` reads.

    `state_values` is Slack's `view.state.values`, `shown` the paths of the view's questions
    (`bot.slack.asked.paths`). A question that was shown and left blank is blank, so that it takes
    back an earlier answer; one that was not shown is not there.
    """
    found: dict[str, Any] = {}
    rows: dict[str, dict[tuple[int, str], Row]] = {}
    for path in shown:
        where = place(form, path)
        if where is None:
            continue
        handle, given = _given(state_values, path)
        if where.rows is None:
            found[path] = _value(where.field, given)
        elif handle:
            name = "who" if where.rows.kind == "each" else "as"
            by_handle = rows.setdefault(where.rows.id, {})
            row = by_handle.setdefault((where.row, handle), {name: handle})
            row[where.field.id] = _value(where.field, given)
    for name, by_handle in rows.items():
        found[name] = [by_handle[at] for at in sorted(by_handle)]
    return found


def _given(values: Any, path: str) -> tuple[str, Mapping[str, Any]]:
    """A question's handle and its state, both empty where there is none."""
    block = values.get(path) if isinstance(values, Mapping) else None
    for action_id, state in block.items() if isinstance(block, Mapping) else ():
        name, _, handle = str(action_id).partition(":")
        if name == ANSWER and isinstance(state, Mapping):
            return handle, state
    return "", {}


def _value(field: Field, state: Mapping[str, Any]) -> Any:
    if field.kind == "choices":
        several = state.get("selected_options")
        held = [_option(one) for one in several] if isinstance(several, list) else []
        return [one for one in held if one]
    if "selected_option" in state:
        return _option(state["selected_option"])
    for name in ("value", "selected_date", "selected_time"):
        if isinstance(state.get(name), str):
            return state[name]
    return ""


def _option(given: Any) -> str:
    value = given.get("value") if isinstance(given, Mapping) else None
    return value if isinstance(value, str) and value != NO_ANSWER.value else ""


def field_errors(
    errors: Mapping[str, str], view: Mapping[str, Any]
) -> tuple[dict[str, str], list[str]]:
    """Errors by the block_ids of this view, and the sentences that have no question in it.

    Slack refuses an error for a block that is not there. What is wrong with a whole row, or with
    a whole question of rows, stands at its first question.
    """
    asked = [str(block.get("block_id", "")) for block in view.get("blocks", ())]
    there = [one for one in asked if one in paths(view)]
    placed: dict[str, str] = {name: errors[name] for name in there if name in errors}
    others: list[str] = []
    for name, sentence in errors.items():
        if name in there:
            continue
        inside = [one for one in there if one.startswith(f"{name}-") and one not in placed]
        if inside:
            placed[inside[0]] = sentence
        else:
            others.append(sentence)
    return placed, others
