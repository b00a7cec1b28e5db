"""What each piece of Block Kit must and may hold: Slack's published limits, as tables.

They are narrower on purpose in one way: text is only ever plain (`plain_text`, or `text` inside
`rich_text`), so that nothing anybody typed can mention, link or format. A kind of piece that is
not in the tables is not sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

FALLBACK_TEXT = 3_000
MOST_BLOCKS: Mapping[str, int] = {"message": 50, "modal": 100, "home": 100}

Rule = Callable[[Any, str], Iterator[str]]
"""Says what is wrong with a value; the second argument is where it stands."""


class Shape(NamedTuple):
    """What a piece must hold and what it may hold; anything else is refused."""

    needs: Mapping[str, Rule]
    may: Mapping[str, Rule] = {}


def _text(most: int, least: int = 1) -> Rule:
    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{at}: not text"
        elif not least <= len(value) <= most:
            yield f"{at}: {len(value)} characters, not {least} to {most}"

    return rule


def shaped(shape: Shape) -> Rule:
    """The rule that a piece has this shape."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at}: not an object"
            return
        for name in sorted(set(shape.needs) - set(value)):
            yield f"{at}: no {name}"
        for name, held in value.items():
            if name in shape.needs or name in shape.may:
                yield from (shape.needs.get(name) or shape.may[name])(held, f"{at}.{name}")
            else:
                yield f"{at}: {name} is not known here"

    return rule


def _only(pattern: str) -> Rule:
    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            yield f"{at}: {value!r} is not one of {pattern}"

    return rule


def _many(most: int, each: Rule, least: int = 1) -> Rule:
    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            yield f"{at}: not a list of {least} to {most}"
            return
        for index, one in enumerate(value):
            yield from each(one, f"{at}[{index}]")

    return rule


def _kinds(*types: str) -> Rule:
    def rule(value: Any, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in types:
            yield f"{at}: {kind!r} may not stand here"
            return
        yield from shaped(PIECES[str(kind)])(value, at)

    return rule


def _flag(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield f"{at}: not true or false"


def _whole(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 3000:
        yield f"{at}: not a number from 0 to 3000"


def _plain(most: int) -> Rule:
    needs = {"type": _only("plain_text"), "text": _text(most)}
    return shaped(Shape(needs, {"emoji": _flag}))


_ID = _text(255)
_OPTION = shaped(Shape({"text": _plain(75), "value": _text(150)}, {"description": _plain(75)}))
_GROUP = shaped(Shape({"label": _plain(75), "options": _many(100, _OPTION)}))
_CONFIRM = shaped(
    Shape(
        {"title": _plain(100), "text": _plain(300), "confirm": _plain(30), "deny": _plain(30)},
        {"style": _only("primary|danger")},
    )
)
_SELECTS = ("static_select", "external_select")
_INPUTS = (
    *("plain_text_input", "number_input", "datepicker", "timepicker", "radio_buttons"),
    *("checkboxes", *_SELECTS, "multi_static_select", "multi_external_select"),
)


def _element(needs: Mapping[str, Rule] | None = None, /, **may: Rule) -> Shape:
    kind = {"type": _text(50), "action_id": _ID}
    return Shape(kind | dict(needs or {}), may)


def _block(needs: Mapping[str, Rule], **may: Rule) -> Shape:
    return Shape({"type": _text(50)} | dict(needs), {"block_id": _ID} | may)


_LIST: Mapping[str, Rule] = {
    "options": _many(100, _OPTION),
    "option_groups": _many(100, _GROUP),
    "placeholder": _plain(150),
}
_TEN = {"options": _many(10, _OPTION)}
_RICH = {"elements": _many(500, _kinds("text"))}
_ONE, _SEVERAL = {"initial_option": _OPTION}, {"initial_options": _many(1000, _OPTION)}

PIECES: Mapping[str, Shape] = {
    # Blocks
    "header": _block({"text": _plain(150)}),
    "section": _block({"text": _plain(3000)}, accessory=_kinds("button", "external_select")),
    "divider": _block({}),
    "context": _block({"elements": _many(10, _kinds("plain_text"))}),
    "actions": _block({"elements": _many(25, _kinds("button", "overflow", *_SELECTS))}),
    "rich_text": _block({"elements": _many(500, _kinds("rich_text_section", "rich_text_list"))}),
    "input": _block(
        {"label": _plain(2000), "element": _kinds(*_INPUTS)},
        hint=_plain(2000),
        optional=_flag,
        dispatch_action=_flag,
    ),
    # Rich text
    "rich_text_section": Shape({"type": _text(50)} | _RICH),
    "rich_text_list": Shape(
        {"type": _text(50), "style": _only("bullet|ordered")}
        | {"elements": _many(500, _kinds("rich_text_section"))}
    ),
    "text": Shape(
        {"type": _text(50), "text": _text(3000)},
        {"style": shaped(Shape({}, {"bold": _flag, "italic": _flag}))},
    ),
    "plain_text": Shape({"type": _text(50), "text": _text(3000)}, {"emoji": _flag}),
    # Elements
    "button": _element(
        {"text": _plain(75)},
        value=_text(2000),
        url=_text(3000),
        style=_only("primary|danger"),
        confirm=_CONFIRM,
        accessibility_label=_text(75),
    ),
    "overflow": _element({"options": _many(5, _OPTION)}, confirm=_CONFIRM),
    "plain_text_input": _element(
        multiline=_flag,
        initial_value=_text(3000),
        min_length=_whole,
        max_length=_whole,
        placeholder=_plain(150),
    ),
    "number_input": _element(
        {"is_decimal_allowed": _flag}, initial_value=_text(50), placeholder=_plain(150)
    ),
    "datepicker": _element(
        initial_date=_only(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"), placeholder=_plain(150)
    ),
    "timepicker": _element(initial_time=_only(r"([01]\d|2[0-3]):[0-5]\d"), placeholder=_plain(150)),
    "radio_buttons": _element(_TEN, **_ONE),
    "checkboxes": _element(_TEN, **_SEVERAL),
    "static_select": _element(**_LIST, **_ONE),
    "multi_static_select": _element(**_LIST, **_SEVERAL),
    "external_select": _element(placeholder=_plain(150), min_query_length=_whole, **_ONE),
    "multi_external_select": _element(placeholder=_plain(150), min_query_length=_whole, **_SEVERAL),
}

_SHOWN = ("header", "section", "divider", "context", "actions", "rich_text")
BLOCKS: Mapping[str, tuple[str, ...]] = {
    "message": _SHOWN,
    "modal": (*_SHOWN, "input"),
    "home": _SHOWN,
}


def _view(surface: str, **more: Rule) -> Shape:
    blocks = _many(MOST_BLOCKS[surface], _kinds(*BLOCKS[surface]))
    may = {"private_metadata": _text(3000, 0), "callback_id": _ID, "external_id": _ID}
    return Shape({"type": _only(surface), "blocks": blocks}, may | more)


_TITLE = {"title": _plain(24)}
_MODAL = _view("modal", submit=_plain(24), close=_plain(24), notify_on_close=_flag)
PAYLOADS: Mapping[str, Shape] = {
    "message": Shape(
        {
            "text": _text(FALLBACK_TEXT),
            "blocks": _many(MOST_BLOCKS["message"], _kinds(*BLOCKS["message"])),
        }
    ),
    "modal": Shape({**_MODAL.needs, **_TITLE}, {**_MODAL.may, "clear_on_close": _flag}),
    "home": _view("home"),
    "options": Shape({}, {"options": _many(100, _OPTION, 0), "option_groups": _many(100, _GROUP)}),
}
