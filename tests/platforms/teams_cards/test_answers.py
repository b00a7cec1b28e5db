"""Whatever comes back from a dialog is read without a fault, and no more of it than may be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.teams.answers import Asked, answers, asked, follows
from bot.teams.tasks import said, task_continue, task_message
from messages.form import Field, Form
from tests.platforms.samples import ANYTHING, lists_of
from tests.platforms.teams_cards.looking import cards, sends
from tests.platforms.teams_cards.schema import faults

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
paths = st.sampled_from(
    [
        *("note", "some", "rows-0:1", "rows-0", "rows:1", "told-0:family-1", "told-99999:x", "-:"),
        *("rows-0-why", "more", "nowhere", "rows-0:" + "x" * 999, "told-0: ", "kind", ":"),
    ]
)
hostile = st.builds(
    lambda carried, values, beside: {"_ctx": carried, **values, **beside},
    anything
    | st.fixed_dictionaries(
        {},
        optional={
            "c": anything | st.just("taf.close"), "a": anything | st.just("taf-1"),
            "s": anything, "v": anything,
            "p": st.lists(paths | anything, max_size=8) | anything,
            "h": st.lists(paths | anything, max_size=8) | anything,
        },
    ),
    st.dictionaries(st.sampled_from(["f_note", "f_some", "f_kind", "f_rows-0-why"]), anything),
    st.dictionaries(st.sampled_from(["op", "action", "command", "about", "_ctx"]), anything),
)  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(data=hostile | anything)
def test_nothing_that_comes_back_makes_a_fault(data: Any) -> None:
    asked(data)
    found = answers(ANYTHING, data)
    follows(ANYTHING, found, data)

    assert set(found) <= {field.id for field in ANYTHING.fields}
    assert len(json.dumps(found, ensure_ascii=False).encode()) < 100_000


@settings(deadline=None)
@given(
    size=st.integers(0, 6_000), piece=st.sampled_from(["x", "\x00", "\ud800", "\U0001f600", " "])
)
def test_no_more_is_taken_than_a_question_holds(size: int, piece: str) -> None:
    form = Form("F", fields=(Field("a", "A", "words", longest=500),))

    kept = answers(form, {"_ctx": {"p": ["a"]}, "f_a": piece * size})["a"]

    assert len(kept) <= 501
    kept.encode()


def test_only_what_was_asked_is_read() -> None:
    data = {"_ctx": {"p": ["note"], "h": []}, "f_note": "Read", "f_long": "Not", "note": "Not"}

    assert answers(ANYTHING, data) == {"note": "Read"}


@pytest.mark.parametrize(
    ("given_", "read"),
    [("true", "yes"), ("false", "no"), (True, "yes"), ("yes", "yes"), ("-", ""), (None, "")],
)
def test_yes_and_no_come_in_several_shapes(given_: Any, read: str) -> None:
    assert answers(ANYTHING, {"_ctx": {"p": ["sure"]}, "f_sure": given_}) == {"sure": read}


def test_a_number_may_come_as_one() -> None:
    assert answers(ANYTHING, {"_ctx": {"p": ["count"]}, "f_count": 3}) == {"count": "3"}


def test_which_form_is_asked_for() -> None:
    opening = {"dialog_id": "form", "command": "taf.close", "about": "taf-1"}
    lists = lists_of(2, 20)

    assert asked(opening) == Asked("taf.close", "taf-1")
    assert asked({"command": "taf.convene", "about": ""}) == Asked("taf.convene")
    back = sends(cards(ANYTHING, {}, lists)[-1])
    assert asked(back) == Asked("action.mark_done", "action-12", back["_ctx"]["s"], 3, "send")


@pytest.mark.parametrize(
    "changed",
    [
        *({"op": "close"}, {"op": None}, {"op": "row:add:" + "x" * 50}, {"op": "row:add:a b"}),
        *({"_ctx": {"c": "taf.close", "a": "Asha Patel"}}, {"_ctx": {}}, {"_ctx": []}),
    ],
)
def test_a_form_that_is_none_of_ours_is_none(changed: dict[str, Any]) -> None:
    ours = {"op": "send", "_ctx": {"c": "taf.close", "a": "taf-1"}}

    assert asked(ours) is not None
    assert asked({**ours, **changed}) is None


def test_a_dialog_goes_on_with_a_card_or_ends_with_words() -> None:
    going_on = said("Done <b>", "Saved.", "")

    value = going_on["task"]["value"]
    assert going_on["task"]["type"] == "continue"
    assert set(value) == {"title", "height", "width", "card"}
    assert value["title"].replace("\u200b", "") == "Done <b>"
    assert value["card"]["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert faults(value["card"]["content"]) == []
    assert task_continue("T", value["card"]["content"])["task"]["value"]["height"] == "medium"
    assert task_message("Saved.") == {"task": {"type": "message", "value": "Saved."}}
