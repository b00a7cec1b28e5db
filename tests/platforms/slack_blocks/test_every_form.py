"""Every form fits Slack's modals, opened, full or wrong; its steps and ids stay where they are."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.asked import ANSWER, paths
from bot.slack.limits import check
from bot.slack.modals import view
from bot.slack.steps import STEP_BLOCKS, step_of, steps
from messages.form import Choice, Field, Form, Raw
from messages.places import place
from messages.rows import laid_out
from tests.platforms.samples import (
    COUNTS,
    FORMS,
    asked_of,
    begun,
    lists_of,
    longest,
    with_rows,
)
from tests.platforms.slack_blocks.looking import META, inputs, lists_in, mistakes, said, views

each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
each_count = pytest.mark.parametrize("count", COUNTS)


@each_form
@each_count
@pytest.mark.parametrize("length", [12, 300])
def test_every_form_fits_when_it_is_opened(form: Form, count: int, length: int) -> None:
    lists = lists_of(count, length)

    for made in views(form, begun(form, lists), lists):
        assert check("modal", made) == []


@each_form
@each_count
def test_every_form_fits_with_the_longest_answers(form: Form, count: int) -> None:
    lists = lists_of(count)

    for made in views(form, longest(form, lists), lists):
        assert check("modal", made) == []


@each_form
@each_count
def test_every_form_fits_with_everything_wrong(form: Form, count: int) -> None:
    lists = lists_of(count)
    raw = begun(form, lists, rows=20)
    errors = mistakes(form, raw, lists)
    everywhere = dict.fromkeys(asked_of(form, raw), "Enter the " + "x" * 100)

    for made in views(form, raw, lists, everywhere | errors | {"nowhere": "Odd " * 300}):
        assert check("modal", made) == []


@each_form
@each_count
def test_every_question_that_matters_is_asked_once_or_has_nothing_to_choose(
    form: Form, count: int
) -> None:
    lists = lists_of(count, 40)
    raw = begun(form, lists, rows=2)

    found = [path for made in views(form, raw, lists) for path in inputs(made)]

    assert len(found) == len(set(found))
    missing = asked_of(form, raw) - set(found)
    assert set(found) <= asked_of(form, raw)
    assert not missing or count == 0
    for path in missing:
        where = place(form, path)
        assert where is not None
        assert isinstance(where.field.choices, str)


@each_form
def test_a_step_is_short_and_in_order(form: Form) -> None:
    lists = lists_of(150, 40)
    raw = begun(form, lists, rows=20)
    made = steps(form, lists, raw)

    order = [field.id for field in form.fields]
    met = [order.index(part.field.id) for step in made for part in step]
    assert met == sorted(met)
    for shown in views(form, raw, lists):
        assert len(shown["blocks"]) <= STEP_BLOCKS + 6
        assert paths(shown) or len(made) == 1


@each_form
def test_answers_never_move_a_step(form: Form) -> None:
    lists = lists_of(12)
    full = longest(form, lists)
    empty = begun(form, lists)
    rows: Raw = {one.id: [{} for _ in full[one.id]] for one in lists_in(form)}

    assert steps(form, lists, {**empty, **rows}) == steps(form, lists, full)


@each_form
def test_another_row_changes_no_step_before_its_own(form: Form) -> None:
    lists = lists_of(12)
    for field in form.fields:
        if field.kind != "list":
            continue
        before = with_rows(form, begun(form, lists), 3)
        after = {**before, field.id: [*before[field.id], {}]}
        own = step_of(form, lists, after, f"{field.id}-{len(before[field.id])}-x")

        assert steps(form, lists, before)[:own] == steps(form, lists, after)[:own]


@each_form
def test_a_path_is_found_on_its_step(form: Form) -> None:
    lists = lists_of(40, 40)
    raw = begun(form, lists, rows=9)
    for number, made in enumerate(views(form, raw, lists)):
        for path in paths(made):
            assert step_of(form, lists, raw, path) == number


@each_form
def test_every_error_is_said_where_its_question_is(form: Form) -> None:
    lists = lists_of(3, 40)
    raw = begun(form, lists, rows=1)
    errors = {path: f"Wrong: {path}" for path in asked_of(form, raw)} | mistakes(form, raw, lists)

    for path, sentence in errors.items():
        made = view(form, step_of(form, lists, raw, path), raw, lists, errors, META)
        assert f"⚠ {sentence}" in said(made)


@each_form
@each_count
def test_drawn_again_a_question_keeps_its_ids(form: Form, count: int) -> None:
    lists = lists_of(count, 40)
    raw = begun(form, lists, rows=1)
    for number, made in enumerate(views(form, raw, lists)):
        full = {**longest(form, lists), **{one.id: raw[one.id] for one in lists_in(form)}}
        again = inputs(view(form, number, full, lists, {}, META))
        assert set(again) >= set(inputs(made)) - {"more"}
        for path, block in inputs(made).items():
            element = block["element"]
            assert again[path]["element"]["action_id"] == element["action_id"]
            assert again[path]["element"]["type"] == element["type"]
            assert element["action_id"].partition(":")[0] == ANSWER


@each_form
@each_count
def test_laying_out_twice_changes_nothing(form: Form, count: int) -> None:
    lists = lists_of(count, 40)
    for raw in (begun(form, lists, rows=2), longest(form, lists), {}):
        once = laid_out(form, raw, lists)

        assert laid_out(form, once, lists) == once


ODD: list[Any] = [
    None,
    "",
    "text",
    3,
    True,
    [],
    {},
    [[]],
    [{}],
    [None, "x"],
    [{"who": []}],
    {"a": 1},
]


@each_form
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_an_odd_draft_is_no_fault(form: Form, odd: Any) -> None:
    lists = lists_of(3, 40)
    raw = {field.id: odd for field in form.fields}

    for made in views(form, raw, lists):
        assert check("modal", made) == []


def test_a_form_of_many_long_lists_is_split_before_it_is_too_heavy() -> None:
    long = tuple(Choice(f"n{n}", f"{n} " + "é " * 70) for n in range(100))
    asked = tuple(Field(f"q{n}", "Which", "choice", choices=long) for n in range(12))
    form = Form("Heavy", fields=asked)

    made = views(form, longest(form, lists_of(0)), lists_of(0))

    assert len(made) > 1
    for one in made:
        assert check("modal", one) == []
