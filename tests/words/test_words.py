"""Dates, times, counts, lists and amounts as people say them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from messages import words

AT = datetime(2026, 3, 4, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize("on", [date(2026, 3, 4), AT, "2026-03-04", "2026-03-04T14:00:00+00:00"])
def test_a_day_is_said_with_its_weekday(on: date | str) -> None:
    assert words.day(on) == "Wednesday 4 March"
    assert words.long_day(on) == "4 March 2026"


def test_a_day_has_no_nought_before_it() -> None:
    assert words.day(date(2026, 11, 30)) == "Monday 30 November"
    assert words.long_day("2028-02-29") == "29 February 2028"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (time(0, 0), "midnight"),
        (time(0, 1), "12:01am"),
        (time(0, 30), "12:30am"),
        (time(1, 0), "1am"),
        (time(9, 0), "9am"),
        (time(9, 5), "9:05am"),
        (time(9, 30), "9:30am"),
        (time(11, 59), "11:59am"),
        (time(12, 0), "midday"),
        (time(12, 1), "12:01pm"),
        (time(13, 0), "1pm"),
        (time(14, 0), "2pm"),
        (time(23, 59), "11:59pm"),
        ("09:30", "9:30am"),
        ("2026-03-04T12:00:00+00:00", "midday"),
        (AT, "2pm"),
    ],
)
def test_a_time_of_day(at: datetime | time | str, said: str) -> None:
    assert words.clock(at) == said


@pytest.mark.parametrize("at", [AT, "2026-03-04T14:00:00+00:00"])
def test_a_moment(at: datetime | str) -> None:
    assert words.moment(at) == "Wednesday 4 March at 2pm"
    assert words.long_moment(at) == "4 March 2026 at 2pm"


def test_a_moment_is_said_on_the_clock_it_was_given_in() -> None:
    assert words.moment("2026-07-01T00:00:00+01:00") == "Wednesday 1 July at midnight"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "no actions"),
        (1, "one action"),
        (2, "two actions"),
        (9, "nine actions"),
        (10, "10 actions"),
        (12, "12 actions"),
    ],
)
def test_a_count(number: int, said: str) -> None:
    assert words.count(number, "action") == said


def test_a_count_of_what_has_its_own_plural() -> None:
    assert words.count(1, "person", "people") == "one person"
    assert words.count(3, "person", "people") == "three people"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Housing"], "Housing"),
        (["Housing", "Police"], "Housing and Police"),
        (["Housing", "School", "Police"], "Housing, School and Police"),
    ],
)
def test_a_list(names: list[str], said: str) -> None:
    assert words.listed(names) == said
    assert words.listed(iter(names)) == said


def test_a_list_of_alternatives() -> None:
    assert words.listed(["call", "visit", "write"], "or") == "call, visit or write"


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (None, "count", "not known"),
        (None, "yes_no", "not known"),
        (None, "money", "not known"),
        ("0", "count", "0"),
        ("3", "count", "3"),
        ("100", "count", "100"),
        ("100.00", "count", "100"),
        ("1250", "count", "1,250"),
        ("7", "scale", "7"),
        ("0", "yes_no", "no"),
        ("0.00", "yes_no", "no"),
        ("1", "yes_no", "yes"),
        ("0", "money", "£0"),
        ("1250", "money", "£1,250"),
        ("1250.00", "money", "£1,250"),
        ("120.5", "money", "£120.50"),
        ("1250.05", "money", "£1,250.05"),
        ("0", "months", "0 months"),
        ("1", "months", "1 month"),
        ("1.00", "weeks", "1 week"),
        ("4", "months", "4 months"),
        ("10", "weeks", "10 weeks"),
        ("52.00", "weeks", "52 weeks"),
    ],
)
def test_an_amount(value: str | None, kind: str, said: str) -> None:
    assert words.amount(value, kind) == said
    assert words.amount(None if value is None else Decimal(value), kind) == said


def test_a_sentence_begins_with_a_capital_and_keeps_the_rest() -> None:
    assert words.sentence("first TAF meeting") == "First TAF meeting"
    assert words.sentence("") == ""
