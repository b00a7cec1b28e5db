"""The rarer refusals of the fake Slack, one line for each."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.platforms.slack.channels import Channel
from tests.platforms.slack.hands import Hand
from tests.platforms.slack.inputs import entered
from tests.platforms.slack.refusing import ClientRefuses
from tests.platforms.slack.workspace import Workspace

HELLO = {"text": "Hello"}
HOME: dict[str, Any] = {"type": "home", "blocks": []}
MODAL: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "A form"},
    "blocks": [],
    "external_id": "one",
}


@pytest.fixture
def places(workspace: Workspace, asha: Hand) -> dict[str, str]:
    """Channels of every sort: ours, archived, public without us, direct; and a message."""
    bot = workspace.app.bot_user
    ours = workspace.add_channel("ours", asha.id, bot)
    archived = workspace.add_channel("archived", bot, asha.id)
    public = workspace.add_channel("public", asha.id, is_private=False)
    gone = workspace.joins("Gia")
    closed = workspace.direct(gone.id)[0]
    asha.admin.deactivates(gone.person)
    said = {"old": workspace.written_by_app(archived, "Old").ts}
    said["ours"] = workspace.written_by_app(ours, "Hello").ts
    asha.admin.archives(archived)
    workspace.app.scopes |= {"channels:manage", "channels:read", "channels:history"}
    return {
        "OURS": ours.id,
        "ARCHIVED": archived.id,
        "PUBLIC": public.id,
        "DIRECT": workspace.direct(asha.id)[0].id,
        "CLOSED": closed.id,
        "GONE": gone.id,
        "BOT": bot,
        "TS": said["ours"],
        "OLD": said["old"],
    }


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMessage", {"channel": "C404", **HELLO}, "channel_not_found"),
        ("chat.postMessage", {"channel": "PUBLIC", **HELLO}, "not_in_channel"),
        ("chat.postMessage", {"channel": "GONE", **HELLO}, "channel_not_found"),
        ("chat.postMessage", {"channel": "CLOSED", **HELLO}, "is_archived"),
        ("chat.postMessage", {"channel": "OURS", "thread_ts": "1.2", **HELLO}, "thread_not_found"),
        ("chat.update", {"channel": "ARCHIVED", "ts": "OLD", **HELLO}, "is_inactive"),
        ("chat.update", {"channel": "OURS", "ts": "TS"}, "no_text"),
        ("chat.update", {"channel": "OURS", **HELLO}, "invalid_arguments"),
        ("chat.postEphemeral", {"channel": "ARCHIVED", "user": "BOT", **HELLO}, "is_archived"),
        ("conversations.archive", {"channel": "DIRECT"}, "method_not_supported_for_channel_type"),
        ("conversations.history", {"channel": "OURS", "limit": "1000"}, "invalid_limit"),
        ("conversations.history", {"channel": "OURS", "oldest": "x"}, "invalid_ts_oldest"),
        ("conversations.history", {"channel": "PUBLIC"}, "not_in_channel"),
        ("conversations.invite", {"channel": "OURS"}, "no_user"),
        ("conversations.invite", {"channel": "OURS", "users": "U1," * 101}, "invalid_arguments"),
        ("conversations.kick", {"channel": "OURS"}, "no_user"),
        ("conversations.kick", {"channel": "OURS", "user": "U404"}, "user_not_found"),
        ("conversations.leave", {"channel": "ARCHIVED"}, "is_archived"),
        ("conversations.list", {"types": "secret"}, "invalid_types"),
        ("conversations.list", {"types": "mpim"}, "missing_scope"),
        ("conversations.open", {}, "users_list_not_supplied"),
        ("conversations.open", {"users": "U1,U2"}, "missing_scope"),
        ("conversations.open", {"users": "U404"}, "user_not_found"),
        ("conversations.rename", {"channel": "ARCHIVED", "name": "new"}, "is_archived"),
        ("conversations.setPurpose", {"channel": "OURS", "purpose": "x" * 251}, "too_long"),
        ("conversations.unarchive", {"channel": "OURS"}, "not_archived"),
        ("pins.add", {"channel": "OURS"}, "no_item_specified"),
        ("pins.add", {"channel": "OURS", "timestamp": "1.2"}, "message_not_found"),
        ("pins.add", {"channel": "ARCHIVED", "timestamp": "OLD"}, "is_archived"),
        ("users.info", {"user": "U404"}, "user_not_found"),
        ("users.lookupByEmail", {}, "invalid_arguments"),
        ("views.open", {"trigger_id": "x"}, "invalid_trigger_id"),
        ("views.publish", {"user_id": "BOT"}, "invalid_arguments"),
        ("views.update", {"view": "{}"}, "invalid_arguments"),
        ("views.update", {"view": "{}", "view_id": "V404"}, "not_found"),
        ("chat.scheduleMessage", {"channel": "OURS", **HELLO}, "unknown_method"),
    ],
)
def test_refused(
    client: WebClient, places: dict[str, str], method: str, arguments: dict[str, str], error: str
) -> None:
    known = {name: places.get(value, value) for name, value in arguments.items()}

    with pytest.raises(SlackApiError) as caught:
        client.api_call(method, params=known)

    assert caught.value.response["error"] == error


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "timepicker"}, "25:00"),
        ({"type": "datepicker"}, "yesterday"),
        ({"type": "email_text_input"}, "asha at work"),
        ({"type": "url_text_input"}, "example"),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "2"}, "1"),
        ({"type": "plain_text_input", "min_length": 3}, "ab"),
        ({"type": "multi_static_select", "options": [], "max_selected_items": 1}, ["a", "b"]),
    ],
)
def test_nobody_can_put_that_in(element: dict[str, Any], value: Any) -> None:
    with pytest.raises((ClientRefuses, ValueError)):
        entered(element, value, [])


def test_the_last_member_of_a_private_channel_cannot_leave(client: WebClient, asha: Hand) -> None:
    room = client.conversations_create(name="taf-1", is_private=True)["channel"]["id"]

    with pytest.raises(SlackApiError, match="last_member"):
        client.conversations_leave(channel=room)
    client.conversations_invite(channel=room, users=[asha.id])
    assert client.conversations_leave(channel=room)["ok"]


def test_an_external_id_names_one_open_view(
    workspace: Workspace, client: WebClient, asha: Hand, ben: Hand
) -> None:
    def opened(hand: Hand) -> Any:
        trigger = workspace.tickets.trigger(hand.person)
        return client.views_open(trigger_id=trigger, view=MODAL)

    opened(asha)
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        opened(ben)
    assert client.views_update(external_id="one", view=MODAL)["ok"]
    with pytest.raises(ClientRefuses, match="no submit"):
        asha.submits(asha.view)
    with pytest.raises(ClientRefuses, match="not in front of them"):
        ben.closes(asha.view)
    assert asha.closes(asha.view) == []


def test_only_a_press_in_a_modal_pushes_another(
    workspace: Workspace, client: WebClient, asha: Hand
) -> None:
    trigger = workspace.tickets.trigger(asha.person)

    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        client.views_push(trigger_id=trigger, view=MODAL)


def test_a_home_tab_can_be_switched_off(
    workspace: Workspace, client: WebClient, asha: Hand
) -> None:
    workspace.app.home_enabled = False

    with pytest.raises(SlackApiError, match="not_enabled"):
        client.views_publish(user_id=asha.id, view=HOME)


def test_a_closed_account_does_nothing(workspace: Workspace, asha: Hand, ben: Hand) -> None:
    room: Channel = workspace.add_channel("taf-1", asha.id)
    asha.admin.deactivates(ben.person)

    with pytest.raises(ClientRefuses, match="account is closed"):
        ben.writes(room, "Hello")
    with pytest.raises(ClientRefuses, match="account is closed"):
        ben.types("/taf")
