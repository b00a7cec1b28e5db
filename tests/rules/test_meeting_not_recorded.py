"""A meeting is not recorded: the lead is asked the next day, then it climbs."""

from __future__ import annotations

import pytest

from tests.rules.subjects import ASHA, DAYS, POLICY, a_meeting, a_taf, at, day, policy, spoken
from workflows.reminders import meeting_not_recorded as rule

STARTS = at("Thu 2 April", "14:00")


def test_the_lead_the_next_working_day_and_the_supervisors_when_the_notes_are_late() -> None:
    assert spoken(rule, a_meeting(STARTS)) == [
        (day("Tue 7 April"), "Maya"),  # Easter lies between
        (day("Mon 27 April"), "supervisor"),  # notes due on the 13th, and ten working days
    ]


def test_in_a_vacancy_whoever_called_it_is_asked_and_then_the_co_ordinators() -> None:
    meeting = a_meeting(STARTS, taf=a_taf(lead=None), arranged_by=ASHA)

    assert spoken(rule, meeting) == [
        (day("Tue 7 April"), "Asha"),
        (day("Wed 15 April"), "co_ordinator"),
        (day("Mon 27 April"), "supervisor"),
    ]


@pytest.mark.parametrize("state", ["proposed", "held", "cancelled"])
def test_it_is_silent_about_what_needs_no_record(state: str) -> None:
    assert spoken(rule, a_meeting(STARTS, state=state)) == []


def test_a_date_without_a_time_needs_no_record() -> None:
    assert spoken(rule, a_meeting(None, on=day("Thu 2 April"))) == []


def test_both_waits_are_settings() -> None:
    slow = policy(
        reminders={"meeting_not_recorded": "2 working days"},
        meetings={"notes_within": "10 working days"},
    )

    assert [on for on, _ in spoken(rule, a_meeting(STARTS), by=slow)] == [
        day("Wed 8 April"),
        day("Tue 5 May"),
    ]


def test_each_step_says_when_the_notes_are_due_and_which_rung_it_is() -> None:
    steps = list(rule.steps(a_meeting(STARTS), POLICY, DAYS))

    assert {one.says.facts["notes_due_on"] for one in steps} == {"2026-04-13"}
    assert [one.rung for one in steps] == ["owner", "supervisor"]
