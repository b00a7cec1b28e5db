"""People's hands in the fake Slack: what they can do, what they cannot, and what comes of it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.platforms.slack.channels import Channel, Message
from tests.platforms.slack.forms import OPTIONS, option, plain
from tests.platforms.slack.hands import Hand
from tests.platforms.slack.listening import Listening
from tests.platforms.slack.refusing import ClientRefuses
from tests.platforms.slack.workspace import Workspace


@pytest.fixture
def room(workspace: Workspace, asha: Hand) -> Channel:
    return workspace.add_channel("taf-1", asha.id, workspace.app.bot_user)


@pytest.fixture
def card(client: WebClient, room: Channel) -> Message:
    buttons = [
        {"type": "button", "action_id": f"done-{value}", "text": plain("Done"), "value": value}
        for value in ("7", "8")
    ]
    more = {"type": "overflow", "action_id": "more", **OPTIONS}
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": plain("Two actions"), "accessory": more},
        {"type": "actions", "elements": buttons},
    ]
    client.chat_postMessage(channel=room.id, text="A card", blocks=blocks)
    return room.messages[-1]


def test_a_command_is_sent_as_form_fields_and_its_answer_is_seen(
    app: Listening, room: Channel, asha: Hand, ben: Hand
) -> None:
    app.answers = lambda _: (200, {"response_type": "ephemeral", "text": "Hello Asha"}, {})

    asha.types("/taf new family", room)

    sent = app.last("command")
    assert (sent["command"], sent["text"], sent["user_id"]) == ("/taf", "new family", asha.id)
    assert [one.text for one in asha.sees] == ["Hello Asha"]
    assert ben.sees == []


def test_a_press_tells_which_button_of_which_message(
    app: Listening, card: Message, asha: Hand
) -> None:
    asha.presses(card, "Done", "8")

    sent = app.last("block_actions")
    assert sent["actions"][0]["action_id"] == "done-8"
    assert sent["actions"][0]["value"] == "8"
    assert sent["container"]["message_ts"] == card.ts == sent["message"]["ts"]
    asha.presses(card, "more", "Green")
    assert app.last("block_actions")["actions"][0]["selected_option"] == option("Green")


def test_nobody_presses_what_they_cannot_see_or_what_is_not_there(
    app: Listening, card: Message, asha: Hand, ben: Hand
) -> None:
    with pytest.raises(ClientRefuses, match="not in front of them"):
        ben.presses(card, "Done", "8")
    with pytest.raises(LookupError, match="2 elements"):
        asha.presses(card, "Done")
    with pytest.raises(ClientRefuses, match="0 options"):
        asha.presses(card, "more", "Purple")
    assert app.heard == []


def test_an_app_that_fails_or_is_late_is_not_asked_again(
    workspace: Workspace, app: Listening, card: Message, asha: Hand
) -> None:
    app.answers = lambda _: (500, "", {})
    asha.presses(card, "Done", "8")
    workspace.clocks.acknowledge = 0.1
    app.answers = lambda _: (time.sleep(0.3), (200, "", {}))[1]  # type: ignore[func-returns-value]
    asha.types("/taf")

    assert len(app.heard) == 2
    assert asha.errors == [
        "Done failed with the error “dispatch_failed”",
        "/taf failed with the error “operation_timeout”",
    ]


def test_the_home_tab(workspace: Workspace, app: Listening, client: WebClient, asha: Hand) -> None:
    button = {"type": "button", "action_id": "new", "text": plain("New")}
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
    asha.opens_home()
    workspace.settle()

    client.views_publish(user_id=asha.id, view=home)

    assert asha.home is not None
    asha.presses(asha.home, "New")
    assert app.last("block_actions")["view"]["type"] == "home"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_publish(user_id=asha.id, view=home, hash="old")


def test_shortcuts(app: Listening, card: Message, asha: Hand) -> None:
    asha.shortcut("make_action", card)
    asha.shortcut("anywhere")

    assert app.last("message_action")["message"]["ts"] == card.ts
    assert app.last("shortcut")["callback_id"] == "anywhere"
