"""A reading is wanted before the review: its holder is asked, else the lead."""

from __future__ import annotations

from tests.rules.subjects import (
    DAYS,
    POLICY,
    a_taf,
    an_indicator,
    day,
    read_on,
    reviewed_on,
    spoken,
)
from workflows.reminders import reading_wanted as rule

REVIEW = day("Mon 13 April")


def test_the_holder_five_working_days_before() -> None:
    indicator = an_indicator(a_taf(review_due_on=REVIEW))

    assert spoken(rule, indicator) == [(day("Thu 2 April"), "Tom")]  # over Easter


def test_nobody_holds_it_so_the_lead_or_the_co_ordinators() -> None:
    assert spoken(rule, an_indicator(a_taf(review_due_on=REVIEW), holder=None))[0][1] == "Maya"
    vacant = an_indicator(a_taf(lead=None, review_due_on=REVIEW), holder=None)
    assert spoken(rule, vacant)[0][1] == "co_ordinator"


def test_it_is_silent_without_a_review_and_about_what_is_no_longer_followed() -> None:
    assert spoken(rule, an_indicator(a_taf(review_due_on=None))) == []
    assert spoken(rule, an_indicator(a_taf(review_due_on=REVIEW), state="stopped")) == []


def test_before_the_first_review_any_reading_will_do() -> None:
    indicator = an_indicator(a_taf(review_due_on=REVIEW))
    read_on(indicator, indicator.starts_on)

    assert spoken(rule, indicator) == []


def test_after_a_review_a_new_reading_is_wanted() -> None:
    taf = a_taf(review_due_on=REVIEW)
    indicator = an_indicator(taf)
    read_on(indicator, day("Tue 3 March"))
    reviewed_on(taf, day("Tue 3 March"))
    assert len(spoken(rule, indicator)) == 1

    read_on(indicator, day("Wed 4 March"))
    assert spoken(rule, indicator) == []


def test_it_is_not_asked_for_what_only_the_closure_can_show() -> None:
    indicator = an_indicator(a_taf(review_due_on=REVIEW), measure="help.no_rereferral")

    assert spoken(rule, indicator) == []


def test_it_says_which_and_for_which_review() -> None:
    (step,) = rule.steps(an_indicator(a_taf(review_due_on=REVIEW)), POLICY, DAYS)

    assert (step.says.facts["number"], step.says.facts["review_on"]) == (2, "2026-04-13")
