"""Without a practice clock there are no pages at all."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from bot.web.app import web_app
from tests.web.conftest import Browser
from tests.world import World


@pytest.fixture
def closed(world: World) -> TestClient:
    return TestClient(web_app(world.assistant, practice=None), cookies={"practise_as": "1"})


def test_health_answers(closed: TestClient) -> None:
    answer = closed.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/welcome",
        "/my",
        "/families/F-1042",
        "/families/F-1042/room/after/0",
        "/do/taf.convene",
        "/static/taf.css",
        "/docs",
        "/openapi.json",
        "/health/",
    ],
)
def test_nothing_else_does(closed: TestClient, path: str) -> None:
    answer = closed.get(path)
    assert answer.status_code == 404
    assert answer.text == "There are no pages here. Signing in comes in a later version."


def test_a_press_does_nothing(closed: TestClient, world: World) -> None:
    before = world.assistant.clock.now()
    assert closed.post("/practice/clock", data={"to": "week"}).status_code == 404
    assert closed.post("/do/action.mark_done/action-1", data={"key": "0" * 32}).status_code == 404
    assert world.assistant.clock.now() == before
    assert world.look("action-1", "state") == "open"


def test_practice_has_health_too(browser: Browser) -> None:
    assert browser("").get("/health").json() == {"ok": True}
