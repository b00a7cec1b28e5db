"""What the scenarios are given: a town on each kind of database, a chat, the seed of the run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from tests.conftest import another
from tests.reliability.chat.ordering import Chat
from tests.reliability.forking import Forks
from tests.reliability.moments import TUESDAY, ScenarioClock
from tests.reliability.scenario import Scenario
from tests.reliability.town import Town, build


@dataclass(frozen=True)
class Built:
    """A town, and the database it was built in: a file to copy, or a name to copy from."""

    town: Town
    database: str


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """The process that workers are forked from."""
    found = Forks.started()
    yield found
    found.stop()


def built_in(database: Database, folder: Path) -> Town:
    """A town in a database that is migrated."""
    clock = ScenarioClock.made(folder / "clock")
    chat = Chat(folder / "clock", "--pace", "0")
    try:
        return build(database, clock, chat.url, chat.order)
    finally:
        chat.stop()
        database.close()


@pytest.fixture(scope="session")
def town_file(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The town on a file."""
    folder = tmp_path_factory.mktemp("town")
    path = shutil.copy(template, folder / "town.db")
    return Built(built_in(Database(f"sqlite:///{path}"), folder), str(path))


@pytest.fixture(scope="session")
def town_template(
    postgres: Database, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Built:
    """The town on PostgreSQL."""
    database = another(postgres, postgres_template)
    name = str(database.url.database)
    return Built(built_in(database, tmp_path_factory.mktemp("town")), name)


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each scenario happens on one file, and on PostgreSQL."""
    return str(request.param)


@pytest.fixture
def seed() -> int:
    """The seed of this run, which its last lines show."""
    return int(os.environ["TAF_SEED"])


Began = Callable[..., Scenario]


@pytest.fixture
def begin_on(forks: Forks, seed: int, tmp_path: Path) -> Iterator[Began]:
    """Begins a scenario on some database, on a chat that is as strict as it is told to be."""
    made: list[Scenario] = []

    def begun(
        url: str,
        town: Town,
        pace: float = 0.02,
        limit: tuple[float, int] | None = None,
        **options: Any,
    ) -> Scenario:
        clock = ScenarioClock.made(tmp_path / "clock", TUESDAY.replace(hour=10))
        strict = ["--per-second", str(limit[0]), "--burst", str(limit[1])] if limit else []
        chat = Chat(tmp_path / "clock", "--pace", str(pace), "--seed", str(seed), *strict)
        chat.order("load", **town.platform)
        made.append(Scenario(tmp_path, url, clock, chat, forks, town, seed, options))
        return made[-1]

    yield begun
    for one in made:
        one.close()
        one.chat.stop()


@pytest.fixture
def begin(request: pytest.FixtureRequest, kind: str, begin_on: Began, tmp_path: Path) -> Began:
    """Begins a scenario on a copy of the town, on the kind of database that is asked for."""

    def begun(**how: Any) -> Scenario:
        if kind == "sqlite":
            built = request.getfixturevalue("town_file")
            url = f"sqlite:///{shutil.copy(built.database, tmp_path / 'taf.db')}"
        else:
            built = request.getfixturevalue("town_template")
            url = copied(request.getfixturevalue("postgres"), built)
        return begin_on(url, built.town, **how)

    return begun


def copied(server: Database, built: Built) -> str:
    """One more town on a PostgreSQL server; its address."""
    copy = another(server, built.database)
    copy.close()
    return copy.url.render_as_string(hide_password=False)


@pytest.fixture
def scenario(begin: Began) -> Scenario:
    """A scenario on a platform that is strict, and well."""
    return begin()
