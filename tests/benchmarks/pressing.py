"""A whole press, from the form that was sent to the card that is posted; beside benchmark 12."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta

from storage.database import Database
from tests import builders
from tests.benchmarks.ground import KINDS, Ground, driver
from tests.benchmarks.measured import Measured, Timed, compared, each, lower, timed
from tests.world import START, World

WHOLE_PRESS = {"sqlite": 80.0, "postgresql": 50.0}
"""Ours, to be noticed when it grows: checked, done, audited, its family's next steps written down,
its card put in words and posted."""


def _presses(database: Database) -> Timed:
    world = World(database)
    world.given_a_family()
    actions = [
        world.does("Maya", "action.agree", world.taf, **builders.action(world.ref("Asha"))).about
        for _ in range(10)
    ]
    moves, days = itertools.cycle(actions), itertools.count(1)

    def press() -> None:
        on = (START + timedelta(days=20 + next(days))).date().isoformat()
        world.does("Asha", "action.ask_for_time", next(moves) or "", due_on=on, reason="x")

    return timed(press)


def _bare(database: Database) -> Timed:
    """The two writes without which no press could be, by the bare driver."""
    raw, numbers = driver(database), itertools.count(1)
    if not database.is_file:
        raw.autocommit = True
    mark = "?" if database.is_file else "%s"
    received = (
        "INSERT INTO inbox"  # noqa: S608  the mark is the driver's
        " (platform, key, person_id, command, answer, received_at, state, attempts)"
        f" VALUES ('bench', {mark}, 1, 'x', '{{}}', '2025-03-04', 'done', 0)"
    )

    def press() -> None:
        raw.execute("BEGIN IMMEDIATE" if database.is_file else "BEGIN")
        raw.execute("SELECT * FROM action WHERE id = 1").fetchone()
        raw.execute("UPDATE action SET times_moved = times_moved + 1 WHERE id = 1")
        raw.execute(received, (str(next(numbers)),))
        raw.execute("COMMIT")

    return timed(press)


def whole(ground: Ground) -> Iterator[Measured]:
    """What a person's press costs, against its writes alone."""
    for kind, name in KINDS.items():
        database = ground.database(kind)
        ours = _presses(database)
        found = compared(ground.much(60, 20), ours=ours, bare=_bare(database))
        yield lower(
            f"12 a whole press, from form to sent card ({name})",
            found.ratio("ours", "bare"),
            WHOLE_PRESS[kind],
            f"its two writes by the bare driver, {each(found.median('bare'))}"
            f" (ours {each(found.median('ours'))})",
        )
        ground.drop(database)
