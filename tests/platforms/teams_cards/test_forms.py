"""Every form fits Teams' dialogs, asks what matters and nothing else, and loses no answer."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from bot.teams.answers import answers, asked, follows
from bot.teams.fields import found, search_of
from bot.teams.forms import MOST_QUESTIONS, UnfitMeta, dialog, step_of, steps
from messages.form import Choice, ChoiceLists, Field, Form, choices, when
from messages.offering import offered
from messages.places import place
from messages.reading import read
from messages.rows import laid_out, merged, rearranged
from tests.platforms.samples import (
    FORMS,
    HOSTILE,
    asked_of,
    begun,
    held,
    lists_of,
    longest,
    picking,
    with_rows,
)
from tests.platforms.teams_cards.looking import (
    META,
    NOTHING,
    buttons,
    cards,
    filled,
    inputs,
    mistakes,
    pressed,
    sends,
    words,
)
from tests.platforms.teams_cards.schema import every, faults

each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
each_count = pytest.mark.parametrize("count", [0, 12, 150])


def no_lists(_: str) -> list[Choice]:
    return []


def each(choices: str) -> Form:
    inner = (Field("a", "A"),)
    return Form("F", fields=(Field("told", "Told", "each", choices=choices, fields=inner),))


def drawn(form: Form, raw: dict[str, Any], lists: ChoiceLists = no_lists) -> dict[str, Any]:
    return dialog(form, raw, lists, {}, META)


@each_form
@each_count
def test_every_form_fits_when_it_is_opened(form: Form, count: int) -> None:
    lists = lists_of(count, 40)

    for made in cards(form, begun(form, lists), lists):
        assert faults(made) == []


@each_form
@each_count
def test_every_form_fits_with_the_longest_answers_and_everything_wrong(
    form: Form, count: int
) -> None:
    lists = lists_of(count)
    raw = longest(form, lists)
    errors = dict.fromkeys(asked_of(form, laid_out(form, raw, lists)), "Enter the " + "x" * 150)

    for made in cards(form, raw, lists, errors | {"nowhere": "Odd " * 300}):
        assert faults(made) == []


@each_form
@each_count
def test_every_question_that_matters_is_asked_once_or_has_nothing_to_choose(
    form: Form, count: int
) -> None:
    lists = lists_of(count, 40)
    raw = begun(form, lists, rows=2)
    shown = [path for made in cards(form, raw, lists) for path in inputs(made)]

    assert len(shown) == len(set(shown))
    assert set(shown) <= asked_of(form, raw)
    for path in asked_of(form, raw) - set(shown):
        where = place(form, path)
        assert where is not None
        assert not offered(where.field, lists)


@each_form
@pytest.mark.parametrize("seed", range(3))
def test_every_answer_comes_back(form: Form, seed: int) -> None:
    lists = lists_of(12, 40)
    pick = picking(Random(seed))
    raw: dict[str, Any] = begun(form, lists, rows=2)
    step, meant, drawings = 0, {}, 0
    while step < len(steps(form, lists, raw)):
        drawings += 1
        assert drawings < 40
        made = dialog(form, raw, lists, {}, META | {"s": step})
        data, typed = filled(form, made, lists, pick)
        raw = laid_out(form, merged(raw, answers(form, data)), lists)
        meant |= typed
        given = asked(data)
        assert given is not None
        assert (given.command, given.about, given.seen) == (META["c"], META["a"], META["v"])
        assert (given.step, given.op) == (step, "send")
        step += not follows(form, raw, data)

    assert mistakes(form, raw, lists) == {}
    read(form, raw, lists)
    for path in asked_of(form, raw):
        assert _same(held(form, raw, path), meant[path]), path


def _same(kept: Any, meant: Any) -> bool:
    if isinstance(meant, list):
        return sorted(kept) == sorted(meant)
    return (kept or None) == (meant.strip() if meant else None)


@each_form
def test_an_emptied_answer_is_empty(form: Form) -> None:
    lists = lists_of(3, 20)
    raw = laid_out(form, longest(form, lists, rows=2), lists)

    for made in cards(form, raw, lists):
        data = {"f_" + name: "leaked" for name in ("words", "note")} | sends(made)
        found_ = answers(form, data if not inputs(made) else sends(made))
        for path in inputs(made):
            assert held_blank(form, found_, path), path


def held_blank(form: Form, raw: dict[str, Any], path: str) -> bool:
    where = place(form, path)
    assert where is not None
    if where.rows is None:
        return raw[path] in ("", [])
    return all(row.get(where.field.id) in ("", [], None) for row in raw[where.rows.id])


@each_form
def test_steps_are_short_in_order_and_no_answer_moves_them(form: Form) -> None:
    lists = lists_of(12)
    full = longest(form, lists)
    bare = {one.id: [{} for _ in full[one.id]] for one in form.fields if one.kind == "list"}
    made = steps(form, lists, full)

    assert steps(form, lists, {**begun(form, lists), **bare}) == made
    order = [field.id for field in form.fields]
    met = [order.index(part.field.id) for step in made for part in step]
    assert met == sorted(met)
    for number, card in enumerate(cards(form, full, lists)):
        assert len(inputs(card)) <= MOST_QUESTIONS
        for path in inputs(card):
            assert step_of(form, lists, full, path) == number


@each_form
def test_no_input_holds_a_button_back(form: Form) -> None:
    lists = lists_of(12)

    for made in cards(form, begun(form, lists, rows=1), lists):
        for one in inputs(made).values():
            assert not {"isRequired", "min", "max", "regex", "errorMessage"} & set(one)
            assert one["label"]


def test_what_is_wrong_stands_above_its_question_and_at_the_top() -> None:
    form = Form("F", fields=(Field("a", "A"), Field("b", "B")))

    made = dialog(form, {"b": "kept"}, no_lists, {"b": "Enter the b"}, META)

    top, a, wrong, b, _ = made["body"]
    assert (top["type"], top["style"]) == ("Container", "attention")
    assert words(top) == ["⚠ There is a problem", "•\u00a0Enter the b"]
    assert (a["id"], b["id"], b["value"]) == ("f_a", "f_b", "kept")
    assert wrong["inlines"][0] == {
        "type": "TextRun", "text": "⚠ Enter the b", "color": "attention", "weight": "bolder"
    }  # fmt: skip


FORM = Form(
    "F",
    fields=(
        Field("kind", "Kind", "choice", choices=choices("One", "Two", "Three", "Four")),
        Field("why", "Why", only_if=when("kind", "two")),
        Field(
            "rows",
            "Rows",
            "list",
            fields=(
                Field("open", "Open", "yes_no"),
                Field("on", "On", only_if=when("open", "yes")),
            ),
        ),
    ),
)


def test_a_question_that_comes_to_matter_is_asked_before_anything_is_done() -> None:
    made = drawn(FORM, {})
    assert list(inputs(made)) == ["kind", "rows-0-open"]
    data = pressed(made, sends(made), {"kind": "two", "rows-0-open": "yes"})
    raw = laid_out(FORM, merged({}, answers(FORM, data)), no_lists)

    assert follows(FORM, raw, data) == {"why", "rows-0-on"}
    again = drawn(FORM, raw)
    assert list(inputs(again)) == ["kind", "why", "rows-0-open", "rows-0-on"]
    data = pressed(again, sends(again), {"why": "So", "rows-0-on": "it"})
    assert not follows(FORM, merged(raw, answers(FORM, data)), data)
    assert read(FORM, merged(raw, answers(FORM, data)), no_lists)["why"] == "So"


def test_an_answer_that_does_not_matter_just_now_is_kept() -> None:
    made = drawn(FORM, {"kind": "one", "why": "Kept", "rows": [{"open": "yes", "on": "x"}]})
    data = pressed(made, sends(made), {"kind": "two"})

    raw = merged({"why": "Kept"}, answers(FORM, data))

    assert raw["why"] == "Kept"
    assert follows(FORM, laid_out(FORM, raw, no_lists), data) == {"why"}


def test_rows_are_added_and_removed_by_handle() -> None:
    made = drawn(FORM, {})
    data = pressed(made, buttons(made)["Add another row"]["data"], {"rows-0-open": "no"})
    given = asked(data)
    assert given is not None
    raw = rearranged(FORM, merged({}, answers(FORM, data)), given.op)
    again = drawn(FORM, raw)
    assert inputs(again)["rows-0-open"]["value"] == "no"
    assert "rows-1-open" in inputs(again)

    data = pressed(again, buttons(again)["Remove row 1"]["data"], {"rows-1-open": "yes"})
    given = asked(data)
    assert given is not None
    left = rearranged(FORM, merged(raw, answers(FORM, data)), given.op)
    assert [row["open"] for row in left["rows"]] == ["yes"]


def test_an_answer_for_a_person_stays_theirs_when_the_list_has_changed() -> None:
    form = Form(
        "F", fields=(Field("told", "Told", "each", choices="who", fields=(Field("a", "A"),)),)
    )
    made = drawn(form, {}, lambda _: [Choice("person-1", "Asha"), Choice("person-2", "Ben")])
    data = pressed(made, sends(made), {"told-0-a": "Asha's", "told-1-a": "Ben's"})

    now = laid_out(form, answers(form, data), lambda _: [Choice("person-2", "Ben")])

    assert now == {"told": [{"who": "person-2", "a": "Ben's"}]}
    assert inputs(made)["told-0-a"]["label"] == "Asha"


def test_a_form_that_asks_only_whether_somebody_is_sure_says_what_happens() -> None:
    form = Form("Leave", "Leave the team", intro="Your actions go.", sure="Are you sure?")
    made = drawn(form, {})

    assert words(made) == ["Leave the team", "Your actions go.", "Are you sure?"]
    assert list(buttons(made)) == ["Leave"]


def test_a_date_or_time_that_is_none_is_left_out_and_a_typed_one_is_shown() -> None:
    form = Form("F", fields=(Field("on", "On", "date"), Field("at", "At", "time")))

    assert "value" not in inputs(drawn(form, {"on": "31 2 2026", "at": "99"}))["on"]
    shown = inputs(drawn(form, {"on": "3/4/2026", "at": "2pm"}))
    assert (shown["on"]["value"], shown["at"]["value"]) == ("2026-04-03", "14:00")


def test_a_long_list_is_searched_and_what_is_chosen_stays() -> None:
    form = Form("F", fields=(Field("who", "Who", "choice", choices="people"),))
    lists = lists_of(400, 60)
    one = inputs(drawn(form, {"who": "people-399"}, lists))["who"]

    assert one["choices.data"] == {
        "type": "Data.Query", "dataset": "action.mark_done|action-12|who"
    }  # fmt: skip
    assert [choice["value"] for choice in one["choices"]] == ["people-399"] == [one["value"]]
    wanted = search_of({"queryText": "399 <", "dataset": one["choices.data"]["dataset"]})
    assert wanted == ("action.mark_done", "action-12", "who", "399 <")
    results = found(form, lists, "who", "399 <")["value"]["results"]
    assert [result["value"] for result in results] == ["people-399"]
    assert len(found(form, lists, "who", "")["value"]["results"]) == 15
    assert found(form, lists, "nowhere", "")["value"]["results"] == []


@pytest.mark.parametrize("data", [None, {}, {"dataset": 3}, {"dataset": "a|b"}, []])
def test_a_search_that_is_none_of_ours_is_none(data: Any) -> None:
    assert search_of(data) is None


@pytest.mark.parametrize(
    ("kind", "count", "style"),
    [
        *(("choice", 3, "expanded"), ("choice", 4, "compact"), ("choice", 31, "filtered")),
        *(("choices", 4, "expanded"), ("choices", 30, "expanded"), ("choices", 31, "filtered")),
    ],
)
def test_few_choices_are_seen_and_many_are_typed_to_find(kind: Any, count: int, style: str) -> None:
    form = Form("F", fields=(Field("x", "X", kind, choices="x"),))

    one = inputs(drawn(form, {}, lists_of(count, 12)))["x"]

    assert (one["style"], len(one["choices"])) == (style, count)
    assert one.get("isMultiSelect", False) == (kind == "choices")


def test_values_with_commas_are_told_apart() -> None:
    odd = (Choice("a,b", "A"), Choice("a%2Cb", "B"), Choice("a", "C"))
    form = Form("F", fields=(Field("some", "Some", "choices", choices=odd),))
    made = drawn(form, {"some": ["a,b", "a%2Cb"]})

    assert answers(form, pressed(made, sends(made), {}))["some"] == ["a,b", "a%2Cb"]


def test_an_answer_that_is_not_needed_can_be_taken_back() -> None:
    form = Form("F", fields=(Field("sure", "Sure", "yes_no", required=False),))
    made = drawn(form, {"sure": True})

    assert inputs(made)["sure"]["value"] == "yes"
    assert answers(form, pressed(made, sends(made), {"sure": "-"})) == {"sure": ""}


def test_what_is_typed_elsewhere_cannot_format_a_form() -> None:
    form = Form(
        "F", fields=(Field("told", "Told", "each", choices="x", fields=(Field("a", "A"),)),)
    )
    made = drawn(form, {}, lambda _: [Choice("x-1", HOSTILE)])

    label = inputs(made)["told-0-a"]["label"]
    assert not set("*_~`") & set(label)
    assert "<@U1>" in label.replace(NOTHING, "")
    assert "<@U1>" not in label


@pytest.mark.parametrize("name", ["a", "c", "v"])
def test_a_dialog_carries_no_words(name: str) -> None:
    with pytest.raises(UnfitMeta):
        dialog(FORM, {}, no_lists, {}, META | {name: "Asha Patel"})


def test_no_answer_and_no_name_is_carried_unseen() -> None:
    lists = lists_of(3, 30)
    for form in FORMS.values():
        for made in cards(form, longest(form, lists, rows=1), lists):
            for one in every(made):
                if one.get("type") == "Action.Submit":
                    carried = str(one["data"])
                    assert "é" not in carried
                    assert "<!channel>" not in carried


def test_rows_that_were_added_are_on_later_steps_too() -> None:
    form = FORMS["taf.convene"]
    lists = lists_of(30, 40)
    raw = with_rows(form, begun(form, lists), 6)

    made = cards(form, raw, lists)

    assert len(made) > 1
    assert f"Step 2 of {len(made)}" in words(made[1])[0] + words(made[1])[1]
    assert "Back" in buttons(made[1])
    assert "Continue" in buttons(made[0])
