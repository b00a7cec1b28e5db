"""Somebody has no lawful basis recorded: the lead hears, five working days after they joined."""

from __future__ import annotations

from tests.rules.subjects import DAYS, POLICY, a_member, a_taf, day, spoken
from workflows.reminders import consent_missing as rule


def test_it_speaks_to_the_lead_once_for_all_who_joined_together() -> None:
    taf = a_taf()
    for label in ("mother", "child 12"):
        a_member(label, day("Mon 2 March"), taf)
    a_member("baby", day("Mon 2 March"), taf, basis="consent")

    assert spoken(rule, taf) == [(day("Mon 9 March"), "Maya")]
    (step,) = rule.steps(taf, POLICY, DAYS)
    assert step.says.facts["missing"] == 2


def test_it_speaks_again_for_somebody_who_joined_later() -> None:
    taf = a_taf()
    a_member("mother", day("Mon 2 March"), taf)
    a_member("step-father", day("Mon 30 March"), taf)

    assert spoken(rule, taf) == [(day("Mon 9 March"), "Maya"), (day("Wed 8 April"), "Maya")]


def test_in_a_vacancy_the_co_ordinators_hear() -> None:
    taf = a_taf(lead=None)
    a_member("mother", day("Mon 2 March"), taf)

    assert spoken(rule, taf) == [(day("Mon 9 March"), "co_ordinator")]


def test_any_lawful_basis_will_do_and_a_withdrawn_one_will_not() -> None:
    taf = a_taf()
    mother = a_member("mother", day("Mon 2 March"), taf, basis="public_task")
    assert spoken(rule, taf) == []

    mother.consents[0].withdrawn_on = day("Wed 4 March")
    assert len(spoken(rule, taf)) == 1


def test_a_basis_for_earlier_work_is_none_for_this() -> None:
    taf = a_taf()
    a_member("mother", day("Sun 1 March"), taf, basis="consent")

    assert len(spoken(rule, taf)) == 1


def test_it_is_silent_about_a_family_without_members() -> None:
    assert spoken(rule, a_taf()) == []
