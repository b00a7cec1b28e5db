"""The platform asks everybody to wait, or does not know us any more: nothing is given up."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from storage.outbox import Delivery
from tests.reliability.chat.ordering import Chat
from tests.reliability.scenario import LONG, Scenario

pytestmark = pytest.mark.xdist_group("storms")

STORM = 30.0 if LONG else 3.0


def test_a_storm_over_the_whole_workspace(scenario: Scenario) -> None:
    """Nobody knocks before its time, then one tries; no attempt is counted, order is kept."""
    scenario.queue(160)
    scenario.work(time_out=3.0, settles=4.0)
    scenario.until(lambda: scenario.count(Delivery.state == "sent") > 100, "something is sent")
    scenario.chat.faults(storm=STORM)
    scenario.until(lambda: len(refused(scenario)) > 0, "the storm is felt")

    scenario.ends_well(within=120)
    lines = refused(scenario)
    # Whoever was on the way, or began before that was written down, is told; then all know.
    assert len(lines) <= 3 * 8 * len(scenario.workers), len(lines)
    late = [one for one in lines if one["mono"] > lines[0]["mono"] + 1.0]
    assert len(late) <= 1, "somebody knocked in the middle of the storm"
    assert scenario.count(Delivery.attempts > 1) == 0


def refused(scenario: Scenario) -> list[dict[str, Any]]:
    """Whom the storm turned away."""
    return [one for one in scenario.chat.log() if one.get("error") == "storm"]


def test_what_was_unsure_before_the_storm_is_still_looked_for(scenario: Scenario) -> None:
    """Turned away while it looks, it looks again: it does not send without having looked."""
    scenario.chat.faults(coming=["reset after"] * 8)
    scenario.queue(60)
    scenario.work()
    scenario.until(lambda: scenario.count(Delivery.state == "unknown") > 4, "some are unsure")
    scenario.chat.faults(storm=2.0)

    scenario.ends_well()


@pytest.mark.parametrize("fault", ["revoked", "storm", "gone", "reset"])
def test_a_look_that_fails_stays_a_look(scenario: Scenario, fault: str) -> None:
    """Whatever the platform says when it is asked what it took: it is asked again, not told."""
    scenario.chat.faults(coming=["reset after"] * 10)
    scenario.queue(10)
    scenario.work(settles=1.5)
    scenario.until(lambda: scenario.count(Delivery.state == "unknown") > 2, "some are unsure")
    BREAKS[fault](scenario.chat)
    scenario.until(lambda: some_look_failed(scenario, fault), "a look has failed")
    MENDS[fault](scenario.chat)

    scenario.ends_well()


BREAKS: dict[str, Callable[[Chat], object]] = {
    "revoked": lambda chat: chat.faults(revoked=True),
    "storm": lambda chat: chat.faults(storm=20.0, storm_says=0.2),
    "gone": lambda chat: chat.order("deaf"),
    "reset": lambda chat: chat.faults(operations=["history"], coming=["reset before"] * 4),
}

MENDS: dict[str, Callable[[Chat], object]] = {
    "revoked": lambda chat: chat.faults(revoked=False),
    "storm": lambda chat: chat.faults(storm=-1.0),
    "gone": lambda chat: chat.order("hear"),
    "reset": lambda chat: chat.faults(coming=[]),
}


def some_look_failed(scenario: Scenario, fault: str) -> bool:
    """Whether somebody asked in vain by now."""
    if fault == "gone":
        return scenario.count(Delivery.why == "The platform cannot be reached.") > 2
    if fault == "reset":
        return scenario.chat.order("state")["counted"].get("reset before", 0) > 0
    refused = (one for one in scenario.chat.log() if one["status"] in {401, 429})
    return any(one["operation"] == "history" for one in refused)


def test_the_workspace_has_a_limit(begin: Callable[..., Scenario]) -> None:
    """Those who keep to it are never told to wait, however many of them there are."""
    # A thread may be put aside for half a second on a busy machine: there is room for that.
    scenario = begin(limit=(60.0, 40))
    scenario.queue(240)
    scenario.work(per_second=50.0, burst=10)

    scenario.ends_well()
    told = [one for one in scenario.chat.log() if one.get("error") == "workspace_limit"]
    assert told == []


def test_each_conversation_keeps_its_pace(begin: Callable[..., Scenario]) -> None:
    """At the pace of a real platform hardly anybody is told to wait, however busy the machine."""
    scenario = begin(pace=1.0)
    scenario.queue(80)
    scenario.work(pace=1.1)

    scenario.ends_well()
    assert len([one for one in scenario.chat.log() if one["status"] == 429]) <= 2


def test_the_token_is_revoked_and_given_back(scenario: Scenario) -> None:
    """Everything pauses, nothing is given up, and all goes on when we are known again."""
    scenario.queue(160)
    scenario.work()
    scenario.until(lambda: scenario.count(Delivery.state == "sent") > 100, "something is sent")
    scenario.chat.faults(revoked=True)
    scenario.until(lambda: len(locked_out(scenario)) > 0, "the door is shut")
    scenario.clock_passes(4.0)
    knocks = [one["mono"] for one in locked_out(scenario)]
    later = [one for one in knocks if one > knocks[0] + 1.0]
    assert later, "nobody tried whether the door is open again"
    apart = [after - before for before, after in pairwise(later)]
    assert min(apart, default=1.0) > 0.4, "more than one tried at a time"
    scenario.chat.faults(revoked=False)

    scenario.ends_well()
    assert scenario.count(Delivery.state == "dead") == 0
    assert scenario.count(Delivery.attempts > 1) == 0


def locked_out(scenario: Scenario) -> list[dict[str, Any]]:
    """Whom the platform did not know."""
    return [one for one in scenario.chat.log() if one["status"] == 401]
