"""What is filled in on Slack is what is read, row for row and person for person."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.answers import answers, field_errors
from bot.slack.asked import paths
from bot.slack.steps import steps
from messages.form import Field, Form, choices
from messages.forms import close, record, reply, step_down
from messages.reading import NotTaken, read
from messages.rows import laid_out, merged
from tests.platforms.samples import FORMS, asked_of, begun, held, lists_of, longest, picking
from tests.platforms.slack_blocks.filling import filled
from tests.platforms.slack_blocks.looking import drawn, people, taken

each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


@each_form
@pytest.mark.parametrize("count", [1, 12, 150])
@settings(deadline=None, max_examples=8)  # on a busy machine a good answer may be late
@given(seed=st.integers(0, 2**32), rows=st.integers(0, 3))
def test_what_is_filled_in_is_what_is_read(form: Form, count: int, seed: int, rows: int) -> None:
    lists = lists_of(count, 40)
    raw = begun(form, lists, rows)
    meant: dict[str, Any] = {}
    here: dict[str, Any] = {}
    pick = picking(Random(seed))
    for number in range(len(steps(form, lists, raw))):
        for _ in range(2):  # what an answer makes appear is filled in when it has appeared
            made = drawn(form, number, raw, lists)
            state, here = filled(form, made, lists, pick)
            raw = taken(form, raw, lists, state, made)
        meant |= here

    assert set(meant) == asked_of(form, raw)
    for path, answer in meant.items():
        assert held(form, raw, path) == answer or (answer is None and not held(form, raw, path))
    read(form, raw, lists)


@each_form
def test_a_form_sent_as_it_was_drawn_changes_nothing(form: Form) -> None:
    """Slack sends what stands there: the initial values, where nobody typed."""
    lists = lists_of(12, 40)
    raw = laid_out(form, longest(form, lists), lists)
    now = raw
    for number in range(len(steps(form, lists, raw))):
        made = drawn(form, number, raw, lists)
        now = taken(form, now, lists, untouched(made), made)

    assert now == raw


def untouched(made: dict[str, Any]) -> dict[str, Any]:
    state = {}
    for block in made["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            given = {
                "value": element.get("initial_value"),
                "selected_date": element.get("initial_date"),
                "selected_time": element.get("initial_time"),
                "selected_option": element.get("initial_option"),
                "selected_options": element.get("initial_options", []),
            }
            name = {
                "plain_text_input": "value",
                "datepicker": "selected_date",
                "timepicker": "selected_time",
                "checkboxes": "selected_options",
                "multi_static_select": "selected_options",
                "multi_external_select": "selected_options",
            }.get(element["type"], "selected_option")
            state[block["block_id"]] = {
                element["action_id"]: {"type": element["type"], name: given[name]}
            }
    return state


ONE = Form("One", fields=(Field("a", "A", "choice", choices=choices("X", "Y"), required=False),))


def test_an_answer_can_be_taken_back() -> None:
    raw = {"a": "x"}
    made = drawn(ONE, 0, raw, lists_of(0))
    shown = [one["text"]["text"] for one in made["blocks"][0]["element"]["options"]]
    back = made["blocks"][0]["element"]["options"][-1]
    state = {"a": {"answer": {"type": "radio_buttons", "selected_option": back}}}

    assert shown == ["X", "Y", "No answer"]
    assert taken(ONE, raw, lists_of(0), state, made) == {"a": ""}


def test_what_was_blanked_is_blank_and_what_was_not_shown_stays() -> None:
    made = {"blocks": [{"type": "input", "block_id": "words"}]}
    form = Form("T", fields=(Field("words", "Words", "words"), Field("other", "Other")))
    state = {"words": {"answer": {"type": "plain_text_input", "value": None}}}

    raw = taken(form, {"words": "before", "other": "kept"}, lists_of(0), state, made)

    assert raw == {"words": "", "other": "kept"}


def test_a_question_shown_and_not_sent_is_blank() -> None:
    assert answers(ONE, {}, {"a"}) == {"a": ""}


JUNK: list[Any] = [
    None, 3, "text", [], {}, {"answer": None}, {"answer": []}, {"answer": {"value": 3}},
    {"answer": {"selected_option": "x"}}, {"answer": {"selected_option": {"value": ["x"]}}},
    {"answer": {"selected_options": "x"}}, {"answer": {"selected_options": [None, 3, {}]}},
    {"other": {"value": "x"}}, {"answer": {"value": {"value": "x"}}},
]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK, ids=repr)
@each_form
def test_a_forged_state_is_blank_and_no_fault(form: Form, junk: Any) -> None:
    lists = lists_of(3, 40)
    raw = begun(form, lists, rows=1)
    made = drawn(form, 0, raw, lists)

    found = taken(form, {}, lists, dict.fromkeys(paths(made), junk), made)

    for path in paths(made):
        if "-" not in path:
            assert found[path] in ("", [])


@pytest.mark.parametrize("junk", [None, [], "text", 3])
def test_a_state_that_is_none_is_blank(junk: Any) -> None:
    assert answers(ONE, junk, {"a"}) == {"a": ""}


def test_only_what_was_shown_is_read() -> None:
    state = {
        "reply": {"answer": {"type": "radio_buttons", "selected_option": {"value": "attending"}}},
        "report": {"answer": {"type": "plain_text_input", "value": "forged"}},
        "as_admin": {"answer": {"type": "plain_text_input", "value": "forged"}},
    }

    assert answers(reply.FORM, state, {"reply", "as_admin"}) == {"reply": "attending"}


def test_a_forged_choice_is_refused_when_it_is_read() -> None:
    given = {"type": "radio_buttons", "selected_option": {"value": "administrator"}}
    raw = answers(reply.FORM, {"reply": {"answer": given}}, {"reply"})

    with pytest.raises(NotTaken) as wrong:
        read(reply.FORM, raw, lists_of(0))
    assert wrong.value.errors == {"reply": "Choose the reply from the list"}


def test_errors_find_their_questions() -> None:
    lists = people("person-1", "person-2")
    raw = begun(record.FORM, lists, rows=1)
    made = drawn(record.FORM, 0, raw, lists)
    with pytest.raises(NotTaken) as wrong:
        read(record.FORM, raw, lists)

    placed, others = field_errors(wrong.value.errors, made)

    assert placed["attendance-1-attendance"] == "Choose the attendance"
    assert set(placed) == set(wrong.value.errors)
    assert set(placed) <= paths(made)
    assert others == []


def test_an_error_of_a_whole_row_or_list_stands_at_its_first_question() -> None:
    lists = people("person-1")
    made = drawn(step_down.FORM, 0, begun(step_down.FORM, lists), lists)

    placed, others = field_errors(
        {"members": "Give at least one", "practitioners-7": "Fill in", "whole": "Too late"}, made
    )

    assert placed == {"members-0-label": "Give at least one"}
    assert others == ["Fill in", "Too late"]


def test_two_errors_at_one_question_are_both_said() -> None:
    made = {"blocks": [{"type": "input", "block_id": "told-0-on"}]}

    placed, others = field_errors({"told": "All", "told-0-on": "A date", "told-0": "One"}, made)

    assert placed == {"told-0-on": "A date"}
    assert others == ["All", "One"]


def test_steps_are_put_together() -> None:
    before = {"a": "1", "told": [{"who": "x", "on": "1"}, {"who": "y"}], "rows": []}

    now = merged(before, {"b": "2", "told": [{"who": "y", "on": "2"}, {"who": "z"}], "some": []})

    assert now == {
        "a": "1", "b": "2", "some": [], "rows": [],
        "told": [{"who": "x", "on": "1"}, {"who": "y", "on": "2"}, {"who": "z"}],
    }  # fmt: skip
    assert before["told"] == [{"who": "x", "on": "1"}, {"who": "y"}]


def test_the_people_told_of_a_closing_keep_both_answers() -> None:
    lists = people("family_member-1", "family_member-2")
    raw = begun(close.FORM, lists)
    made = drawn(close.FORM, 0, raw, lists)
    state, _ = filled(
        close.FORM, made, lists,
        lambda _, field, __: "2026-03-04" if field.kind == "date" else "words",
    )  # fmt: skip

    told = taken(close.FORM, raw, lists, state, made)["told"]

    assert told == [
        {"who": ref, "told_on": "2026-03-04", "why_not": "words"}
        for ref in ("family_member-1", "family_member-2")
    ]
