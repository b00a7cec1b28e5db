"""A filled-in form gives typed values, or a sentence for each answer that cannot be taken."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.form import LONG, SHORT, Choice, Field, Form, choices, when
from messages.forms import record, reply
from messages.reading import MOST_ROWS, NotTaken, read

PEOPLE = [Choice("person-1", "Asha"), Choice("person-2", "James")]


def lists(name: str) -> list[Choice]:
    return {"team": PEOPLE, "nobody": []}[name]


def answer(field: Field, raw: Any) -> Any:
    return read(Form("Test", fields=(field,)), {field.id: raw}, lists)[field.id]


def errors(field: Field, raw: Any) -> dict[str, str]:
    with pytest.raises(NotTaken) as caught:
        answer(field, raw)
    return caught.value.errors


def sentence(field: Field, raw: Any) -> str:
    (said,) = errors(field, raw).values()
    return said


TEXT = Field("why", "Why", named="reason")
WORDS = Field("answer", "Your answer", "words", named="answer")
NUMBER = Field("age", "Age", "number", least=0, most=120)
MONEY = Field("debt", "Debt", "money", most=5000)
DAY = Field("due_on", "Due date", "date")
TIME = Field("at", "Time", "time", named="time of the meeting")
MODE = Field("mode", "How", "choice", choices=choices("Online", "Call"), named="kind of meeting")
OWNER = Field("owner", "Owner", "choice", choices="team")
AGREED = Field("agreed", "Agreed", "yes_no", named="agreement")
INVITE = Field("invite", "Whom", "choices", choices="team", named="people to invite")
ROWS = Field("actions", "Actions", "list", fields=(WORDS, DAY), named="actions")
EACH = Field("told", "Who was told", "each", choices="team", fields=(DAY,), named="people told")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (TEXT, "Enter the reason"),
        (WORDS, "Enter the answer"),
        (NUMBER, "Enter the age"),
        (MONEY, "Enter the debt"),
        (DAY, "Enter the due date"),
        (TIME, "Enter the time of the meeting"),
        (MODE, "Choose the kind of meeting"),
        (AGREED, "Choose the agreement"),
        (INVITE, "Choose at least one of the people to invite"),
        (ROWS, "Give at least one of the actions"),
        (EACH, "Answer for each of the people told"),
    ],
)
@pytest.mark.parametrize("raw", ["", "  ", None])
def test_a_question_that_must_be_answered(field: Field, said: str, raw: Any) -> None:
    if field.kind in {"choices", "list", "each"}:
        raw = [] if raw is not None else None

    assert errors(field, raw) == {field.id: said}


@pytest.mark.parametrize("kind", ["text", "words", "number", "money", "date", "time"])
def test_a_question_that_may_stay_blank(kind: Any) -> None:
    assert answer(Field("f", "F", kind, required=False), " ") is None


@pytest.mark.parametrize("kind", ["choice", "yes_no"])
def test_a_choice_that_may_stay_open(kind: Any) -> None:
    assert answer(Field("f", "F", kind, required=False, choices="team"), "") is None


@pytest.mark.parametrize("kind", ["choices", "list", "each"])
def test_several_answers_that_may_be_none(kind: Any) -> None:
    assert answer(Field("f", "F", kind, required=False, choices="team"), None) == []


def test_a_line_of_text_is_tidied() -> None:
    assert answer(TEXT, "  one\n two\x00\t three\u202e ") == "one two three"


def test_words_keep_their_lines() -> None:
    assert answer(WORDS, "He said:\r\n- no  more") == "He said:\n- no  more"


@pytest.mark.parametrize(
    ("field", "limit"),
    [(TEXT, SHORT), (WORDS, LONG), (Field("f", "Name", longest=30), 30)],
)
def test_text_has_a_limit(field: Field, limit: int) -> None:
    assert answer(field, "é" * limit) == "é" * limit
    assert sentence(field, "é" * (limit + 1)) == (
        f"The {field.called} must be {limit} characters or fewer"
    )


@pytest.mark.parametrize(
    ("raw", "value"), [("0", 0), ("120", 120), (" 1,0 ", 10), ("7.0", 7), (12, 12)]
)
def test_a_number(raw: Any, value: int) -> None:
    assert answer(NUMBER, raw) == Decimal(value)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("three", "The age must be a number, like 3"),
        ("NaN", "The age must be a number, like 3"),
        ("Infinity", "The age must be a number, like 3"),
        ("£", "The age must be a number, like 3"),
        ("-1", "The age must be between 0 and 120"),
        ("121", "The age must be between 0 and 120"),
        ("1e9", "The age must be between 0 and 120"),
        ("3.5", "The age must be a whole number"),
    ],
)
def test_a_number_that_cannot_be_taken(raw: str, said: str) -> None:
    assert sentence(NUMBER, raw) == said


@pytest.mark.parametrize(
    ("raw", "value"), [("£1,250", "1250"), ("120.50", "120.5"), ("0", "0"), ("5000", "5000")]
)
def test_money(raw: str, value: str) -> None:
    assert answer(MONEY, raw) == Decimal(value)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("a lot", "The debt must be a number, like 3"),
        ("5000.01", "The debt must be between 0 and 5,000"),
        ("1.005", "The debt must be pounds and pence, like 120.50"),
    ],
)
def test_money_that_cannot_be_taken(raw: str, said: str) -> None:
    assert sentence(MONEY, raw) == said


@pytest.mark.parametrize(
    "raw",
    [
        "2026-03-27",
        "27/03/2026",
        "27/3/2026",
        "27-3-2026",
        "27.3.2026",
        "27 March 2026",
        "27 mar 2026",
        "  27   March  2026 ",
    ],
)
def test_a_date_in_every_shape_people_write(raw: str) -> None:
    assert answer(DAY, raw) == date(2026, 3, 27)


@pytest.mark.parametrize(
    "raw",
    ["30/02/2026", "2026-02-29", "32 March 2026", "03/27/2026", "27/3/26", "tomorrow", "2026", "-"],
)
def test_a_date_that_there_is_not(raw: str) -> None:
    assert sentence(DAY, raw).startswith("The due date must be a real date, like 27 ")


@pytest.mark.parametrize("raw", ["1989-12-31", "0001-01-01", "2101-01-01", "9999-12-31"])
def test_a_year_that_cannot_be_meant(raw: str) -> None:
    assert sentence(DAY, raw) == "The due date must have a year between 1990 and 2100"


def test_the_first_and_last_years_are_taken() -> None:
    assert answer(DAY, "1990-01-01") == date(1990, 1, 1)
    assert answer(DAY, "2100-12-31") == date(2100, 12, 31)


@given(on=st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_any_date_written_out_is_read_back(on: date) -> None:
    assert answer(DAY, on.isoformat()) == on
    assert answer(DAY, f"{on.day}/{on.month}/{on.year}") == on
    assert answer(DAY, f"{on.day} {on:%B} {on.year}") == on


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("14:30", time(14, 30)),
        ("14.30", time(14, 30)),
        ("9:05", time(9, 5)),
        ("00:00", time(0, 0)),
        ("23:59", time(23, 59)),
        ("2pm", time(14)),
        ("2 PM", time(14)),
        ("2.30 pm", time(14, 30)),
        ("9am", time(9)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("12:30am", time(0, 30)),
        ("11:59pm", time(23, 59)),
    ],
)
def test_a_time(raw: str, value: time) -> None:
    assert answer(TIME, raw) == value


@pytest.mark.parametrize("raw", ["2", "24:00", "9:75", "13pm", "0am", "9:5", "noon", "2pm GMT"])
def test_a_time_that_cannot_be_taken(raw: str) -> None:
    assert sentence(TIME, raw) == "The time of the meeting must be a time, like 2pm or 14:30"


@given(at=st.times().map(lambda one: one.replace(second=0, microsecond=0)))
def test_any_time_written_out_is_read_back(at: time) -> None:
    assert answer(TIME, f"{at:%H:%M}") == at
    assert answer(TIME, f"{at:%I:%M%p}") == at


def test_a_choice_of_the_list() -> None:
    assert answer(MODE, "online") == "online"
    assert answer(OWNER, "person-2") == "person-2"


@pytest.mark.parametrize(
    ("field", "raw", "said"),
    [
        (MODE, "by_owl", "Choose the kind of meeting from the list"),
        (MODE, "Online", "Choose the kind of meeting from the list"),
        (OWNER, "person-3", "Choose the owner from the list"),
        (AGREED, "maybe", "Choose the agreement from the list"),
        (INVITE, ["person-1", "person-9"], "Choose the people to invite from the list"),
        (EACH, [{"who": "person-9", "due_on": "2026-03-27"}], None),
    ],
)
def test_a_choice_outside_the_list_is_refused(field: Field, raw: Any, said: str | None) -> None:
    if said:
        assert sentence(field, raw) == said
    else:
        assert errors(field, raw)["told-0"] == "Choose the people told from the list"


@pytest.mark.parametrize(
    ("raw", "value"), [("yes", True), ("no", False), (True, True), (False, False)]
)
def test_yes_and_no(raw: Any, value: bool) -> None:
    assert answer(AGREED, raw) is value


def test_several_choices_are_kept_once_and_in_order() -> None:
    assert answer(INVITE, ["person-2", "person-1", "person-2"]) == ["person-2", "person-1"]
    assert answer(INVITE, "person-1") == ["person-1"]


def test_rows_are_read_and_know_where_they_stood() -> None:
    rows = [
        {"answer": "", "due_on": ""},
        {"answer": "Ring the school", "due_on": "27/3/2026"},
        {},
    ]

    assert answer(ROWS, rows) == [
        {"answer": "Ring the school", "due_on": date(2026, 3, 27), "row": 1}
    ]


def test_a_row_with_only_what_was_filled_in_for_you_is_blank() -> None:
    started = Field("mode", "How", "choice", choices=MODE.choices, start="online")
    rows = Field("rows", "Rows", "list", required=False, fields=(TEXT, started))

    assert answer(rows, [{"why": "", "mode": "online"}]) == []
    assert errors(rows, [{"why": "", "mode": "call"}]) == {"rows-0-why": "Enter the reason"}


def test_a_wrong_answer_in_a_row_is_named_by_its_path() -> None:
    rows = [
        {"answer": "Ring", "due_on": "27/3/2026"},
        {"answer": "", "due_on": "31/2/2026"},
    ]

    found = errors(ROWS, rows)

    assert set(found) == {"actions-1-answer", "actions-1-due_on"}
    assert found["actions-1-answer"] == "Enter the answer"
    assert found["actions-1-due_on"].startswith("The due date must be a real date")


def test_rows_have_a_limit() -> None:
    row = {"answer": "Ring", "due_on": "27/3/2026"}

    assert len(answer(ROWS, [row] * MOST_ROWS)) == MOST_ROWS
    assert errors(ROWS, [row] * (MOST_ROWS + 1)) == {
        "actions": f"Give at most {MOST_ROWS} actions at a time"
    }


def test_rows_that_are_no_rows() -> None:
    assert errors(ROWS, "ring")["actions"] == "The actions must be a list"
    assert errors(ROWS, ["ring"])["actions-0"] == "Fill in the actions"


def test_each_of_the_people_is_answered_for_once() -> None:
    rows = [
        {"who": "person-1", "due_on": "27/3/2026"},
        {"who": "person-2", "due_on": "28/3/2026"},
    ]

    assert answer(EACH, rows) == [
        {"due_on": date(2026, 3, 27), "who": "person-1"},
        {"due_on": date(2026, 3, 28), "who": "person-2"},
    ]
    assert errors(EACH, rows[:1]) == {"told": "Answer for each of the people told"}
    assert errors(EACH, [rows[0], rows[0], rows[1]]) == {
        "told": "Give each of the people told once"
    }
    assert errors(EACH, [rows[0], {"who": "person-2"}]) == {"told-1-due_on": "Enter the due date"}


def test_nobody_needs_an_answer_when_there_is_nobody() -> None:
    field = Field("told", "Told", "each", choices="nobody", fields=(DAY,))

    assert answer(field, []) == []


def test_a_question_nobody_asked_is_refused() -> None:
    with pytest.raises(NotTaken) as caught:
        read(Form("Test", fields=(TEXT,)), {"why": "so", "role": "supervisor"}, lists)

    assert caught.value.errors == {"role": 'There is no question "role" on this form'}


def test_who_a_story_speaks_as_is_no_answer() -> None:
    assert read(Form("Test", fields=(TEXT,)), {"why": "so", "as": "Asha"}, lists) == {"why": "so"}


def test_a_question_that_does_not_matter_is_passed_over() -> None:
    taken = read(reply.FORM, {"reply": "attending", "substitute": "x" * 999}, lists)

    assert taken == {"reply": "attending", "substitute": None, "report": None}


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("substitute", {"substitute": "Enter the person coming in your place"}),
        ("apologies_with_report", {"report": "Enter the report"}),
    ],
)
def test_a_question_that_matters_must_be_answered(given: str, wrong: dict[str, str]) -> None:
    with pytest.raises(NotTaken) as caught:
        read(reply.FORM, {"reply": given}, lists)

    assert caught.value.errors == wrong


def test_a_condition_on_yes_takes_a_yes_of_either_kind() -> None:
    form = Form("Test", fields=(AGREED, Field("why", "Why", only_if=when("agreed", "no"))))

    assert read(form, {"agreed": True}, lists) == {"agreed": True, "why": None}
    assert read(form, {"agreed": False, "why": "so"}, lists)["why"] == "so"


def test_every_wrong_answer_has_its_sentence_at_once() -> None:
    form = Form("Test", fields=(TEXT, DAY, OWNER))

    with pytest.raises(NotTaken) as caught:
        read(form, {"due_on": "soon"}, lists)

    assert list(caught.value.errors) == ["why", "due_on", "owner"]
    assert "Enter the reason" in str(caught.value)


def test_every_question_has_an_answer_in_what_is_taken() -> None:
    family = {"invitees": PEOPLE, "family": [], "team": PEOPLE, "owners": PEOPLE, "outcomes": []}
    taken = read(
        record.FORM,
        {
            "attendance": [{"who": one.value, "attendance": "attended"} for one in PEOPLE],
            "child_voice": "before_the_meeting",
            "child_voice_words": "Wants his own room",
        },
        family.__getitem__,
    )

    assert set(taken) == {field.id for field in record.FORM.fields}
    assert taken["actions"] == taken["dissents"] == []
    assert taken["next_on"] is None


def test_half_a_character_is_left_out() -> None:
    """Half of a surrogate pair can come through JSON, and no database keeps it."""
    form = Form("A", fields=(Field("why", "Why"),))

    assert read(form, {"why": "a\ud800b"}, lambda name: ()) == {"why": "ab"}
