"""What runs each second never reads a whole table, however much was ever sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from storage import auditing, claiming, finishing, gates, inbox, lanes, outbox, subjects
from tests.world import START, World

WHOLE = {f"SCAN {table}" for table in ("outbox", "action", "inbox", "audit", "post")}
"""Reading one of the tables that only ever grow, from end to end."""

PARTIAL = (
    "ix_outbox_dead",
    "ix_outbox_repeated",
    "ix_outbox_lane_open",
    "ix_outbox_lane_waiting",
    "look_again_at",
    "ix_inbox_next_at",
)
"""The indexes that hold only what is still to be done: they may be read whole."""


@pytest.fixture
def world(world: World) -> World:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    return world


@contextmanager
def statements(world: World) -> Iterator[list[tuple[str, Any]]]:
    """Everything that is asked of the database meanwhile."""
    found: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, values: Any, ___: Any, many: bool) -> None:
        found.append((statement, values[0] if many else values))

    event.listen(world.database.engine, "before_cursor_execute", note)
    yield found
    event.remove(world.database.engine, "before_cursor_execute", note)


def scans(world: World, found: list[tuple[str, Any]]) -> list[str]:
    """The statements that would read one of the great tables from end to end."""
    bad = []
    with world.database.engine.connect() as connection:
        for statement, values in found:
            if statement.startswith(("SELECT", "UPDATE", "INSERT", "DELETE")):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                bad += [
                    f"{line[3]}: {statement}"
                    for line in plan
                    if line[3].partition(" USING ")[0] in WHOLE and not line[3].endswith(PARTIAL)
                ]
    return bad


def test_claiming_and_recording(world: World) -> None:
    now = START + timedelta(days=1)
    with statements(world) as found, world.database.writing() as session:
        claims = claiming.claim(session, now, "worker", turns={"web": 20, "slack": 5})
        for one in claims:
            assert finishing.finish(session, one, "sent", now, sent_at=now)
        claiming.claim(session, now, "worker")
        session.execute(claiming._passing(), {"lanes": [1, 2], "now": now})
        lanes.next_due(session, now)
        gates.turns(session, "slack", now, 9, 1.0, 3)
        outbox.waiting_for_digest(session, [1], now)
        outbox.put_off(session, 1, now, now)
        outbox.dead(session)
        outbox.states_of(session, ["a", "b"])
        inbox.pick(session, now, now, 9)
    assert claims

    assert scans(world, found) == []


def test_sweeping_and_pressing(world: World) -> None:
    with statements(world) as found:
        world.assistant.ticker.sweep()
        world.does("Asha", "action.mark_done", "action-1")
        world.when("Thu 6 March", "12:00")

    assert scans(world, found) == []


def test_what_the_auditor_asks_each_hour_of_what_was_sent(world: World) -> None:
    with statements(world) as found, world.database.writing() as session:
        auditing.sent_again(session, START, 0, 9)
        auditing.waiting_for_nothing(session)
        auditing.asleep(session, START)
        auditing.last_delivery(session)
        auditing.hanging_on_nothing(session, 1, 20_000)

    assert scans(world, found) == []


def test_a_scan_would_be_seen(world: World) -> None:
    with statements(world) as found, world.database.writing() as session:
        session.query(outbox.Delivery).where(outbox.Delivery.notice == "digest").all()
        assert subjects.find(session, "action-1")

    assert len(scans(world, found)) == 1
