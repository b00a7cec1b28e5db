"""Workers that stand still for longer than their lease, and go on as if nothing had been."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from storage.lanes import Lane
from storage.outbox import Delivery
from tests.reliability.forking import Worker
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
        others_take_over(scenario, frozen)
        frozen.thaw()

    scenario.ends_well(within=120)


def others_take_over(scenario: Scenario, frozen: Worker) -> None:
    """Wait until its leases have run out, and where there are others, until they have its lanes."""
    if scenario.is_file:
        scenario.clock_passes(2.2)
        return

    def holds_nothing() -> bool:
        with scenario.looking() as session:
            held = session.query(Lane).where(Lane.owner == frozen.name)
            return held.count() == 0

    scenario.until(holds_nothing, f"others have what {frozen.name} held")


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
def test_slower_than_its_lease(begin: Callable[..., Scenario], moment: str) -> None:
    """The platform keeps a worker waiting for longer than its lease lasts."""
    scenario = begin(lease=1.0, time_out=5.0, settles=5.5)
    scenario.chat.faults(coming=[f"held {moment}"])
    scenario.queue(40)
    scenario.work()
    scenario.until(lambda: scenario.chat.order("state")["held"] == 1, "one hangs")
    rest = Delivery.state.in_(("sent", "cancelled", "superseded"))
    scenario.until(lambda: scenario.count(~rest, Delivery.operation == "post") < 30, "others go on")
    scenario.clock_passes(1.5)
    scenario.chat.order("release")

    scenario.ends_well(within=60)
