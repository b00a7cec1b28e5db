"""A database that is full, busy or away: no page and no press waits for ever, and all say so."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from bot.web.app import web_app
from storage.database import Database
from tests.storage.small_disk import SmallDisk
from tests.web.conftest import ADDRESS
from tests.web.test_security import KEY
from tests.world import World

FAMILY = "/families/F-1042"
SAYS = "Something went wrong"


def client(world: World) -> TestClient:
    """Maya's browser."""
    return TestClient(
        web_app(world.assistant, practice=world.clock),
        base_url=ADDRESS,
        cookies={"practise_as": str(world.people["Maya"])},
        follow_redirects=False,
        raise_server_exceptions=False,
        headers={"Origin": ADDRESS},
    )


@pytest.fixture
def world(database: Database) -> World:
    """A family, on each kind of database."""
    world = World(database)
    world.given_a_family()
    return world


@contextmanager
def none_free(engine: Engine) -> Iterator[None]:
    """Somebody holds every connection of this process that there is."""
    with ExitStack() as held:
        for _ in range(engine.pool.size()):  # type: ignore[attr-defined]
            held.enter_context(engine.connect())
        yield


def test_a_page_when_no_connection_comes_free(world: World) -> None:
    maya, database = client(world), world.database
    with none_free(database.looking):
        began = time.monotonic()
        answer = maya.get("/")
        assert time.monotonic() - began < 8
        assert world.assistant.delivery.drain() == 0, "what sends has connections of its own"

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert SAYS in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert maya.get("/").status_code == 200


def test_a_press_when_no_connection_comes_free(world: World) -> None:
    maya, database = client(world), world.database
    about = world.ref("Ola")
    with none_free(database.engine):
        answer = maya.post(f"/do/taf.add_member/{world.taf}", data={"key": KEY, "person": about})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "Nothing was saved" in answer.text
    assert "Ola" not in world.team()


def test_a_page_whose_turn_at_the_file_does_not_come(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not world.database.is_file:
        pytest.skip("a file has one writer at a time; PostgreSQL has as many as connections")
    monkeypatch.setattr("storage.turns.PATIENCE", 0.2)
    maya = client(world)
    with world.database.writing():
        answer = maya.get(FAMILY)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert maya.get(FAMILY).status_code == 200


def test_a_page_when_the_disk_is_full(disk: SmallDisk) -> None:
    """Each look at a family is written down, so on a full disk there is none."""
    world = World(disk.database)
    world.given_a_family()
    maya = client(world)
    disk.fill()
    for _ in range(500):
        answer = maya.get(FAMILY)
        if answer.status_code != 200:
            break
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert SAYS in answer.text
    disk.empty()
    assert maya.get(FAMILY).status_code == 200


def test_a_fault_of_ours_is_not_called_a_busy_database(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.web.home.visiting", broken)
    answer = client(world).get("/")
    assert answer.status_code == 500
    assert "retry-after" not in answer.headers
