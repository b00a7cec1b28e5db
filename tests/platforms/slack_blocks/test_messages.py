"""A card on Slack says what it says everywhere, with its buttons, and cannot ring or format."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands import COMMANDS
from bot.slack.blocks import asks_only_sure, fallback, message, read_press, was_asked
from bot.slack.limits import check
from messages import rendering
from messages.card import Button, Card, Line, Span
from messages.form import Form

SAMPLES: Any = importlib.import_module("tests.words.samples")
"""Every notice with its facts; untyped here, as the tests of our words are."""

MARKUP = [
    *("<!channel>", "<!here>", "<@U1>", "<#C1>", "<https://a.example|b>", "&lt;!channel&gt;"),
    *("*b*", "_i_", "~s~", "`c`", "```d```", ":tada:", "@here", "> quoted", "- point"),
]


def label(command: str) -> str | None:
    return COMMANDS[command].form.label


def form(command: str) -> Form | None:
    return COMMANDS[command].form


def line(text: str, *, point: bool = False, strong: bool = False) -> Line:
    return Line((Span(text, strong),), point)


def every(piece: Any) -> Iterator[dict[str, Any]]:
    if isinstance(piece, dict):
        yield piece
        for one in piece.values():
            yield from every(one)
    elif isinstance(piece, list):
        for one in piece:
            yield from every(one)


def shown(sent: dict[str, Any]) -> str:
    return "".join(one["text"] for one in every(sent["blocks"]) if isinstance(one.get("text"), str))


def pressed(sent: dict[str, Any]) -> list[tuple[str, str] | None]:
    return [
        read_press(one["action_id"], one.get("value"))
        for one in every(sent["blocks"])
        if one.get("type") == "button"
    ]


@pytest.mark.parametrize("notice", SAMPLES.NOTICES, ids=lambda one: one.stem())
def test_every_notice_is_fit_to_send_and_says_all_it_has_to_say(notice: Any) -> None:
    for facts in SAMPLES.shapes(notice):
        card = rendering.card(notice.stem(), facts)
        sent = message(card, label, form)

        assert check("message", sent) == []
        assert card.title in shown(sent)
        assert all(span.text in shown(sent) for one in card.lines for span in one.spans)
        assert pressed(sent) == [(one.command, one.about) for one in card.buttons]


def test_points_are_a_list_and_strong_words_are_bold() -> None:
    card = Card("T", (line("One."), line("Two."), line("p", point=True, strong=True), line("End.")))

    _, words = message(card, label)["blocks"]

    kinds = [one["type"] for one in words["elements"]]
    assert kinds == ["rich_text_section", "rich_text_list", "rich_text_section"]
    assert [one["text"] for one in words["elements"][0]["elements"]] == ["One.", "\n", "Two.", "\n"]
    (point,) = words["elements"][1]["elements"]
    assert point["elements"] == [{"type": "text", "text": "p", "style": {"bold": True}}]


@pytest.mark.parametrize("markup", MARKUP)
def test_what_is_typed_stays_literal_everywhere(markup: str) -> None:
    typed = f"a {markup} b"
    inner = Card(typed, (line(typed), line(typed, point=True, strong=True)))
    card = Card(typed, inner.lines, (Button("action.mark_done", "action-1"),), cards=(inner,))

    sent = message(card, lambda _: typed, lambda _: Form("Go", sure=typed))

    assert check("message", sent) == []
    kinds = {one["type"] for one in every(sent["blocks"]) if "type" in one}
    assert kinds <= {"header", "rich_text", "rich_text_section", "rich_text_list", "text",
                     "plain_text", "actions", "button", "divider"}  # fmt: skip
    assert shown(sent).count(typed) == 9
    assert all(one["emoji"] is False for one in every(sent) if one.get("type") == "plain_text")


@pytest.mark.parametrize("markup", MARKUP)
def test_the_fallback_text_can_neither_ring_nor_format(markup: str) -> None:
    text = fallback(Card(markup, (line(markup),)))

    assert not set("<>*_~`") & set(text)
    assert "&" not in text.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


@settings(deadline=None)  # on a busy machine a good answer may be late
@given(st.text(max_size=400), st.lists(st.text(max_size=4000), max_size=8))
def test_any_words_at_all_are_fit_to_send(title: str, texts: list[str]) -> None:
    card = Card(title, tuple(line(text) for text in texts))

    assert check("message", message(card, label)) == []


def test_the_fallback_says_title_and_lines() -> None:
    assert fallback(Card("T & U", (line("One."), line("p", point=True)))) == "T &amp; U\nOne.\n- p"


def test_a_long_fallback_ends_with_a_whole_line() -> None:
    text = fallback(Card("T", tuple(line("é<" * 50) for _ in range(100))))

    assert 2500 < len(text) <= 3000
    assert {len(one) for one in text.splitlines()[1:]} == {50 * 5}


def button_card(number: int) -> Card:
    buttons = (Button("action.mark_done", f"action-{number}"), Button("action.block", "action-1"))
    return Card(f"F-{number}: overdue", (line("It was due."),), buttons, f"action-{number}")


def digest(number: int) -> Card:
    return Card("Today", (line("Your day."),), cards=tuple(map(button_card, range(number))))


def test_a_digest_shows_each_card_with_its_buttons() -> None:
    sent = message(digest(10), label)

    assert check("message", sent) == []
    assert pressed(sent)[::2] == [("action.mark_done", f"action-{n}") for n in range(10)]
    assert sum(one["type"] == "divider" for one in sent["blocks"]) == 10


@pytest.mark.parametrize("number", [14, 15, 16, 17, 18, 40, 300])
def test_a_digest_that_is_too_long_says_how_much_is_left_out(number: int) -> None:
    sent = message(digest(number), label)

    assert check("message", sent) == []
    cards = sum(one["type"] == "divider" for one in sent["blocks"])
    left = number - cards
    assert len(pressed(sent)) == 2 * cards
    last = f"… and {left} more, with {2 * left} buttons: see Home"
    assert (last in shown(sent)) == bool(left)
    assert cards >= 14
    assert left or "see Home" not in shown(sent)


def test_a_digest_of_many_words_is_cut_where_slack_would_refuse_it() -> None:
    inner = Card("F-1", tuple(line("word " * 100) for _ in range(4)), button_card(1).buttons)

    sent = message(Card("Today", cards=(inner,) * 12), label)

    assert check("message", sent) == []
    assert "… and 8 more, with 16 buttons: see Home" in shown(sent)


def test_a_card_that_is_too_long_says_how_much_is_left_out() -> None:
    lines = tuple(line(f"{n} " + "x" * 500) for n in range(20))
    buttons = tuple(Button("action.block", f"action-{n}") for n in range(30))

    sent = message(Card("T", lines, buttons), label)

    assert check("message", sent) == []
    assert "… and 15 more lines and 5 more buttons: see Home" in shown(sent)
    assert len(pressed(sent)) == 25


def test_buttons_of_the_same_command_have_different_ids() -> None:
    sent = message(digest(5), label)

    ids = [one["action_id"] for one in every(sent) if one.get("type") == "button"]
    assert len(ids) == len(set(ids)) == 10
    assert ids[0] == "press:action.mark_done:0"


def test_a_button_without_words_is_left_out() -> None:
    sent = message(button_card(1), lambda command: None if command == "action.block" else "Done")

    assert pressed(sent) == [("action.mark_done", "action-1")]


def test_a_card_without_buttons_has_no_empty_row_of_them() -> None:
    assert [one["type"] for one in message(button_card(1), lambda _: None)["blocks"]] == [
        "header",
        "rich_text",
    ]


def test_a_command_about_nothing_carries_nothing() -> None:
    sent = message(Card("T", buttons=(Button("taf.convene", ""),)), label)

    assert pressed(sent) == [("taf.convene", "")]
    assert "value" not in sent["blocks"][1]["elements"][0]


@pytest.mark.parametrize("about", ["Jason Smith", "action-1 ", "action", "action-1\n", "12", "-"])
def test_a_button_carries_an_opaque_reference_or_is_a_fault(about: str) -> None:
    with pytest.raises(ValueError, match="opaque"):
        message(Card("T", buttons=(Button("action.block", about),)), label)


def test_what_only_asks_if_you_are_sure_asks_in_slacks_own_dialog() -> None:
    (_, actions) = message(
        Card("T", buttons=(Button("delivery.set_aside", "delivery-3"),)), label, form
    )["blocks"]

    (button,) = actions["elements"]
    assert was_asked(button["action_id"])
    assert read_press(button["action_id"], button["value"]) == ("delivery.set_aside", "delivery-3")
    assert button["confirm"]["text"]["text"].endswith(
        "Does everybody who needs this know it another way?"
    )


def test_exactly_the_commands_that_only_ask_if_you_are_sure_have_a_dialog() -> None:
    for command in COMMANDS:
        sent = message(Card("T", buttons=(Button(command, "action-1"),)), label, form)
        (button,) = sent["blocks"][1]["elements"]

        assert check("message", sent) == []
        assert ("confirm" in button) == was_asked(button["action_id"])
        assert ("confirm" in button) == asks_only_sure(COMMANDS[command].form)
        assert read_press(button["action_id"], button["value"]) == (command, "action-1")


FORGED = ["", "press:", "press:action.mark_done", "press:action.mark_done:x", "answer",
          "row:add:actions", "press:taf.close:1:2", "push:taf.close:1", "press:TAF.close:1",
          "press:../x:1", "press:taf.close:1\n", "press:taf.close:٣"]  # fmt: skip


@pytest.mark.parametrize("action_id", FORGED)
def test_what_is_no_button_of_ours_is_no_press(action_id: str) -> None:
    assert read_press(action_id, "action-1") is None


@pytest.mark.parametrize("value", ["action", "action-1; drop", "<@U1>", "action-1\n", "x" * 5000])
def test_what_is_no_reference_is_no_press(value: str) -> None:
    assert read_press("press:taf.close:1", value) is None


def test_a_message_can_be_written_down() -> None:
    sent = message(digest(3), label, form)

    assert json.loads(json.dumps(sent)) == sent
