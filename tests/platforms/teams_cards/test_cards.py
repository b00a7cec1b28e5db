"""A card in Teams says what it says everywhere, with its buttons, and nothing typed is read."""

from __future__ import annotations

import importlib
import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings

from bot.commands import COMMANDS
from bot.teams.cards import activity, card, pressed
from messages import rendering
from messages.card import Button, Card, Line, Span
from messages.form import Form
from tests.platforms.teams_cards.looking import words
from tests.platforms.teams_cards.schema import every, faults, size
from tests.platforms.teams_cards.test_wording import nasty

SAMPLES: Any = importlib.import_module("tests.words.samples")
"""Every notice with its facts; untyped here, as the tests of our words are."""


def label(command: str) -> str | None:
    return COMMANDS[command].form.label


def form(command: str) -> Form | None:
    return COMMANDS[command].form


def line(text: str, *, point: bool = False, strong: bool = False) -> Line:
    return Line((Span(text, strong),), point)


def content(sent: dict[str, Any]) -> Any:
    (attachment,) = sent["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    return attachment["content"]


def actions(made: Any) -> list[dict[str, Any]]:
    return [one for one in every(made) if one.get("type") in {"Action.Execute", "Action.Submit"}]


@pytest.mark.parametrize("notice", SAMPLES.NOTICES, ids=lambda one: one.stem())
def test_every_notice_is_fit_to_send_and_says_all_it_has_to_say(notice: Any) -> None:
    for facts in SAMPLES.shapes(notice):
        made = rendering.card(notice.stem(), facts)
        sent = activity(made, label, form)
        shown = words(content(sent))

        assert faults(content(sent)) == []
        assert sent["type"] == "message"
        assert sent["summary"].replace("\u200b", "") == made.title == shown[0]
        assert all(span.text in shown for one in made.lines for span in one.spans)
        held = [(one["data"]["command"], one["data"]["about"]) for one in actions(content(sent))]
        assert held == [(one.command, one.about) for one in made.buttons]


def test_points_are_dotted_and_strong_words_are_bold() -> None:
    made = card(Card("T", (line("One."), line("p", point=True, strong=True))), label)

    _, one, point = made["body"]
    assert one["inlines"] == [{"type": "TextRun", "text": "One."}]
    dot, run = point["inlines"]
    assert (dot["text"], run["weight"]) == ("•\u00a0", "bolder")


def test_a_button_presses_or_opens_a_form_and_carries_no_more_than_references() -> None:
    about = "action-12"
    made = Card("T", (), tuple(Button(one, about) for one in COMMANDS))

    for shown in actions(card(made, label, form)):
        data = shown["data"]
        assert shown["associatedInputs"] == "none"
        if COMMANDS[data["command"]].form.asks:
            opens = {"msteams": {"type": "task/fetch"}, "dialog_id": "form"}
            assert shown["type"] == "Action.Submit"
            assert data == {**opens, "command": data["command"], "about": about}
            assert pressed(data) is None
        else:
            assert (shown["type"], shown["verb"]) == ("Action.Execute", "press")
            assert pressed(data) == (data["command"], about)


@pytest.mark.parametrize("about", ["Asha Patel", "action-12 ", "action-", "action-12\n", "*"])
def test_a_button_about_anything_but_a_reference_is_refused(about: str) -> None:
    with pytest.raises(ValueError, match="opaque"):
        card(Card("T", (), (Button("action.mark_done", about),)), label)


@pytest.mark.parametrize(
    "data",
    [
        *(None, [], "press", {}, {"action": "press"}, {"action": "press", "command": 3}),
        {"action": "press", "command": "action.mark_done", "about": "Asha Patel"},
        {"action": "press", "command": "action.mark_done", "about": ["action-12"]},
        {"action": "other", "command": "action.mark_done", "about": "action-12"},
        {"action": "press", "command": "__import__", "about": "action-12"},
    ],
)
def test_a_press_that_is_none_of_ours_is_none(data: Any) -> None:
    assert pressed(data) is None


def test_buttons_stand_in_rows_that_a_phone_shows() -> None:
    made = card(Card("T", (), tuple(Button(one, "") for one in [*COMMANDS][:20])), label)

    rows = [one["actions"] for one in made["body"] if one["type"] == "ActionSet"]
    assert sum(len(row) for row in rows) == 20
    for row in rows:
        assert len(row) == 1 or sum(len(one["title"]) + 5 for one in row) <= 41
    for row, after in itertools.pairwise(rows):
        assert sum(len(one["title"]) + 5 for one in [*row, after[0]]) > 41


def test_a_button_without_words_is_left_out() -> None:
    made = card(Card("T", (), (Button("taf.close", "taf-1"),)), lambda _: None)

    assert actions(made) == []


def test_a_digest_parts_its_cards_and_counts_those_that_do_not_fit() -> None:
    inner = Card("Overdue", (line("é" * 400),), (Button("action.mark_done", "action-12"),))
    few = card(Card("Your day", cards=(inner, inner)), label)
    many = activity(Card("Your day", cards=(inner,) * 100), label)

    assert [one["separator"] for one in few["body"][1:]] == [True, True]
    assert faults(content(many)) == []
    assert size(many) < 25_000
    shown = len(content(many)["body"]) - 2
    left = 100 - shown
    assert words(content(many))[-1] == f"… and {left} more, with {left} buttons: see My actions"


def test_one_card_that_is_too_long_says_what_it_leaves_out() -> None:
    lines = tuple(line(f"{number} " + "\U0001f600" * 300) for number in range(40))
    made = card(Card("T", lines, (Button("taf.close", "taf-1"),) * 30), label)

    assert faults(made) == []
    left = 40 - sum("\U0001f600" in one for one in words(made))
    assert 0 < left < 40
    assert words(made)[-1] == f"… and {left} more lines and 6 more buttons: see My actions"


@settings(deadline=None)
@given(text=nasty.filter(bool))
def test_what_is_typed_changes_no_card(text: str) -> None:
    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: shape(one) for name, one in value.items()}
        return [shape(one) for one in value] if isinstance(value, list) else type(value)

    def made(typed: str) -> Any:
        lines = (line(typed), line(typed, point=True, strong=True))
        inner = Card(typed, lines, (Button("action.mark_done", "action-12"),))
        return activity(Card(typed, lines, (), cards=(inner,)), label, form)

    assert shape(made(text)) == shape(made("x"))
    assert faults(content(made(text))) == []
    read_as_markdown = [one for one in every(made(text)) if one.get("type") == "TextBlock"]
    assert [one["style"] for one in read_as_markdown] == ["heading"]


@settings(deadline=None)
@given(text=nasty.map(lambda one: one * 3000))
def test_whatever_is_typed_fits(text: str) -> None:
    inner = Card(text, (line(text),) * 3, (Button("action.mark_done", "action-12"),))

    sent = activity(Card(text, (line(text),) * 3, cards=(inner,) * 30), label, form)

    assert size(sent) < 25_000
    assert json.loads(json.dumps(sent)) == sent
