"""A card as a Teams message: what a person typed is shown as typed, and everything fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.teams.wording import Element, counted, cut, heading, paragraph, plain, run, weight
from messages.card import Button, Card, Line, Span
from messages.form import Form

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
VERSION = "1.5"
"""The newest version of Adaptive Cards that Teams shows."""

PRESS, FORM = "press", "form"
"""Where the SDK sends what comes back: a press, or a form that is to be opened or was filled in."""

MOST_BYTES = 25_000
"""A message of ours as it is sent, in UTF-8. Teams takes about 100 KB of UTF-16, in which it is at
most twice as long; older limits were 40 and 28 KB."""

AROUND = 1_000
"""The bytes around a message's card: its summary, and what the connector adds."""

ROOM_TO_TELL = 400
"""Kept free for saying what was left out, in bytes."""

BODY = 10_000
"""The most bytes of one card's lines; our own notices have under 2,000 (ours)."""

MOST_BUTTONS = 24
IN_A_ROW = 41
"""The characters of a row of buttons that a phone shows, each button's edges counted as five.

Teams cuts off what goes over the edge, and hides a row's seventh button in a menu.
"""

_COMMAND = re.compile(r"[a-z_]{1,40}\.[a-z_]{1,40}", re.ASCII)
_ABOUT = re.compile(r"([a-z_]{1,30}-\d{1,12})?", re.ASCII)

Labels = Callable[[str], str | None]
Forms = Callable[[str], Form | None]
Reach = Callable[[str], list[Element]]


def no_form(_: str) -> Form | None:
    """No form is known: every button is a press."""
    return None


def card(card: Card, labels: Labels, forms: Forms = no_form) -> Element:
    """A card as an Adaptive Card.

    `labels` gives a button's words for a command, None to leave the button out; `forms` the form
    of a command: where it asks anything, the button opens it.
    Raises ValueError for a button about anything but an opaque reference (R1).
    """
    return adaptive(_Made(labels, forms).of(card))


def activity(card: Card, labels: Labels, forms: Forms = no_form, drawn: str = "") -> dict[str, Any]:
    """A card as a message; its summary stands in notifications.

    `drawn` tells this drawing of it from the one that takes its place, as its buttons say.
    """
    return {
        "type": "message",
        "summary": plain(card.title or card.text, 150),
        "attachments": [attached(adaptive(_Made(labels, forms, drawn=drawn).of(card)))],
    }


def parts(
    card: Card,
    labels: Labels,
    forms: Forms,
    reach: Reach,
    drawn: str = "",
    most: int = MOST_BYTES - AROUND,
    elsewhere: str = "see My actions",
) -> list[Element]:
    """A card as elements of another, in so many bytes.

    `reach` gives what stands below what is said of a family; `elsewhere` is how to see what is
    left out.
    """
    made = _Made(labels, forms, reach, drawn)
    made.most, made.elsewhere = most, elsewhere
    return made.of(card)


def adaptive(body: list[Element]) -> Element:
    """These elements as an Adaptive Card."""
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": VERSION,
        "body": body,
    }


def attached(content: Element) -> dict[str, Any]:
    """An Adaptive Card as an attachment."""
    return {"contentType": CONTENT_TYPE, "content": content}


def pressed(data: Any) -> tuple[str, str] | None:
    """The command and what it is given on, from a button that was pressed; None if not ours."""
    if not isinstance(data, Mapping) or data.get("action") != PRESS:
        return None
    return references(data.get("command"), data.get("about"))


def references(command: Any, about: Any) -> tuple[str, str] | None:
    """A command and what it is given on, None if it is anything else."""
    about = "" if about is None else about
    if not isinstance(command, str) or not isinstance(about, str):
        return None
    ours = _COMMAND.fullmatch(command) and _ABOUT.fullmatch(about)
    return (command, about) if ours else None


def executed(made: Element, data: Element) -> Element:
    """A button that asks us at once; `data` has our name for what, in `action`.

    Microsoft's own client sends nothing of one without a verb, though the schema wants none.
    """
    return {"type": "Action.Execute", "verb": data["action"], **made, "data": data}


def rows_of(actions: list[Element]) -> list[Element]:
    """Buttons in rows, so that none is hidden."""
    rows: list[list[Element]] = []
    used = 0
    for action in actions:
        wide = len(action["title"]) + 5
        if not rows or used + wide > IN_A_ROW:
            rows.append([])
            used = 0
        rows[-1].append(action)
        used += wide
    return [{"type": "ActionSet", "actions": row} for row in rows]


class _Made:
    """A card being put together."""

    def __init__(
        self, labels: Labels, forms: Forms, reach: Reach | None = None, drawn: str = ""
    ) -> None:
        self.labels, self.forms, self.reach = labels, forms, reach
        self.drawn = {"n": drawn} if drawn else {}
        self.most, self.elsewhere = MOST_BYTES - AROUND, "see My actions"

    def of(self, card: Card) -> list[Element]:
        """The card and the cards inside it, as many as fit; the rest is counted."""
        body = [*([heading(card.title)] if card.title else []), *self._body(card)]
        inside = list(_inside(card))
        for index, inner in enumerate(inside):
            title = [paragraph(run(cut(inner.title, 150), weight="bolder"))]
            items = [*(title if inner.title else []), *self._body(inner)]
            more = {"type": "Container", "separator": True, "spacing": "medium", "items": items}
            spare = 0 if index == len(inside) - 1 else ROOM_TO_TELL
            if weight(adaptive([*body, more])) + spare > self.most:
                return [*body, self._rest(inside[index:])]
            body.append(more)
        return body

    def _body(self, card: Card) -> list[Element]:
        lines = _fitting([_line(line) for line in card.lines])
        buttons = [one for one in card.buttons if self.labels(one.command)]
        shown = [self._button(button) for button in buttons][:MOST_BUTTONS]
        left = [
            counted(number, thing)
            for number, thing in (
                (len(card.lines) - len(lines), "more line"),
                (len(buttons) - len(shown), "more button"),
            )
            if number
        ]
        if left:
            lines.append(_small(f"… and {' and '.join(left)}: see My actions"))
        reach = self.reach(card.about) if self.reach and card.about.startswith("taf-") else []
        return [*lines, *rows_of(shown), *reach]

    def _button(self, button: Button) -> Element:
        if references(button.command, button.about) is None:
            raise ValueError(f"{button.command}: a button carries an opaque reference and no more")
        form = self.forms(button.command)
        about = {"command": button.command, "about": button.about}
        made = {"title": cut(self.labels(button.command) or button.command, 75)}
        # Else an answer still missing elsewhere on the card would hold the button back.
        made["associatedInputs"] = "none"
        if form is not None and form.asks:
            opens = {"msteams": {"type": "task/fetch"}, "dialog_id": FORM}
            return {"type": "Action.Submit", **made, "data": opens | self.drawn | about}
        return executed(made, {"action": PRESS} | self.drawn | about)

    def _rest(self, left: list[Card]) -> Element:
        buttons = sum(bool(self.labels(one.command)) for card in left for one in card.buttons)
        with_them = f", with {counted(buttons, 'button')}" if buttons else ""
        return _small(f"… and {len(left)} more{with_them}: {self.elsewhere}")


def _inside(card: Card) -> Iterator[Card]:
    for inner in card.cards:
        yield inner
        yield from _inside(inner)


def _line(line: Line) -> Element:
    spans = [Span("•\u00a0"), *line.spans] if line.point else [*line.spans]
    runs = [run(one.text, **({"weight": "bolder"} if one.strong else {})) for one in spans]
    return paragraph(*runs, **({"spacing": "small"} if line.point else {}))


def _fitting(lines: list[Element]) -> list[Element]:
    """As many of the lines as fit; a first one that does not fit by itself is cut."""
    kept: list[Element] = []
    size = 0
    for line in lines:
        size += weight(line)
        if size > BODY:
            break
        kept.append(line)
    if kept or not lines:
        return kept
    words = "".join(one["text"] for one in lines[0]["inlines"])
    return [paragraph(run(cut(words, BODY // 10)))]


def _small(text: str) -> Element:
    return paragraph(run(text, isSubtle=True), separator=True)
