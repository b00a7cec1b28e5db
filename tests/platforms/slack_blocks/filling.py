"""A person who fills in what Slack shows of a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack.choosing import options
from messages.form import Choice, ChoiceLists, Field, Form
from messages.places import place
from tests.platforms.samples import Pick


def filled(
    form: Form, view: Mapping[str, Any], lists: ChoiceLists, pick: Pick
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What Slack sends of a view that somebody filled in, and what they meant, by path."""
    state: dict[str, Any] = {}
    meant: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        path, element = block["block_id"], block["element"]
        where = place(form, path)
        assert where is not None, path
        shown = [Choice(one["value"], "") for one in _options(element, where.field, lists)]
        answer = pick(path, where.field, [one for one in shown if one.value != "-"])
        state[path] = {element["action_id"]: _state(element, answer)}
        meant[path] = answer
    return state, meant


def _options(
    element: Mapping[str, Any], field: Field, lists: ChoiceLists
) -> list[Mapping[str, Any]]:
    source = options(field, "", lists) if "external" in element["type"] else element
    groups = source.get("option_groups", [{"options": source.get("options", [])}])
    return [one for group in groups for one in group["options"]]


def _state(element: Mapping[str, Any], answer: Any) -> dict[str, Any]:
    def one(value: str) -> dict[str, Any]:
        return {"text": {"type": "plain_text", "text": "shown", "emoji": False}, "value": value}

    kind = element["type"]
    match kind:
        case "plain_text_input":
            return {"type": kind, "value": answer}
        case "datepicker":
            return {"type": kind, "selected_date": answer}
        case "timepicker":
            return {"type": kind, "selected_time": answer}
        case "checkboxes" | "multi_static_select" | "multi_external_select":
            return {"type": kind, "selected_options": [one(value) for value in answer or []]}
    return {"type": kind, "selected_option": one(answer) if answer is not None else None}
