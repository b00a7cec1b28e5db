"""Clocks that jump, machines that disagree, and a day on which nobody was there."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from storage.outbox import Delivery
from tests import builders
from tests.reliability.scenario import Scenario

pytestmark = pytest.mark.xdist_group("clocks")

JUMPS = [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1)]


def named(jump: timedelta) -> str:
    return f"{jump.total_seconds() / 3600:+.0f} h"


@pytest.mark.parametrize("jump", JUMPS, ids=named)
def test_the_clock_jumps_while_everything_is_sent(scenario: Scenario, jump: timedelta) -> None:
    """Nothing is said twice, whichever way; what waits for a time that never was is not lost."""
    scenario.chat.faults(rates={"slow": 0.5}, slow_by=0.2)
    scenario.queue(120, people=False)
    scenario.work()
    scenario.until(lambda: scenario.chat.order("state")["lines"] > 40, "something is sent")
    scenario.clock.move(jump)
    if jump < timedelta(0):
        scenario.until(lambda: scenario.chat.order("state")["lines"] > 44, "it goes on")
        scenario.clock.move(-jump)

    scenario.ends_well(within=60)


@pytest.mark.parametrize("jump", JUMPS, ids=named)
def test_killed_while_the_clock_was_wrong(scenario: Scenario, jump: timedelta) -> None:
    """It is put right, and what was claimed at a wrong time is not held until that time."""
    scenario.queue(120, people=False)
    scenario.clock.move(jump)
    for one in scenario.work():
        scenario.until(lambda: scenario.chat.order("state")["lines"] > 20, "something is sent")
        one.kill()
    scenario.clock.move(-jump)
    scenario.work()

    scenario.ends_well(within=60)


def test_one_machine_is_an_hour_ahead(scenario: Scenario) -> None:
    """Two processes whose clocks disagree; a file has only one, which is restarted."""
    scenario.chat.faults(rates={"slow": 0.5}, slow_by=0.2)
    scenario.clock.put_out(timedelta(hours=1))
    scenario.queue(120, people=False)
    first = scenario.start()
    if scenario.is_file:
        scenario.until(lambda: scenario.chat.order("state")["lines"] > 20, "something is sent")
        first.kill()
    scenario.start(skewed=True)
    scenario.until(lambda: scenario.chat.order("state")["lines"] > 90, "much is sent")

    scenario.ends_well(within=60)


def test_a_day_on_which_nobody_was_there(scenario: Scenario) -> None:
    """Afterwards each practitioner hears of it once, in the morning's one message."""
    (worker,) = scenario.work(1)
    for taf, (lead, owner, other) in zip(scenario.town.tafs, scenario.town.teams, strict=True):
        for who, due in ((owner, "2025-03-10"), (other, "2025-03-11"), (owner, "2025-03-11")):
            answers = builders.action(f"person-{who}", due)
            scenario.press(worker, lead, "action.agree", taf, **answers)
    scenario.until_quiet()
    scenario.stop()

    scenario.clock.set(scenario.clock.now().replace(day=6, hour=7, minute=0))
    scenario.work()
    scenario.until_quiet()
    assert scenario.count(Delivery.operation == "digest", Delivery.state == "sent") == 0
    scenario.clock.set(scenario.clock.now().replace(hour=8, minute=31))

    scenario.ends_well()
    said = scenario.outbox(Delivery.operation == "digest", Delivery.state == "sent")
    assert {one.slot for one in said} == {"2025-03-06"}
    assert set(Counter(one.lane_id for one in said).values()) == {1}
    rules = scenario.outbox(Delivery.rule.isnot(None))
    assert {one.state for one in rules} == {"superseded"}
    assert len(rules) == 3 * len(scenario.town.tafs)
