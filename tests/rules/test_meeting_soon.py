"""A meeting starts within the hour: it cannot wait, and is of no use afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.rules.subjects import DAYS, MAYA, POLICY, TOM, a_meeting, a_taf, at, policy, spoken
from workflows.reminders import meeting_soon as rule

STARTS = at("Tue 10 March", "14:00")


def test_it_speaks_an_hour_before_at_once_and_never_after() -> None:
    (step,) = rule.steps(a_meeting(STARTS, TOM), POLICY, DAYS)

    assert step.at == STARTS - timedelta(hours=1)
    assert step.cannot_wait
    assert step.until == STARTS


def test_an_hour_is_an_hour_across_the_clock_change() -> None:
    starts = at("Sun 29 March", "02:30")

    ((when, _),) = spoken(rule, a_meeting(starts, TOM))
    assert starts - when == timedelta(hours=1)


def test_how_long_before_is_a_setting() -> None:
    ((when, _),) = spoken(
        rule, a_meeting(STARTS, TOM), by=policy(reminders={"meeting_soon": "30 minutes"})
    )
    assert when == at("Tue 10 March", "13:30")


@pytest.mark.parametrize("reply", ["substitute", "apologies", "apologies_with_report"])
def test_it_is_silent_to_those_who_do_not_come(reply: str) -> None:
    meeting = a_meeting(STARTS, TOM)
    meeting.invitations[0].reply = reply

    assert spoken(rule, meeting) == []


@pytest.mark.parametrize("state", ["proposed", "held", "cancelled"])
def test_it_is_silent_where_there_is_no_meeting_to_come(state: str) -> None:
    assert spoken(rule, a_meeting(STARTS, state=state)) == []


def test_it_is_silent_to_those_who_left() -> None:
    assert [who for _, who in spoken(rule, a_meeting(STARTS, taf=a_taf(team=(MAYA, TOM))))] == [
        "Tom"
    ]
