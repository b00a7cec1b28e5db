"""The database: one file by default, PostgreSQL by its address; the settings that keep it safe."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TypeVar

from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import DateTime, TypeDecorator

Result = TypeVar("Result")

IN_EACH_OTHERS_WAY = frozenset({"23505", "40001", "40P01"})
"""PostgreSQL's names for two transactions that met: both made the same row, or a deadlock."""

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


class InUse(RuntimeError):
    """Another process has this database file open; one file is for one process."""


class Database:
    """One open database. `writing()` is a transaction that commits or leaves no trace.

    SQLite settings are those measured in the project's delivery study: write-ahead log, FULL
    synchronisation, writers that begin IMMEDIATE so that no two read-then-write transactions
    can collide half-way.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.url.drivername in {"postgresql", "postgres"}:
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.is_file = self.url.get_backend_name() == "sqlite"
        self._lock: IO[str] | None = None
        if self.is_file:
            self._claim_file()
        self.engine = self._engine()

    def _claim_file(self) -> None:
        if not self.url.database or self.url.database == ":memory:":
            raise ValueError("give the database a file of its own, not memory")
        path = Path(self.url.database).resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        self._lock = os.fdopen(descriptor, "r+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise InUse(
                f"{path.name} is already open in another process. Stop that one first."
            ) from error
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))

    def _engine(self) -> Engine:
        if not self.is_file:
            return create_engine(
                self.url,
                pool_pre_ping=True,
                pool_size=5,
                max_overflow=5,
                pool_timeout=5,
                pool_recycle=1800,
            )
        engine = create_engine(self.url, connect_args={"timeout": 10, "isolation_level": None})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction: everything inside is kept, or, on any fault, nothing is."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def write(self, work: Callable[[Session], Result], tries: int = 4) -> Result:
        """Do this in a transaction, and again where another one was in its way."""
        while True:
            tries -= 1
            try:
                with self.writing() as session:
                    return work(session)
            except DBAPIError as error:
                if not tries or getattr(error.orig, "sqlstate", None) not in IN_EACH_OTHERS_WAY:
                    raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking only; what it changed would be thrown away."""
        with Session(self.engine.execution_options(looking=True)) as session:
            yield session
            session.rollback()

    def close(self) -> None:
        """Let go of the database, and of its file's lock."""
        self.engine.dispose()
        if self._lock:
            self._lock.close()


def _prepare_sqlite(connection: Any, _: Any) -> None:
    for setting in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=10000",
        "foreign_keys=ON",
        "cache_size=-65536",
        "journal_size_limit=67108864",
    ):
        connection.execute(f"PRAGMA {setting}")


def _begin_immediate(connection: Any) -> None:
    looking = connection.get_execution_options().get("looking")
    connection.exec_driver_sql("BEGIN" if looking else "BEGIN IMMEDIATE")
