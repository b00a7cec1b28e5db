"""Benchmarks 15 and 16: presses from Slack, signed, kept and acknowledged."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bot.app import assemble
from bot.clock import StoppedClock
from storage.database import Database
from tests.benchmarks import county, queued
from tests.benchmarks.ground import KINDS, Ground, address, filling, peer
from tests.benchmarks.measured import Measured, compared, each, higher, lower
from tests.benchmarks.nowhere import Nowhere
from tests.benchmarks.pages import cores
from tests.reliability.moments import ScenarioClock

LIMIT = 0.3
"""Seconds within which 99 in a hundred presses are to be acknowledged (ours; Slack's is 3)."""

A_SECOND = 50


def against_bolt(ground: Ground) -> Iterator[Measured]:
    """Twenty at a time, each on its own row, the server on one core and Slack on another."""
    serving, asking = cores()
    seconds = 0.5 if ground.quick else 2.0
    for kind, name in KINDS.items():
        database = ground.database(kind)
        url = address(database)
        database.close()
        with ExitStack() as open_ones:
            load = open_ones.enter_context(peer("loading", asking))
            ports = {
                way: open_ones.enter_context(peer("knocking", way, url, serving)).ask("port")
                for way in ("ours", "bolt")
            }
            found = compared(
                ground.much(5, 2),
                ours=lambda: float(load.ask("press", port=ports["ours"], seconds=seconds)),  # noqa: B023
                bolt=lambda: float(load.ask("press", port=ports["bolt"], seconds=seconds)),  # noqa: B023
            )
        yield higher(
            f"15 presses from Slack, kept before they are acknowledged ({name})",
            found.ratio("bolt", "ours"),
            0.5,
            f"slack-bolt that acknowledges and does nothing, {each(found.median('bolt'))}"
            f" (ours {each(found.median('ours'))})",
        )


def busy(ground: Ground, kind: str) -> Database:
    """A county on Slack with a queue of messages; its actions are not due before they are told."""
    size = county.Size(actions=ground.much(10_000, 1_000))

    def fill(database: Database) -> None:
        county.settled(database, size)
        queued.conversations(database, size.practitioners)
        queued.refill(database, size.actions)
        night = assemble(county.POLICY, database, StoppedClock(county.MORNING), {"web": Nowhere()})
        database.write(night.ticker.auditor._sign)
        with filling(database) as connection:
            connection.execute(
                text("UPDATE person SET platform = 'slack', platform_id = 'U' || id")
            )
            connection.execute(text("UPDATE action SET look_again_at = NULL"))

    return ground.like("busy on slack", kind, fill)


def _pressed_meanwhile(ground: Ground, kind: str) -> tuple[list[float], float]:
    """How long each press waited, on a morning of its own; how long the sweep beside them took."""
    serving, asking = cores()
    database = busy(ground, kind)
    database.close()
    with TemporaryDirectory() as folder, ExitStack() as open_ones:
        clock = Path(folder) / "clock"
        ScenarioClock.made(clock, county.MORNING)
        load = open_ones.enter_context(peer("loading", asking))
        slack = open_ones.enter_context(peer("taking", asking)).ask("port")
        given = (address(database), f"http://127.0.0.1:{slack}/api/", str(clock), serving)
        server = open_ones.enter_context(peer("morning", *given))
        port = server.ask("port")
        load.ask("press", port=port, seconds=0.2)  # whatever is loaded at first use is
        server.ask("begin")
        seconds = ground.much(5, 2)
        waits = load.ask("steadily", port=port, seconds=seconds, a_second=A_SECOND)
        ended = server.ask("ended")
    assert ended["queued"], "the sweep found nothing"
    assert ended["sent"], "nothing was sent"
    ground.drop(Database(address(database)))
    return waits, ended["seconds"]


def while_much_is_due(ground: Ground) -> Iterator[Measured]:
    """Fifty presses a second, and their work, while reminders are swept and messages are sent."""
    count = ground.much(10_000, 1_000)
    for kind, name in KINDS.items():
        mornings = [_pressed_meanwhile(ground, kind) for _ in range(ground.much(3, 1))]
        waits = sorted(wait for waited, _ in mornings for wait in waited)
        beside = [one for waited, took in mornings for one in waited[: int(took * A_SECOND)]]
        late = waits[math.ceil(len(waits) * 0.99) - 1]
        yield lower(
            f"16 99 % of presses while reminders are swept ({name})",
            late / LIMIT,
            1.0,
            f"300 ms ({each(late)}; half of {len(waits)} within {each(median(waits))}; a sweep of"
            f" {count:,} took {each(median(seconds for _, seconds in mornings))}, and the slowest"
            f" of {len(beside)} presses meanwhile {each(max(beside))})",
        )
