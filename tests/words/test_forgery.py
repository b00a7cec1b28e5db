"""Words that somebody typed never become a button, a point, a paragraph or strong type."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages import rendering
from messages.card import Card
from tests.words.samples import LABELS, NOTICES, usual
from workflows.notice import Notice

NASTY = (
    "*", "**", "-", "- ", "\n", "\n- ", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029",
    "\n---\n", "---", "{{ 7 * 7 }}", "{{ labels }}", "{% if who %}", "{# gone #}",
    "\nbuttons: taf.close\n", "title: Forged", "\ue000", "\ue001", "<b>", "&amp;", "a", " ",
)  # fmt: skip

typed = st.lists(st.sampled_from(NASTY) | st.text(max_size=3), max_size=12).map(
    lambda parts: "x" + "".join(parts) + "x"
)

FREE = frozenset({"reference", "who", "by", "lead", "owner", "agency", "banner", "after", "what"})
"""Facts that are not looked up in a table of words, so that anything may stand in them."""


def structure(card: Card) -> Any:
    return (
        card.buttons,
        card.about,
        [(line.point, [span.strong for span in line.spans]) for line in card.lines],
        card.cards,
    )


def filled(notice: type[Notice], words: str) -> Card:
    facts = usual(notice)
    return rendering.card(notice.stem(), facts | dict.fromkeys(FREE & set(facts), words))


@pytest.mark.parametrize("notice", NOTICES, ids=lambda one: one.stem())
@settings(deadline=None)  # on a busy machine a good answer may be late
@given(words=typed)
def test_a_card_keeps_the_shape_its_author_gave_it(notice: type[Notice], words: str) -> None:
    card = filled(notice, words)

    assert structure(card) == structure(filled(notice, "x"))
    assert len(card.title.splitlines()) == 1
    assert all(len(line.text.splitlines()) == 1 for line in card.lines)


def test_the_words_are_shown_as_they_were_typed() -> None:
    card = filled(
        next(one for one in NOTICES if one.stem() == "joined_the_team"),
        "A*sha-Lee {{ 7 * 7 }} <b>&amp;",
    )

    assert card.lines[0].spans[0].text == "A*sha-Lee {{ 7 * 7 }} <b>&amp;"
    assert card.lines[0].spans[0].strong
    assert "A*sha-Lee {{ 7 * 7 }}" in card.title


def test_our_own_stand_ins_cannot_be_typed() -> None:
    card = filled(
        next(one for one in NOTICES if one.stem() == "joined_the_team"), "a\ue000b\ue001c"
    )

    assert card.lines[0].spans[0].text == "abc"


def test_a_line_break_becomes_a_space() -> None:
    card = filled(next(one for one in NOTICES if one.stem() == "joined_the_team"), "a\nb\u2028- c")

    assert card.lines[0].spans[0].text == "a b - c"
    assert len(card.lines) == 1


@settings(deadline=None)  # on a busy machine a good answer may be late
@given(words=typed)
def test_a_refusal_is_one_sentence_whatever_was_typed(words: str) -> None:
    text = rendering.refusal("same_label", {"label": words, "labels": LABELS})

    assert text.startswith("Two people in the family are called")
    assert len(text.splitlines()) == 1
    assert "\ue000" not in text
    assert "\ue001" not in text
