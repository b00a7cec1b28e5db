"""A worker dies between every two side effects: nothing is lost, doubled or half done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.recording import NOBODY_CAN_TELL
from storage.outbox import Delivery
from storage.plan import Action
from storage.rooms import Room
from tests import builders
from tests.reliability.conftest import Began
from tests.reliability.failpoints import POINTS, of_kind
from tests.reliability.forking import Worker
from tests.reliability.scenario import Scenario

pytestmark = pytest.mark.xdist_group("failpoints")

SENDING = [*of_kind("claim", "post", "finish"), *of_kind("find", "reclaim")]
ROOMS = list(of_kind("open_room", "admit", "remove", "close_room"))
SWEEPING = list(of_kind("sweep"))
PRESSING = list(of_kind("press", "take", "intake", "pick", "settle"))


SOON = {"lease": 1.2, "time_out": 0.4, "settles": 0.8, "backoff": 0.004}


@pytest.fixture
def scenario(begin: Began) -> Scenario:
    """A scenario in which a death is soon noticed."""
    return begin(picked_up_after=0.5, sweep_every=0.3, **SOON)


def test_every_point_is_tried() -> None:
    assert sorted(SENDING + ROOMS + SWEEPING + PRESSING) == sorted(POINTS)


def dies_there(scenario: Scenario, point: str) -> Worker:
    """A worker that is going to die at this point."""
    (worker,) = scenario.work(1, point=point)
    return worker


def until_dead(scenario: Scenario, worker: Worker) -> None:
    """It died there, and of nothing else."""
    scenario.until(lambda: worker.ended() is not None, f"{worker.name} dies")
    assert worker.ended() == 137, worker.said()


def others_go_on(scenario: Scenario, *events: dict[str, Any]) -> None:
    """Healthy workers do what the dead ones left; a platform sends again what nobody took."""
    workers = scenario.work()
    for event in events:
        for one in workers:
            assert scenario.tell(one, event) is not None
    scenario.until_quiet()
    scenario.stop()
    assert scenario.wrong() == []


def test_while_sending(scenario: Scenario) -> None:
    """One after the other, each begins with what the last one left behind."""
    scenario.queue(250)
    faults = ["reset before", "reset after"] * 4
    for point in SENDING:
        scenario.chat.faults(coming=faults if point.startswith(("find", "reclaim")) else [])
        until_dead(scenario, dies_there(scenario, point))

    scenario.chat.faults(coming=[])
    others_go_on(scenario)


def test_while_sending_again_what_nobody_can_look_for(begin: Began) -> None:
    """Written down as sent again, it may have been: a person is told that nobody can tell."""
    scenario = begin(looks=False, **SOON)
    scenario.queue(40)
    scenario.chat.faults(coming=["reset before"])
    until_dead(scenario, dies_there(scenario, "reclaim: after commit"))

    others_go_on(scenario)
    again = scenario.outbox(Delivery.repeats > 0)
    assert [(one.state, one.why) for one in again] == [("dead", NOBODY_CAN_TELL)]
    taken = [one["number"] for one in scenario.chat.log() if one.get("status") == 200]
    assert again[0].id not in taken


def test_while_a_room_is_changed(scenario: Scenario) -> None:
    events = []
    for number, point in enumerate(ROOMS):
        lead, other, _ = scenario.town.teams[number]
        if point.startswith(("remove", "close")):
            taf = scenario.town.tafs[number]
            event = scenario.event(lead, "taf.close", taf, **scenario.town.closing(number))
        else:
            answers = builders.convening(
                family=f"F-{3001 + number}",
                lead_professional=f"person-{lead}",
                practitioners=[{"person": f"person-{other}"}],
            )
            event = scenario.event(lead, "taf.convene", "", **answers)
        worker = dies_there(scenario, point)
        scenario.tell(worker, event)
        until_dead(scenario, worker)
        events.append(event)

    others_go_on(scenario, *events)
    with scenario.looking() as session:
        states = session.scalars(select(Room.state).order_by(Room.id)).all()
    assert states == ["open"] * 4 + ["closed"] * 4 + ["open"] * 5


def test_while_sweeping(scenario: Scenario) -> None:
    days = [5, 6, 7]
    scenario.given_actions(*(f"2025-03-{day + 5:02}" for day in days))
    for day, point in zip(days, SWEEPING, strict=True):
        scenario.clock.set(scenario.clock.now().replace(day=day, hour=0, minute=10))
        until_dead(scenario, dies_there(scenario, point))
        scenario.work()
        scenario.until_quiet()
        scenario.clock.set(scenario.clock.now().replace(hour=8, minute=31))
        scenario.until_quiet()
        scenario.stop()

    assert scenario.wrong() == []
    said = scenario.outbox(Delivery.rule == "action_due_soon")
    assert [one.state for one in said] == ["superseded"] * len(days) * len(scenario.town.tafs)


def test_while_an_event_is_worked_on(scenario: Scenario) -> None:
    events = []
    for number, point in enumerate(PRESSING):
        lead, owner, _ = scenario.town.teams[number % 8]
        # A refusal is settled by itself, a press together with what it does.
        who = scenario.town.co_ordinator if point.startswith("settle") else lead
        taf = scenario.town.tafs[number % 8]
        answers = builders.action(f"person-{owner}", words=point)
        events.append(scenario.event(who, "action.agree", taf, **answers))
        if point.startswith("pick"):
            worker = dies_there(scenario, "intake: acknowledged")
            scenario.tell(worker, events[-1])
            until_dead(scenario, worker)
            worker = dies_there(scenario, point)
        else:
            worker = dies_there(scenario, point)
            scenario.tell(worker, events[-1])
        until_dead(scenario, worker)

    others_go_on(scenario, *events)
    with scenario.looking() as session:
        agreed = session.scalars(select(Action.words)).all()
    assert sorted(agreed) == sorted(one for one in PRESSING if not one.startswith("settle"))


def test_a_frozen_point_goes_on_as_if_nothing_had_been(scenario: Scenario) -> None:
    """Frozen after the claim, or once its message is taken, until somebody else has done it."""
    for point in ("claim: after commit", "post: after"):
        scenario.queue(20)
        (frozen,) = scenario.work(1, point=point, action="freeze", at_once=1)
        scenario.until(frozen.is_frozen, f"{frozen.name} stands still")
        if scenario.is_file:
            scenario.clock.move(timedelta(seconds=3))
        else:
            scenario.work(1)
            scenario.until(scenario.is_quiet, "the others are done")
        frozen.thaw()
        scenario.until_quiet()
        scenario.stop()

    assert scenario.wrong() == []
