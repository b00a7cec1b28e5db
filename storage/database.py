"""The database: one file by default, PostgreSQL by its address; transactions that are whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TypeVar

from sqlalchemy import MetaData, text
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import DateTime, TypeDecorator

from storage import engines, opening
from storage.opening import Damaged, NoAnswer
from storage.turns import Turns

Result = TypeVar("Result")

IN_EACH_OTHERS_WAY = frozenset({"23505", "40001", "40P01", "55P03", "0A000"})
"""PostgreSQL's names for two transactions that met: both made the same row, a deadlock, a lock
that came too late, or tables that were migrated under a statement it had prepared."""

CUT_OFF = frozenset({"57P01", "57P02", "57P03"})
"""PostgreSQL's names for a server that is going down, or not yet up; class 08 says the same."""

PAUSES = (0.1, 0.5, 2.0)
"""Seconds to wait before each new try with a server that cut us off: a restart fits in them."""

NOT_NOW = (OperationalError, NoneFree, TimeoutError)
"""What a database raises that is full, busy or away: asked again later, it may well say yes. No
connection came free, a turn to write did not come, or it refused by itself."""

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Everything the assistant remembers."""

    metadata = MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """An aware moment in UTC, the same on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse a moment without a zone, and keep it in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be kept")
        moved = value.astimezone(UTC)
        return moved.replace(tzinfo=None) if dialect.name == "sqlite" else moved

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002  SQLAlchemy names it
        """Give the moment back, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One open database. `writing()` is a transaction that commits or leaves no trace.

    A file has one writer, whose transactions begin IMMEDIATE so that no two of them can collide
    half-way, and readers beside it that see the last commit and keep nobody waiting. It is
    settled as the project's delivery study measured: write-ahead log, FULL synchronisation.

    `engine` is the one that writes, `looking` the one that reads.
    """

    def __init__(self, url: str) -> None:
        self.url = engines.read_url(url)
        self.is_file = self.url.get_backend_name() == "sqlite"
        self._lock: IO[str] | None = None
        self._turns = Turns() if self.is_file else None
        if not self.is_file:
            self.engine = engines.postgresql(self.url)
            self.looking = engines.postgresql(self.url, looking=True)
            return
        if not self.url.database or self.url.database == ":memory:":
            raise ValueError("give the database a file of its own, not memory")
        self._lock = opening.claim(Path(self.url.database).resolve())
        self.engine, self.looking = engines.writer(self.url), engines.reader(self.url)

    @classmethod
    @contextmanager
    def beside(cls, url: str) -> Iterator[Database]:
        """A file that another process has open, for looking only."""
        found = cls.__new__(cls)
        found.url, found.is_file, found._lock = engines.read_url(url), True, None
        found._turns = None
        found.engine = found.looking = engines.reader(found.url)
        try:
            yield found
        finally:
            found.close()

    @property
    def place(self) -> str:
        """Where it is, for people: never with the name or the password that opens it."""
        if self.is_file:
            return str(self.url.database)
        host = self.url.host or self.url.query.get("host") or "localhost"
        return f"{host}{f':{self.url.port}' if self.url.port else ''}/{self.url.database}"

    def look_over(self) -> None:
        """Raise CannotOpen, with what to do, where the database cannot be used as it is.

        A file is read through from end to end, which takes a second for each gigabyte or so.
        """
        try:
            with self.looking.connect() as connection:
                if self.is_file and connection.scalar(text("PRAGMA quick_check(1)")) != "ok":
                    raise Damaged(self._damaged())
        except DatabaseError as error:
            if not self.is_file:
                raise NoAnswer(
                    f"The database at {self.place} does not let us in."
                    " Look at DATABASE_URL, and whether the server runs."
                ) from error
            if getattr(error.orig, "sqlite_errorname", "") in {"SQLITE_CORRUPT", "SQLITE_NOTADB"}:
                raise Damaged(self._damaged()) from error
            raise

    def _damaged(self) -> str:
        return (
            f"{Path(self.place).name} is damaged and cannot be used."
            " Put the last backup in its place, then start again."
        )

    @contextmanager
    def writing(self, *, urgent: bool = False) -> Iterator[Session]:
        """A transaction: everything inside is kept, or, on any fault, nothing is.

        A file has one at a time, in the order of their coming; what is `urgent` goes next.
        """
        turn = self._turns.turn(urgent=urgent) if self._turns else nullcontext()
        with turn, Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def write(
        self,
        work: Callable[[Session], Result],
        tries: int = 4,
        *,
        same_twice: bool = False,
        urgent: bool = False,
    ) -> Result:
        """Do this in a transaction, and again, from the start, where it was not its own fault.

        A collision with another transaction undid this one: it is done again at once. So is,
        after a pause, one whose server was cut off before it was asked to commit. Where the
        connection broke during the commit itself, nobody knows whether it was kept: it is only
        done again where twice comes to the same as once (`same_twice`: a press under its key,
        a step queued once for ever); otherwise the fault is raised, as the record may hold it.
        """
        for pause in (*PAUSES[: tries - 1], None):
            asked_to_commit = False
            try:
                with self.writing(urgent=urgent) as session:
                    result = work(session)
                    session.flush()
                    asked_to_commit = True
                return result
            except DBAPIError as error:
                met = getattr(error.orig, "sqlstate", None) in IN_EACH_OTHERS_WAY
                undone = not asked_to_commit or same_twice
                cut_off = undone and not self.is_file and _was_cut_off(error)
                if pause is None or not (met or cut_off):
                    raise
            if not met:
                time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking only: it sees what is committed, and what it changes is refused."""
        with Session(self.looking) as session:
            yield session
            session.rollback()

    def moment(self) -> datetime:
        """The time by PostgreSQL, the one clock of all its processes."""
        with self.reading() as session:
            found: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
        return found.astimezone(UTC)

    def close(self) -> None:
        """Let go of the database, and of its file's lock."""
        self.looking.dispose()
        self.engine.dispose()
        if self._lock:
            self._lock.close()


def _was_cut_off(error: DBAPIError) -> bool:
    """Whether the server went away, or could not be reached to begin with."""
    state = getattr(error.orig, "sqlstate", None) or ""
    unreached = isinstance(error, OperationalError) and error.statement is None and not state
    return error.connection_invalidated or unreached or state in CUT_OFF or state.startswith("08")
