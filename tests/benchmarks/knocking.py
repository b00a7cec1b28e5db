"""Presses from Slack: signed, kept and acknowledged, against slack-bolt that keeps nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from tests.benchmarks.ground import KINDS, Ground, address, peer
from tests.benchmarks.measured import Measured, compared, each, higher
from tests.benchmarks.pages import cores


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
