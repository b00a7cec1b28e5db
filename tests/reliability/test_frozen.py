"""Workers that stand still for longer than their lease, and go on as if nothing had been."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.reliability.conftest import Began
from tests.reliability.scenario import LONG, Scenario

pytestmark = pytest.mark.xdist_group("frozen")

TIMES = 12 if LONG else 3


def test_frozen_past_its_lease(scenario: Scenario) -> None:
    """At any moment: what it held, others send; what it then records, nobody believes."""
    scenario.queue(60 * TIMES)
    scenario.work(at_once=4)
    for time in range(TIMES):
        lines = 20 + time * 60
        scenario.until(
            lambda lines=lines: scenario.chat.order("state")["lines"] >= lines,  # type: ignore[misc]
            "more is sent",
        )
        frozen = scenario.luck.choice(scenario.alive)
        frozen.freeze()
        scenario.clock_passes(2.3)
        frozen.thaw()

    scenario.ends_well(within=120)


def test_the_machine_sleeps_for_an_hour(scenario: Scenario) -> None:
    """A laptop's lid: all stand still, then all go on an hour later."""
    scenario.queue(120)
    workers = scenario.work()
    scenario.until(lambda: scenario.chat.order("state")["lines"] > 40, "something is sent")
    for one in workers:
        one.freeze()
    scenario.clock.move(timedelta(hours=1))
    for one in workers:
        one.thaw()

    scenario.ends_well(within=120)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_slower_than_its_lease(begin: Began, moment: str) -> None:
    """The platform keeps a worker waiting for longer than its lease lasts."""
    scenario = begin(lease=1.0, time_out=6.0, settles=6.5)
    scenario.chat.faults(coming=[f"held {moment}"])
    scenario.queue(24)
    scenario.work()
    scenario.until(lambda: scenario.chat.order("state")["held"] == 1, "one hangs")
    scenario.clock_passes(1.3)
    scenario.chat.order("release")

    scenario.ends_well(within=60)
