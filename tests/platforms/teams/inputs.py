"""What Teams' client does with a card's inputs: what can be entered, and what is sent of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from tests.platforms.teams.cards import parts
from tests.platforms.teams.refusing import ClientRefuses

Element = dict[str, Any]


def inputs_of(card: Element) -> list[Element]:
    """The inputs of a card, in the order in which they stand."""
    return [one for one in parts(card) if one["type"].startswith("Input.")]


def find_input(card: Element, name: str) -> Element:
    """The input of this id, if it can be seen."""
    found = inputs_of(card)
    for one in found:
        if one["id"] == name:
            if one.get("isVisible") is False:
                raise ClientRefuses(f"{name} is hidden")
            return one
    raise LookupError(f"no input {name!r}; there are {[one['id'] for one in found]}")


def find_action(card: Element, what: str, value: Any = None) -> Element:
    """The action of this label or id; `value` is something in its data, where two are alike."""
    actions = [one for one in parts(card) if one["type"].startswith("Action.")]
    alike = [one for one in actions if what in {one.get("title"), one.get("id")}]
    if value is not None:
        alike = [one for one in alike if value in _values(one.get("data"))]
    if len(alike) != 1:
        here = [one.get("title") for one in actions]
        raise LookupError(f"{len(alike)} elements {what!r} {value or ''}; there are {here}")
    if alike[0].get("isEnabled") is False:
        raise ClientRefuses(f"{what} is greyed out")
    return alike[0]


def _values(data: Any) -> list[Any]:
    if isinstance(data, dict):
        return [found for one in data.values() for found in [one, *_values(one)] if one is not None]
    return []


def entered(element: Element, value: Any, offered: Sequence[Element] = ()) -> str:
    """What an input holds after somebody put this into it; ClientRefuses what cannot be."""
    kind = element["type"].removeprefix("Input.")
    match kind:
        case "Toggle":
            yes, no = element.get("valueOn", "true"), element.get("valueOff", "false")
            return str(yes if value in {True, "yes", yes} else no)
        case "ChoiceSet":
            return _chosen(element, value, offered)
        case "Number":
            if value not in {None, ""} and not _is_number(value):
                raise ClientRefuses(f"{value!r} is no number")
        case "Date" | "Time":
            _check_moment(kind, value)
        case "Text":
            if len(str(value or "")) > element.get("maxLength", 1_000_000):
                raise ClientRefuses(f"{element['id']} takes no more than {element['maxLength']}")
    return "" if value is None else str(value)


def _is_number(value: Any) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", str(value)) is not None


def _check_moment(kind: str, value: Any) -> None:
    if value in {None, ""}:
        return
    read = date.fromisoformat if kind == "Date" else time.fromisoformat
    pattern = r"\d{4}-\d\d-\d\d" if kind == "Date" else r"\d\d:\d\d"
    try:
        if not re.fullmatch(pattern, str(value)):
            raise ValueError
        read(str(value))
    except ValueError:
        raise ClientRefuses(f"{value!r} is no {kind.lower()}") from None


def _chosen(element: Element, value: Any, offered: Sequence[Element]) -> str:
    """Some of the choices, by value or title; several stand side by side, in the menu's order.

    Several are joined by commas, so that a comma within a value loses it (documented).
    """
    wanted = [] if value in (None, "", []) else value if isinstance(value, list) else [value]
    if len(wanted) > 1 and not element.get("isMultiSelect"):
        raise ClientRefuses(f"{element['id']} takes one choice")
    choices = [*element.get("choices", []), *offered]
    found = []
    for one in wanted:
        alike = [each for each in choices if str(one) == each["value"]]
        alike = alike or [each for each in choices if str(one) == each["title"]]
        if len(alike) != 1:
            titles = [each["title"] for each in choices]
            raise ClientRefuses(f"{len(alike)} choices {one!r} in {titles}")
        found.append(alike[0]["value"])
    order = [each["value"] for each in choices]
    return ",".join(sorted(found, key=order.index))


def holds(element: Element, values: dict[str, str]) -> str:
    """What an input holds: what was entered, or else what the card put there."""
    if element["id"] in values:
        return values[element["id"]]
    if element["type"] == "Input.Toggle":
        return str(element.get("value", element.get("valueOff", "false")))
    return str(element.get("value", ""))


def gathered(card: Element, action: Element, values: dict[str, str]) -> dict[str, str]:
    """What an action sends of the inputs; ClientRefuses to send while one is not as it must be.

    Nothing of an empty input is sent, not even its name; hidden ones are sent (tried, both).
    """
    if action.get("associatedInputs") == "none":
        return {}
    found = {}
    for element in inputs_of(card):
        said = holds(element, values)
        _check(element, said)
        if said != "":
            found[element["id"]] = said
    return found


def _check(element: Element, said: str) -> None:
    """The client's own rules: required, pattern, smallest and largest."""
    what = element.get("errorMessage") or element.get("label") or element["id"]
    off = element.get("valueOff", "false")
    empty = said == "" or (element["type"] == "Input.Toggle" and said == off)
    if element.get("isRequired") and empty:
        raise ClientRefuses(f"required: {what}")
    if said == "":
        return
    if "regex" in element and not re.search(element["regex"], said):
        raise ClientRefuses(f"does not match: {what}")
    number = element["type"] == "Input.Number"
    read = float if number else str
    if element["type"] in {"Input.Number", "Input.Date", "Input.Time"}:
        if "min" in element and read(said) < read(element["min"]):  # type: ignore[operator]
            raise ClientRefuses(f"too small: {what}")
        if "max" in element and read(said) > read(element["max"]):  # type: ignore[operator]
            raise ClientRefuses(f"too large: {what}")


def merged(action: Element, inputs: dict[str, str]) -> Any:
    """The action's own data with the inputs over it; None where there is neither (documented)."""
    data = action.get("data")
    if isinstance(data, str):
        return data if not inputs else {"data": data} | inputs  # remembered
    return {**(data or {}), **inputs} if data or inputs else None
