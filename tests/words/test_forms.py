"""Every form reads well, and fits on every platform."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

from messages import forms
from messages.form import LONG, Field, Form

FORMS: dict[str, Form] = {
    found.name: importlib.import_module(f"messages.forms.{found.name}").FORM
    for found in pkgutil.iter_modules(forms.__path__)
    if not found.name.startswith("_")
}

BUTTON = 75
"""Slack's limit for the words on a button, in characters."""
OPTION = 150
"""Slack's limit for a choice of radio buttons or checkboxes, in characters."""
HINT = 150
"""Slack's limit for a placeholder or a hint is longer; this is one line or two (ours)."""
VALUE = 150
"""Slack's limit for the value of a choice, in characters."""
QUESTION = 2000
"""Slack's limit for the label of an input, in characters."""

KINDS_WITH_CHOICES = frozenset({"choice", "choices", "each"})

each = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def walk(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from walk(field.fields)


EVERY = [
    (f"{name}.{field.id}", field) for name, form in FORMS.items() for field in walk(form.fields)
]

each_field = pytest.mark.parametrize(
    "field", [one for _, one in EVERY], ids=[one for one, _ in EVERY]
)


def test_there_is_one_form_a_file() -> None:
    assert len(FORMS) >= 45
    assert all(isinstance(form, Form) for form in FORMS.values())


@each
def test_its_words_begin_and_end_sensibly(form: Form) -> None:
    assert re.fullmatch(r"[A-Z].*[^.:?!,\s]", form.label)
    assert re.fullmatch(r"[A-Z].*[^.:!,\s]", form.heading)
    assert not form.submit or re.fullmatch(r"[A-Z].*[^.:?!,\s]", form.submit)
    assert re.fullmatch(r"[A-Z].*[^ ]\.", form.done)
    assert not form.intro or re.fullmatch(r"[A-Z].*[^ ]\.", form.intro)
    assert not form.sure or re.match(r"[A-Z].*\?", form.sure)


@each
def test_its_buttons_fit(form: Form) -> None:
    assert len(form.label) <= BUTTON
    assert len(form.submit) <= BUTTON
    assert len(form.heading) <= OPTION


@each
def test_its_questions_have_different_ids(form: Form) -> None:
    def check(fields: tuple[Field, ...]) -> None:
        ids = [field.id for field in fields]
        assert len(ids) == len(set(ids))
        for field in fields:
            check(field.fields)

    check(form.fields)


@each
def test_a_condition_names_a_question_and_answers_that_there_are(form: Form) -> None:
    def check(fields: tuple[Field, ...]) -> None:
        by_id = {field.id: field for field in fields}
        for field in fields:
            if field.only_if:
                name, answers = field.only_if
                assert name != field.id
                assert answers <= {one.value for one in by_id[name].choices}
            check(field.fields)

    check(form.fields)


@each_field
def test_a_question_reads_well(field: Field) -> None:
    assert re.fullmatch(r"[A-Z].*[^.:!,\s]", field.label), field.label
    assert not field.hint or re.fullmatch(r"[A-Z].*[^.:!,\s]", field.hint), field.hint
    assert len(field.label) <= 80
    assert len(field.hint) <= HINT


@each_field
def test_a_questions_id_can_stand_in_a_path(field: Field) -> None:
    """Paths look like actions-0-due_on, so an id holds no dash; and who and row are taken."""
    assert re.fullmatch(r"[a-z][a-z_]*", field.id)
    assert field.id not in {"row", "as"}


@each_field
def test_a_question_has_choices_exactly_when_it_needs_them(field: Field) -> None:
    assert bool(field.choices) == (field.kind in KINDS_WITH_CHOICES)
    assert bool(field.fields) == (field.kind in {"list", "each"})
    if isinstance(field.choices, tuple):
        found = [one.value for one in field.choices]
        assert len(found) == len(set(found))
        assert not field.start or field.start in found
        for one in field.choices:
            assert 0 < len(one.label) <= OPTION
            assert 0 < len(one.value) <= VALUE
            assert re.fullmatch(r"[A-Z0-9].*[^.:?!,\s]", one.label)


@each_field
def test_a_limit_fits_every_platform(field: Field) -> None:
    assert 0 < field.limit <= LONG
    assert field.least <= field.most


CLAUSE = re.compile(
    r"(who|what|whom|which|where|how|why|when|if|or|at|on|since|by|about|would|the|a|an|not|no|is"
    r"|be|stepped)\b"
)
"""No name of a thing begins like this; these are halves of sentences."""


@pytest.mark.parametrize(("name", "field"), EVERY, ids=[one for one, _ in EVERY])
def test_a_question_can_be_named_in_a_sentence(name: str, field: Field) -> None:
    """ "Enter the due date", never "Enter the due on" or "Choose the about whom"."""
    called = field.called

    assert not CLAUSE.match(called), called
    assert re.fullmatch(r"[^?.:!]+[^?.:!,\s]", called), called
    assert called[0].islower() or called == "Lead Professional", called
    assert called != "lead Professional"
    assert len(called) <= 60


def test_every_form_asks_or_says_what_it_did() -> None:
    for form in FORMS.values():
        assert form.asks or form.done != "Saved."


def test_the_due_date_is_called_the_due_date() -> None:
    (due_on,) = [field for field in walk(FORMS["agree_action"].fields) if field.id == "due_on"]

    assert f"Enter the {due_on.called}" == "Enter the due date"
