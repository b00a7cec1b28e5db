"""Benchmark 11: a worker killed with kill -9, fifty times, in the middle of its work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from storage.outbox import OPEN, Delivery
from tests.benchmarks import county
from tests.benchmarks.delivering import CONVERSATIONS, put_in, spread, town
from tests.benchmarks.ground import KINDS, Ground, address, looking_at, peer
from tests.benchmarks.measured import Measured, lower
from tests.benchmarks.stage import Judged, Stage, judged, stage, wanted

APART = 0.02
"""Seconds between the moments at which two messages fall due."""

SHORT = {"lease": 2.0, "time_out": 0.5, "settles": 1.0, "pace": 0.0, "sweep_every": 60.0}
"""A lease and a time-out of ours that are over soon, as the peers' heartbeats are."""

QUIET = 8.0
"""Seconds without a further message after which nothing more is expected of anybody."""


@dataclass
class Lives:
    """How one of them is begun, killed, and asked what it has still to do."""

    begin: Callable[[], object]
    kill: Callable[[], object]
    left: Callable[[], int]


def killed(on: Stage, lives: Lives, kills: int, luck: Random) -> None:
    """Kill it again and again while it sends, then let it finish."""
    for _ in range(kills):
        before = len(on.chat.log())
        lives.begin()
        _until_some(on, before, 3)
        time.sleep(luck.uniform(0.0, 0.15))
        lives.kill()
    time.sleep(1.0)  # what the last one had sent to the database has arrived by then
    lives.begin()
    heard, lines = time.monotonic(), -1
    while lives.left() and time.monotonic() - heard < QUIET:
        time.sleep(0.5)
        if len(on.chat.log()) != lines:
            heard, lines = time.monotonic(), len(on.chat.log())
    time.sleep(0.5)
    lives.kill()


def _until_some(on: Stage, before: int, count: int) -> None:
    """Wait until a life has sent something, but not for one that has nothing to send."""
    ends = time.monotonic() + 4.0
    while len(on.chat.log(before)) < count and time.monotonic() < ends:
        time.sleep(0.02)


def _ours(ground: Ground, kind: str, on: Stage, lanes: list[int]) -> tuple[Lives, Any]:
    database = town(ground, kind)
    put_in(database, lanes, on.clock.now() + timedelta(seconds=1), APART)
    waits, url = wanted(database), address(database)
    database.close()

    def left() -> int:
        with looking_at(url) as session:
            return session.query(Delivery).where(Delivery.state.in_(OPEN)).count()

    return Lives(lambda: on.work(url, 1, **SHORT), on.stop, left), waits


def _theirs(ground: Ground, library: str, on: Stage, lanes: list[int]) -> Iterator[Any]:
    channels = [f"D{lane}" for lane in lanes]
    waits: dict[str, list[int]] = {}
    for number, channel in enumerate(channels, 1):
        waits.setdefault(channel, []).append(number)
    with peer("lives", library, ground.empty(), on.chat.slack) as worker:
        worker.ask("fill", channels=channels, began=time.time() + 1, apart=APART)

        def ask(order: str) -> Callable[[], Any]:
            return lambda: worker.ask(order)

        yield Lives(ask("begin"), ask("kill"), ask("left")), waits


def against_peers(ground: Ground) -> Iterator[Measured]:
    """What each makes of the same messages and the same kills."""
    kills = ground.much(50, 3)
    lanes = spread(kills * 20, CONVERSATIONS, skewed=False)
    theirs = {}
    for library in ("procrastinate", "apscheduler"):
        with stage(county.MORNING, CONVERSATIONS, "--pace", "0") as on:
            for lives, waits in _theirs(ground, library, on, lanes):
                killed(on, lives, kills, Random(3))
                theirs[library] = judged(on.chat.log(), waits, 0)
    said = "; ".join(f"{name}: {_told(one)}" for name, one in theirs.items())
    for kind, name in KINDS.items():
        with stage(county.MORNING, CONVERSATIONS, "--pace", "0") as on:
            ours, waits = _ours(ground, kind, on, lanes)
            killed(on, ours, kills, Random(3))
            found = judged(on.chat.log(), waits, 0)
        yield lower(
            f"11 kill -9, again and again: lost or doubled ({name})",
            found.lost + found.doubled,
            0,
            f"of {len(lanes)} in {kills} kills, {said}",
        )


def _told(one: Judged) -> str:
    return f"{one.lost} lost, {one.doubled} doubled"
