"""An action is due soon: its owner hears, three working days before."""

from __future__ import annotations

from datetime import date

import pytest

from storage.people import Person
from tests.rules.subjects import (
    ASHA,
    DAYS,
    MAYA,
    POLICY,
    TOM,
    a_taf,
    an_action,
    closed_on,
    day,
    policy,
    spoken,
)
from workflows.reminders import action_due_soon as rule


@pytest.mark.parametrize(
    ("due", "on"),
    [
        (day("Fri 13 March"), day("Tue 10 March")),
        (day("Mon 16 March"), day("Wed 11 March")),  # over a weekend
        (day("Sun 15 March"), day("Wed 11 March")),  # due on a day that is not worked
        (day("Wed 8 April"), day("Wed 1 April")),  # over Good Friday and Easter Monday
        (day("Tue 29 December"), day("Tue 22 December")),  # over Christmas; the 28th is a holiday
    ],
)
def test_it_speaks_three_working_days_before(due: date, on: date) -> None:
    assert spoken(rule, an_action(due), days=closed_on()) == [(on, "Asha")]


def test_closure_days_are_not_worked() -> None:
    due = day("Mon 4 January", 2027)

    assert spoken(rule, an_action(due)) == [(day("Tue 22 December"), "Asha")]


def test_how_long_before_is_a_setting_and_calendar_days_land_on_a_worked_one() -> None:
    three_days = policy(reminders={"action_due_soon": "3 days"})

    assert spoken(rule, an_action(day("Wed 18 March")), by=three_days) == [
        (day("Fri 13 March"), "Asha")
    ]


def test_it_says_which_action_and_when() -> None:
    (step,) = rule.steps(an_action(day("Fri 13 March")), POLICY, DAYS)

    assert step.says.facts == {
        "about": "action-4",
        "reference": "F-1042",
        "number": 4,
        "due_on": "2026-03-13",
    }
    assert not step.cannot_wait
    assert step.until is None


@pytest.mark.parametrize("state", ["done", "blocked", "withdrawn"])
def test_it_is_silent_about_what_is_not_open(state: str) -> None:
    assert spoken(rule, an_action(day("Fri 13 March"), state=state)) == []


def test_it_is_silent_where_the_family_owns_it() -> None:
    assert spoken(rule, an_action(day("Fri 13 March"), owner=None)) == []


def test_it_is_silent_while_snoozed_and_not_a_day_longer() -> None:
    due = day("Fri 13 March")

    assert spoken(rule, an_action(due, quiet_until=day("Wed 11 March"))) == []
    on = day("Tue 10 March")
    assert spoken(rule, an_action(due, quiet_until=on)) == [(on, "Asha")]


def test_it_is_silent_to_somebody_who_left() -> None:
    due = day("Fri 13 March")
    gone = Person(id=9, name="Gone", left_on=day("Mon 2 March"))

    assert spoken(rule, an_action(due, taf=a_taf(team=(MAYA, TOM)))) == []
    assert spoken(rule, an_action(due, owner=gone, taf=a_taf(team=(MAYA, gone)))) == []
    assert spoken(rule, an_action(due, owner=ASHA)) != []
