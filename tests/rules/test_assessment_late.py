"""An assessment is late: it climbs from the lead to the supervisors."""

from __future__ import annotations

import pytest

from tests.rules.subjects import DAYS, POLICY, a_taf, assessed, day, spoken
from workflows.reminders import assessment_late as rule

DUE = day("Tue 24 March")


def test_it_begins_with_the_lead_and_ends_with_the_supervisors() -> None:
    assert spoken(rule, a_taf(assessment_due_on=DUE)) == [
        (day("Wed 25 March"), "Maya"),
        (day("Thu 9 April"), "supervisor"),  # Easter lies between
    ]


def test_in_a_vacancy_it_begins_with_the_co_ordinators() -> None:
    assert spoken(rule, a_taf(lead=None, assessment_due_on=DUE)) == [
        (day("Wed 25 March"), "co_ordinator"),
        (day("Thu 9 April"), "supervisor"),
    ]


@pytest.mark.parametrize("state", ["initiated", "contributing"])
def test_begun_is_not_complete(state: str) -> None:
    taf = a_taf(assessment_due_on=DUE)
    assessed(taf, state)

    assert len(spoken(rule, taf)) == 2


def test_it_is_silent_once_one_is_complete() -> None:
    taf = a_taf(assessment_due_on=DUE)
    assessed(taf, "initiated")
    assessed(taf, "completed")

    assert spoken(rule, taf) == []


def test_it_says_when_it_was_due_and_why() -> None:
    first = next(iter(rule.steps(a_taf(assessment_due_on=DUE), POLICY, DAYS)))

    assert first.says.facts == {
        "about": "taf-1",
        "reference": "F-1042",
        "due_on": "2026-03-24",
        "after": "1 working day",
        "rung": "owner",
    }
