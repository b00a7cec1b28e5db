"""A card as a Slack message: no typed word can mention, link, format or ring anybody.

Words go into `header` as plain text and into `rich_text`, whose text is never parsed; there is no
mrkdwn anywhere. Only the fallback `text`, which notifications and screen readers use, is read by
Slack as markup, so its markup characters are escaped or swapped for their plain likenesses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bot.slack.choosing import plain
from bot.slack.limits import MESSAGE_TEXT, text_in
from bot.slack.rich_text import fitting, rich
from bot.slack.shapes import FALLBACK_TEXT, MOST_BLOCKS
from messages.card import Button, Card, Line, Span
from messages.form import Form
from messages.words import cut

PRESS, SURE = "press", "sure"
"""An action_id is "press:action.mark_done:0": what it is, the command, a number in the message.

"sure:…" says that the person has been asked "are you sure?" by a dialog of Slack's own.
"""

BODY = 3_000
"""The most characters of one card's lines; our own notices have under 600 (ours)."""

MOST_BUTTONS = 25
FREE = 1_000
"""The buttons that belong to no card are numbered from here on, past those of all cards."""

BUTTON_TEXT = 3_000
"""The most characters of one card's buttons, with what they ask (ours)."""

ROOM_TO_TELL = 200
"""Kept free for saying what was left out, in characters."""

_ACTION = re.compile(rf"({PRESS}|{SURE}):([a-z_]+\.[a-z_]+):\d+", re.ASCII)
_ABOUT = re.compile(r"([a-z_]+-\d+)?", re.ASCII)
_LIKENESS = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}
)

Block = dict[str, Any]
Labels = Callable[[str], str | None]
Forms = Callable[[str], Form | None]
Reach = Callable[[str], Block]


def no_form(_: str) -> Form | None:
    """No form is known: no button asks "are you sure?" by itself."""
    return None


def message(card: Card, labels: Labels, forms: Forms = no_form) -> dict[str, Any]:
    """A card as `text` and `blocks`.

    `labels` gives a button's words for a command, None to leave the button out. `forms` gives the
    form of a command: where it asks nothing but "are you sure?", Slack's own dialog asks it.
    Raises ValueError for a button about anything but an opaque reference (R1).
    """
    made = _Message(labels, forms)
    return {"text": fallback(card), "blocks": made.of(card) or [_header("")]}


def parts(
    cards: Sequence[Card], labels: Labels, forms: Forms, reach: Reach | None = None, first: int = 0
) -> list[Block]:
    """Several cards as the blocks of one surface; `reach` gives the list below a family's card.

    Their buttons are numbered from `first` on: on one surface no two are alike.
    """
    made = _Message(labels, forms, reach, first)
    return [block for card in cards for block in made.of(card)]


def offers(buttons: Sequence[Button], labels: Labels, forms: Forms) -> list[Block]:
    """Buttons that belong to no card, in a row of their own."""
    shown = _Message(labels, forms, first=FREE).shown(list(buttons))
    return [{"type": "actions", "block_id": "begin", "elements": shown}] if shown else []


def read_press(action_id: str, value: str | None) -> tuple[str, str] | None:
    """The command and what it is given on, from a button that was pressed; None if not ours."""
    match = _ACTION.fullmatch(action_id)
    about = value or ""
    return (match[2], about) if match and _ABOUT.fullmatch(about) else None


def was_asked(action_id: str) -> bool:
    """Whether the person said "yes, I am sure" in the dialog before this press came."""
    return action_id.startswith(f"{SURE}:")


def asks_only_sure(form: Form) -> bool:
    """Whether a form asks nothing but whether the person is sure."""
    return bool(form.sure) and not form.fields


def fallback(card: Card) -> str:
    """The card as plain text for notifications: its title, and as many lines as fit."""
    said = ""
    for line in [card.title, *card.text.splitlines()]:
        longer = f"{said}\n{cut(line, BODY // 2).translate(_LIKENESS)}".strip()
        if len(longer) > FALLBACK_TEXT:
            break
        said = longer
    return said or "…"


class _Message:
    """A message being put together; its buttons are numbered through."""

    def __init__(
        self, labels: Labels, forms: Forms, reach: Reach | None = None, first: int = 0
    ) -> None:
        self.labels, self.forms, self.reach = labels, forms, reach
        self.number = first

    def of(self, card: Card) -> list[Block]:
        """The card and the cards inside it, as many as Slack takes; the rest is counted."""
        blocks = [_header(card.title)] if card.title else []
        blocks += self._body(card, "")
        inside = list(_inside(card))
        for index, inner in enumerate(inside):
            more = [{"type": "divider"}, *self._body(inner, cut(inner.title, 150))]
            if not _fits([*blocks, *more], last=index == len(inside) - 1):
                return [*blocks, self._rest(inside[index:])]
            blocks += more
        return blocks

    def _body(self, card: Card, title: str) -> list[Block]:
        lines = fitting(card.lines, BODY)
        buttons = [one for one in card.buttons if self.labels(one.command)]
        shown = self.shown(buttons)
        left = [
            counted(number, thing)
            for number, thing in (
                (len(card.lines) - len(lines), "more line"),
                (len(buttons) - len(shown), "more button"),
            )
            if number
        ]
        if left:
            lines.append(Line((Span(f"… and {' and '.join(left)}: see Home"),)))
        words = rich(lines, title)
        made = [words] if words else []
        made += [{"type": "actions", "elements": shown}] if shown else []
        if self.reach is not None and card.about.startswith("taf-"):
            made.append(self.reach(card.about))
        return made

    def shown(self, buttons: list[Button]) -> list[Block]:
        """As many buttons as fit."""
        made: list[Block] = []
        for button in buttons[:MOST_BUTTONS]:
            one = self._button(button)
            if text_in([*made, one]) > BUTTON_TEXT:
                break
            made.append(one)
        return made

    def _button(self, button: Button) -> Block:
        if not _ABOUT.fullmatch(button.about):
            raise ValueError(f"{button.command}: a button carries an opaque reference and no more")
        form = self.forms(button.command)
        asked = form if form is not None and asks_only_sure(form) else None
        label = self.labels(button.command) or button.command
        made: Block = {
            "type": "button",
            "text": plain(label, 75),
            "action_id": f"{SURE if asked else PRESS}:{button.command}:{self.number}",
        }
        self.number += 1
        if button.about:
            made["value"] = button.about
        return made | ({"confirm": _dialog(asked, label)} if asked else {})

    def _rest(self, left: list[Card]) -> Block:
        buttons = sum(bool(self.labels(one.command)) for card in left for one in card.buttons)
        with_them = f", with {counted(buttons, 'button')}" if buttons else ""
        return {
            "type": "context",
            "elements": [plain(f"… and {len(left)} more{with_them}: see Home")],
        }


def _header(title: str) -> Block:
    return {"type": "header", "text": plain(title, 150)}


def _inside(card: Card) -> Iterator[Card]:
    for inner in card.cards:
        yield inner
        yield from _inside(inner)


def _fits(blocks: list[Block], *, last: bool) -> bool:
    spare_blocks, spare_text = (0, 0) if last else (1, ROOM_TO_TELL)
    return (
        len(blocks) + spare_blocks <= MOST_BLOCKS["message"]
        and text_in(blocks) + spare_text <= MESSAGE_TEXT
    )


def _dialog(form: Form, label: str) -> Block:
    """Slack's own "are you sure?": what happens, and the question."""
    return {
        "title": plain(form.heading, 100),
        "text": plain(" ".join(one for one in (form.intro, form.sure) if one), 300),
        "confirm": plain(form.submit or label, 30),
        "deny": plain("Not now", 30),
    }


def counted(number: int, thing: str) -> str:
    """ "1 button", "3 buttons"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
