"""The fake Slack's Socket Mode, tried with the real client of the SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from tests.platforms.slack.hands import Hand
from tests.platforms.slack.workspace import Workspace


class Linked:
    """An app that is connected through Socket Mode, and what it was sent."""

    def __init__(self, workspace: Workspace) -> None:
        self.heard: list[SocketModeRequest] = []
        self.answers: Callable[[SocketModeRequest], Any] = lambda _: None
        self.silent = False
        web = WebClient(base_url=workspace.api_url)
        self.client = SocketModeClient(workspace.app.app_token, web_client=web, ping_interval=0.2)
        self.client.socket_mode_request_listeners.append(self.take)  # type: ignore[arg-type]
        self.client.connect()

    def take(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        self.heard.append(request)
        if not self.silent:
            payload = self.answers(request)
            client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))


@pytest.fixture
def linked(workspace: Workspace) -> Iterator[Linked]:
    workspace.sockets.ping_every = 0.05  # the client lets go only between two frames
    linked = Linked(workspace)
    workspace.until(lambda: workspace.sockets.connected)
    yield linked
    linked.client.close()


def test_events_commands_and_their_answers_go_through_it(
    workspace: Workspace, linked: Linked, asha: Hand
) -> None:
    linked.answers = lambda request: {"text": "Hello"} if request.type == "slash_commands" else None

    event = asha.opens_home()
    workspace.settle()
    asha.types("/taf new")

    assert event is not None
    assert event.acknowledged
    assert [one.type for one in linked.heard] == ["events_api", "slash_commands"]
    assert linked.heard[1].payload["text"] == "new"
    assert asha.sees[-1].text == "Hello"


def test_what_is_not_acknowledged_comes_again(
    workspace: Workspace, linked: Linked, asha: Hand
) -> None:
    workspace.clocks.acknowledge = 0.1
    workspace.clocks.redeliveries = (0.0, 0.0, 0.0)
    linked.silent = True

    event = asha.opens_home()

    assert event is not None
    workspace.until(lambda: event.given_up)
    assert [one.retry_attempt for one in linked.heard] == [0, 1, 2, 3]
    assert {one.payload["event_id"] for one in linked.heard} == {event.id}
    asha.types("/taf")
    assert asha.errors == ["/taf failed with the error “operation_timeout”"]


def test_an_app_that_is_asked_to_reconnect_does(
    workspace: Workspace, linked: Linked, asha: Hand
) -> None:
    first = workspace.sockets.connections[0]

    workspace.sockets.disconnect("refresh_requested")

    workspace.until(
        lambda: workspace.sockets.connected and first not in workspace.sockets.connections
    )
    assert asha.types("/taf").ok


def test_each_envelope_goes_down_one_connection(
    workspace: Workspace, linked: Linked, asha: Hand
) -> None:
    other = Linked(workspace)
    workspace.until(lambda: len(workspace.sockets.connections) == 2)

    for _ in range(4):
        asha.types("/taf")
    other.client.close()

    assert (len(linked.heard), len(other.heard)) == (2, 2)


def test_only_an_app_token_opens_it(workspace: Workspace, client: WebClient) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        client.api_call("apps.connections.open")
    app = WebClient(workspace.app.app_token, base_url=workspace.api_url)
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        app.auth_test()
