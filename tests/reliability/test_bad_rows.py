"""Rows that cannot be sent or read, and a database that cannot be written to."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from storage.outbox import Delivery
from tests.reliability.conftest import Began, Built
from tests.reliability.moments import TUESDAY
from tests.reliability.scenario import Scenario

pytestmark = pytest.mark.xdist_group("rows")

NO_WORDS = "It could not be put in words."

DAMAGE: dict[str, dict[str, Any]] = {
    "no facts": {"facts": {}},
    "facts of another kind": {"facts": ["not", "a", "mapping"]},
    "no such notice": {"notice": "no_such_notice"},
    "no notice at all": {"notice": None},
    "a notice that climbs out": {"notice": "../../app"},
    "about nothing": {"about": "action-99999999999999999999"},
    "about no number": {"about": "action-x"},
    "about a number too great": {"about": "action-2147483648"},
    "no such operation": {"operation": "sing"},
    "no such person": {"operation": "admit", "person_id": None},
    "left half-way, its card damaged": {"state": "sending", "card": {"title": "x"}},
    "not known, its card damaged": {
        "state": "unknown",
        "card": {"title": "x", "lines": [{"spans": [["x"]]}]},
        "attempt_at": TUESDAY.replace(hour=9),
    },
}

SENT = {one for one in DAMAGE if one.startswith("about") or "its card" in one}
"""These name their family in their facts, or were never taken and are put in words anew."""


def test_a_damaged_row_stops_nobody_else(scenario: Scenario) -> None:
    """It ends dead, with a reason; its conversation and all others go on."""
    scenario.queue(100, people=False)
    with scenario.database() as database, database.writing() as session:
        rows = session.query(Delivery).where(Delivery.state == "ready").order_by(Delivery.id)
        fresh = [one for one in rows if one.operation == "post"][: len(DAMAGE)]
        damaged = {one.id: name for one, name in zip(fresh, DAMAGE, strict=True)}
        for number, name in damaged.items():
            session.execute(update(Delivery).where(Delivery.id == number).values(**DAMAGE[name]))
    scenario.work()

    scenario.until_quiet()
    scenario.stop()
    ends = {damaged[one.id]: one for one in scenario.outbox(Delivery.id.in_(damaged))}
    assert {name: one.state for name, one in ends.items() if one.state != "dead"} == dict.fromkeys(
        SENT, "sent"
    )
    assert all(one.why for one in ends.values() if one.state == "dead")
    wrong = [one for one in scenario.wrong() if "is about action-" not in one]
    assert wrong == []


def test_the_file_is_held_for_longer_than_anybody_waits(scenario: Scenario) -> None:
    """A backup or a curious person keeps the file to themselves: all waits, and goes on."""
    if not scenario.is_file:
        pytest.skip("a file's own affair; PostgreSQL has test_postgres")
    scenario.queue(80)
    (worker,) = scenario.work()
    scenario.until(lambda: scenario.chat.order("state")["lines"] > 20, "something is sent")
    holder = sqlite3.connect(scenario.url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    before = scenario.chat.order("state")["lines"]
    scenario.clock_passes(11.0)
    assert scenario.chat.order("state")["lines"] - before <= 8, "it sends what it cannot record"
    holder.execute("ROLLBACK")
    holder.close()

    scenario.ends_well()
    assert "database is locked" in scenario.complaints()
    assert worker.ended() == -9


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, where this machine lets us have one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("no small disk can be had here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_the_disk_is_full(small_disk: Path, town_file: Built, begin_on: Began) -> None:
    """It stops before it sends what it could not record, and heals when there is room again."""
    path = shutil.copy(town_file.database, small_disk / "taf.db")
    scenario = begin_on(f"sqlite:///{path}", town_file.town)
    scenario.queue(200)
    scenario.work()
    scenario.until(lambda: scenario.chat.order("state")["lines"] > 30, "something is sent")
    filler = small_disk / "somebody's film"
    with filler.open("wb", buffering=0) as film, suppress(OSError):
        while True:
            film.write(bytes(4096))
    scenario.until(lambda: "disk is full" in scenario.complaints(), "it is noticed")
    before = scenario.chat.order("state")["lines"]
    scenario.clock_passes(4.0)
    assert scenario.chat.order("state")["lines"] - before <= 8
    filler.unlink()

    scenario.ends_well()
    scenario.close()
