"""What people can put into the elements of messages and views, in the shapes that Slack sends."""

from __future__ import annotations

import copy
import re
from datetime import date
from typing import Any

from tests.platforms.slack.elements import PRESSED, WRITTEN, options_of
from tests.platforms.slack.refusing import ClientRefuses

State = dict[str, dict[str, Any]]
"""Values by block_id and action_id."""

KEYS = {
    **dict.fromkeys(WRITTEN, "value"),
    "checkboxes": "selected_options",
    "datepicker": "selected_date",
    "external_select": "selected_option",
    "multi_external_select": "selected_options",
    "multi_static_select": "selected_options",
    "multi_users_select": "selected_users",
    "overflow": "selected_option",
    "radio_buttons": "selected_option",
    "static_select": "selected_option",
    "timepicker": "selected_time",
    "users_select": "selected_user",
}

LISTS = frozenset({"selected_options", "selected_users"})


def elements_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts of a block that a person can press or fill."""
    found = [block.get("element"), block.get("accessory")]
    if block["type"] == "actions":
        found += block["elements"]
    return [one for one in found if one and "action_id" in one]


def find(
    blocks: list[dict[str, Any]], what: str, value: str | None = None, block_id: str | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The block and the element of this action_id or label; exactly one has to fit.

    `value` tells buttons of one name apart by what they carry.
    """
    found = []
    for block in blocks:
        for element in elements_of(block):
            here = block_id in {None, block["block_id"]} and what in _names(block, element)
            if here and (element["type"] != "button" or value in {None, element.get("value")}):
                found.append((block, element))
    if len(found) != 1:
        every = [sorted(_names(block, one)) for block in blocks for one in elements_of(block)]
        raise LookupError(f"{len(found)} elements are called {what!r}; there are {every}")
    return found[0]


def _names(block: dict[str, Any], element: dict[str, Any]) -> set[str]:
    texts = [element.get("text"), element.get("placeholder")]
    texts += [block.get("label")] if block["type"] == "input" else []
    return {element["action_id"]} | {one["text"] for one in texts if one}


def state_of(blocks: list[dict[str, Any]], values: State) -> State:
    """Everything that stands in the elements now, what nobody touched as it was at first."""
    found: State = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in PRESSED:
                continue
            name, action = block["block_id"], element["action_id"]
            entry = values.get(name, {}).get(action) or _at_first(element)
            found.setdefault(name, {})[action] = copy.deepcopy(entry)
    return found


def _at_first(element: dict[str, Any]) -> dict[str, Any]:
    key = KEYS[element["type"]]
    initial = element.get(key.replace("selected", "initial") if key != "value" else "initial_value")
    empty: list[Any] | None = [] if key in LISTS else None
    return {"type": element["type"], key: initial if initial is not None else empty}


def is_empty(entry: dict[str, Any]) -> bool:
    """Whether nothing stands there."""
    return not entry[KEYS[entry["type"]]]


def entered(element: dict[str, Any], value: Any, offered: list[dict[str, Any]]) -> dict[str, Any]:
    """What a person put in, as Slack keeps it; or the client's refusal.

    `offered` is what was last found in an external select. None empties the element.
    """
    kind, key = element["type"], KEYS[element["type"]]
    if value is None or value in ("", []):
        return {"type": kind, key: [] if key in LISTS else None}
    if key == "value":
        return {"type": kind, key: _typed(element, str(value))}
    if key == "selected_date":
        return {"type": kind, key: date.fromisoformat(str(value)).isoformat()}
    if key == "selected_time":
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(value)):
            raise ClientRefuses(f"{value} is no time")
        return {"type": kind, key: str(value)}
    if key in {"selected_user", "selected_users"}:
        return {"type": kind, key: value}
    choices = offered if "external" in kind else options_of(element)
    if key == "selected_option":
        return {"type": kind, key: _choice(choices, value)}
    most = element.get("max_selected_items") or len(choices)
    if len(value) > most:
        raise ClientRefuses(f"no more than {most} can be chosen")
    return {"type": kind, key: [_choice(choices, one) for one in value]}


def _choice(choices: list[dict[str, Any]], value: Any) -> dict[str, Any]:
    """The option of this value or label: nobody can choose what is not offered."""
    found = [one for one in choices if value in (one["value"], one["text"]["text"])]
    if len(found) != 1:
        offered = [one["text"]["text"] for one in choices]
        raise ClientRefuses(f"{len(found)} options are called {value!r}; there are {offered}")
    return copy.deepcopy(found[0])


def _typed(element: dict[str, Any], text: str) -> str:
    kind = element["type"]
    if kind == "plain_text_input":
        low, high = element.get("min_length", 0), element.get("max_length", 3000)
        if not low <= len(text) <= high:
            raise ClientRefuses(f"{len(text)} characters, where {low} to {high} are allowed")
        if "\n" in text and not element.get("multiline"):
            raise ClientRefuses("there is only one line")
    elif kind == "number_input":
        _check_number(element, text)
    elif kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise ClientRefuses(f"{text} is no e-mail address")
    elif kind == "url_text_input" and not re.match(r"https?://\S+$", text):
        raise ClientRefuses(f"{text} is no URL")
    return text


def _check_number(element: dict[str, Any], text: str) -> None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, text):
        raise ClientRefuses(f"{text} is no number that may stand here")
    if float(text) < float(element.get("min_value", "-inf")):
        raise ClientRefuses(f"{text} is too little")
    if float(text) > float(element.get("max_value", "inf")):
        raise ClientRefuses(f"{text} is too much")
