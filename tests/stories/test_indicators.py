"""Stories of indicators: chosen, read, compared with the start, met, and lost again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from storage.indicators import Indicator, Reading
from tests import builders
from tests.world import World
from workflows.indicators import Progress, progress

MEASURES = {
    "count": "attendance.few_exclusions",
    "months": "finance.work_months",
    "weeks": "finance.temporary_weeks",
    "money": "finance.debt_owed",
    "yes_no": "health.dentist",
    "scale": "help.assessment_scores",
}


def chosen(world: World, measure: str, **changes: Any) -> str:
    if not world.taf:
        world.given_a_family()
    answers = builders.indicator(measure, **changes)
    return world.does("Maya", "indicator.choose", world.taf, **answers).about or ""


def reading(world: World, indicator: str, value: str, on: str = "2025-03-04", **how: Any) -> None:
    answers = {"value": value, "on": on} | how
    world.does("Asha", "indicator.record_reading", indicator, **answers)


def how_far(world: World, indicator: str) -> Progress:
    with world.database.reading() as session:
        return progress(session.get_one(Indicator, int(indicator.split("-")[1])))


LIMITS = [
    ("count", ["0", "10000", "1,200"], ["-1", "10001", "1.5", "three"]),
    ("months", ["0", "12"], ["-1", "13", "0.5"]),
    ("weeks", ["0", "52"], ["53", "1.5"]),
    ("money", ["0", "£1,250.50", "1000000"], ["-0.01", "1000000.01", "1.005"]),
    ("yes_no", ["yes", "No", "1"], ["2", "perhaps"]),
    ("scale", ["0", "10"], ["11", "5.5", "-1"]),
]


@pytest.mark.parametrize(("unit", "good", "bad"), LIMITS)
def test_each_unit_has_its_limits(world: World, unit: str, good: list[str], bad: list[str]) -> None:
    indicator = chosen(world, MEASURES[unit], baseline="1", target="1")
    assert world.look(indicator, "unit") == unit
    for value in good:
        reading(world, indicator, value)
    for value in [*bad, "nan", "1e400", "inf"]:
        answers = {"value": value, "on": "2025-03-04"}
        answer = world.tries("Asha", "indicator.record_reading", indicator, **answers)
        assert answer.refused in {"reading_out_of_range", "bad_reading"}, value
        assert list(answer.errors) == ["value"]
    assert world.count(Reading) == len(good)


def test_not_known_is_not_nought(world: World) -> None:
    indicator = chosen(world, MEASURES["count"], baseline="3")
    reading(world, indicator, "", not_known="yes")

    assert how_far(world, indicator) == Progress(None, None, None, None, relapsed=False)
    reading(world, indicator, "2")
    reading(world, indicator, "", not_known="yes")
    assert how_far(world, indicator).latest == Decimal(2)


def test_neither_a_value_nor_not_known(world: World) -> None:
    indicator = chosen(world, MEASURES["count"])

    for answers in ({}, {"not_known": "no"}):
        refused = world.refused(
            "Asha", "indicator.record_reading", indicator, on="2025-03-04", **answers
        )
        assert refused == "reading_needed"
    assert world.count(Reading) == 0


def test_a_value_that_is_said_not_to_be_known_is_not_thrown_away(world: World) -> None:
    indicator = chosen(world, MEASURES["count"])
    both = {"value": "3", "not_known": "yes", "on": "2025-03-04"}

    assert world.tries("Asha", "indicator.record_reading", indicator, **both).refused
    assert world.count(Reading) == 0


@pytest.mark.parametrize(
    ("measure", "baseline", "target", "value", "travelled", "share", "met"),
    [
        ("attendance.few_exclusions", "10", "2", "6", 4, 0.5, False),
        ("attendance.few_exclusions", "10", "2", "2", 8, 1.0, True),
        ("attendance.few_exclusions", "10", "2", "12", -2, -0.25, False),
        ("finance.work_months", "0", "6", "3", 3, 0.5, False),
        ("finance.work_months", "0", "6", "9", 9, 1.5, True),
        ("health.dentist", "no", "", "yes", 1, 1.0, True),
        ("health.dentist", "no", "", "no", 0, 0.0, False),
        ("attendance.few_exclusions", "2", "2", "2", 0, 1.0, True),
        ("attendance.few_exclusions", "2", "2", "3", -1, 0.0, False),
    ],
)
def test_distance_travelled(
    world: World,
    measure: str,
    baseline: str,
    target: str,
    value: str,
    travelled: int,
    share: float,
    met: bool,
) -> None:
    indicator = chosen(world, measure, baseline=baseline, target=target)
    reading(world, indicator, value)

    assert how_far(world, indicator) == Progress(
        world_value(value), Decimal(travelled), share, met, relapsed=False
    )


def world_value(value: str) -> Decimal:
    return Decimal({"yes": 1, "no": 0}.get(value, value))


def test_without_a_baseline_there_is_no_distance_but_a_target(world: World) -> None:
    indicator = chosen(world, MEASURES["count"])
    reading(world, indicator, "2")

    found = how_far(world, indicator)
    assert (found.travelled, found.share, found.met) == (None, None, True)


def test_the_latest_is_the_latest_day_and_not_the_latest_press(world: World) -> None:
    indicator = chosen(world, MEASURES["count"], starts_on="2025-02-01")
    reading(world, indicator, "2", on="2025-03-04")
    reading(world, indicator, "9", on="2025-02-10")

    assert how_far(world, indicator).latest == Decimal(2)
    world.then("the room").never_sees("no longer meets its target")


def test_a_relapse_is_noticed_once(world: World) -> None:
    indicator = chosen(world, MEASURES["count"])
    for value in ("2", "3", "4"):
        reading(world, indicator, value)
    world.when_working_days_pass(2)

    room = "\n".join(one.title for one in world.then("the room").messages)
    assert room.count("no longer meets its target") == 1
    lead = "\n".join(one.text for one in world.then("Maya").messages)
    assert lead.count("no longer meets its target") == 1
    assert how_far(world, indicator).relapsed
    reading(world, indicator, "1", on="2025-03-06")
    reading(world, indicator, "5", on="2025-03-06")
    room = "\n".join(one.title for one in world.then("the room").messages)
    assert room.count("no longer meets its target") == 2


def test_never_met_is_no_relapse(world: World) -> None:
    indicator = chosen(world, MEASURES["count"])
    for value in ("5", "6"):
        reading(world, indicator, value)

    world.then("the room").never_sees("no longer")


@pytest.mark.parametrize(
    ("measure", "baseline", "target"),
    [
        ("crime.offending", "10", "4"),
        ("crime.offending", "7", "2"),
        ("crime.offending", "1", "0"),
        ("help.assessment_scores", "4", "5"),
        ("attendance.few_exclusions", "", "2"),
        ("health.dentist", "", "1"),
    ],
)
def test_the_frameworks_own_target(world: World, measure: str, baseline: str, target: str) -> None:
    indicator = chosen(world, measure, baseline=baseline)

    assert world.look(indicator, "target") == Decimal(target)


def test_a_target_from_a_baseline_needs_the_baseline(world: World) -> None:
    world.given_a_family()
    answers = builders.indicator("crime.offending")
    answer = world.tries("Maya", "indicator.choose", world.taf, **answers)

    assert (answer.refused, list(answer.errors)) == ("target_needed", ["target"])
    assert world.count(Indicator) == 0


def test_it_counts_from_its_own_start(world: World) -> None:
    indicator = chosen(world, MEASURES["count"], starts_on="2025-03-01")
    early = {"value": "1", "on": "2025-02-28"}
    refused = world.refused("Asha", "indicator.record_reading", indicator, **early)
    assert refused == "before_the_start"
    late = {"value": "1", "on": "2025-03-05"}
    refused = world.refused("Asha", "indicator.record_reading", indicator, **late)
    assert refused == "date_in_the_future"
    reading(world, indicator, "1", on="2025-03-01")
    answers = builders.indicator(MEASURES["count"], starts_on="2025-03-05")
    assert world.refused("Maya", "indicator.choose", world.taf, **answers) == "date_in_the_future"


def test_what_is_no_longer_followed_is_no_longer_asked_for(world: World) -> None:
    indicator = chosen(world, MEASURES["count"], holder="")
    world.does("Maya", "review.record", world.taf, **builders.review(next_on="2025-03-31"))
    assert world.refused("Asha", "indicator.stop", indicator) == "not_the_lead"
    world.does("Maya", "indicator.stop", indicator)
    world.when("Mon 31 March")

    world.then("Maya").never_sees("is wanted")
    answers = {"value": "1", "on": "2025-03-04"}
    assert world.refused("Asha", "indicator.record_reading", indicator, **answers) == "not_now"


def test_the_familys_words_and_numbers_stay_out_of_the_room(world: World) -> None:
    words = "Fewer nights when the step-father drinks"
    indicator = chosen(world, MEASURES["count"], words=words, history="Since Boxing Day")
    reading(world, indicator, "4321", evidence="Neighbour at number 9")

    assert world.look(indicator, "words") == words
    for said in world.platform.said:
        for secret in ("drinks", "Boxing", "4321", "4,321", "Neighbour"):
            assert secret not in said.title + said.text
