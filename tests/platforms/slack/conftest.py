"""The fake workspace, a real client, and a small app, for every test here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from tests.platforms.slack.hands import Hand
from tests.platforms.slack.listening import Listening
from tests.platforms.slack.workspace import Workspace


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """A workspace without speed limits; a test that is about them turns them on."""
    with Workspace() as workspace:
        workspace.limits.on = False
        yield workspace


@pytest.fixture
def client(workspace: Workspace) -> WebClient:
    """The real client with our bot's token, which repeats nothing by itself."""
    return WebClient(workspace.app.bot_token, base_url=workspace.api_url, retry_handlers=[])


@pytest.fixture
def app(workspace: Workspace) -> Iterator[Listening]:
    """A small app that hears what Slack sends."""
    listening = Listening(workspace.app.signing_secret)
    workspace.request_url = listening.url
    yield listening
    listening.stop()


@pytest.fixture
def asha(workspace: Workspace) -> Hand:
    """A practitioner."""
    return workspace.joins("Asha Khan", "asha@example.org")


@pytest.fixture
def ben(workspace: Workspace) -> Hand:
    """Another one, who is in no room at first."""
    return workspace.joins("Ben Ford", "ben@example.org")
