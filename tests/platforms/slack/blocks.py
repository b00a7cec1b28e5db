"""The fake Slack's check of everything that it is sent to show: messages, modals, home tabs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.platforms.slack.checks import (
    IDENTIFIER,
    MIXED,
    Check,
    Say,
    Shape,
    boolean,
    several,
    string,
    text,
)
from tests.platforms.slack.elements import IN_ACTIONS, IN_INPUT, IN_SECTION, element
from tests.platforms.slack.refusing import Refused
from tests.platforms.slack.rich_text import PARTS

MOST_TEXT = 12_000
"""In all blocks of a message together: found by others, documented nowhere."""

LARGEST_VIEW = 250_000
"""In bytes."""

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}

ID = {"block_id": IDENTIFIER}


def _in_context(value: Any, at: str, say: Say) -> None:
    image = isinstance(value, dict) and value.get("type") == "image"
    check = element(frozenset({"image"})) if image else text(2000, MIXED)
    check(value, at, say)


BLOCKS: dict[str, Shape] = {
    "section": Shape(
        {},
        ID
        | {
            "text": text(3000, MIXED),
            "fields": several(text(2000, MIXED), 10),
            "accessory": element(IN_SECTION),
            "expand": boolean,
        },
    ),
    "header": Shape({"text": text(150)}, ID),
    "divider": Shape({}, ID),
    "rich_text": Shape({"elements": several(PARTS, 1000)}, ID),
    "context": Shape({"elements": several(_in_context, 10)}, ID),
    "actions": Shape({"elements": several(element(IN_ACTIONS), 25)}, ID),
    "image": Shape(
        {"image_url": string(3000), "alt_text": string(2000)}, ID | {"title": text(2000)}
    ),
    "input": Shape(
        {"label": text(2000), "element": element(IN_INPUT)},
        ID | {"hint": text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
}

_SHARED: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}

VIEWS = {
    "modal": Shape(
        {"title": text(24), "blocks": several(lambda *_: None, 100, 0)},
        _SHARED
        | {
            "submit": text(24),
            "close": text(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
    ),
    "home": Shape({"blocks": several(lambda *_: None, 100, 0)}, _SHARED),
}


def check_message(blocks: Any) -> list[dict[str, Any]]:
    """The blocks of a message, or a refusal that says what is wrong with them."""
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    found = _faults(blocks, "message")
    if found:
        raise Refused("invalid_blocks", found)
    if sum(map(len, texts_in(blocks))) > MOST_TEXT:
        raise Refused("msg_blocks_too_long")
    return blocks


def check_view(view: Any, *kinds: str) -> dict[str, Any]:
    """A view of one of these kinds, or a refusal that says what is wrong with it."""
    kind = view.get("type") if isinstance(view, dict) else None
    if kind not in kinds:
        raise Refused("invalid_arguments", [f"unsupported type: {kind} [json-pointer:/view/type]"])
    found: list[str] = []
    VIEWS[str(kind)](view, "/view", _listing(found))
    if isinstance(view.get("blocks"), list):
        found += _faults(view["blocks"], str(kind), "/view")
        inputs = [one for one in view["blocks"] if _is(one, "input")]
        if kind == "modal" and inputs and not view.get("submit"):
            found.append("missing required field: submit [json-pointer:/view]")
    if found:
        raise Refused("invalid_arguments", found)
    if len(json.dumps(view).encode()) > LARGEST_VIEW:
        raise Refused("view_too_large")
    checked: dict[str, Any] = view
    return checked


def texts_in(part: Any) -> Iterator[str]:
    """Every text that a person could read in it."""
    if isinstance(part, list):
        for one in part:
            yield from texts_in(one)
    elif isinstance(part, dict):
        if part.get("type") in {*MIXED, "text"} and isinstance(part.get("text"), str):
            yield part["text"]
        else:
            yield from texts_in(list(part.values()))


def _is(block: Any, kind: str) -> bool:
    return isinstance(block, dict) and block.get("type") == kind


def _listing(found: list[str]) -> Say:
    return lambda what, at: found.append(f"{what} [json-pointer:{at}]")


def _faults(blocks: list[Any], surface: str, root: str = "") -> list[str]:
    found: list[str] = []
    say = _listing(found)
    most = MOST_BLOCKS[surface]
    if len(blocks) > most:
        say(f"no more than {most} items allowed", f"{root}/blocks")
    for number, block in enumerate(blocks):
        _check_block(block, surface, f"{root}/blocks/{number}", say)
    _check_unique(blocks, f"{root}/blocks", say)
    return found


def _check_block(block: Any, surface: str, at: str, say: Say) -> None:
    kind = block.get("type") if isinstance(block, dict) else None
    if str(kind) not in BLOCKS or (kind == "input" and surface == "message"):
        say(f"unsupported type: {kind}", f"{at}/type")
        return
    BLOCKS[str(kind)](block, at, say)
    if kind == "section" and not block.get("text") and not block.get("fields"):
        say("must have text or fields", at)


def _check_unique(blocks: list[Any], at: str, say: Say) -> None:
    """No block_id twice in one surface, and no action_id twice in one block (documented)."""
    seen: set[str] = set()
    focused = 0
    for number, block in enumerate(one for one in blocks if isinstance(one, dict)):
        name = block.get("block_id")
        if isinstance(name, str) and name in seen:
            say(f"block_id {name} already exists", f"{at}/{number}/block_id")
        seen.add(str(name))
        parts = _parts(block)
        focused += sum(one.get("focus_on_load") is True for one in parts)
        actions = [one["action_id"] for one in parts if one.get("action_id")]
        if len(actions) != len(set(map(str, actions))):
            say("action_id already exists in this block", f"{at}/{number}")
    if focused > 1:
        say("focus_on_load is set on more than one element", at)


def _parts(block: dict[str, Any]) -> list[dict[str, Any]]:
    elements = block.get("elements")
    listed = elements if isinstance(elements, list) else []
    found = [*listed, block.get("element"), block.get("accessory")]
    return [one for one in found if isinstance(one, dict)]
