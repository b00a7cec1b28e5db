"""The platform answers with faults, hangs, cuts the line, or takes a message late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.app import assemble
from bot.platform import Limits
from storage.measuring import measure
from storage.outbox import Delivery
from tests.reliability.chatting import ChatPlatform
from tests.reliability.scenario import LONG, Scenario
from tests.reliability.town import POLICY

pytestmark = pytest.mark.xdist_group("platform")

MESSAGES = 6_000 if LONG else 240
EVERY_FAULT = ("500", "reset", "hang")


def test_every_fault_before_and_after_it_was_taken(scenario: Scenario) -> None:
    rates = {f"{fault} {when}": 0.02 for fault in EVERY_FAULT for when in ("before", "after")}
    rates |= {"garbled after": 0.02, "slow": 0.05}
    scenario.chat.faults(rates=rates, coming=list(rates))  # each once at least, then by lot
    scenario.queue(MESSAGES)
    scenario.work()

    scenario.ends_well(within=240)
    assert set(scenario.chat.order("state")["counted"]) == set(rates)


def test_faults_while_it_is_asked_what_it_took(scenario: Scenario) -> None:
    rates = {"500 after": 0.1, "reset before": 0.1, "hang after": 0.05}
    scenario.chat.faults(rates=rates, operations=["post", "history"])
    scenario.queue(MESSAGES // 6)
    scenario.work()

    scenario.ends_well(within=240)


def test_kills_and_faults_together(scenario: Scenario) -> None:
    rates = {"500 before": 0.03, "500 after": 0.03, "hang after": 0.02}
    scenario.chat.faults(rates=rates)
    scenario.queue(MESSAGES)
    scenario.work()
    for kill in range(100 if LONG else 8):
        lines = (kill + 1) * MESSAGES // (110 if LONG else 12)
        scenario.until(
            lambda lines=lines: scenario.chat.order("state")["lines"] >= lines,  # type: ignore[misc]
            "more is sent",
        )
        scenario.luck.choice(scenario.alive).kill()
        scenario.work(1)

    scenario.ends_well(within=240)


def test_taken_late_but_not_too_late(scenario: Scenario) -> None:
    """No answer came, and the message appears within the time that the platform may take."""
    scenario.chat.faults(rates={"late": 0.05}, late_by=0.8)
    scenario.queue(MESSAGES // 2)
    scenario.work()

    scenario.ends_well(within=240)
    assert scenario.chat.order("state")["counted"]["late"] > 0


def test_taken_later_than_it_ever_should_be(scenario: Scenario) -> None:
    """Then a second one cannot be helped; the auditor finds it, and it is counted."""
    scenario.may_repeat = True
    scenario.chat.faults(coming=["late"], late_by=3.0)
    scenario.queue(40)
    scenario.work()
    scenario.until(lambda: scenario.count(Delivery.repeats > 0) == 1, "it was sent again")
    scenario.until(lambda: scenario.chat.order("state")["late"] == 0, "the late one is taken")

    scenario.until_quiet()
    (again,) = scenario.outbox(Delivery.repeats > 0)
    taken = [one for one in scenario.chat.log() if one["number"] == again.id]
    assert [one["status"] for one in taken] == [200, 200]
    assert [one for one in scenario.wrong() if "queued later" not in one] == []
    scenario.stop()
    scenario.clock.move(timedelta(hours=1, minutes=5))
    platform = ChatPlatform(scenario.chat.url, limits=Limits())
    with scenario.database() as database:
        assistant = assemble(POLICY, database, scenario.clock, {"web": platform})
        assistant.ticker.auditor.round()
        with database.reading() as session:
            assert measure(session, scenario.clock.now()).late_duplicates == 1
    platform.close()


def test_a_platform_that_cannot_be_asked(begin: Callable[..., Scenario]) -> None:
    """What it may have taken is sent once more, and says so; after that a person has to look."""
    scenario = begin(looks=False)
    scenario.may_repeat = True
    scenario.chat.faults(coming=["reset after", "reset before"])
    scenario.queue(20)
    scenario.work()

    scenario.ends_well()
    again = {one.id for one in scenario.outbox(Delivery.repeats > 0)}
    assert len(again) == 2
    repeated = {one["number"] for one in scenario.chat.log() if one.get("repeated")}
    assert repeated == again


@pytest.mark.parametrize("how", ["gone", "standing still"])
def test_the_platform_is_not_there_at_all(scenario: Scenario, how: str) -> None:
    """Nobody can connect, or all can and nobody answers."""
    scenario.queue(100)
    scenario.work()
    scenario.until(lambda: scenario.count(Delivery.state == "sent") > 60, "something is sent")
    if how == "gone":
        scenario.chat.order("deaf")
    else:
        scenario.chat.freeze()
    scenario.until(lambda: scenario.count(Delivery.attempts > 0, Delivery.why != "") > 3, "felt")
    if how == "gone":
        scenario.chat.order("hear")
    else:
        scenario.chat.thaw()

    scenario.ends_well()


def test_a_message_that_no_platform_takes(begin: Callable[..., Scenario]) -> None:
    """Too long, to a room that is not there, to one that somebody closed: dead, with a reason."""
    scenario = begin()
    places = scenario.town.rooms
    scenario.chat.order("load", people=[], closed=[places[1]], gone=[places[2]])
    scenario.queue(34)
    scenario.work()

    scenario.until_quiet()
    scenario.stop()
    dead = scenario.outbox(Delivery.state == "dead")
    assert {one.why for one in dead} == {
        "The room is closed.",
        "The room does not exist any more.",
    }
    wrong = [one for one in scenario.wrong() if not one.startswith("room ")]
    assert wrong == []
