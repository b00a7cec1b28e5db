"""The settings: app.yaml as shipped is sound, and every slip is refused by name and line."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.policy import Period, Policy, PolicyError, Problem, load_policy

SHIPPED = (Path(__file__).parents[2] / "app.yaml").read_text(encoding="utf-8")


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if words in line)


def problems(text: str, overrides: dict[str, Any] | None = None) -> list[Problem]:
    with pytest.raises(PolicyError) as refused:
        load_policy(text, overrides=overrides)
    return refused.value.problems


def only_problem(text: str) -> Problem:
    (problem,) = problems(text)
    return problem


def test_the_shipped_settings_are_sound() -> None:
    policy = load_policy(SHIPPED)

    assert policy.partnership.name == "Fenbridge Partnership (fictional)"
    assert policy.partnership.nation == "England"
    assert date(2026, 12, 29) in policy.partnership.closure_days
    assert policy.hours.working.start == time(9)
    assert policy.hours.quiet.end == time(8)
    assert policy.hours.digest == time(8, 30)
    assert policy.assessments.within == Period(15, "working day")
    assert policy.meetings.first_within == Period(15, "working day")
    assert policy.meetings.notes_within == Period(5, "working day")
    assert policy.assessments.again_after == Period(12, "month")
    assert str(policy.reviews.every) == "6 weeks"
    assert str(policy.reminders.meeting_soon) == "1 hour"
    assert policy.framework == "TF-2015"
    assert policy.frameworks["SF-2022"].count_basis == "needs"
    assert policy.labels.lead_professional == "Lead Professional"
    assert policy.safeguarding.banner.startswith("Not monitored. If a child is at immediate risk")


def test_the_shipped_ladder_climbs_from_the_owner_to_the_supervisor() -> None:
    rungs = [(rung.to, str(rung.after)) for rung in load_policy(SHIPPED).ladder]

    assert rungs == [
        ("owner", "1 working day"),
        ("lead_professional", "2 working days"),
        ("supervisor", "10 working days"),
    ]


def test_agencies_know_their_ids_and_one_of_them_has_not_signed() -> None:
    agencies = load_policy(SHIPPED).agencies

    assert all(agency.id == key for key, agency in agencies.items())
    assert [key for key, agency in agencies.items() if not agency.agreement_signed] == [
        "willow-mentoring"
    ]
    assert agencies["probation"].name == "BENCH Community Rehabilitation Company"
    (question,) = agencies["housing"].fields
    assert (question.id, question.kind, question.required) == ("weeks_of_arrears", "number", False)


def test_settings_never_change_once_read() -> None:
    policy = load_policy(SHIPPED)

    with pytest.raises(ValueError, match="frozen"):
        policy.framework = "SF-2022"


def test_overrides_win_setting_by_setting() -> None:
    policy = load_policy(
        SHIPPED,
        overrides={
            "reviews": {"every": "4 weeks"},
            "partnership": {"closure_days": [date(2026, 8, 3)]},
        },
    )

    assert policy.reviews.every == Period(4, "week")
    assert policy.partnership.closure_days == (date(2026, 8, 3),)
    assert policy.partnership.name == "Fenbridge Partnership (fictional)"
    assert policy.meetings == load_policy(SHIPPED).meetings


def test_a_bad_override_is_refused_without_blaming_a_line_of_the_file() -> None:
    found = problems(SHIPPED, {"reviews": {"every": "13 months"}, "reveiws": {}})

    assert [(problem.line, problem.path) for problem in found] == [
        (None, "reveiws"),
        (None, "reviews.every"),
    ]


def test_a_misspelt_setting_is_named_with_its_line_and_the_nearest_one() -> None:
    text = SHIPPED.replace("\nreviews:", "\nreveiws:")

    with pytest.raises(PolicyError) as refused:
        load_policy(text)

    line = line_of(text, "reveiws:")
    expected = f'app.yaml line {line}: "reveiws" is not a setting; did you mean "reviews"?'
    assert str(refused.value) == expected


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        SHIPPED.replace("nation: England", "nation: Englnd")
        .replace('digest: "08:30"', 'digest: "07:30"')
        .replace("    can_lead: true", "    can_leed: true", 1)
        .replace("after: 2 working days", "after: 1 working day")
        .replace("framework: TF-2015", "framework: TF-2016")
    )

    found = problems(text)

    assert [problem.path for problem in found] == [
        "partnership.nation",
        "hours.digest",
        "ladder.2.after",
        "agencies.childrens-centre.can_leed",
        "framework",
    ]
    lines = [problem.line or 0 for problem in found]
    assert lines == sorted(lines)
    assert 0 not in lines


# What was written, what a slip makes of it, and what is then said of which line.
SLIPS = [
    ("name: Police", "nmae: Police", "nmae: Police", 'did you mean "name"?'),
    ("name: Police", "id: police\n    name: Police", "id: police", '"id" is not a setting of ag'),
    ("within: 15 working days", "within: 0 working days", None, "should be at least 1 working day"),
    ("within: 15 working days", "within: -3 weeks", None, "should be at least 1 week"),
    ("within: 15 working days", "within: a fortnight", None, "should be a period such as"),
    ("within: 15 working days", "within: 15", None, "should be a period such as"),
    ("within: 15 working days", "within: 6 hours", None, "should be in days, working days, weeks"),
    ("again_after: 12 months", "again_after: 61 months", None, "five years is the longest"),
    ("again_after: 12 months", "again_after: 2 weeks", "within: 15", "should be shorter than"),
    ("notes_within: 5 working days", "notes_within:", None, "meetings.notes_within is empty"),
    ("every: 6 weeks", "every: 53 weeks", None, "a year is the longest"),
    ("review_coming: 10 working days", "review_coming: 6 weeks", None, "shorter than reviews.ev"),
    ("reading_wanted: 5 working days", "reading_wanted: 50 days", None, "shorter than reviews.ev"),
    ("action_due_soon: 3 working days", "action_due_soon: 2 months", None, "shorter than reviews"),
    ("reply_missing: 3 working days", "reply_missing: 3 weeks", None, "than meetings.first_within"),
    ("meeting_soon: 1 hour", "meeting_soon: 2 days", None, "should be in hours or minutes"),
    ("meeting_soon: 1 hour", "meeting_soon: 25 hours", None, "a day is the longest accepted"),
    ('digest: "08:30"', 'digest: "07:59"', None, "falls in the quiet hours"),
    ('digest: "08:30"', 'digest: "17:00"', None, "should be before working hours end (17:00)"),
    ('digest: "08:30"', 'digest: "8:30"', None, 'is "8:30", but should be a time of day such as'),
    ('digest: "08:30"', 'digest: "24:00"', None, "should be a time of day"),
    ('to: "17:00"', 'to: "09:00"', "working:", "should end later in the day than it begins"),
    ('from: "18:00"', 'from: "08:00"', "quiet:", "begins and ends at the same time"),
    ("time_zone: Europe/London", "time_zone: Europe/Londn", None, 'did you mean "Europe/London"?'),
    ("nation: England", "nation: Scotlnd", None, 'did you mean "Scotland"?'),
    ("- 2026-12-30", "- 2026-12-32", None, 'is "2026-12-32", which is not a date'),
    ("- 2026-12-30", "- Christmas", None, 'is "Christmas", which is not a date'),
    ("- 2026-12-30", "- 20261230", None, "which is not a date"),
    ("to: lead_professional", "to: lead_profesional", None, 'did you mean "lead_professional"?'),
    ("after: 2 working days", "after: 1 day", None, "each step comes later than the last"),
    ("after: 10 working days", "afterwards: 10 working days", None, 'did you mean "after"?'),
    ("  police:", "  Police:", None, 'agency "Police" should be small letters, with hyphens'),
    ("  police:", "  the_police:", None, 'agency "the_police" should be small letters'),
    ("name: Police", "name: 999", None, "should be words (put a number in quotation marks)"),
    ("name: Police", 'name: ""', None, "agencies.police.name is empty"),
    ("kind: number", "kind: numbr", None, 'did you mean "number"?'),
    ("kind: number", "kind: choice", "- id: weeks_of", "needs choices"),
    ("kind: number", "choices: [a, b]\n        kind: date", "- id: weeks_of", "is not a choice"),
    ("id: weeks_of_arrears", "id: Weeks of arrears", None, "with underscores between words"),
    ("agreement_signed: false", "agreement_signed: nearly", None, "should be true or false"),
    ("framework: TF-2015", "framework: TF-2051", None, 'did you mean "TF-2015"?'),
    ("framework: TF-2015", "framework: Harrow", None, "there are SF-2022, TF-2015"),
    ("  SF-2022:", "  SF-2023:", None, 'did you mean "SF-2022"?'),
    ("count_basis: needs", "count_basis: need", None, 'did you mean "needs"?'),
    ("count_basis: needs", "needed: 0", None, "should be at least 1"),
    ("count_basis: needs", "needed: three", None, "should be a whole number"),
]


@pytest.mark.parametrize(("written", "slip", "at", "said"), SLIPS)
def test_a_slip_is_refused_by_name_and_line(
    written: str, slip: str, at: str | None, said: str
) -> None:
    assert written in SHIPPED
    text = SHIPPED.replace(written, slip, 1)

    problem = only_problem(text)

    assert said in problem.sentence
    assert problem.line == line_of(text, at or slip)


@pytest.mark.parametrize(
    "group",
    ["partnership", "hours", "assessments", "meetings", "reviews", "reminders", "labels"],
)
def test_a_missing_group_is_named(group: str) -> None:
    text = SHIPPED.replace(f"\n{group}:", "\nnote_to_self:", 1)

    assert f'"{group}" is missing' in [problem.sentence for problem in problems(text)]


def test_a_missing_setting_is_named_where_its_group_stands() -> None:
    text = SHIPPED.replace("  notes_within: 5 working days\n", "")

    problem = only_problem(text)

    assert problem.sentence == '"notes_within" is missing from meetings'
    assert problem.line == line_of(text, "meetings:")


def test_a_setting_written_twice_is_refused_where_it_comes_again() -> None:
    text = SHIPPED.replace("  every: 6 weeks\n", "  every: 6 weeks\n  every: 8 weeks\n")

    problem = only_problem(text)

    first = line_of(text, "every: 6 weeks")
    assert problem.sentence == f'"reviews.every" is written twice, first on line {first}'
    assert problem.line == first + 1


def test_there_must_be_an_agency() -> None:
    start, end = SHIPPED.index("\nagencies:\n"), SHIPPED.index("\n# What this partnership calls")
    text = SHIPPED[:start] + "\nagencies: {}\n" + SHIPPED[end:]

    problem = only_problem(text)

    assert problem.sentence == "agencies is empty: name at least one"
    assert problem.line == line_of(text, "agencies: {}")


def test_an_agency_must_be_able_to_lead() -> None:
    text = SHIPPED.replace("can_lead: true", "can_lead: false")

    problem = only_problem(text)

    assert problem.sentence == "no agency can lead: give one can_lead: true"
    assert problem.line == line_of(text, "agencies:\n".strip())


def test_the_ladder_must_have_a_step() -> None:
    start, end = SHIPPED.index("\nladder:\n"), SHIPPED.index("\n# The agencies around")
    text = SHIPPED[:start] + "\nladder: []\n" + SHIPPED[end:]

    problem = only_problem(text)

    assert problem.sentence.startswith("ladder is empty")
    assert problem.line == line_of(text, "ladder: []")


def test_two_questions_of_an_agency_need_two_ids() -> None:
    asked = SHIPPED.index("      - id: weeks_of_arrears")
    question = SHIPPED[asked : SHIPPED.index("  secondary-school:")]
    text = SHIPPED[:asked] + question + SHIPPED[asked:]

    problem = only_problem(text)

    assert problem.path == "agencies.housing.fields.2.id"
    assert "like a field before it" in problem.sentence


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "there are no settings here"),
        ("- just\n- a list\n", 1, "there are no settings here"),
        ("partnership:\n  name: [Fenbridge\n", 3, "is not YAML"),
        ("partnership: \x07\n", 1, "is not YAML"),
        ("partnership: &itself [*itself]\n", 1, "holds itself"),
    ],
)
def test_a_file_that_holds_no_settings_is_refused(text: str, line: int, said: str) -> None:
    problem = only_problem(text)

    assert said in problem.sentence
    assert problem.line == line


@pytest.mark.parametrize("wrong", ["7", "words", "[a, b]", "{a: b}", "true", "null", "2.5"])
@pytest.mark.parametrize("name", sorted(Policy.model_fields))
def test_the_wrong_kind_of_thing_is_refused_and_never_breaks_the_reading(
    name: str, wrong: str
) -> None:
    start = SHIPPED.index(f"\n{name}:") + 1
    rest = SHIPPED[start:].splitlines(keepends=True)
    after = next((n for n, line in enumerate(rest[1:], 1) if line[0] not in " \n#"), len(rest))
    text = f"{SHIPPED[:start]}{name}: {wrong}\n{''.join(rest[after:])}"

    found = problems(text)

    assert any(problem.path.split(".")[0] == name for problem in found)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("1 working day", Period(1, "working day")),
        ("15 working days", Period(15, "working day")),
        ("  6   Weeks ", Period(6, "week")),
        ("90 minutes", Period(90, "minute")),
    ],
)
def test_periods_are_read_from_words(text: str, period: Period) -> None:
    assert Period.parse(text) == period


@pytest.mark.parametrize(
    "text", ["", "weeks", "6", "6 fortnights", "1.5 weeks", "0 days", "6weeks"]
)
def test_other_words_are_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="but should be"):
        Period.parse(text)


@given(
    st.builds(
        Period,
        st.integers(min_value=1, max_value=999),
        st.sampled_from(["working day", "day", "week", "month", "hour", "minute"]),
    )
)
def test_a_period_reads_back_from_its_own_words(period: Period) -> None:
    assert Period.parse(str(period)) == period
