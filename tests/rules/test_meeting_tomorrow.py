"""A meeting is on the next working day: all who come or have not replied hear."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.rules.subjects import DAYS, MAYA, POLICY, TOM, a_meeting, a_taf, at, day, spoken
from workflows.reminders import meeting_tomorrow as rule

STARTS = at("Tue 10 March", "14:00")


@pytest.mark.parametrize(
    ("starts", "on"),
    [
        (STARTS, day("Mon 9 March")),
        (at("Mon 9 March", "09:00"), day("Fri 6 March")),
        (at("Tue 7 April", "09:00"), day("Thu 2 April")),
        (at("Sat 14 March", "10:00"), day("Fri 13 March")),
        (at("Mon 4 January", "10:00", 2027), day("Thu 24 December")),
    ],
)
def test_it_speaks_the_working_day_before(starts: datetime, on: date) -> None:
    assert spoken(rule, a_meeting(starts, TOM)) == [(on, "Tom")]


@pytest.mark.parametrize(
    ("reply", "hears"),
    [
        (None, True),
        ("attending", True),
        ("substitute", False),
        ("apologies", False),
        ("apologies_with_report", False),
    ],
)
def test_it_leaves_those_in_peace_who_do_not_come(reply: str | None, hears: bool) -> None:
    meeting = a_meeting(STARTS, TOM)
    meeting.invitations[0].reply = reply

    assert bool(spoken(rule, meeting)) is hears


@pytest.mark.parametrize("state", ["proposed", "held", "cancelled"])
def test_it_is_silent_where_there_is_no_meeting_to_come(state: str) -> None:
    assert spoken(rule, a_meeting(STARTS, state=state)) == []


def test_it_is_silent_to_those_who_left() -> None:
    assert spoken(rule, a_meeting(STARTS, taf=a_taf(team=(MAYA, TOM)))) == [
        (day("Mon 9 March"), "Tom")
    ]


def test_it_shows_the_partnerships_clock_in_summer_and_ends_with_the_start() -> None:
    (step,) = rule.steps(a_meeting(at("Wed 8 July", "14:00"), TOM), POLICY, DAYS)

    assert step.says.facts["starts_at"] == "2026-07-08T14:00:00+01:00"
    assert step.until == at("Wed 8 July", "14:00")
