"""The same thing asked for several times, by several people, of several processes at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from storage.inbox import Received
from storage.outbox import Delivery
from storage.plan import Action
from tests import builders
from tests.reliability.forking import Worker
from tests.reliability.scenario import Scenario

pytestmark = pytest.mark.xdist_group("races")

GIVES_UP = 3.0
"""Seconds that Slack waits for an acknowledgement."""


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all of these at the same time; what came of each."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        return [one.result() for one in [pool.submit(job) for job in jobs]]


def in_time(scenario: Scenario, worker: Worker, event: dict[str, Any]) -> bool | None:
    """An event is told, and acknowledged before a platform would give up waiting."""
    began = time.monotonic()
    new = scenario.tell(worker, event)
    assert time.monotonic() - began < GIVES_UP
    return new


def test_the_same_event_four_times(scenario: Scenario) -> None:
    """At once, a minute and five minutes later, on any process: it happens once."""
    workers = scenario.work()
    lead, owner, _ = scenario.town.teams[0]
    for number in range(10):
        words = f"event {number}"
        answers = builders.action(f"person-{owner}", words=words)
        event = scenario.event(lead, "action.agree", scenario.town.tafs[0], **answers)
        new = at_once([partial(in_time, scenario, one, event) for one in workers * 2])
        for later in (timedelta(minutes=1), timedelta(minutes=4)):
            scenario.clock.move(later)
            new += [in_time(scenario, one, event) for one in workers]
        assert new.count(True) == 1
        assert None not in new

    scenario.ends_well()
    with scenario.looking() as session:
        made = session.scalars(select(Action.words).order_by(Action.words)).all()
    assert made == [f"event {number}" for number in range(10)]


def test_two_close_at_once(scenario: Scenario) -> None:
    """Pressed four times, on any process: one does it, and the others hear so."""
    workers = scenario.work()
    closed = []
    for number, taf in enumerate(scenario.town.tafs):
        lead = scenario.town.teams[number][0]
        answers = scenario.town.closing(number)
        events = [scenario.event(lead, "taf.close", taf, **answers) for _ in range(4)]
        at_once(
            [
                partial(scenario.tell, workers[at % len(workers)], one)
                for at, one in enumerate(events)
            ]
        )
        closed.append({one["key"] for one in events})

    scenario.ends_well()
    with scenario.looking() as session:
        answers_of = {one.key: one.answer or {} for one in session.scalars(select(Received))}
    for keys in closed:
        refused = [answers_of[key].get("refused") for key in keys]
        assert sorted(refused, key=str) == [None, *["taf_closed"] * 3], refused


def test_the_same_page_is_sent_twice(scenario: Scenario) -> None:
    """An impatient double press on the web: both hear that it is done, and it is done once."""
    workers = scenario.work()
    lead, owner, _ = scenario.town.teams[0]
    answers = builders.action(f"person-{owner}")
    event = scenario.event(lead, "action.agree", scenario.town.tafs[0], **answers)
    body = event["body"]
    said = at_once([partial(scenario.send, one, "press", body) for one in workers * 4])

    assert {(one["about"], one["refused"], one["fault"]) for one in said} == {
        ("action-1", None, None)
    }
    scenario.ends_well()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_closed_while_its_reminder_is_on_the_way(scenario: Scenario, moment: str) -> None:
    """What was being said may be said; what comes after the end is not."""
    lead = scenario.town.teams[0][0]
    scenario.given_actions("2025-03-10", "2025-03-11")
    scenario.clock.set(scenario.clock.now().replace(day=5, hour=8, minute=31))
    scenario.chat.faults(coming=[f"held {moment}"] * 8)
    (worker,) = scenario.work(1, time_out=30.0, lease=60.0, settles=31.0)
    scenario.until(lambda: scenario.chat.order("state")["held"] == 8, "digests are on the way")
    scenario.press(worker, lead, "taf.close", scenario.town.tafs[0], **scenario.town.closing(0))
    scenario.chat.order("release")
    scenario.until_quiet()
    # From here the time of a lease is waited for after each leap of the clock: a shorter one.
    worker.kill()
    scenario.work(1)
    for day in (6, 10, 11):
        scenario.clock.set(scenario.clock.now().replace(day=day, hour=8, minute=31))
        scenario.until_quiet()

    scenario.ends_well()
    ended = scenario.outbox(Delivery.rule == "action_due_soon", Delivery.taf_id == 1)
    assert {one.slot: one.state for one in ended} == {"2025-03-05/": "superseded"}
