"""A modal asks what matters, keeps what was typed, and says what is wrong where it is wrong."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from bot.slack.asked import paths
from bot.slack.limits import check
from bot.slack.modals import UnfitMeta, read_back, view
from messages.form import Field, Form, choices, when
from messages.forms import convene, mark_done, record, record_review, reply, set_aside
from messages.reading import matters
from messages.rows import ADD, REMOVE
from tests.platforms.samples import (
    begun,
    lists_of,
)
from tests.platforms.slack_blocks.looking import META, inputs, mistakes, said, views


def test_the_record_of_a_meeting_of_12_is_one_modal_of_menus() -> None:
    lists = lists_of(12, 40)
    made = views(record.FORM, begun(record.FORM, lists), lists)

    assert len(made) == 1
    people = [one for path, one in inputs(made[0]).items() if path.startswith("attendance-")]
    assert len(people) == 12
    assert {one["element"]["type"] for one in people} == {"static_select"}
    assert all(one["dispatch_action"] for one in people)
    assert people[3]["label"]["text"] == lists("invitees")[3].label
    assert people[3]["element"]["action_id"] == "answer:invitees-3"
    family = [one for path, one in inputs(made[0]).items() if path.startswith("family-")]
    assert {one["element"]["type"] for one in family} == {"radio_buttons"}


def test_what_a_view_is_called_and_how_it_is_sent() -> None:
    lists = lists_of(3)
    made = views(convene.FORM, begun(convene.FORM, lists, rows=12), lists)
    first, last = made[0], made[-1]

    assert first["title"]["text"] == "Convene a TAF"
    assert first["submit"]["text"] == "Next"
    assert last["submit"]["text"] == "Open the room"
    assert first["callback_id"] == "form"
    assert first["notify_on_close"] is True
    assert said(first)[:2] == ["Convene a team around a family", convene.FORM.intro]
    assert convene.FORM.intro not in said(last)
    back = last["blocks"][-1]["elements"][0]
    assert back["action_id"] == f"step:{len(made) - 2}"
    assert read_back(back["action_id"]) == len(made) - 2
    assert json.loads(last["private_metadata"]) == META


def test_a_title_that_is_too_long_is_cut_between_words() -> None:
    form = Form("Record that the family agreed", fields=(Field("a", "A"),))

    (made,) = views(form, {}, lists_of(0))

    assert made["title"]["text"] == "Record that the family…"
    assert said(made) == ["Record that the family agreed"]


def test_a_form_that_asks_only_whether_you_are_sure() -> None:
    (made,) = views(set_aside.FORM, {}, lists_of(0))

    assert check("modal", made) == []
    assert said(made) == [set_aside.FORM.heading, set_aside.FORM.intro, set_aside.FORM.sure]
    assert made["submit"]["text"] == "Set aside"


def test_a_form_that_asks_nothing_still_fits() -> None:
    (made,) = views(mark_done.FORM, {}, lists_of(0))

    assert said(made) == ["Mark done"]


@pytest.mark.parametrize(
    "meta",
    [
        {"words": "x" * 256},
        {"name": "Asha Patel"},
        {"answers": {}},
        {"about": "<@U1>"},
        {f"about-{n}": "x" * 250 for n in range(12)},
    ],
    ids=["long", "a name", "answers", "markup", "much"],
)
def test_what_is_carried_unseen_is_short_and_opaque(meta: dict[str, Any]) -> None:
    with pytest.raises(UnfitMeta):
        view(mark_done.FORM, 0, {}, lists_of(0), {}, meta)


@pytest.mark.parametrize(
    ("action_id", "step"),
    [("step:0", 0), ("step:12", 12), ("step:", None), ("step:-1", None), ("answer", None)],
)
def test_back_leads_to_a_step(action_id: str, step: int | None) -> None:
    assert read_back(action_id) == step


def test_whether_a_list_may_stay_empty_is_said() -> None:
    lists = lists_of(3, 40)

    assert "New actions (optional)" in said(view(record.FORM, 0, {}, lists, {}, META))
    assert "The family" in said(view(convene.FORM, 0, {}, lists, {}, META))


def test_a_step_that_is_not_there_any_more_is_the_last() -> None:
    made = view(reply.FORM, 5, {}, lists_of(0), {}, META)

    assert "reply" in paths(made)


def test_a_question_that_does_not_matter_is_not_asked() -> None:
    def shown(raw: dict[str, Any]) -> set[str]:
        return set(paths(view(reply.FORM, 0, raw, lists_of(0), {}, META)))

    assert shown({}) == shown({"reply": "attending"}) == {"reply"}
    assert shown({"reply": "substitute"}) == {"reply", "substitute"}
    assert shown({"reply": "apologies_with_report"}) == {"reply", "report"}


def test_the_answer_that_decides_comes_at_once() -> None:
    lists = lists_of(3)
    made = inputs(view(record_review.FORM, 0, {"mode": "meeting"}, lists, {}, META))

    assert made["mode"]["dispatch_action"] is True
    assert not any("dispatch_action" in one for path, one in made.items() if path != "mode")
    row = inputs(view(convene.FORM, 0, begun(convene.FORM, lists), lists, {}, META))
    assert row["members-0-basis"]["dispatch_action"] is True
    assert "members-0-basis_on" not in row


CONDITION = Form(
    "Test",
    fields=(
        Field("host", "Host", "choice", required=False, choices=choices("One", "Two")),
        Field("any", "Any", "choices", required=False, choices=choices("One", "Two")),
        Field("open", "Open", "yes_no", required=False),
        Field("a", "A", only_if=when("host", "one")),
        Field("b", "B", only_if=when("any", "one", "two")),
        Field("c", "C", only_if=when("open", "yes")),
    ),
)


@pytest.mark.parametrize("host", [None, "", "one", "two", "ONE", 3])
@pytest.mark.parametrize("several", [None, [], ["one"], ["two", "x"], "two"])
@pytest.mark.parametrize("opened", [None, "yes", "no", True, False])
def test_what_matters_here_matters_when_it_is_read(host: Any, several: Any, opened: Any) -> None:
    raw = {"host": host, "any": several, "open": opened}

    for field in CONDITION.fields[3:]:
        assert matters(field, raw) == (field.id in mistakes(CONDITION, raw, lists_of(0)))


def test_a_question_says_whether_it_may_be_left_blank_and_its_hint() -> None:
    made = inputs(view(record_review.FORM, 0, {}, lists_of(3), {}, META))

    assert made["next_on"]["optional"] is True
    assert made["next_on"]["hint"]["text"] == "Blank for the usual time"
    assert made["words"]["optional"] is False
    assert made["words"]["element"]["multiline"] is True
    assert made["words"]["element"]["max_length"] == 2000


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (Field("a", "A"), "typed", {"initial_value": "typed"}),
        (Field("a", "A"), "", {}),
        (Field("a", "A", "money"), "£1,250", {"initial_value": "£1,250"}),
        (Field("a", "A", "date"), "2026-03-04", {"initial_date": "2026-03-04"}),
        (Field("a", "A", "date"), "2026-3-4", {"initial_date": "2026-03-04"}),
        (Field("a", "A", "date"), "31 2 2026", {}),
        (Field("a", "A", "date"), date(2026, 3, 4), {"initial_date": "2026-03-04"}),
        (Field("a", "A", "time"), "2pm", {"initial_time": "14:00"}),
        (Field("a", "A", "time"), "25:00", {}),
        (Field("a", "A", "yes_no"), True, {"initial_option": "yes"}),
        (Field("a", "A", "yes_no"), "no", {"initial_option": "no"}),
        (
            Field("a", "A", "choice", choices=choices("One", "Two")),
            "two",
            {"initial_option": "two"},
        ),
        (Field("a", "A", "choice", choices=choices("One", "Two")), "gone", {}),
        (Field("a", "A", "choice", choices="team"), "team-2", {"initial_option": "team-2"}),
        (Field("a", "A", "choices", choices="team"), ["team-2"], {"initial_options": ["team-2"]}),
        (Field("a", "A", "choices", choices="team"), ["gone"], {}),
    ],
)
@pytest.mark.parametrize("count", [9, 29, 99])
def test_an_answer_is_kept_when_the_form_is_drawn_again(
    field: Field, value: Any, shown: dict[str, Any], count: int
) -> None:
    form = Form("Test", fields=(field,))

    made = view(form, 0, {"a": value}, lists_of(count, 40), {}, META)

    found = {n: v for n, v in inputs(made)["a"]["element"].items() if n.startswith("initial")}
    for name, one in found.items():
        if name == "initial_option":
            found[name] = one["value"]
        elif name == "initial_options":
            found[name] = [each["value"] for each in one]
    assert found == shown
    assert check("modal", made) == []


def test_an_answer_that_is_too_long_is_kept_to_be_mended() -> None:
    form = Form("Test", fields=(Field("a", "A", longest=10),))

    element = inputs(view(form, 0, {"a": "x" * 40}, lists_of(0), {}, META))["a"]["element"]

    assert element["initial_value"] == "x" * 40
    assert element["max_length"] == 40


def test_an_error_stands_above_its_question_and_the_rest_at_the_top() -> None:
    errors = {"reply": "Choose the reply", "nowhere": "Somebody was faster."}
    made = view(reply.FORM, 0, {}, lists_of(0), errors, META)

    assert said(made)[-2:] == [
        "⚠ There is a problem. Somebody was faster.",
        "⚠ Choose the reply",
    ]
    assert made["blocks"][-1]["block_id"] == "reply"


def test_an_error_of_another_step_is_said_at_the_top() -> None:
    lists = lists_of(30, 40)
    made = view(record.FORM, 0, {}, lists, {"next_on": "Enter the next date"}, META)

    assert "⚠ There is a problem. Enter the next date." in said(made)


def test_nothing_to_choose_from_is_said() -> None:
    form = Form("Give", fields=(Field("owner", "Who will do it", "choice", choices="owners"),))
    made = view(form, 0, {}, lists_of(0), {}, META)

    assert check("modal", made) == []
    assert "Who will do it: there is nothing to choose from yet." in said(made)


def test_rows_can_be_added_and_removed() -> None:
    lists = lists_of(3, 40)
    raw = begun(record.FORM, lists, rows=1)
    made = views(record.FORM, raw, lists)[-1]

    words = {
        one["action_id"]: one["text"]["text"]
        for block in made["blocks"]
        for one in (*block.get("elements", ()), block.get("accessory", {}))
        if one.get("type") == "button"
    }
    assert words[f"{ADD}actions"] == "Add another action"
    assert words[f"{REMOVE}actions-1"] == "Remove"
    assert "Action 1" in said(made)
    none_yet = views(record.FORM, begun(record.FORM, lists), lists)[-1]
    assert "Add an action" in json.dumps(none_yet)


def test_no_more_rows_than_can_be_read() -> None:
    lists = lists_of(3, 40)
    raw = begun(convene.FORM, lists, rows=30)

    assert len(raw["members"]) == 20
    assert f"{ADD}members" not in json.dumps(views(convene.FORM, raw, lists))
