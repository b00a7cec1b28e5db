"""Somebody's home fits into one card, however long their lists are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.home import HERE, MEETINGS, MOST_OFFERED, Home
from bot.chat.naming import Naming
from bot.chat.showing import saying
from bot.chat.typing import MOST_WORDS
from bot.slack import limits
from bot.slack.showing import home_view
from bot.teams.cards import MOST_BYTES
from bot.teams.showing import home_card, home_message
from messages.card import Button, Card
from tests.platforms.teams_cards.looking import words
from tests.platforms.teams_cards.schema import faults, size
from workflows.policy import load_policy

NAMING = Naming(load_policy(Path("app.yaml").read_text(encoding="utf-8")))
ON_AN_ACTION = ("action.mark_done", "action.ask_for_time", "action.block")
LATE = ("The review was due on Tuesday 18 March.", "Three actions overdue.")
LATE += ("Three meetings not recorded yet.",)
COUNTS = ("999 actions", "994 meetings", "999 families")
HEADINGS = ["My actions", "Offered to me", "My meetings", "My families"]


def fullest(typed: str) -> Home:
    """Every list as long as it can be, everything late, each action with these words."""
    late = "Overdue: it was due on Wednesday 24 September."
    actions = [
        replace(
            saying(f"QX-1234567, action {number}: {typed}", late),
            buttons=tuple(Button(one, f"action-12345678{number}") for one in ON_AN_ACTION),
        )
        for number in range(HERE)
    ]
    offered = [
        replace(
            saying("QX-1234567. Bartholomew Featherstonehaugh asks you to be the lead."),
            buttons=tuple(Button(one, "handover-123") for one in ("lead.accept", "lead.decline")),
        )
    ] * MOST_OFFERED
    meeting = Button("meeting.reply", "meeting-123456")
    invited = replace(saying("QX-1234567: Wednesday at 10:00"), buttons=(meeting,))
    meetings = [invited] * MEETINGS
    family = saying("QX-1234567. You are the Lead Professional.", *LATE)
    families = [replace(family, about=f"taf-1234{10 + one}") for one in range(HERE)]
    families.append(saying("989 more on the pages after this."))
    meetings.append(saying("989 more on the pages after this."))
    lists = (actions, offered, meetings, families)
    sections = tuple(
        Card(heading, cards=tuple(one)) for heading, one in zip(HEADINGS, lists, strict=True)
    )
    begin = ("taf.convene", "taf.step_down", "person.add", "leave.take")
    return Home(sections, tuple(Button(one, "") for one in begin), 3, 99, COUNTS)


@pytest.mark.parametrize(
    "typed", ["Book it", "x" * MOST_WORDS, "😀" * MOST_WORDS, "{" * MOST_WORDS]
)
def test_home_fits_with_the_longest_lists(typed: str) -> None:
    home = fullest(typed)
    card = home_card(home, NAMING)
    assert size(home_message(home, NAMING)) <= MOST_BYTES
    assert faults(card) == []
    shown = words(card)
    assert [one for one in shown if one in HEADINGS] == HEADINGS
    assert sum("action " in one and "QX-" in one for one in shown) == HERE
    assert limits.check("home", home_view(home, NAMING.label, NAMING.form)) == []


def test_what_everybody_has_is_shown_whole() -> None:
    home = fullest("Book the assessment with the clinic, and tell the school when it is")
    few = [replace(one, cards=one.cards[:7]) for one in home.sections]
    shown = words(home_card(replace(home, sections=tuple(few)), NAMING))
    assert not [one for one in shown if one.startswith("…")]


def test_what_is_left_out_is_counted_and_how_to_see_it_is_said() -> None:
    shown = words(home_card(fullest("😀" * MOST_WORDS), NAMING))
    left = [one for one in shown if one.startswith("…")]
    assert left
    assert all(one.endswith("type the family's reference") for one in left)
