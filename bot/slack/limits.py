"""The one gate before Slack: what it would refuse, and what could ping, is refused here first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from bot.slack.shapes import PAYLOADS, shaped

Surface = Literal["message", "modal", "home", "options"]
"""Where a payload goes; "options" is the answer to a search in a long list."""

MESSAGE_TEXT = 9_000
"""Slack refuses a message somewhere above 12,000 characters in all (undocumented); this is safe."""

VIEW_BYTES = 250_000


def check(surface: Surface, payload: Any) -> list[str]:
    """Everything Slack would refuse in what is about to be sent there; nothing when it is fit."""
    found = list(shaped(PAYLOADS[surface])(payload, surface))
    return found or [*_SENSE[surface](payload), *_elements(payload)]


def text_in(piece: Any) -> int:
    """The characters of all text in a piece, its buttons' words included."""
    return sum(len(one["text"]) for one in _every(piece) if isinstance(one.get("text"), str))


def _every(piece: Any) -> Iterator[Mapping[str, Any]]:
    """The piece and everything inside it."""
    if isinstance(piece, list):
        for one in piece:
            yield from _every(one)
    elif isinstance(piece, dict):
        yield piece
        for one in piece.values():
            yield from _every(one)


def _twice(pieces: Any, name: str) -> Iterator[str]:
    counted = Counter(one[name] for one in _every(pieces) if name in one)
    for value, times in counted.items():
        if times > 1:
            yield f"{name} {value} stands {times} times"


def _message(payload: Any) -> Iterator[str]:
    blocks = payload["blocks"]
    yield from _twice(blocks, "block_id")
    yield from _twice(blocks, "action_id")
    if text_in(blocks) > MESSAGE_TEXT:
        yield f"message: {text_in(blocks)} characters in all, more than {MESSAGE_TEXT}"
    if set("<>*_~`") & set(payload["text"]):
        yield "message.text: holds a character that Slack would read as markup"


def _view(payload: Any) -> Iterator[str]:
    yield from _twice(payload["blocks"], "block_id")
    for block in payload["blocks"]:
        yield from _twice(block, "action_id")
    size = len(json.dumps(payload, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    if size > VIEW_BYTES:
        yield f"view: {size} bytes, more than {VIEW_BYTES}"
    asks = any(block["type"] == "input" for block in payload["blocks"])
    if asks and "submit" not in payload:
        yield "modal: an input needs a submit button"


def _options(payload: Any) -> Iterator[str]:
    yield from _one_list(payload, "options")


_SENSE = {"message": _message, "modal": _view, "home": _view, "options": _options}
_LISTS = {"radio_buttons", "checkboxes", "static_select", "multi_static_select", "overflow"}


def _elements(payload: Any) -> Iterator[str]:
    for one in _every(payload):
        if one.get("type") in _LISTS:
            yield from _one_list(one, str(one["action_id"]))
        if one.get("type") == "plain_text_input":
            least, most = one.get("min_length", 0), one.get("max_length", 3000)
            if not least <= most or len(one.get("initial_value", "")) > most:
                yield f"{one['action_id']}: its lengths contradict each other"
        if "initial_options" in one:
            yield from _same_twice(one["initial_options"], str(one["action_id"]))


def _one_list(piece: Any, at: str) -> Iterator[str]:
    """Options or groups of them, never both; no value twice; what is chosen is one of them."""
    if ("options" in piece) == ("option_groups" in piece):
        yield f"{at}: needs options or option_groups, and not both"
        return
    offered = [*piece.get("options", ())]
    for group in piece.get("option_groups", ()):
        offered += group["options"]
    yield from _same_twice(offered, at)
    if len(offered) > 100:
        yield f"{at}: {len(offered)} options, more than 100"
    chosen = [piece["initial_option"]] if "initial_option" in piece else []
    for one in chosen + piece.get("initial_options", []):
        if one not in offered:
            yield f"{at}: what is chosen is not among the options"


def _same_twice(options: Any, at: str) -> Iterator[str]:
    if len({one["value"] for one in options}) < len(options):
        yield f"{at}: two options with one value"
