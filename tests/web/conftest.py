"""What the tests of the web are given: a rich family, and browsers without a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.web.app import web_app
from storage.database import Database
from tests.web.rich import Rich, rich, world_on_the_web
from tests.world import World

ADDRESS = "http://taf.test"


@pytest.fixture(scope="session")
def told(template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rich]:
    """The rich family's database, made once, to copy."""
    path = tmp_path_factory.mktemp("rich") / "taf.db"
    path.write_bytes(template.read_bytes())
    database = Database(f"sqlite:///{path}")
    made = rich(world_on_the_web(database))
    database.close()
    return path, made


@pytest.fixture
def family(told: tuple[Path, Rich], tmp_path: Path) -> Iterator[Rich]:
    """The rich family, in a world of its own."""
    path = tmp_path / "taf.db"
    path.write_bytes(told[0].read_bytes())
    database = Database(f"sqlite:///{path}")
    yield told[1].again(database)
    database.close()


@pytest.fixture
def world(family: Rich) -> World:
    """The world of the rich family."""
    return family.world


@pytest.fixture
def app(world: World) -> FastAPI:
    """The web application in practice mode."""
    return web_app(world.assistant, practice=world.clock)


Browser = Callable[[str], TestClient]


@pytest.fixture
def browser(app: FastAPI, world: World) -> Browser:
    """A browser of somebody in the cast; "" is somebody who has not said who they are."""

    def opened(name: str) -> TestClient:
        cookies = {"practise_as": str(world.people[name])} if name else {}
        return TestClient(
            app,
            base_url=ADDRESS,
            cookies=cookies,
            follow_redirects=False,
            raise_server_exceptions=False,
            headers={"Origin": ADDRESS},
        )

    return opened
