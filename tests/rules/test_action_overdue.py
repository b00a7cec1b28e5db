"""An action is overdue: it climbs from its owner to the lead and to the supervisors."""

from __future__ import annotations

import pytest

from tests.rules.subjects import (
    ASHA,
    DAYS,
    MAYA,
    POLICY,
    TOM,
    a_taf,
    an_action,
    day,
    policy,
    spoken,
)
from workflows.reminders import action_overdue as rule

DUE = day("Tue 10 March")


def test_each_rung_once_counted_from_the_date() -> None:
    assert spoken(rule, an_action(DUE)) == [
        (day("Wed 11 March"), "Asha"),
        (day("Thu 12 March"), "Maya"),
        (day("Tue 24 March"), "supervisor"),
    ]


def test_working_days_jump_over_easter_and_christmas() -> None:
    assert spoken(rule, an_action(day("Thu 2 April"))) == [
        (day("Tue 7 April"), "Asha"),
        (day("Wed 8 April"), "Maya"),
        (day("Mon 20 April"), "supervisor"),
    ]
    assert spoken(rule, an_action(day("Thu 24 December")))[:2] == [
        (day("Mon 4 January", 2027), "Asha"),
        (day("Tue 5 January", 2027), "Maya"),
    ]


def test_due_on_a_sunday_is_overdue_after_the_next_working_day() -> None:
    assert spoken(rule, an_action(day("Sun 8 March")))[0] == (day("Mon 9 March"), "Asha")


def test_the_familys_own_begins_with_the_lead_and_nobody_climbs_twice() -> None:
    assert spoken(rule, an_action(DUE, owner=None)) == [
        (day("Wed 11 March"), "Maya"),
        (day("Tue 24 March"), "supervisor"),
    ]


def test_a_lead_who_owns_it_hears_once() -> None:
    assert spoken(rule, an_action(DUE, owner=MAYA)) == [
        (day("Wed 11 March"), "Maya"),
        (day("Tue 24 March"), "supervisor"),
    ]


def test_in_a_vacancy_the_co_ordinators_stand_in() -> None:
    assert spoken(rule, an_action(DUE, taf=a_taf(lead=None))) == [
        (day("Wed 11 March"), "Asha"),
        (day("Thu 12 March"), "co_ordinator"),
        (day("Tue 24 March"), "supervisor"),
    ]
    assert spoken(rule, an_action(DUE, owner=None, taf=a_taf(lead=None))) == [
        (day("Wed 11 March"), "co_ordinator"),
        (day("Tue 24 March"), "supervisor"),
    ]


def test_what_somebody_left_behind_begins_with_the_lead_in_their_name() -> None:
    left = an_action(DUE, owner=ASHA, taf=a_taf(team=(MAYA, TOM)))

    assert spoken(rule, left) == [
        (day("Wed 11 March"), "Maya"),
        (day("Tue 24 March"), "supervisor"),
    ]
    first = next(iter(rule.steps(left, POLICY, DAYS)))
    assert (first.says.facts["yours"], first.says.facts["owner"]) == (False, "Asha")


def test_the_ladder_is_a_setting() -> None:
    ladder = policy(
        ladder=[  # type: ignore[arg-type]
            {"to": "lead_professional", "after": "1 week"},
            {"to": "co_ordinator", "after": "2 weeks"},
        ]
    )

    assert spoken(rule, an_action(DUE), by=ladder) == [
        (day("Tue 17 March"), "Maya"),
        (day("Tue 24 March"), "co_ordinator"),
    ]


def test_the_same_holder_on_two_rungs_hears_once() -> None:
    ladder = policy(
        ladder=[  # type: ignore[arg-type]
            {"to": "lead_professional", "after": "1 week"},
            {"to": "co_ordinator", "after": "2 weeks"},
        ]
    )

    vacant = an_action(DUE, taf=a_taf(lead=None))
    assert spoken(rule, vacant, by=ladder) == [(day("Tue 17 March"), "co_ordinator")]


def test_a_snooze_puts_off_the_owners_own_rung_alone() -> None:
    assert spoken(rule, an_action(DUE, quiet_until=day("Mon 16 March"))) == [
        (day("Thu 12 March"), "Maya"),
        (day("Tue 24 March"), "supervisor"),
    ]
    assert len(spoken(rule, an_action(DUE, quiet_until=day("Wed 11 March")))) == 3


@pytest.mark.parametrize("state", ["done", "blocked", "withdrawn"])
def test_it_is_silent_about_what_is_not_open(state: str) -> None:
    assert spoken(rule, an_action(DUE, state=state)) == []


def test_each_step_says_which_rung_it_is_and_why() -> None:
    steps = list(rule.steps(an_action(DUE), POLICY, DAYS))

    assert [(one.rung, one.says.facts["rung"], one.says.facts["after"]) for one in steps] == [
        ("owner", "owner", "1 working day"),
        ("lead_professional", "lead_professional", "2 working days"),
        ("supervisor", "supervisor", "10 working days"),
    ]
    assert [one.says.facts["yours"] for one in steps] == [True, False, False]
