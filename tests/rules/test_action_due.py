"""An action is due today: its owner hears, on the day or the working day before."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rules.subjects import DAYS, MAYA, POLICY, TOM, a_taf, an_action, day, spoken
from workflows.reminders import action_due as rule


@pytest.mark.parametrize(
    ("due", "on"),
    [
        (day("Fri 13 March"), day("Fri 13 March")),
        (day("Sat 14 March"), day("Fri 13 March")),
        (day("Mon 6 April"), day("Thu 2 April")),  # Easter Monday
        (day("Fri 25 December"), day("Thu 24 December")),
        (day("Wed 30 December"), day("Thu 24 December")),  # a closure day
    ],
)
def test_it_speaks_on_the_day_or_the_working_day_before(due: date, on: date) -> None:
    assert spoken(rule, an_action(due)) == [(on, "Asha")]


@pytest.mark.parametrize(
    ("until", "on"),
    [
        (day("Thu 12 March"), day("Fri 13 March")),
        (day("Fri 13 March"), day("Fri 13 March")),
        (day("Mon 16 March"), day("Mon 16 March")),
        (day("Sat 14 March"), day("Mon 16 March")),
        (day("Fri 3 April"), day("Tue 7 April")),  # put off to Good Friday
    ],
)
def test_a_snooze_moves_it_to_its_day(until: date, on: date) -> None:
    assert spoken(rule, an_action(day("Fri 13 March"), quiet_until=until)) == [(on, "Asha")]


@pytest.mark.parametrize("state", ["done", "blocked", "withdrawn"])
def test_it_is_silent_about_what_is_not_open(state: str) -> None:
    assert spoken(rule, an_action(day("Fri 13 March"), state=state)) == []


def test_it_is_silent_to_the_family_and_to_leavers() -> None:
    due = day("Fri 13 March")

    assert spoken(rule, an_action(due, owner=None)) == []
    assert spoken(rule, an_action(due, taf=a_taf(team=(MAYA, TOM)))) == []


def test_it_names_the_date_itself_and_not_the_day_it_speaks_on() -> None:
    (step,) = rule.steps(an_action(day("Sat 14 March")), POLICY, DAYS)

    assert step.says.facts["due_on"] == "2026-03-14"
