"""Clocks that jump, machines that disagree, and a day on which nobody was there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.outbox import Delivery
from tests.reliability.conftest import Began
from tests.reliability.forking import Forks
from tests.reliability.scenario import Scenario

pytestmark = pytest.mark.xdist_group("clocks")

JUMPS = [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(days=-1)]


def named(jump: timedelta) -> str:
    return f"{jump.total_seconds() / 3600:+.0f} h"


@pytest.mark.parametrize("jump", JUMPS, ids=named)
def test_the_clock_jumps_while_everything_is_sent(scenario: Scenario, jump: timedelta) -> None:
    """Nothing is said twice, whichever way; what waits for a time that never was is not lost."""
    scenario.chat.faults(rates={"slow": 0.5}, slow_by=0.2)
    scenario.queue(80, people=False)
    scenario.work()
    scenario.until(lambda: scenario.chat.order("state")["lines"] > 24, "something is sent")
    scenario.clock.move(jump)
    if jump < timedelta(0):
        scenario.clock_passes(2.0)  # what has a moment ahead waits until it has come again
        scenario.clock.move(-jump)

    scenario.ends_well(within=30)


@pytest.mark.parametrize("jump", JUMPS[::2], ids=named)
def test_the_morning_comes_more_than_once(scenario: Scenario, jump: timedelta) -> None:
    """On to it, back, and on again: one message each all the same, and the log tells of it."""
    scenario.given_actions("2025-03-10", "2025-03-11")
    scenario.clock.set(scenario.clock.now().replace(day=5, hour=8, minute=31) - jump)
    workers = scenario.work()
    scenario.until_quiet()
    for turn, way in enumerate((jump, -jump, jump), start=1):
        scenario.clock.move(way)
        noticed = turn * len(workers)
        scenario.until(lambda noticed=noticed: leaps(scenario) >= noticed, "the leap is noticed")  # type: ignore[misc]
        scenario.until_quiet()

    scenario.ends_well()
    said = scenario.outbox(Delivery.operation == "digest", Delivery.state == "sent")
    assert len(said) > len(scenario.town.tafs) // 2
    assert {one.slot for one in said} == {"2025-03-05"}
    assert set(Counter(one.lane_id for one in said).values()) == {1}


def leaps(scenario: Scenario) -> int:
    """How often a worker has said that the clock jumped."""
    return scenario.complaints().count("the clock jumped")


@pytest.mark.parametrize("jump", JUMPS[:2], ids=named)
def test_killed_while_the_clock_was_wrong(scenario: Scenario, jump: timedelta) -> None:
    """It is put right; what was put off until a time that was wrong is sent by that time."""
    scenario.clock.move(jump)
    scenario.queue(80, people=False)
    for one in scenario.work():
        scenario.until(lambda: scenario.chat.order("state")["lines"] > 20, "something is sent")
        one.kill()
    scenario.clock.move(-jump)
    scenario.work()
    if jump > timedelta(0):
        scenario.clock_passes(2.0)
        scenario.clock.move(jump)

    scenario.ends_well(within=30)


def test_the_file_moves_to_a_machine_that_is_an_hour_ahead(begin: Began, kind: str) -> None:
    """Processes of a server keep its time, as the next one shows; a file has one process."""
    if kind != "sqlite":
        pytest.skip("a file's own affair")
    scenario = begin()
    scenario.chat.faults(rates={"slow": 0.5}, slow_by=0.2)
    scenario.clock.put_out(timedelta(hours=1))
    scenario.queue(80, people=False)
    (first,) = scenario.work()
    scenario.until(lambda: scenario.chat.order("state")["lines"] > 20, "something is sent")
    first.kill()
    scenario.work(skewed=True)

    scenario.ends_well(within=30)


@pytest.fixture
def wrong_machine(tmp_path: Path) -> Iterator[tuple[Forks, Path]]:
    """A machine whose real clock is out by what a file says, as faketime makes believe."""
    found = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if found is None:
        pytest.skip("faketime is not installed")
    out = tmp_path / "out by"
    out.write_text("+0s", encoding="ascii")
    forks = Forks.started(
        LD_PRELOAD=str(found),
        FAKETIME_TIMESTAMP_FILE=str(out),
        FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
    )
    yield forks, out
    forks.stop()


def test_machines_disagree(
    begin: Began, kind: str, wrong_machine: tuple[Forks, Path], seed: int
) -> None:
    """With the clock of a real installation: all keep the database's time, whatever their own."""
    if kind == "sqlite":
        pytest.skip("a file has one process, and so one clock")
    scenario, (forks, out) = begin(real_clock=True), wrong_machine
    scenario.clock.set_right()
    scenario.chat.faults(rates={"slow": 0.5, "hang after": 0.03}, slow_by=0.2)
    scenario.queue(150, people=False)
    scenario.work(1)
    right, scenario.forks = scenario.forks, forks
    for number, wrong in enumerate(("+1h", "-1h", "+1d", "+0s")):
        (worker,) = scenario.work(1)
        out.write_text(wrong, encoding="ascii")
        lines = 30 * number + 40
        scenario.until(lambda lines=lines: scenario.chat.order("state")["lines"] >= lines, "more")  # type: ignore[misc]
        worker.kill()
    scenario.forks = right

    # Between the town's days and the real ones lie months: what fell due then is no matter here.
    scenario.until_quiet()
    scenario.stop()
    assert scenario.wrong() == []


def test_a_day_on_which_nobody_was_there(scenario: Scenario) -> None:
    """Afterwards each practitioner hears of it once, in the morning's one message."""
    scenario.given_actions("2025-03-10", "2025-03-11")
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
    assert len(rules) == 2 * len(scenario.town.tafs)
