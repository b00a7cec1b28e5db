"""Choices are offered whole, found by what is typed, and never too long for Slack."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.asked import question
from bot.slack.choosing import option, options, plain, widget
from bot.slack.limits import check
from messages.form import Choice, ChoiceLists, Field, choices
from messages.offering import NO_ANSWER, offered
from messages.places import place
from messages.reading import MOST_ROWS
from messages.words import cut
from tests.platforms.samples import ANYTHING, FORMS, HOSTILE, lists_of
from tests.world import World
from workflows.choices import LISTS
from workflows.frameworks import framework, known

OWNER = Field("owner", "Owner", "choice", choices="owners")
MEASURE = Field("measure", "Measure", "choice", choices="measures")
CRITERIA = Field("criteria", "Criteria", "choices", required=False, choices="criteria")


def values(found: dict[str, Any]) -> list[str]:
    groups = found.get("option_groups", [{"options": found.get("options", [])}])
    return [one["value"] for group in groups for one in group["options"]]


def element(field: Field, count: int, value: Any = None, *, a_person: bool = False) -> Any:
    made = question(field, "path", value, lists_of(count, 40), a_person=a_person)
    return made.get("element", {})


@pytest.mark.parametrize(
    ("kind", "count", "shown"),
    [
        ("choice", 1, "radio_buttons"),
        ("choice", 10, "radio_buttons"),
        ("choice", 11, "static_select"),
        ("choice", 30, "static_select"),
        ("choice", 31, "external_select"),
        ("choices", 10, "checkboxes"),
        ("choices", 11, "multi_static_select"),
        ("choices", 30, "multi_static_select"),
        ("choices", 31, "multi_external_select"),
    ],
)
def test_a_widget_fits_the_number_of_choices(kind: Any, count: int, shown: str) -> None:
    field = Field("owner", "Owner", kind, choices="owners")

    assert element(field, count)["type"] == shown
    assert widget(field, count) == shown


def test_choices_of_the_form_itself_are_searched_only_where_slack_has_no_room() -> None:
    def own(count: int) -> str:
        named = choices(*(f"N{n}" for n in range(count)))
        return str(element(Field("a", "A", "choice", choices=named), 0)["type"])

    assert own(31) == own(100) == "static_select"
    assert own(101) == "external_select"


def test_beside_each_of_many_people_stands_a_menu() -> None:
    assert element(OWNER, 3, a_person=True)["type"] == "radio_buttons"
    assert element(OWNER, 4, a_person=True)["type"] == "static_select"


def test_a_search_opens_with_everything() -> None:
    assert element(OWNER, 31)["min_query_length"] == 0
    assert len(values(options(OWNER, "", lists_of(31)))) == 31


def test_a_search_finds_every_word_in_any_order_and_case() -> None:
    people = [Choice("person-1", "Asha Patel (School)"), Choice("person-2", "Asha Khan (Health)")]

    def found(typed: str) -> list[str]:
        return values(options(OWNER, typed, lambda _: people))

    assert found("asha") == ["person-1", "person-2"]
    assert found(" SCHOOL  ash") == ["person-1"]
    assert found("asha smith") == []
    assert options(OWNER, "smith", lambda _: people) == {"options": []}


@pytest.mark.parametrize("count", [0, 1, 12, 99, 100, 101, 150, 1000])
@pytest.mark.parametrize("field", [OWNER, MEASURE, CRITERIA], ids=lambda one: one.id)
@pytest.mark.parametrize("query", ["", "1", "need 2", HOSTILE])
def test_what_is_found_fits(field: Field, count: int, query: str) -> None:
    found = options(field, query, lists_of(count))

    assert check("options", found) == []
    assert len(values(found)) <= 100


def test_long_lists_stand_under_their_headings() -> None:
    found = options(MEASURE, "", lists_of(12, 40))

    assert [group["label"]["text"] for group in found["option_groups"]] == [
        "Need 0",
        "Need 1",
        "Need 2",
    ]
    assert found["option_groups"][1]["options"][0]["text"]["text"].startswith("4 <!channel>")
    assert "option_groups" in element(CRITERIA, 12)


def test_a_heading_stands_once_however_the_list_is_ordered() -> None:
    mixed = [Choice(f"m-{n}", f"need {n % 2}: thing {n}") for n in range(12)]

    found = options(MEASURE, "", lambda _: mixed)

    assert [len(group["options"]) for group in found["option_groups"]] == [6, 6]


def test_labels_without_headings_stand_alone() -> None:
    mixed = [Choice(f"m-{n}", "plain" if n == 5 else f"need: thing {n}") for n in range(12)]

    assert "options" in options(MEASURE, "", lambda _: mixed)


@pytest.mark.parametrize("length", [75, 76, 120, 135])
def test_a_long_label_is_shown_whole_in_two_lines(length: int) -> None:
    label = ("Children who are often missing " * 20)[: length - 1] + "x"

    made = option(Choice("a", label))

    shown = made["text"]["text"] + made.get("description", {"text": ""})["text"]
    assert shown.replace("…", "").replace(" ", "") == label.replace(" ", "")
    assert len(made["text"]["text"]) <= 75


@settings(deadline=None)  # on a busy machine a good answer may be late
@given(st.text(max_size=400))
def test_any_label_fits(label: str) -> None:
    assert check("options", {"options": [option(Choice("a", label))]}) == []


@pytest.mark.parametrize("value", ["", "x" * 151])
def test_a_value_that_slack_could_not_hold_is_a_fault(value: str) -> None:
    with pytest.raises(ValueError, match="characters"):
        option(Choice(value, "Label"))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_form_has_a_value_that_slack_could_not_hold(form: Any) -> None:
    for field in form.fields:
        for one in (field, *field.fields):
            fixed = one.choices if isinstance(one.choices, tuple) else ()
            assert NO_ANSWER.value not in {choice.value for choice in fixed}
            for choice in fixed:
                option(choice)
            assert len(f"{field.id}-{MOST_ROWS}-{one.id}") <= 255


@pytest.mark.parametrize("name", known())
def test_no_framework_has_a_value_that_slack_could_not_hold(name: str) -> None:
    kept = framework(name)
    ids = {one.id for one in kept.criteria} | {one.id for one in kept.indicators}
    for value in ids | {one.id for one in kept.needs}:
        option(Choice(value, value))
        assert value != NO_ANSWER.value


def test_every_other_list_gives_references() -> None:
    """People, members, outcomes and meetings are chosen by reference ("person-12"): short."""
    assert set(LISTS) == {
        "practitioners", "team", "newcomers", "family", "with_responsibility",
        "family_or_household", "owners", "invitees", "outcomes", "held_meetings",
        "criteria", "needs", "measures", "agencies",
    }  # fmt: skip


def test_no_agency_has_a_value_that_slack_could_not_hold(world: World) -> None:
    with world.database.reading() as session:
        doing = world.assistant.boundary.doing(session, world.people["Priya"], world.clock.now())
        found = LISTS["agencies"](doing, None)
    assert found == sorted(found, key=lambda pair: pair[1].casefold())
    for pair in found:
        option(Choice(*pair))
        assert pair[0] != NO_ANSWER.value


@pytest.mark.parametrize("kind", ["choice", "yes_no"])
def test_where_no_answer_is_needed_one_can_be_taken_back(kind: Any) -> None:
    held = choices("One", "Two") if kind == "choice" else ()
    needed = Field("a", "A", kind, choices=held)
    free = Field("a", "A", kind, choices=held, required=False)

    assert NO_ANSWER not in offered(needed, lists_of(0))
    assert offered(free, lists_of(0))[-1] == NO_ANSWER


def test_no_second_none_is_offered() -> None:
    own = (Choice("not_yet", "Not yet"), Choice("a", "A"))
    field = Field("a", "A", "choice", choices=own, required=False)

    assert offered(field, lists_of(0)) == list(own)


def test_a_list_with_one_value_twice_offers_it_once() -> None:
    twice: ChoiceLists = lambda _: [Choice("a", "A"), Choice("a", "B"), Choice("c", "C")]  # noqa: E731

    assert [one.value for one in offered(OWNER, twice)] == ["a", "c"]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("note", "note"),
        ("rows-0-word", "word"),
        ("rows-19-why", "why"),
        ("told-3-on", "on"),
        ("rows", None),
        ("rows-0", None),
        ("rows-x-word", None),
        ("rows-0-nothing", None),
        ("note-0-word", None),
        ("rows-00000-word", None),
        ("", None),
        ("rows-٣-word", None),
    ],
)
def test_a_path_leads_to_its_question_or_nowhere(path: str, found: str | None) -> None:
    where = place(ANYTHING, path)

    assert (where.field.id if where else None) == found


def test_words_are_cut_with_a_sign_that_there_are_more() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"
    assert plain("  ")["text"] == "…"
    assert plain(HOSTILE)["text"] == HOSTILE
