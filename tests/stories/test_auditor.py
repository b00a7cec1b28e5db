"""Stories of the auditor: what was slept over is found, put right, and said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text

from bot.app import assemble
from bot.auditor import EVERY, IN_VAIN, Auditor
from bot.platform import Outgoing
from storage import measuring, outbox
from storage.database import Database
from storage.lanes import Lane
from tests import builders
from tests.world import World
from workflows.auditing import Astray
from workflows.policy import Policy, load_policy


@pytest.fixture
def world(database: Database) -> World:
    """Asha's action, due on Tuesday 18 March."""
    world = World(database)
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.when("Wed 5 March", "10:00")
    assert auditor(world).round() == []
    return world


def auditor(world: World) -> Auditor:
    return world.assistant.ticker.auditor


def round_later(world: World, by: timedelta = EVERY) -> list[Astray] | None:
    world.clock.set(world.clock.now() + by)
    return auditor(world).round()


def sql(world: World, statement: str, **values: int) -> None:
    with world.database.engine.begin() as connection:
        connection.execute(text(statement), values)


def test_all_is_well_and_it_says_it_was_here(world: World) -> None:
    assert round_later(world) == []
    with world.database.reading() as session:
        assert measuring.heartbeat(session) == world.clock.now()


def test_one_process_an_hour(world: World) -> None:
    assert round_later(world, timedelta(minutes=10)) is None
    other = assemble(
        world.assistant.office.policy,
        world.database,
        world.clock,
        {"web": world.platform},
    )
    assert round_later(world, timedelta(minutes=50)) == []
    assert other.ticker.auditor.round() is None


def test_it_repairs_nothing_that_is_as_it_should_be(world: World) -> None:
    """Over twelve weeks of the story, with everything that a family brings about."""
    world.does("Asha", "help.ask", world.taf, **builders.help_wanted())
    world.does("Asha", "action.snooze", "action-1", until="2025-03-12")
    for _ in range(60):
        world.when_working_days_pass(1)
        assert auditor(world).round() == []


def test_a_lane_that_sleeps_over_something_due_is_woken(world: World) -> None:
    with world.database.writing() as session:
        lane = outbox.queue(session, 1, "x", operation="post", made_at=world.clock.now(),
                            available_at=world.clock.now(), notice="left_the_team",
                            facts={"who": "x"})  # fmt: skip
    assert lane
    sql(world, "UPDATE lane SET next_at = NULL")

    assert Astray("asleep", "lane-1") in (round_later(world) or [])
    world.assistant.delivery.drain()
    assert all(one.state != "ready" or one.operation == "digest" for one in world.outbox())


def test_a_lane_put_to_sleep_by_a_clock_that_was_ahead(world: World) -> None:
    world.given_an_agreed_action(owner="Tom", due="Tue 18 March")
    ahead = world.clock.now() + timedelta(days=3)
    with world.database.writing() as session:
        for lane in session.query(outbox.Lane):
            lane.next_at = ahead
    world.clock.set(world.clock.now() + timedelta(hours=23))
    found = {one.kind for one in auditor(world).round() or []}

    assert found == {"asleep"}
    world.assistant.delivery.drain()
    world.then("Tom").sees("Action 2 is yours")


def test_what_waits_for_a_digest_that_does_not_come(world: World) -> None:
    world.given_an_agreed_action(owner="Tom", due="Tue 18 March")
    sql(world, "DELETE FROM outbox WHERE operation = 'digest' AND state = 'ready'")
    found = {(one.kind, one.ref) for one in round_later(world) or []}
    assert found == {("waiting", world.ref("Tom"))}
    world.when("Thu 6 March", "12:00")

    world.then("Tom").sees("Action 2 is yours")


def test_a_subject_that_would_be_passed_over(world: World) -> None:
    sql(world, "UPDATE action SET look_again_at = NULL")
    found = {(one.kind, one.ref) for one in round_later(world) or []}
    assert found == {("passed_over", "action-1")}
    world.when("Thu 13 March", "12:00")

    world.then("Asha").sees("Your action 1 is due soon")


def test_what_was_passed_over_since_the_last_round_is_owed(world: World) -> None:
    world.when("Wed 12 March", "20:00")
    auditor(world).round()
    sql(world, "UPDATE action SET look_again_at = NULL")
    world.when("Fri 14 March", "07:00")
    world.then("Asha").never_sees("due soon")
    found = {(one.kind, one.ref) for one in auditor(world).round() or []}
    assert found == {("passed_over", "action-1")}
    world.when("Fri 14 March", "12:00")

    world.then("Asha").sees("Your action 1 is due soon")


def test_a_subject_that_is_overdue_for_the_sweep(world: World) -> None:
    world.clock.set(world.clock.now() + timedelta(days=10))
    found = {(one.kind, one.ref) for one in auditor(world).round() or []}

    assert ("overdue", "action-1") in found


def other_policy() -> Policy:
    return load_policy(
        Path("app.yaml").read_text(encoding="utf-8"),
        overrides={"reminders": {"action_due_soon": "6 working days"}},
    )


def test_other_settings_are_written_down_at_the_start(world: World) -> None:
    other = assemble(other_policy(), world.database, world.clock, {"web": world.platform})
    assert world.assistant.ticker.auditor.round(at_start=True) is None
    found = other.ticker.auditor.round(at_start=True)
    assert {(one.kind, one.ref) for one in found or []} == {("passed_over", "action-1")}
    assert other.ticker.auditor.round(at_start=True) is None


def test_at_the_start_nobody_waits_for_a_look_at_a_platform(world: World) -> None:
    """With many rooms it takes minutes; it ends with the process."""
    other = assemble(other_policy(), world.database, world.clock, {"web": world.platform})
    waits, ended = Event(), []

    def look() -> None:
        waits.set()
        ended.append(other.ticker.auditor.stopping.wait(20))

    other.ticker.auditor.also.append(look)
    other.ticker.start()
    assert waits.wait(20)
    other.ticker.stop()
    assert ended == [True]


@contextmanager
def family_fails(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("bot.auditor.audit_family", broken)
        yield


def test_one_odd_family_hides_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with family_fails(monkeypatch):
        found = round_later(world) or []

    assert [(one.kind, one.ref) for one in found] == [("fault", "taf-1")]


def test_one_that_was_taken_late_after_all_is_counted(world: World) -> None:
    sent = next(one for one in world.outbox() if one.state == "sent" and one.operation == "digest")
    sql(world, "UPDATE outbox SET repeats = 1 WHERE id = :id", id=sent.id)

    def found(message: Outgoing) -> tuple[str, ...]:
        assert message.number == sent.id
        return ("a", "b")

    world.platform.find = found  # type: ignore[method-assign]
    round_later(world)

    now = next(one for one in world.outbox() if one.id == sent.id)
    assert (now.duplicates, now.checked_at) == (1, world.clock.now())
    with world.database.reading() as session:
        assert measuring.measure(session, world.clock.now()).late_duplicates == 1


def test_however_many_were_sent_again_each_is_looked_for_in_one_round(world: World) -> None:
    """Also behind one that leads nowhere, and behind some whose look fails."""
    with world.database.writing() as session:
        nowhere = Lane(fence=0)
        session.add(nowhere)
        session.flush()
        many = {"operation": "post", "state": "sent", "repeats": 1, "made_at": world.clock.now()}
        many |= {"available_at": world.clock.now(), "sent_at": world.clock.now()}
        lost = outbox.queue(session, nowhere.id, "nowhere", **many)
        made = [outbox.queue(session, 1, f"again {one}", **many) for one in range(120)]

    def found(message: Outgoing) -> tuple[str, ...]:
        if message.number in made[:2]:
            raise ConnectionError
        return ("a", "b")

    world.platform.find = found  # type: ignore[method-assign]
    assert round_later(world) == []

    twice = {one.id for one in world.outbox() if one.duplicates == 1}
    assert twice == set(made[2:])
    assert lost not in twice


def test_a_platform_that_cannot_be_asked_is_not_asked_for_ever(world: World) -> None:
    with world.database.writing() as session:
        many = {"operation": "post", "state": "sent", "repeats": 1, "made_at": world.clock.now()}
        many |= {"available_at": world.clock.now(), "sent_at": world.clock.now()}
        for one in range(120):
            outbox.queue(session, 1, f"again {one}", **many)
    asked = []

    def away(message: Outgoing) -> tuple[str, ...]:
        asked.append(message.number)
        raise ConnectionError

    world.platform.find = away  # type: ignore[method-assign]
    round_later(world)

    assert len(asked) == IN_VAIN


def test_a_look_that_fails_is_made_again(world: World) -> None:
    sent = next(one for one in world.outbox() if one.state == "sent")
    sql(world, "UPDATE outbox SET repeats = 1 WHERE id = :id", id=sent.id)

    def broken(_: Outgoing) -> tuple[str, ...]:
        raise ConnectionError

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(world.platform, "find", broken)
        assert round_later(world) == []
    assert next(one for one in world.outbox() if one.id == sent.id).checked_at is None
    round_later(world)

    looked = next(one for one in world.outbox() if one.id == sent.id)
    assert looked.checked_at == world.clock.now()
    assert isinstance(looked.checked_at, datetime)


def test_what_hangs_on_nothing_is_said(world: World) -> None:
    """The outbox has no foreign keys to them: a person or a family that is gone is found here."""
    queued = {"operation": "post", "made_at": world.clock.now(), "available_at": world.clock.now()}
    with world.database.writing() as session:
        lost = [
            outbox.queue(session, 1, "no person", person_id=999, state="sent", **queued),
            outbox.queue(session, 1, "no family", taf_id=999, state="sent", **queued),
        ]
        outbox.queue(session, 1, "all there", person_id=1, taf_id=1, state="sent", **queued)

    assert round_later(world) == [Astray("orphan", f"delivery-{number}") for number in lost]


def test_what_hangs_on_nothing_is_found_slice_by_slice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.auditor.SLICE", 2)
    queued = {"operation": "post", "made_at": world.clock.now(), "available_at": world.clock.now()}
    with world.database.writing() as session:
        lost = [
            outbox.queue(session, 1, f"no family {one}", taf_id=999, state="sent", **queued)
            for one in range(5)
        ]

    assert round_later(world) == [Astray("orphan", f"delivery-{number}") for number in lost]


CHECKS = {
    "lanes": "asleep",
    "families": "open_work",
    "outbox": "hanging_on_nothing",
    "repeats": "sent_again",
}


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_that_fails_hides_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch, check: str
) -> None:
    """One statement that takes too long costs that check, and not the sign of having been here."""

    def too_long(*_: Any) -> list[int]:
        raise OSError("canceling statement due to statement timeout")

    monkeypatch.setattr(f"storage.auditing.{CHECKS[check]}", too_long)

    assert round_later(world) == [Astray("fault", check)]
    with world.database.reading() as session:
        assert measuring.heartbeat(session) == world.clock.now()
