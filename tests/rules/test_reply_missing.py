"""A reply is missing: whoever has not replied is asked, three working days before."""

from __future__ import annotations

import pytest

from tests.rules.subjects import DAYS, MAYA, POLICY, TOM, a_meeting, a_taf, at, day, spoken
from workflows.reminders import reply_missing as rule

STARTS = at("Thu 9 April", "14:00")


def test_it_asks_each_who_has_not_replied() -> None:
    assert spoken(rule, a_meeting(STARTS)) == [
        (day("Thu 2 April"), "Asha"),  # over Easter
        (day("Thu 2 April"), "Tom"),
    ]


@pytest.mark.parametrize("reply", ["attending", "substitute", "apologies", "apologies_with_report"])
def test_any_reply_will_do(reply: str) -> None:
    meeting = a_meeting(STARTS)
    meeting.invitations[0].reply = reply

    assert spoken(rule, meeting) == [(day("Thu 2 April"), "Tom")]


@pytest.mark.parametrize("state", ["proposed", "held", "cancelled"])
def test_it_is_silent_where_there_is_nothing_to_reply_to(state: str) -> None:
    assert spoken(rule, a_meeting(STARTS, state=state)) == []
    assert spoken(rule, a_meeting(None, on=day("Thu 9 April"))) == []


def test_it_is_silent_to_those_who_left() -> None:
    assert spoken(rule, a_meeting(STARTS, taf=a_taf(team=(MAYA, TOM)))) == [
        (day("Thu 2 April"), "Tom")
    ]


def test_it_is_of_no_use_once_the_meeting_has_begun() -> None:
    for step in rule.steps(a_meeting(STARTS), POLICY, DAYS):
        assert step.until == STARTS
        assert not step.cannot_wait
