"""A review is late: it climbs from the lead to the supervisors."""

from __future__ import annotations

from tests.rules.subjects import a_taf, day, spoken
from workflows.reminders import review_late as rule


def test_it_climbs_from_the_day_it_was_due() -> None:
    assert spoken(rule, a_taf(review_due_on=day("Thu 2 April"))) == [
        (day("Tue 7 April"), "Maya"),
        (day("Mon 20 April"), "supervisor"),
    ]


def test_in_a_vacancy_it_begins_with_the_co_ordinators() -> None:
    assert spoken(rule, a_taf(lead=None, review_due_on=day("Tue 10 March")))[0] == (
        day("Wed 11 March"),
        "co_ordinator",
    )


def test_it_is_silent_where_no_review_is_due() -> None:
    assert spoken(rule, a_taf(review_due_on=None)) == []
