"""The fake Slack's messages: written, changed, found again, refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from tests.platforms.slack.channels import Channel
from tests.platforms.slack.hands import Hand
from tests.platforms.slack.workspace import Workspace

METADATA = {"event_type": "outbox", "event_payload": {"d": "17"}}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "A card"}}


def error(call: Callable[..., Any], **arguments: Any) -> str:
    """The error that this call hears."""
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    found: str = caught.value.response["error"]
    return found


@pytest.fixture
def room(workspace: Workspace, asha: Hand) -> Channel:
    return workspace.add_channel("taf-1", asha.id, workspace.app.bot_user)


def test_history_pages_through_time(client: WebClient, room: Channel) -> None:
    sent = [client.chat_postMessage(channel=room.id, text=f"no. {n}")["ts"] for n in range(5)]
    read = client.conversations_history

    first = read(channel=room.id, limit=2)
    second = read(channel=room.id, limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert [one["ts"] for one in [*first["messages"], *second["messages"]]] == sent[:0:-1]
    assert first["has_more"]
    assert sent == sorted(set(sent))

    between = {"channel": room.id, "oldest": sent[1], "latest": sent[3]}
    assert [one["ts"] for one in read(**between)["messages"]] == [sent[2]]
    assert len(read(**between, inclusive=True)["messages"]) == 3
    assert error(read, channel=room.id, cursor="nonsense") == "invalid_cursor"


def test_metadata_is_shown_to_who_asks_and_kept_by_an_update(
    client: WebClient, room: Channel
) -> None:
    ts = client.chat_postMessage(channel=room.id, text="Hello", metadata=METADATA)["ts"]
    client.chat_update(channel=room.id, ts=ts, text="Changed")

    def found(**more: Any) -> Any:
        return client.conversations_history(channel=room.id, **more)["messages"][0]

    assert "metadata" not in found()
    assert found(include_all_metadata=True)["metadata"] == METADATA
    client.chat_update(channel=room.id, ts=ts, text="Changed", metadata={})
    assert "metadata" not in found(include_all_metadata=True)


def test_text_alone_takes_the_blocks_away(client: WebClient, room: Channel) -> None:
    ts = client.chat_postMessage(channel=room.id, text="Hello", blocks=[SECTION])["ts"]

    about = {"channel": room.id, "ts": ts, "metadata": METADATA}
    client.api_call("chat.update", json=about)
    assert room.messages[-1].blocks
    client.chat_update(channel=room.id, ts=ts, text="Hello")
    assert not room.messages[-1].blocks


def test_what_nobody_can_send(client: WebClient, room: Channel) -> None:
    post, update = client.chat_postMessage, client.chat_update
    ts = post(channel=room.id, text="Hello")["ts"]
    large = {"event_type": "outbox", "event_payload": {"d": "x" * 9000}}

    empty = {"channel": room.id}
    assert error(client.api_call, api_method="chat.postMessage", params=empty) == "no_text"
    assert error(post, channel=room.id, text="x" * 40_001) == "msg_too_long"
    assert error(update, channel=room.id, ts=ts, text="x" * 4_001) == "msg_too_long"
    assert error(post, channel=room.id, text="x", metadata=large) == "metadata_too_large"
    unshaped = {"event_type": "outbox"}
    assert error(post, channel=room.id, text="x", metadata=unshaped) == "invalid_metadata_format"
    assert error(post, channel=room.id, text="x", blocks="[") == "invalid_blocks_format"


def test_only_ones_own_messages_can_be_changed(
    client: WebClient, room: Channel, asha: Hand
) -> None:
    theirs = asha.writes(room, "Mine").ts

    assert error(client.chat_update, channel=room.id, ts=theirs, text="x") == "cant_update_message"
    assert error(client.chat_delete, channel=room.id, ts=theirs) == "cant_delete_message"
    assert error(client.chat_update, channel=room.id, ts="1.2", text="x") == "message_not_found"


def test_what_was_deleted_is_gone(client: WebClient, room: Channel, asha: Hand) -> None:
    ts = client.chat_postMessage(channel=room.id, text="Hello")["ts"]
    client.chat_delete(channel=room.id, ts=ts)

    assert asha.sees == []
    assert error(client.chat_delete, channel=room.id, ts=ts) == "message_not_found"


def test_threads_stay_out_of_the_history(client: WebClient, room: Channel) -> None:
    ts = client.chat_postMessage(channel=room.id, text="Parent")["ts"]
    client.chat_postMessage(channel=room.id, text="Answer", thread_ts=ts, metadata=METADATA)

    assert [one["text"] for one in client.conversations_history(channel=room.id)["messages"]] == [
        "Parent"
    ]
    thread = client.conversations_replies(channel=room.id, ts=ts, include_all_metadata=True)
    assert thread["messages"][1]["metadata"] == METADATA
    assert error(client.conversations_replies, channel=room.id, ts="1.2") == "thread_not_found"


def test_an_ephemeral_message_is_for_one_person(
    client: WebClient, room: Channel, asha: Hand, ben: Hand
) -> None:
    tell = client.chat_postEphemeral
    ts = tell(channel=room.id, user=asha.id, text="Only you")["message_ts"]

    assert [one.text for one in asha.sees] == ["Only you"]
    assert error(tell, channel=room.id, user=ben.id, text="x") == "user_not_in_channel"
    assert error(client.chat_update, channel=room.id, ts=ts, text="x") == "message_not_found"
    assert client.conversations_history(channel=room.id)["messages"] == []


def test_a_direct_message_reaches_its_person(client: WebClient, asha: Hand, ben: Hand) -> None:
    opened = client.conversations_open(users=[asha.id])["channel"]["id"]

    assert client.chat_postMessage(channel=asha.id, text="Hello")["channel"] == opened
    assert [one.text for one in asha.sees] == ["Hello"]
    assert ben.sees == []


def test_pins(client: WebClient, room: Channel) -> None:
    ts = client.chat_postMessage(channel=room.id, text="Hello")["ts"]
    client.pins_add(channel=room.id, timestamp=ts)

    assert error(client.pins_add, channel=room.id, timestamp=ts) == "already_pinned"
    assert client.pins_list(channel=room.id)["items"][0]["message"]["ts"] == ts
    client.pins_remove(channel=room.id, timestamp=ts)
    assert error(client.pins_remove, channel=room.id, timestamp=ts) == "not_pinned"


def test_a_response_url_serves_five_times(workspace: Workspace, room: Channel, asha: Hand) -> None:
    url = workspace.tickets.response_url(asha.person, room, None)
    hook = WebhookClient(url)

    assert [hook.send(text=f"no. {n}").status_code for n in range(6)] == [200] * 5 + [404]
    assert [one.text for one in asha.sees] == [f"no. {n}" for n in range(5)]


def test_a_response_url_ends(workspace: Workspace, room: Channel, asha: Hand) -> None:
    workspace.clocks.response_url = -1.0
    url = workspace.tickets.response_url(asha.person, room, None)

    assert WebhookClient(url).send(text="Late").status_code == 404


def test_whom_a_message_pings(client: WebClient, room: Channel) -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "<!channel> look"}}
    plain = {"type": "section", "text": {"type": "plain_text", "text": "<!channel> look"}}
    for one in (block, plain):
        client.chat_postMessage(channel=room.id, text="Look", blocks=[one])

    assert [one.pings() for one in room.messages] == [["<!channel>"], []]
