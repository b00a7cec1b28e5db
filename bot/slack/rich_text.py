"""A card's lines as Slack's rich text, whose words are never parsed for mentions or markup."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from messages.card import Line, Span
from messages.words import cut

LONGEST = 1_500
"""The most characters of one line (ours); Slack's text of a message ends at about 12,000."""

Block = dict[str, Any]


def rich(lines: Sequence[Line], title: str = "") -> Block | None:
    """Lines as rich text, points as a list, with a strong title above; None for no words."""
    elements: list[Block] = []
    if title:
        elements.append(_section([_text(title + ("\n" if lines else ""), strong=True)]))
    runs = [(point, list(run)) for point, run in groupby(lines, key=lambda line: line.point)]
    for number, (point, run) in enumerate(runs):
        if point:
            items = [_section(_spans(line)) for line in run]
            elements.append({"type": "rich_text_list", "style": "bullet", "elements": items})
        else:
            elements.append(_section(_paragraphs(run, last=number == len(runs) - 1)))
    return {"type": "rich_text", "elements": elements} if elements else None


def _section(elements: list[Block]) -> Block:
    return {"type": "rich_text_section", "elements": elements}


def _text(words: str, *, strong: bool = False) -> Block:
    made: Block = {"type": "text", "text": words}
    return made | {"style": {"bold": True}} if strong else made


def _spans(line: Line) -> list[Block]:
    return [_text(one.text, strong=one.strong) for one in line.spans if one.text] or [_text(" ")]


def _paragraphs(lines: Sequence[Line], *, last: bool) -> list[Block]:
    made: list[Block] = []
    for index, line in enumerate(lines):
        made += _spans(line)
        if not last or index < len(lines) - 1:
            made.append(_text("\n"))
    return made


def fitting(lines: Sequence[Line], room: int) -> list[Line]:
    """As many lines from the first on as have room, each cut where it is longer than one may be."""
    kept: list[Line] = []
    for line in map(_shorter, lines):
        room -= len(line.text) + 1
        if room < 0:
            break
        kept.append(line)
    return kept


def _shorter(line: Line) -> Line:
    if len(line.text) <= LONGEST:
        return line
    spans: list[Span] = []
    room = LONGEST
    for span in line.spans:
        if room > 1:
            spans.append(Span(cut(span.text, room), span.strong))
        room -= len(span.text)
    return Line(tuple(spans), line.point)
