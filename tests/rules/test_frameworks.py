"""The outcomes frameworks: complete, look-up-able, and fair about who is eligible."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from workflows.frameworks import (
    Framework,
    Indicator,
    NotInFramework,
    Target,
    eligibility,
    framework,
    framework_for,
    known,
)
from workflows.policy import load_policy

TF = framework("TF-2015")
SF = framework("SF-2022")
SHIPPED = (Path(__file__).parents[2] / "app.yaml").read_text(encoding="utf-8")

HARDMAN = [
    "crime.on_licence",  # the step-father, with BENCH
    "help.assessed",  # repeat social care referrals, no service taken up
    "finance.referred",  # arrears and debts, referred by the Housing Officer
    "domestic_abuse.experienced",
    "domestic_abuse.police_callout",
]


def used(**settings: Any) -> Framework:
    return framework_for(load_policy(SHIPPED, overrides=settings))


def test_every_framework_is_read_and_is_what_its_file_is_called() -> None:
    assert known() == ("SF-2022", "TF-2015")
    assert [framework(each).id for each in known()] == list(known())
    assert framework("TF-2015") is TF


# TF-2015


def test_all_thirty_identification_indicators_are_there() -> None:
    assert Counter(criterion.need for criterion in TF.criteria) == {
        "crime": 6,
        "attendance": 6,
        "help": 6,
        "finance": 5,
        "domestic_abuse": 3,
        "health": 4,
    }
    assert all(criterion.evidence for criterion in TF.criteria)


def test_five_indicators_rest_on_a_named_referrer_and_none_for_domestic_abuse() -> None:
    referred = [criterion.id for criterion in TF.criteria if criterion.professional_judgement]

    assert referred == [
        "crime.referred",
        "attendance.referred",
        "help.referred",
        "finance.referred",
        "health.referred",
    ]


def test_look_backs_follow_the_draft() -> None:
    look_backs = {criterion.id: criterion.look_back for criterion in TF.criteria}

    assert look_backs["crime.proven_offence"] == "12 months"
    assert look_backs["attendance.fixed_term_exclusions"] == "3 terms"
    assert look_backs["domestic_abuse.experienced"] == "no limit"
    assert look_backs["domestic_abuse.perpetrated"] == "12 months"
    assert look_backs["domestic_abuse.police_callout"] == "12 months"
    assert look_backs["help.protection_plan"] == "current"


def test_the_thirteen_progress_measures_are_there() -> None:
    assert [measure.number for measure in TF.measures] == list(range(1, 14))
    assert Counter(measure.priority for measure in TF.measures) == {
        "essential": 8,
        "desirable": 5,
    }
    assert [m.number for m in TF.measures if m.priority == "desirable"] == [7, 8, 9, 10, 12]
    assert [m.number for m in TF.measures if m.for_each == "household"] == [3, 4, 7, 8, 10]
    assert [m.number for m in TF.measures if m.kind == "months"] == [5, 6, 11, 12, 13]
    assert [m.number for m in TF.measures if m.over is None] == [10]  # owed on the day


def test_measures_know_the_ages_they_are_taken_for() -> None:
    neet, missing_school, arrears = TF.measure(11).ages, TF.measure(12).ages, TF.measure(10).ages

    assert neet
    assert [neet.include(age) for age in (17, 18, 24, 25)] == [False, True, True, False]
    assert missing_school
    assert [missing_school.include(age) for age in (3, 17, 18)] == [True, True, False]
    assert arrears is None
    everybody = [m.ages for m in TF.measures if m.for_each == "adults_and_children"]
    assert all(ages and ages.include(0) and ages.include(90) for ages in everybody)


def test_the_hardman_eight_are_indicators_and_not_reconstructed() -> None:
    eight = {i.hardman: i for i in TF.indicators if i.hardman}

    assert sorted(eight) == list("abcdefgh")
    assert not any(indicator.reconstructed for indicator in eight.values())
    assert all(i.reconstructed for i in TF.indicators if not i.hardman)
    assert eight["a"].target == Target(at_most=2)
    assert eight["f"].counted_from == "closure"
    assert eight["g"].target == Target(fall_by_percent=60)


def test_there_is_a_starting_set_for_every_need() -> None:
    for each in (TF, SF):
        assert len(each.indicators) >= 20
        assert {indicator.need for indicator in each.indicators} == {n.id for n in each.needs}


def test_the_hardman_family_is_eligible_and_told_why() -> None:
    found = eligibility(TF, HARDMAN)

    assert found.eligible
    assert [need.id for need in found.needs_met] == ["crime", "help", "finance", "domestic_abuse"]
    assert (found.counted, found.needed) == (4, 2)
    assert found.why == (
        "Eligible: four of the six problems are present, and two are needed: crime or anti-social"
        " behaviour; children who need help; work and money; domestic abuse."
    )


def test_domestic_abuse_is_met_without_a_police_callout() -> None:
    found = eligibility(TF, [each for each in HARDMAN if each != "domestic_abuse.police_callout"])

    assert "domestic_abuse" in {need.id for need in found.needs_met}


def test_one_exclusion_is_no_indicator_of_its_own() -> None:
    exclusions = TF.criterion("attendance.fixed_term_exclusions")

    assert "at least 3" in exclusions.text
    assert "one or two are not enough" in exclusions.text
    assert TF.criterion("attendance.permanent_exclusion") != exclusions
    assert "attendance" not in {need.id for need in eligibility(TF, HARDMAN).needs_met}
    with pytest.raises(NotInFramework):
        TF.criterion("attendance.one_exclusion")


def test_several_indicators_of_one_problem_count_once() -> None:
    found = eligibility(TF, ["crime.on_licence", "crime.referred", "crime.on_licence"])

    assert not found.eligible
    assert found.counted == 1
    assert [criterion.id for criterion in found.criteria_met] == [
        "crime.on_licence",
        "crime.referred",
    ]
    assert found.why == (
        "Not eligible yet: one of the six problems is present, and two are needed: crime or"
        " anti-social behaviour."
    )


def test_a_family_that_meets_nothing_is_told_so() -> None:
    assert eligibility(TF, []).why == (
        "Not eligible yet: none of the six problems is present, and two are needed."
    )
    assert eligibility(SF, []).why == (
        "Not eligible yet: no family need is present, and three are needed."
    )


# SF-2022


def test_supporting_families_has_ten_outcomes_and_says_what_is_reconstructed() -> None:
    assert len(SF.needs) == 10
    assert {criterion.need for criterion in SF.criteria} == {need.id for need in SF.needs}
    assert SF.reconstructed
    assert all(criterion.reconstructed for criterion in SF.criteria)
    assert all(indicator.reconstructed for indicator in SF.indicators)
    assert "reconstruction" in SF.note


def test_three_needs_under_two_outcomes_count_as_the_partnership_says() -> None:
    met = ["finance.debt", "finance.workless", "housing.unsuitable"]
    by_needs = used(framework="SF-2022")
    by_headings = used(
        framework="SF-2022", frameworks={"SF-2022": {"count_basis": "headline_indicators"}}
    )

    assert eligibility(by_needs, met).eligible
    assert eligibility(by_needs, met).why == (
        "Eligible: three family needs are present, and three are needed, under housing; money."
    )
    assert not eligibility(by_headings, met).eligible
    assert eligibility(by_headings, met).why == (
        "Not eligible yet: two of the ten headline outcomes are present, and three are needed:"
        " housing; money."
    )


def test_the_partnership_may_ask_for_fewer_or_more() -> None:
    assert used(frameworks={"TF-2015": {"needed": 3}}).needed == 3
    assert used().needed == 2
    assert used() is TF


# Look-ups and bad files


def test_entries_are_found_by_id() -> None:
    assert TF.need("finance").short == "work and money"
    assert TF.indicator("health.dentist").hardman == "c"
    assert TF.measure(3).text == "Domestic violence incidents"


def test_what_is_not_there_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(NotInFramework, match=r'did you mean "crime\.on_licence"\?'):
        TF.criterion("crime.on_license")
    with pytest.raises(NotInFramework, match=r'did you mean "health\.dentist"\?'):
        TF.indicator("health.dentists")
    with pytest.raises(NotInFramework, match="no measure 14"):
        TF.measure(14)
    with pytest.raises(NotInFramework, match='did you mean "TF-2015"'):
        framework("TF-2016")
    with pytest.raises(NotInFramework):
        eligibility(TF, ["crime.jaywalking"])
    with pytest.raises(NotInFramework):
        TF.need("purpose")


@pytest.mark.parametrize(
    "change",
    [
        {"criteria": [TF.criteria[0].model_dump()] * 2},
        {"criteria": [TF.criteria[0].model_dump() | {"need": "help"}]},
        {"criteria": [TF.criteria[0].model_dump() | {"look_back": "a while"}]},
        {"indicators": [TF.indicator("finance.debt_plan").model_dump()]},
        {"needs": [need.model_dump() for need in TF.needs] * 2},
    ],
)
def test_a_file_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Framework.model_validate(TF.model_dump(by_alias=True) | change)


@pytest.mark.parametrize(
    "change", [{"kind": "yes_no"}, {"kind": "scale"}, {"better": "yes"}, {"target": {}}]
)
def test_an_indicator_that_cannot_be_read_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Indicator.model_validate(TF.indicator("finance.debt_owed").model_dump() | change)
