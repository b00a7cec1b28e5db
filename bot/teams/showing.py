"""What somebody is shown of their own on Teams: their home, an answer, all that can be done."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import partial
from typing import Any

from bot.chat.home import Home
from bot.chat.naming import Naming
from bot.teams.cards import (
    AROUND,
    CONTENT_TYPE,
    MOST_BYTES,
    adaptive,
    executed,
    parts,
    rows_of,
)
from bot.teams.fields import BEFORE
from bot.teams.tasks import task_continue
from bot.teams.wording import Element, cut, paragraph, plain, run, weight
from messages.card import Card
from messages.form import Choice

PAGE, REACH = "page", "reach"
"""What a button asks for besides commands: another page of home, all that can be done."""

HOME, SAID = "home", "said"
"""What is drawn again after a press on it, as its buttons say: a page of home, an answer."""

CHOSEN = f"{BEFORE}what"
MOST = MOST_BYTES - AROUND - 1_800
"""The bytes of a home: of so many small parts, the spaces that may be sent between them count."""

HEADED = 600
"""The bytes of a section of home of which nothing is shown but its heading and its number."""

BY_REFERENCE = "type the family's reference"
"""How to see what home has no room for, besides actions."""

OFFERED = 100
"""Of all that can be done about a family, what is listed at once; the rest is searched (ours)."""

Body = dict[str, Any]


def home_card(home: Home, naming: Naming) -> Element:
    """Somebody's home, as a card: a page of actions whole, and of the rest as much as fits."""
    first, *rest = home.sections
    drawn = drawing(HOME, str(home.page))
    begin = _parts(Card("", buttons=home.begin), naming, drawn)
    left = MOST - weight([*_turning(home), *begin])
    # Each that follows needs room for its heading and for how many there are.
    body = _parts(first, naming, drawn, left - HEADED * len(rest)) + _turning(home)
    for index, section in enumerate(rest, 1):
        left = MOST - weight([*body, *begin]) - HEADED * (len(rest) - index)
        body += _parts(section, naming, drawn, left, BY_REFERENCE)
    return adaptive([*body, *begin])


def home_message(home: Home, naming: Naming) -> dict[str, Any]:
    """Somebody's home, as a message."""
    return as_message(home_card(home, naming), "What is yours")


def shown(card: Card, naming: Naming, word: str = "") -> dict[str, Any]:
    """A card as a message to somebody; under a family's, all that can be done about it.

    `word` is what it answers, where it can be asked for again when something on it is pressed.
    """
    drawn = drawing(SAID, word) if word else secrets.token_hex(4)
    return as_message(adaptive(_parts(card, naming, drawn)), card.title or card.text)


def as_message(card: Element, summary: str) -> dict[str, Any]:
    """An Adaptive Card as a message."""
    attached = [{"contentType": CONTENT_TYPE, "content": card}]
    return {"type": "message", "summary": plain(summary, 150), "attachments": attached}


def reach_dialog(choices: Sequence[Choice], ref: str, card: tuple[str, str]) -> Body:
    """A dialog that lists all that somebody can do about a family now, to search and choose.

    `card` is the message that it was opened from, and which drawing of it.
    """
    if not choices:
        return task_continue("Nothing to do", adaptive([paragraph(run("There is nothing now."))]))
    listed = [{"title": plain(one.label, 150), "value": one.value} for one in choices[:OFFERED]]
    asked: Element = {
        "type": "Input.ChoiceSet",
        "id": CHOSEN,
        "style": "filtered",
        "label": "What would you like to do?",
        "placeholder": "Search: meeting, action 3…",
        "choices": listed,
    }
    if len(choices) > OFFERED:
        asked["choices.data"] = {"type": "Data.Query", "dataset": f"{REACH}|{ref}|{CHOSEN}"}
    data = {"dialog_id": REACH, "action": REACH, "about": ref, "m": card[0], "n": card[1]}
    go_on = {"type": "Action.Submit", "title": "Continue", "data": data}
    return task_continue("What would you like to do?", adaptive([asked, *rows_of([go_on])]))


def drawing(kind: str, what: str) -> str:
    """How the buttons of a drawing say what they stand on, and tell it from every other."""
    return f"{kind}:{what}:{secrets.token_hex(4)}"


def _parts(
    card: Card,
    naming: Naming,
    drawn: str,
    most: int = MOST_BYTES - AROUND,
    elsewhere: str = "see My actions",
) -> list[Element]:
    reach = partial(_reaching, drawn)
    return parts(card, naming.label, naming.form, reach, drawn, most, elsewhere)


def _reaching(drawn: str, ref: str) -> list[Element]:
    data = {"msteams": {"type": "task/fetch"}, "dialog_id": REACH, "about": ref, "n": drawn}
    title = "Something else about this family"
    button = {"type": "Action.Submit", "title": title, "associatedInputs": "none", "data": data}
    return rows_of([button])


def _turning(home: Home) -> list[Element]:
    if not home.last:
        return []
    turns = []
    if home.page > 0:
        turns.append(_turn("Sooner", home.page - 1))
    if home.page < home.last:
        turns.append(_turn("Later", home.page + 1))
    return [paragraph(run(cut(home.place, 100), isSubtle=True, size="small")), *rows_of(turns)]


def _turn(title: str, page: int) -> Element:
    data = {"action": PAGE, "page": page}
    return executed({"title": title, "associatedInputs": "none"}, data)
