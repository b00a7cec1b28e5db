"""What goes wrong in the fake Slack when it is told to, and how fast one may call it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.platforms.slack.channels import Channel
from tests.platforms.slack.faults import Faults
from tests.platforms.slack.hands import Hand
from tests.platforms.slack.workspace import Workspace


@pytest.fixture
def room(workspace: Workspace, asha: Hand) -> Channel:
    return workspace.add_channel("taf-1", asha.id, workspace.app.bot_user)


@pytest.fixture
def post(workspace: Workspace, room: Channel) -> Callable[[], Any]:
    client = WebClient(
        workspace.app.bot_token, base_url=workspace.api_url, retry_handlers=[], timeout=1
    )
    return lambda: client.chat_postMessage(channel=room.id, text="Hello")


def ending(post: Callable[[], Any]) -> str:
    """How a call ended for whoever made it."""
    try:
        post()
    except SlackApiError as no:
        status = no.response.status_code
        return str(status if status >= 500 else no.response["error"])
    except OSError as broken:
        return type(broken).__name__
    return "ok"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        ("500 {}", {"500"}),
        ("reset {}", {"ConnectionResetError", "RemoteDisconnected", "URLError"}),
        ("timeout {} 2", {"TimeoutError", "timeout"}),
        ("fatal_error {}", {"fatal_error"}),
        ("internal_error {}", {"internal_error"}),
    ],
)
def test_an_answer_is_lost_before_or_after_the_effect(
    workspace: Workspace,
    room: Channel,
    post: Callable[[], Any],
    fault: str,
    heard: set[str],
    when: str,
) -> None:
    workspace.faults.order("chat.postMessage", fault.format(when))

    assert ending(post) in heard
    assert len(room.messages) == (when == "after")
    assert ending(post) == "ok"
    assert [bool(one.fault) for one in workspace.calls("chat.postMessage")] == [True, False]


def test_others_answer_late_refuse_or_revoke(
    workspace: Workspace, room: Channel, post: Callable[[], Any]
) -> None:
    workspace.faults.order("*", "slow 0.2", "ratelimited 7", "token_revoked")

    started = time.monotonic()
    assert ending(post) == "ok"
    assert time.monotonic() - started >= 0.2
    with pytest.raises(SlackApiError) as caught:
        post()
    assert caught.value.response.headers["Retry-After"] == "7"
    assert caught.value.response.status_code == 429
    assert [ending(post), ending(post)] == ["token_revoked"] * 2
    assert len(room.messages) == 1


def test_luck_repeats_itself_by_its_seed() -> None:
    def drawn(seed: int) -> list[str]:
        faults = Faults(seed, {"500 after": 0.2, "fatal_error": 0.2})
        return [str(faults.draw("chat.update")) for _ in range(50)]

    assert drawn(7) == drawn(7) != drawn(8)
    assert 10 <= len([one for one in drawn(7) if one != "None"]) <= 30


def test_an_unknown_fault_is_no_fault() -> None:
    for said in ("500", "tea", "slow before", "timeout"):
        with pytest.raises(ValueError, match="no such fault"):
            Faults().order("*", said)


def test_one_message_a_second_in_one_channel(
    workspace: Workspace, client: WebClient, room: Channel, asha: Hand
) -> None:
    workspace.limits.on = True
    client.chat_postMessage(channel=room.id, text="Hello")

    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=room.id, text="Hello again")
    assert caught.value.response["error"] == "ratelimited"
    assert caught.value.response.headers["Retry-After"] == "1"
    client.chat_postMessage(channel=asha.id, text="Elsewhere it is no burst")
    assert len(room.messages) == 1


def test_a_minute_has_its_number_of_calls(workspace: Workspace, client: WebClient) -> None:
    workspace.limits.on = True
    for number in range(20):
        client.conversations_create(name=f"room-{number}", is_private=True)

    with pytest.raises(SlackApiError) as caught:
        client.conversations_create(name="one-too-many", is_private=True)
    assert caught.value.response.headers["Retry-After"] == "3"
    workspace.limits.speed = 600
    time.sleep(0.02)
    client.conversations_create(name="after-a-while", is_private=True)


def test_out_of_reach_and_back(workspace: Workspace, post: Callable[[], Any]) -> None:
    workspace.serving.go_deaf()
    assert ending(post) == "URLError"
    workspace.serving.hear()
    assert ending(post) == "ok"
