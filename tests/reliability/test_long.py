"""Everything at once, for as long as one likes: presses, kills, faults and freezes at random."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from random import Random
from typing import Any

import httpx2
import pytest

from storage.outbox import Delivery
from tests import builders
from tests.reliability.forking import Worker
from tests.reliability.scenario import LONG, Scenario

pytestmark = pytest.mark.xdist_group("long")

MINUTES = float(os.environ.get("TAF_MINUTES") or (10 if LONG else 0.1))

DAYS = 20 if LONG else 3
"""So many mornings come while all that happens."""

FRIDAY = 4
FAULTS = {"500 before": 0.01, "500 after": 0.01, "hang after": 0.005, "reset before": 0.01}


def test_lives_of_two_that_serve_and_two_that_work(scenario: Scenario) -> None:
    """Two take presses in and work, two work only; any of them may die or stand still."""
    scenario.chat.faults(rates=FAULTS | {"slow": 0.05})
    scenario.work(2)
    if not scenario.is_file:
        scenario.work(2, intake=False)
    began, ends = time.monotonic(), time.monotonic() + 60 * MINUTES
    done: list[dict[str, Any]] = []
    days = 0
    while time.monotonic() < ends:
        if time.monotonic() - began > days * 60 * MINUTES / DAYS:
            days += 1
            the_next_morning_comes(scenario)
        for _ in range(scenario.luck.randint(5, 15)):
            done.append(something(scenario, scenario.luck, done))
            sent_in(scenario, done[-1])
        again = scenario.luck.choice(done)
        assert sent_in(scenario, again) is False, "an event happened twice"
        something_goes_wrong(scenario)

    the_next_morning_comes(scenario)
    for _ in range(3):
        something_goes_wrong(scenario)
    scenario.ends_well(within=240)
    said = scenario.outbox(Delivery.operation == "digest", Delivery.state == "sent")
    assert len({one.slot for one in said}) >= days // 2, "there were mornings without a message"
    assert scenario.count(Delivery.rule.isnot(None), Delivery.state == "superseded") > 0


def the_next_morning_comes(scenario: Scenario) -> None:
    """Its digests are due, ten minutes ago: all that the rules had to say is late by now."""
    now = scenario.clock.now()
    days = 1 if now.weekday() < FRIDAY else 7 - now.weekday()
    morning = (now + timedelta(days=days)).replace(hour=8, minute=41)
    scenario.clock.set(morning)


def serving(scenario: Scenario) -> list[Worker]:
    """Those that take presses in, and have not died."""
    return [one for one in scenario.alive if (one.folder / f"{one.name}.port").exists()]


def sent_in(scenario: Scenario, event: dict[str, Any]) -> bool:
    """An event is sent until somebody acknowledges it, as a platform does; whether it was new."""
    found: list[bool | None] = [None]

    def acknowledged() -> bool:
        try:
            found[0] = scenario.tell(scenario.luck.choice(serving(scenario)), event)
        except (httpx2.HTTPError, IndexError, ValueError, KeyError):
            found[0] = None
        return found[0] is not None

    scenario.until(acknowledged, "an event is acknowledged", 60)
    return bool(found[0])


def something(scenario: Scenario, luck: Random, done: list[dict[str, Any]]) -> dict[str, Any]:
    """Somebody presses something: an action, done or not, or a cry for help."""
    family = luck.randrange(len(scenario.town.tafs))
    taf, team = scenario.town.tafs[family], scenario.town.teams[family]
    who, owner = luck.choice(team), luck.choice(team)
    kind = luck.choice(["agree", "agree", "done", "help"])
    if kind == "done" and done:
        return scenario.event(team[0], "action.mark_done", f"action-{luck.randint(1, len(done))}")
    if kind == "help":
        answers = builders.help_wanted(words=f"help {len(done)}")
        return scenario.event(who, "help.ask", taf, **answers)
    due = scenario.clock.now().date() + timedelta(days=luck.randint(1, 8))
    answers = builders.action(f"person-{owner}", str(due), words=f"action {len(done)}")
    return scenario.event(who, "action.agree", taf, **answers)


def something_goes_wrong(scenario: Scenario) -> None:
    """A worker dies and another is started, or one stands still for a while."""
    victim = scenario.luck.choice(scenario.alive)
    if scenario.luck.random() < 0.7 or scenario.is_file:
        serves = victim in serving(scenario)
        victim.kill()
        scenario.work(1, intake=serves)
    else:
        victim.freeze()
        scenario.clock_passes(scenario.luck.uniform(0.1, 4.0))
        victim.thaw()
