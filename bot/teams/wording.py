"""Words as Teams shows them: no typed word becomes a link, a mention, a heading or anything else.

A TextRun is shown as it is, but for `{{DATE(…)}}` and `<at>` (a mention of nobody may be refused
with the whole card). Everything else that holds text (a TextBlock, a
label, a choice's title) may be read as markdown by one client and shown plainly by another, where a
backslash would be seen; so there nothing is escaped, and what markdown reads is parted by a space
of no width or swapped for its likeness.
"""

from __future__ import annotations

import json
import re
from typing import Any

Element = dict[str, Any]

_NOTHING = "\u200b"
"""A space of no width; `messages.reading` takes it out again where somebody pastes it back."""

_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_LIKENESS = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
_READ_BY_MARKDOWN = re.compile(r"(?<=[<&\\\]])|(?<=\{)(?=\{)")
_READ_IN_A_RUN = re.compile(r"(?<=\{)(?=\{)|(?<=<)(?=/?at\b)", re.IGNORECASE)
_STARTS_A_BLOCK = re.compile(r"[#>+\-=|:\d]")


def clean(text: str) -> str:
    """The text without what cannot be sent or turns the words around it."""
    return _UNFIT.sub("", text)


def cut(text: str, most: int) -> str:
    """The text, with … for what does not fit."""
    text = text.strip()
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def within(text: str, most: int) -> str:
    """The text, cut where it has more bytes than that as it is sent."""
    encoded = text.encode()
    return text if len(encoded) <= most else encoded[: most - 3].decode(errors="ignore") + "…"


def verbatim(text: str) -> str:
    """Words for a TextRun, which reads nothing but mentions, and dates in double braces."""
    return _READ_IN_A_RUN.sub(_NOTHING, clean(text))


def plain(text: str, most: int = 300) -> str:
    """Words for wherever markdown may be read: they look as typed, and nothing is read in them."""
    one_line = cut(" ".join(clean(text).replace(_NOTHING, "").split()), most)
    parted = _READ_BY_MARKDOWN.sub(_NOTHING, one_line.translate(_LIKENESS))
    return (_NOTHING if _STARTS_A_BLOCK.match(parted) else "") + (parted or "…")


def run(text: str, **style: Any) -> Element:
    """A run of words shown as they are."""
    return {"type": "TextRun", "text": verbatim(text), **style}


def paragraph(*runs: Element, **placed: Any) -> Element:
    """A paragraph of runs."""
    return {"type": "RichTextBlock", "inlines": list(runs), **placed}


def heading(text: str, most: int = 150, **style: Any) -> Element:
    """A heading, which screen readers announce as one; only a TextBlock can be that."""
    words = {"text": plain(text, most), "wrap": True, "style": "heading"}
    return {"type": "TextBlock", **words, "size": "medium", "weight": "bolder", **style}


def weight(value: Any) -> int:
    """How many bytes it is as it is sent."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def counted(number: int, thing: str) -> str:
    """ "1 button", "3 buttons"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
