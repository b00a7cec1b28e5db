"""Moves a partnership from one file to PostgreSQL: compared row by row, and begun again at will.

Whatever happens on the way, the file stays whole, and either it can be used, or the target can, or
the same move, run again, ends it. The marks that see to that are facts in the setting table:
`being moved here` in the target from before its first row to after the last; `moved away` in the
file from when every row was seen equal. What carries a mark is not fit to work on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Table, func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from storage import comparing, migrating
from storage.comparing import Counted, Told
from storage.database import Database
from storage.migrating import IDENTITY, MOVED_AWAY, MOVING_HERE, OLDEST
from storage.opening import InUse
from storage.settings import Setting, remember, remembered

LEAVE = frozenset({OLDEST, MOVED_AWAY, MOVING_HERE})
"""Facts about a database rather than about the partnership in it; these are not carried."""


class CannotMove(RuntimeError):
    """Why the partnership cannot be moved, or not yet, in words that say what to do."""


class StillRunning(CannotMove):
    """All rows were copied, but the service still changes them: to be stopped, and run again."""


@dataclass(frozen=True)
class Moved:
    """What a move came to; no tables where it had been made before."""

    place: str
    tables: tuple[Counted, ...] = ()
    closed_for: float = 0.0
    """Seconds for which the service had to stand still."""


@dataclass
class Move:
    """One run of the move of a file to a target. `wait`: until the service is stopped."""

    url: str
    target: Database
    told: Told
    say: Callable[[str], None]
    wait: bool = False

    def run(self) -> Moved:
        """Move everything; raises CannotMove, CannotBeCarried, CannotOpen."""
        self._check_ends()
        with _alone(self.target):
            return self._run()

    def _check_ends(self) -> None:
        if self.target.is_file:
            raise CannotMove("Give a PostgreSQL database to move to: postgresql://…")
        path = self.url.removeprefix("sqlite:///")
        if path == self.url:
            raise CannotMove("Only a file can be moved. Set DATABASE_URL to it: sqlite:///…")
        if not Path(path).is_file():
            raise CannotMove(f"There is no file {path} to move.")

    def _run(self) -> Moved:
        try:
            source = Database(self.url)
        except InUse:
            source = self._while_in_use()
        began = time.monotonic()
        try:
            source.look_over()
            if self._check_source(source):
                return Moved(self.target.place)
            return self._finish(source, began)
        finally:
            source.close()

    def _while_in_use(self) -> Database:
        """Copy beside the running service what it has by now; then the file, once it is free."""
        with Database.beside(self.url) as beside:
            self._check_source(beside)
            copied = sum(one.rows for one in self._pass(beside, proving=False))
        words = f"{copied:,} rows are copied."
        if not self.wait:
            raise StillRunning(
                f"{words} Stop the service, then run the same command again:"
                " it brings over what has changed since, and ends the move."
            )
        self.say(f"{words} Stop the service now: this waits for it.")
        while True:
            try:
                return Database(self.url)
            except InUse:
                time.sleep(0.2)

    def _check_source(self, source: Database) -> bool:
        """Whether it was moved here before; makes the target ready where it was not."""
        with source.reading() as session:
            away, identity = remembered(session, MOVED_AWAY), remembered(session, IDENTITY)
        if migrating.current(source) != migrating.newest() or identity is None:
            raise CannotMove("The file needs this release's migrations first. Run: taf migrate")
        if away is not None:
            return self._was_moved(identity, away)
        with source.looking.connect() as reading:
            comparing.check_can_be_carried(reading)
        _ready(self.target, identity)
        return False

    def _was_moved(self, identity: str, away: dict[str, str]) -> bool:
        """Whether all is done; False where the target is still to be opened. Raises CannotMove."""
        if migrating.current(self.target) is not None:
            with self.target.reading() as session:
                mark, there = remembered(session, MOVING_HERE), remembered(session, IDENTITY)
            if mark is not None and mark["move"] == away["move"]:
                _check_shape(self.target)
                return False
            if mark is None and there == identity:
                return True
        raise CannotMove(f"The file was moved to {away['to']} before. It cannot be moved twice.")

    def _pass(self, source: Database, *, proving: bool) -> list[Counted]:
        with source.looking.connect() as reading:
            how = comparing.Comparing(reading, self.target.engine, LEAVE, self.told, proving)
            try:
                return how.every_table()
            except IntegrityError:
                # Two rows changed places since the last pass, and neither can go first.
                _empty(self.target)
                how.extra.clear()
                return how.every_table()

    def _finish(self, source: Database, began: float) -> Moved:
        tables = self._pass(source, proving=True)
        _check_counts(self.target, tables)
        _settle(self.target)
        with self.target.reading() as session:
            move = remembered(session, MOVING_HERE)["move"]
        with source.writing() as session:
            remember(session, MOVED_AWAY, {"to": self.target.place, "move": move})
        with self.target.writing() as session:
            session.delete(session.get_one(Setting, MOVING_HERE))
        return Moved(self.target.place, tuple(tables), time.monotonic() - began)


@contextmanager
def _alone(target: Database) -> Iterator[None]:
    """Hold the target for this move: a transaction that does nothing else keeps the lock."""
    with target.engine.begin() as holding:
        holding.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        if not holding.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('taf move'))")):
            raise CannotMove(f"Another move to {target.place} is running.")
        yield


def _ready(target: Database, identity: str) -> None:
    """Make a target ready, or find it so. Raises CannotMove where it is not for this move."""
    others = set(inspect(target.engine).get_table_names()) - {"alembic_version"}
    if migrating.current(target) is None:
        if others:
            raise CannotMove(f"{target.place} holds tables that are not the assistant's.")
        migrating.upgrade(target)
    _check_shape(target)
    with target.writing() as session:
        mark = remembered(session, MOVING_HERE)
        if mark is None:
            if any(session.scalar(_count(one)) for one in _but_settings()):
                raise CannotMove(f"{target.place} holds data already. Give an empty database.")
            remember(session, MOVING_HERE, {"partnership": identity, "move": uuid4().hex})
        elif mark["partnership"] != identity:
            raise CannotMove(f"Another partnership is being moved to {target.place}.")


def _check_shape(target: Database) -> None:
    at = migrating.current(target)
    if at != migrating.newest():
        raise CannotMove(
            f"{target.place} is at another release's migration ({at})."
            " Bring it to this one with `taf migrate`, or give an empty database."
        )


def _but_settings() -> list[Table]:
    return [one for one in comparing.twins() if one.name != "setting"]


def _count(table: Table) -> Any:
    return select(func.count()).select_from(table)


def _empty(target: Database) -> None:
    """Take back all that was copied; the mark stays."""
    names = ", ".join(f'"{one.name}"' for one in _but_settings())
    with target.engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text(f"TRUNCATE {names}"))


def _check_counts(target: Database, tables: list[Counted]) -> None:
    """Every row was seen equal; here, that there is none beside them."""
    with target.reading() as session:
        for table, counted in zip(comparing.twins(), tables, strict=True):
            query = _count(table)
            if table.name == "setting":
                query = query.where(table.c.name.not_in(LEAVE))
            if session.scalar(query) != counted.rows:
                raise comparing.Unequal(f"The table {table.name} has rows that the file has not.")


def _settle(target: Database) -> None:
    """Let new rows be numbered after the last, and the planner know what is there."""
    with target.engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        for table in comparing.twins():
            if "id" in table.columns:
                highest = select(func.max(table.c.id)).scalar_subquery()
                sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
                number = func.coalesce(highest, 1)
                connection.execute(select(func.setval(sequence, number, highest.is_not(None))))
        connection.execute(text("ANALYZE"))
