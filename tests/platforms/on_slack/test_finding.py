"""The direct messages with people: opened once, kept, and opened anew where they are gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.platform import Outgoing, Place, Undelivered
from bot.slack import joining, manifest
from bot.slack.connecting import Connection
from bot.slack.platform import SlackPlatform
from messages.card import Card
from storage.database import Database
from tests.platforms.slack.hands import Hand
from tests.platforms.slack.workspace import Workspace
from tests.world import START
from workflows.policy import load_policy


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """A workspace that lets us do what we ask for."""
    with Workspace() as found:
        found.app.scopes, found.limits.on = set(manifest.SCOPES), False
        yield found


@pytest.fixture
def asha(workspace: Workspace) -> Hand:
    """Somebody who never used the assistant."""
    return workspace.joins("Asha", "asha@example.org")


def started(workspace: Workspace, database: Database) -> SlackPlatform:
    """Slack, as a process that has just been started has it."""
    policy = load_policy(Path("app.yaml").read_text(encoding="utf-8"), "app.yaml")
    app = workspace.app
    to = Connection(app.bot_token, app.signing_secret, api_url=workspace.api_url)
    return joining.platform(to, database, policy)


def saying(asha: Hand, number: int) -> Outgoing:
    return Outgoing(number, Place(None, 1, "Asha", asha.id), Card(f"Message {number}"), START)


def test_no_process_opens_them_again(workspace: Workspace, database: Database, asha: Hand) -> None:
    for number in (1, 2):
        started(workspace, database).post(saying(asha, number))
        asha.reads(f"Message {number}")
    assert len(workspace.calls("conversations.open")) == 1


def test_in_another_workspace_they_are_others(
    workspace: Workspace, database: Database, asha: Hand
) -> None:
    started(workspace, database).post(saying(asha, 1))
    workspace.team_id = "T0ANOTHER"
    started(workspace, database).post(saying(asha, 2))
    assert len(workspace.calls("conversations.open")) == 2


def test_those_that_are_gone_are_opened_anew(
    workspace: Workspace, database: Database, asha: Hand
) -> None:
    on = started(workspace, database)
    on.post(saying(asha, 1))
    del workspace.channels[workspace.direct(asha.id)[0].id]
    with pytest.raises(Undelivered) as no:
        on.post(saying(asha, 2))
    assert not no.value.permanent
    on.post(saying(asha, 2))
    asha.reads("Message 2")
    assert len(workspace.calls("conversations.open")) == 2
