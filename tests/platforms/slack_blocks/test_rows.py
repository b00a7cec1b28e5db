"""Rows and people keep their own answers, whoever is added, removed or late."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.steps import steps
from messages.form import Field, Form
from messages.forms import record
from messages.rows import ADD, REMOVE, laid_out, merged, rearranged
from tests.platforms.samples import (
    begun,
)
from tests.platforms.slack_blocks.looking import drawn, people, taken


def came(ref: str, how: str, index: int) -> dict[str, Any]:
    given = {"type": "static_select", "selected_option": {"value": how}}
    return {f"attendance-{index}-attendance": {f"answer:{ref}": given}}


def test_who_came_is_known_by_name_and_never_by_number() -> None:
    """Somebody is taken off the list while the form is open: nobody gets another's answer."""
    made = drawn(record.FORM, 0, {}, people("person-1", "person-2", "person-3"))
    state = came("person-2", "attended", 1) | came("person-3", "apologies", 2)

    raw = taken(record.FORM, {}, people("person-1", "person-3"), state, made)

    assert raw["attendance"] == [
        {"who": "person-1"},
        {"who": "person-3", "attendance": "apologies"},
    ]


def test_half_of_the_people_on_one_step_and_half_on_the_next() -> None:
    refs = [f"person-{n}" for n in range(60)]
    lists = people(*refs)
    raw: dict[str, Any] = laid_out(record.FORM, {}, lists)
    for number, step in enumerate(steps(record.FORM, lists, raw)):
        rows = [part.row for part in step if part.field.id == "attendance" and part.row is not None]
        state: dict[str, Any] = {}
        for row in rows:
            state |= came(refs[row], "attended" if row % 2 else "part", row)
        raw = taken(record.FORM, raw, lists, state, drawn(record.FORM, number, raw, lists))

    assert raw["attendance"] == [
        {"who": ref, "attendance": "attended" if n % 2 else "part"} for n, ref in enumerate(refs)
    ]


def test_a_row_that_is_removed_takes_its_words_with_it() -> None:
    lists = people("person-1")
    raw = begun(record.FORM, lists, rows=3)
    for row, word in zip(raw["dissents"], ("one", "two", "three"), strict=True):
        row["words"] = word

    after = rearranged(record.FORM, raw, f"{REMOVE}dissents-2")

    assert [row["words"] for row in after["dissents"]] == ["one", "three"]
    assert after["dissents"][0] == raw["dissents"][0]
    ids = {row["as"] for row in raw["dissents"]}
    assert after["dissents"][1]["as"] not in ids


def test_pressing_remove_twice_removes_one_row() -> None:
    raw = begun(record.FORM, people("person-1"), rows=3)
    once = rearranged(record.FORM, raw, f"{REMOVE}actions-1")

    assert rearranged(record.FORM, once, f"{REMOVE}actions-1") == once
    assert len(once["actions"]) == 2


@settings(deadline=None, max_examples=60)  # on a busy machine a good answer may be late
@given(st.lists(st.integers(-1, 4), max_size=25))
def test_no_row_ever_gets_the_ids_of_another(presses: list[int]) -> None:
    """A path and a handle together stand for one row only, so Slack can mix up no two rows.

    After the last row of an optional list is gone nothing remembers, so there is always one.
    """
    form = Form("T", fields=(Field("rows", "Rows", "list", fields=(Field("word", "Word"),)),))
    raw = laid_out(form, {}, people())
    raw["rows"][0]["word"] = "0"
    owners: dict[tuple[int, str], str] = {(0, raw["rows"][0]["as"]): "0"}
    for number, press in enumerate(presses, 1):
        if press < 0:
            raw = rearranged(form, raw, f"{ADD}rows")
        elif press < len(raw["rows"]):
            raw = rearranged(form, raw, f"{REMOVE}rows-{raw['rows'][press]['as']}")
        for index, row in enumerate(raw["rows"]):
            word = row.setdefault("word", str(number))
            assert owners.setdefault((index, row["as"]), word) == word


def test_what_a_stale_view_sends_does_not_bring_a_row_back() -> None:
    lists = people("person-1")
    raw = begun(record.FORM, lists, rows=2)
    made = drawn(record.FORM, 0, raw, lists)
    state = {
        f"actions-{n}-words": {f"answer:{n + 1}": {"type": "plain_text_input", "value": f"w{n}"}}
        for n in range(2)
    }
    after = rearranged(
        record.FORM, taken(record.FORM, raw, lists, state, made), "row:remove:actions-1"
    )

    late = taken(record.FORM, after, lists, state, made)

    assert [row["words"] for row in late["actions"]] == ["w1"]


@pytest.mark.parametrize(
    "action_id", ["", "row:add:", "row:add:nothing", "row:add:child_voice", "row:remove:actions",
                  "row:remove:actions-9", "row:remove:-1", "row:remove:attendance-0", "answer"],
)  # fmt: skip
def test_a_press_that_is_no_row_changes_nothing(action_id: str) -> None:
    raw = begun(record.FORM, people("person-1"), rows=1)

    assert rearranged(record.FORM, raw, action_id) == raw


def test_a_new_row_begins_as_the_form_says() -> None:
    raw = begun(record.FORM, people("person-1"), rows=1)

    assert raw["actions"] == [{"as": "1", "list": "family_plan"}]


def test_a_forged_person_has_no_row() -> None:
    lists = people("person-1")
    made = drawn(record.FORM, 0, {}, lists)

    raw = taken(record.FORM, {}, lists, came("person-99", "attended", 0), made)

    assert [row["who"] for row in raw["attendance"]] == ["person-1"]
    assert not raw["attendance"][0].get("attendance")


def test_a_draft_from_the_web_meets_its_rows_on_slack() -> None:
    """On the web rows have no handles; here they get the same ones each time."""
    draft = {"dissents": [{"who": "person-1", "words": "a"}, {"who": "person-2", "words": "b"}]}
    now = {"dissents": [{"as": "2", "words": "changed"}]}

    assert merged(draft, now)["dissents"] == [
        {"who": "person-1", "words": "a", "as": "1"},
        {"who": "person-2", "words": "changed", "as": "2"},
    ]


@pytest.mark.parametrize("before", [None, [], "odd", [None, 3]])
def test_people_are_never_lost_whatever_the_draft_held(before: Any) -> None:
    now = {"told": [{"who": "x", "on": "1"}]}

    assert merged({"told": before}, now) == now


def test_a_draft_with_odd_rows_is_no_fault() -> None:
    now = {"told": [{"who": "x", "on": "1"}]}

    assert merged({"told": [{"who": ["x"]}]}, now)["told"][-1] == {"who": "x", "on": "1"}


@pytest.mark.parametrize("before", [[], "odd", [None, 3]])
def test_a_row_that_the_draft_does_not_know_was_removed(before: Any) -> None:
    assert merged({"rows": before}, {"rows": [{"as": "1", "word": "w"}]}) == {"rows": []}
