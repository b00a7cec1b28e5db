"""The fake Slack's check of rich text: sections, lists, and what may stand in them (documented)."""

from __future__ import annotations

from typing import Any

from tests.platforms.slack.checks import Check, Say, Shape, boolean, one_of, several, string, whole

_STYLE = Shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))

INLINE: dict[str, Shape] = {
    "text": Shape({"text": string(3000)}, {"style": _STYLE}),
    "link": Shape({"url": string(3000)}, {"text": string(3000), "style": _STYLE}),
    "user": Shape({"user_id": string(255)}, {"style": _STYLE}),
    "channel": Shape({"channel_id": string(255)}, {"style": _STYLE}),
    "broadcast": Shape({"range": one_of("here", "channel", "everyone")}, {}),
    "emoji": Shape({"name": string(255)}, {}),
}


def _of(shapes: dict[str, Shape]) -> Check:
    def check(value: Any, at: str, say: Say) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if str(kind) not in shapes:
            say(f"unsupported type: {kind}", f"{at}/type")
            return
        shapes[str(kind)](value, at, say)

    return check


_SECTION = Shape({"elements": several(_of(INLINE), 1000)}, {})
_SECTIONS = _of({"rich_text_section": _SECTION})

PARTS = _of(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": Shape(
            {"elements": several(_SECTIONS, 1000), "style": one_of("bullet", "ordered")},
            {"indent": whole(0, 8), "border": whole(0, 1)},
        ),
        "rich_text_quote": _SECTION,
        "rich_text_preformatted": _SECTION,
    }
)
