"""kill -9, again and again, while everything is being sent: nothing lost, nothing twice."""

from __future__ import annotations

import pytest

from tests.reliability.scenario import LONG, Scenario
from tests.reliability.waiting import until

KILLS = 200 if LONG else 50
MESSAGES = 12_000 if LONG else 600

pytestmark = pytest.mark.xdist_group("kills")


def test_killed_mid_drain(scenario: Scenario) -> None:
    scenario.queue(MESSAGES)
    every = MESSAGES // (KILLS + 5)
    scenario.work()
    for kill in range(KILLS):
        lines = kill * every + scenario.luck.randint(1, every)
        until(lambda lines=lines: scenario.chat.order("state")["lines"] >= lines, "more is sent")  # type: ignore[misc]
        scenario.luck.choice(scenario.alive).kill()
        scenario.work(1)

    scenario.ends_well(within=600)
