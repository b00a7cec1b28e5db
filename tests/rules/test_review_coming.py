"""A review is coming and nothing is arranged: the lead hears, ten working days before."""

from __future__ import annotations

import pytest

from tests.rules.subjects import a_meeting, a_taf, at, day, spoken
from workflows.reminders import review_coming as rule

DUE = day("Tue 14 April")


def test_the_lead_ten_working_days_before() -> None:
    assert spoken(rule, a_taf(review_due_on=DUE)) == [(day("Fri 27 March"), "Maya")]


def test_in_a_vacancy_the_co_ordinators() -> None:
    assert spoken(rule, a_taf(lead=None, review_due_on=DUE))[0][1] == "co_ordinator"


def test_it_is_silent_once_a_meeting_is_arranged() -> None:
    taf = a_taf(review_due_on=DUE)
    a_meeting(at("Tue 14 April", "10:00"), taf=taf)

    assert spoken(rule, taf) == []


@pytest.mark.parametrize("state", ["held", "cancelled", "proposed"])
def test_a_meeting_that_does_not_come_is_none(state: str) -> None:
    taf = a_taf(review_due_on=DUE)
    a_meeting(at("Tue 14 April", "10:00"), taf=taf, state=state)

    assert len(spoken(rule, taf)) == 1


def test_it_is_silent_before_the_first_meeting() -> None:
    assert spoken(rule, a_taf(review_due_on=None)) == []
