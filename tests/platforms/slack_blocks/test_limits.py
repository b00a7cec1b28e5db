"""The gate before Slack refuses everything that Slack would, and what could ping or format."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from bot.slack.limits import Surface, check

Change = Callable[[dict[str, Any]], object]


def words(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def an_option(value: str, text: str = "Shown") -> dict[str, Any]:
    return {"text": words(text), "value": value}


def button(number: int = 0) -> dict[str, Any]:
    return {"type": "button", "text": words("Press"), "action_id": f"press:a.b:{number}"}


def asked(path: str, element: dict[str, Any]) -> dict[str, Any]:
    element = {"action_id": "answer"} | element
    return {"type": "input", "block_id": path, "label": words("Label"), "element": element}


MESSAGE: dict[str, Any] = {
    "text": "Title",
    "blocks": [
        {"type": "header", "text": words("Title")},
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "Words"}]}
            ],
        },
        {"type": "actions", "elements": [button(0), button(1)]},
    ],
}
MODAL: dict[str, Any] = {
    "type": "modal",
    "title": words("Title"),
    "submit": words("Save"),
    "private_metadata": "{}",
    "blocks": [
        asked("text", {"type": "plain_text_input", "max_length": 10, "initial_value": "abc"}),
        asked("radio", {"type": "radio_buttons", "options": [an_option("a"), an_option("b")]}),
        asked("list", {"type": "static_select", "options": [an_option("a")]}),
        asked("day", {"type": "datepicker", "initial_date": "2026-03-04"}),
        asked("time", {"type": "timepicker", "initial_time": "14:30"}),
        asked("search", {"type": "external_select", "min_query_length": 0}),
        asked("any", {"type": "checkboxes", "options": [an_option("a")]}),
    ],
}
HOME: dict[str, Any] = {"type": "home", "blocks": [{"type": "section", "text": words("Hello")}]}
OPTIONS: dict[str, Any] = {"options": [an_option("a")]}
GOOD: dict[Surface, dict[str, Any]] = {
    "message": MESSAGE,
    "modal": MODAL,
    "home": HOME,
    "options": OPTIONS,
}


def put(*keys: Any) -> Change:
    """Put the last of these at the place that the others lead to."""

    def change(payload: dict[str, Any]) -> None:
        place: Any = payload
        for key in keys[:-2]:
            place = place[key]
        place[keys[-2]] = keys[-1]

    return change


def add(*blocks: dict[str, Any]) -> Change:
    return lambda payload: payload["blocks"].extend(copy.deepcopy(blocks))


def without(*keys: Any) -> Change:
    def change(payload: dict[str, Any]) -> None:
        place: Any = payload
        for key in keys[:-1]:
            place = place[key]
        del place[keys[-1]]

    return change


def element(number: int, **changed: Any) -> Change:
    return lambda payload: payload["blocks"][number]["element"].update(changed)


SECTION = {"type": "section", "text": words("x" * 3000)}
MENTION = {"type": "user", "user_id": "U1"}
RING = {"type": "broadcast", "range": "channel"}
TEXT = ("blocks", 1, "elements", 0, "elements")
MRKDWN = {"type": "mrkdwn", "text": "<!channel>"}

WRONG: dict[str, tuple[Surface, Change]] = {
    "no text": ("message", without("text")),
    "empty text": ("message", put("text", "")),
    "long text": ("message", put("text", "x" * 3001)),
    "a ping in the text": ("message", put("text", "<!channel> hello")),
    "bold text": ("message", put("text", "this is *bold*")),
    "no blocks": ("message", put("blocks", [])),
    "51 blocks": ("message", put("blocks", [{"type": "divider"}] * 51)),
    "more text in all": ("message", add(SECTION, SECTION, SECTION)),
    "long header": ("message", put("blocks", 0, "text", words("x" * 151))),
    "empty header": ("message", put("blocks", 0, "text", words(""))),
    "mrkdwn header": ("message", put("blocks", 0, "text", MRKDWN)),
    "mrkdwn section": ("message", add({"type": "section", "text": MRKDWN})),
    "mrkdwn context": ("message", add({"type": "context", "elements": [MRKDWN]})),
    "long section": ("message", add({"type": "section", "text": words("x" * 3001)})),
    "a mention": ("message", put(*TEXT, [MENTION])),
    "a ring": ("message", put(*TEXT, [RING])),
    "empty rich text": ("message", put(*TEXT, [])),
    "26 buttons": ("message", put("blocks", 2, "elements", [button(n) for n in range(26)])),
    "long button": ("message", put("blocks", 2, "elements", 0, "text", words("x" * 76))),
    "long value": ("message", put("blocks", 2, "elements", 0, "value", "x" * 2001)),
    "odd style": ("message", put("blocks", 2, "elements", 0, "style", "loud")),
    "no action_id": ("message", without("blocks", 2, "elements", 0, "action_id")),
    "one action_id twice": ("message", put("blocks", 2, "elements", [button(), button()])),
    "one block_id twice": (
        "message",
        add({"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}),
    ),
    "an input in a message": ("message", add(MODAL["blocks"][0])),
    "an unknown block": ("message", add({"type": "marquee"})),
    "an unknown key": ("message", put("blocks", 0, "colour", "red")),
    "11 in a context": ("message", add({"type": "context", "elements": [words("a")] * 11})),
    "a long dialog": (
        "message",
        put(
            *("blocks", 2, "elements", 0, "confirm"),
            {name: words("x" * 301) for name in ("title", "text", "confirm", "deny")},
        ),
    ),
    "a block that is no object": ("message", put("blocks", 0, "header")),
    "no title": ("modal", without("title")),
    "long title": ("modal", put("title", words("x" * 25))),
    "long submit": ("modal", put("submit", words("x" * 25))),
    "long close": ("modal", put("close", words("x" * 25))),
    "long metadata": ("modal", put("private_metadata", "x" * 3001)),
    "another type": ("modal", put("type", "home")),
    "no submit": ("modal", without("submit")),
    "101 blocks": ("modal", put("blocks", [{"type": "divider"}] * 101)),
    "one path twice": ("modal", add(MODAL["blocks"][0])),
    "a long path": ("modal", put("blocks", 0, "block_id", "x" * 256)),
    "a long label": ("modal", put("blocks", 0, "label", words("x" * 2001))),
    "a long hint": ("modal", put("blocks", 0, "hint", words("x" * 2001))),
    "more than its most": ("modal", element(0, initial_value="x" * 11)),
    "3001 characters": ("modal", element(0, max_length=3001)),
    "least above most": ("modal", element(0, min_length=11)),
    "no options": ("modal", element(1, options=[])),
    "11 radio buttons": ("modal", element(1, options=[an_option(str(n)) for n in range(11)])),
    "11 checkboxes": ("modal", element(6, options=[an_option(str(n)) for n in range(11)])),
    "101 options": ("modal", element(2, options=[an_option(str(n)) for n in range(101)])),
    "102 in groups": (
        "modal",
        lambda payload: payload["blocks"][2].update(
            element={
                "type": "static_select",
                "action_id": "answer",
                "option_groups": [
                    {"label": words(f"{g}"), "options": [an_option(f"{g}{n}") for n in range(51)]}
                    for g in "ab"
                ],
            }
        ),
    ),
    "a long option": ("modal", element(1, options=[an_option("a", "x" * 76)])),
    "a long description": (
        "modal",
        element(1, options=[an_option("a") | {"description": words("x" * 76)}]),
    ),
    "a long option value": ("modal", element(1, options=[an_option("x" * 151)])),
    "an empty option value": ("modal", element(1, options=[an_option("")])),
    "one value twice": ("modal", element(1, options=[an_option("a"), an_option("a", "Other")])),
    "not among the options": ("modal", element(1, initial_option=an_option("c"))),
    "almost among the options": ("modal", element(1, initial_option=an_option("a", "Other"))),
    "not among the boxes": ("modal", element(6, initial_options=[an_option("c")])),
    "options and groups": (
        "modal",
        element(2, option_groups=[{"label": words("G"), "options": [an_option("b")]}]),
    ),
    "no day": ("modal", element(3, initial_date="4 March")),
    "no date": ("modal", element(3, initial_date="2026-13-01")),
    "no time": ("modal", element(4, initial_time="24:00")),
    "an unknown element": ("modal", element(0, type="rich_text_input")),
    "a button as an input": ("modal", put("blocks", 0, "element", button())),
    "long placeholder": ("modal", element(5, placeholder=words("x" * 151))),
    "more bytes": (
        "modal",
        lambda payload: payload["blocks"].extend(
            asked(
                f"x{q}",
                {
                    "type": "static_select",
                    "options": [an_option(f"{n}" + "é" * 140, "é" * 75) for n in range(100)],
                },
            )
            for q in range(8)
        ),
    ),
    "a section with a select": (
        "modal",
        add({"type": "section", "text": words("a"), "accessory": MODAL["blocks"][2]["element"]}),
    ),
    "an input at home": ("home", add(MODAL["blocks"][0])),
    "101 at home": ("home", put("blocks", [{"type": "divider"}] * 101)),
    "a title at home": ("home", put("title", words("Title"))),
    "101 found": ("options", put("options", [an_option(str(n)) for n in range(101)])),
    "found and grouped": ("options", put("option_groups", [])),
    "found twice": ("options", put("options", [an_option("a"), an_option("a", "b")])),
    "a long group": (
        "options",
        lambda payload: (
            payload.pop("options"),
            payload.update(option_groups=[{"label": words("x" * 76), "options": [an_option("a")]}]),
        ),
    ),
}


@pytest.mark.parametrize("surface", GOOD)
def test_what_is_fit_passes(surface: Surface) -> None:
    assert check(surface, GOOD[surface]) == []


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused(name: str) -> None:
    surface, change = WRONG[name]
    payload = copy.deepcopy(GOOD[surface])

    change(payload)

    assert payload != GOOD[surface]
    assert check(surface, payload)


@pytest.mark.parametrize("odd", [None, [], "text", 3, {"blocks": {}}])
@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_what_is_nothing_like_it_is_refused_and_no_fault(surface: Surface, odd: Any) -> None:
    assert check(surface, odd)


def test_what_fits_exactly_passes() -> None:
    payload = copy.deepcopy(MODAL)
    payload["title"] = words("x" * 24)
    payload["private_metadata"] = "x" * 3000
    payload["blocks"][2]["element"]["options"] = [an_option(str(n)) for n in range(100)]
    payload["blocks"] += [{"type": "divider"}] * 93

    assert check("modal", payload) == []
