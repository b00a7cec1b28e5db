"""Benchmarks, each a ratio of two things measured in one run.

`python -m tests.benchmarks [--quick] [topic …]` prints a table; where BENCH_JSON names a file,
the same is written there as JSON. Absolute times mean little on a shared machine; ratios hold.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from bot.running import settle_memory
from tests.benchmarks import (
    claiming,
    delivering,
    draining,
    finding,
    hour,
    killing,
    knocking,
    pages,
    pressing,
    recovering,
    sweeping,
)
from tests.benchmarks.ground import Ground, ground
from tests.benchmarks.measured import Measured

Benchmark = Callable[[Ground], Iterator[Measured]]

BENCHMARKS: dict[str, tuple[Benchmark, ...]] = {
    "finding": (finding.against_the_driver, finding.flat),
    "sweeping": (sweeping.per_due, sweeping.against_procrastinate),
    "draining": (draining.against_procrastinate, draining.against_commits),
    "claiming": (claiming.flat, claiming.with_a_past, claiming.with_a_held_snapshot),
    "delivering": (delivering.against_the_floor, delivering.against_peers),
    "killing": (killing.against_peers,),
    "pages": (pages.listing, pages.closing, pressing.whole),
    "recovering": (recovering.after_a_day,),
    "hour": (hour.on_time,),
    "knocking": (knocking.against_bolt, knocking.while_much_is_due),
}
"""By topic, in the order of docs/benchmarks.md."""


def shown(one: Measured) -> str:
    """A line of the table."""
    sign = "≤" if one.better == "lower" else "≥"
    verdict = "holds" if one.holds else "MISSED"
    return f"{one.name:<62}{one.ratio:>9.2f}  {sign} {one.target:<6g}{verdict:<7} {one.against}"


def measured(topics: list[str], *, quick: bool) -> Iterator[Measured]:
    """Everything, or some topics of it."""
    with ground(quick=quick) as place:
        for topic in topics or BENCHMARKS:
            began = time.monotonic()
            for benchmark in BENCHMARKS[topic]:
                yield from benchmark(place)
            print(f"  ({topic}: {time.monotonic() - began:.0f} s)", flush=True)


def main() -> int:
    """Measure, and print; 1 when a target is missed, but not by small numbers."""
    logging.disable(logging.CRITICAL)
    settle_memory()
    asked = sys.argv[1:]
    found = []
    quick = "--quick" in asked
    for one in measured([each for each in asked if each != "--quick"], quick=quick):
        found.append(one)
        print(shown(one), flush=True)
    if path := os.environ.get("BENCH_JSON"):
        Path(path).write_text(json.dumps([asdict(one) for one in found], indent=2), "utf-8")
    return int(not quick and not all(one.holds for one in found))


if __name__ == "__main__":
    sys.exit(main())
