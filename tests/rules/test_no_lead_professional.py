"""Nobody leads: the co-ordinators hear the next day, the supervisors when it goes on."""

from __future__ import annotations

from tests.rules.subjects import DAYS, POLICY, a_taf, day, spoken
from workflows.reminders import no_lead_professional as rule


def test_co_ordinators_first_then_supervisors() -> None:
    assert spoken(rule, a_taf(lead=None, lead_vacant_since=day("Tue 3 March"))) == [
        (day("Wed 4 March"), "co_ordinator"),
        (day("Wed 11 March"), "supervisor"),
    ]


def test_over_easter() -> None:
    assert spoken(rule, a_taf(lead=None, lead_vacant_since=day("Thu 2 April"))) == [
        (day("Tue 7 April"), "co_ordinator"),
        (day("Tue 14 April"), "supervisor"),
    ]


def test_a_timed_vacancy_is_left_alone_until_its_day() -> None:
    taf = a_taf(lead=None, lead_vacant_since=day("Tue 3 March"), lead_wanted_by=day("Mon 16 March"))

    assert spoken(rule, taf) == [
        (day("Tue 17 March"), "co_ordinator"),
        (day("Tue 24 March"), "supervisor"),
    ]
    (first, _) = rule.steps(taf, POLICY, DAYS)
    assert first.says.facts["wanted_by"] == "2026-03-16"
    assert first.says.facts["since"] == "2026-03-03"


def test_it_is_silent_while_somebody_leads() -> None:
    assert spoken(rule, a_taf()) == []
    assert spoken(rule, a_taf(lead_vacant_since=day("Tue 3 March"))) == []
