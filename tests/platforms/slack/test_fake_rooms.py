"""The fake Slack's channels: what it makes, and what it refuses as the real one does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.platforms.slack.hands import Hand
from tests.platforms.slack.workspace import Workspace


def error(call: Callable[..., Any], **arguments: Any) -> str:
    """The error that this call hears."""
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    found: str = caught.value.response["error"]
    return found


def room(client: WebClient, name: str = "taf-7f3k") -> str:
    found: str = client.conversations_create(name=name, is_private=True)["channel"]["id"]
    return found


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("--_", "invalid_name_punctuation"),
        ("Smith", "invalid_name_specials"),
        ("smith family", "invalid_name_specials"),
    ],
)
def test_a_name_that_no_channel_may_bear(client: WebClient, name: str, said: str) -> None:
    assert error(client.conversations_create, name=name, is_private=True) == said


def test_a_name_is_taken_by_what_the_bot_cannot_see_or_what_is_archived(
    workspace: Workspace, client: WebClient, asha: Hand
) -> None:
    workspace.add_channel("hidden", asha.id)
    client.conversations_archive(channel=room(client, "closed"))

    for name in ("hidden", "closed"):
        assert error(client.conversations_create, name=name, is_private=True) == "name_taken"


def test_one_wrong_id_fails_everybody_unless_forced(
    workspace: Workspace, client: WebClient, asha: Hand, ben: Hand
) -> None:
    channel = room(client)
    users = [asha.id, "U404", ben.id]

    with pytest.raises(SlackApiError) as caught:
        client.conversations_invite(channel=channel, users=users)

    said = {"user": "U404", "ok": False, "error": "user_not_found"}
    assert caught.value.response["errors"] == [said]
    assert workspace.channels[channel].members == [workspace.app.bot_user]
    client.conversations_invite(channel=channel, users=users, force=True)
    assert set(workspace.channels[channel].members) >= {asha.id, ben.id}


def test_whom_nobody_can_invite(workspace: Workspace, client: WebClient, asha: Hand) -> None:
    channel = room(client)
    guest = workspace.joins("Gus", is_restricted=True)
    single = workspace.joins("Sol", is_ultra_restricted=True)
    gone = workspace.joins("Gia", deleted=True)
    workspace.add_channel("elsewhere", asha.id, single.id)
    client.conversations_invite(channel=channel, users=[asha.id])

    expected = {
        workspace.app.bot_user: "cant_invite_self",
        asha.id: "already_in_channel",
        guest.id: "user_is_restricted",
        single.id: "ura_max_channels",
        gone.id: "cant_invite",
    }
    for user, said in expected.items():
        assert error(client.conversations_invite, channel=channel, users=[user]) == said


def test_part_of_an_invitation_can_fail(
    workspace: Workspace, client: WebClient, asha: Hand, ben: Hand
) -> None:
    channel = room(client)
    workspace.faults.order("conversations.invite", "partial")

    said = error(client.conversations_invite, channel=channel, users=[asha.id, ben.id])

    assert said == "cant_invite"
    assert workspace.channels[channel].members == [workspace.app.bot_user, asha.id]


def test_kicking(workspace: Workspace, client: WebClient, asha: Hand) -> None:
    channel = room(client)
    kick = client.conversations_kick

    assert error(kick, channel=channel, user=workspace.app.bot_user) == "cant_kick_self"
    assert error(kick, channel=channel, user=asha.id) == "not_in_channel"
    client.conversations_invite(channel=channel, users=[asha.id])
    kick(channel=channel, user=asha.id)
    assert asha.id not in workspace.channels[channel].members


def test_archiving_goes_one_way(client: WebClient, asha: Hand) -> None:
    channel = room(client)
    client.conversations_archive(channel=channel)

    assert error(client.conversations_archive, channel=channel) == "already_archived"
    assert error(client.conversations_unarchive, channel=channel) == "not_in_channel"
    assert error(client.chat_postMessage, channel=channel, text="Hello") == "is_archived"
    assert error(client.conversations_invite, channel=channel, users=[asha.id]) == "is_archived"


def test_a_private_channel_that_the_bot_left_is_not_found(
    workspace: Workspace, client: WebClient, asha: Hand
) -> None:
    channel = room(client)
    client.conversations_invite(channel=channel, users=[asha.id])

    asha.admin.removes_bot(workspace.channels[channel])

    for call in (client.conversations_info, client.conversations_history):
        assert error(call, channel=channel) == "channel_not_found"
    assert error(client.chat_postMessage, channel=channel, text="Hello") == "channel_not_found"


def test_only_who_made_a_channel_renames_it(
    workspace: Workspace, client: WebClient, asha: Hand
) -> None:
    theirs = workspace.add_channel("theirs", asha.id, workspace.app.bot_user)

    assert error(client.conversations_rename, channel=theirs.id, name="ours") == "not_authorized"
    assert error(client.conversations_setTopic, channel=theirs.id, topic="x" * 251) == "too_long"


def test_listing_goes_page_by_page_and_a_page_can_be_empty(client: WebClient) -> None:
    made = [room(client, f"room-{number}") for number in range(5)]
    for channel in made[:2]:
        client.conversations_archive(channel=channel)
    pages, cursor = [], None
    while cursor != "":
        page = client.conversations_list(
            types="private_channel", limit=2, exclude_archived=True, cursor=cursor
        )
        pages.append([one["id"] for one in page["channels"]])
        cursor = page["response_metadata"]["next_cursor"]

    assert pages == [[], made[2:4], made[4:]]


def test_people(workspace: Workspace, client: WebClient, asha: Hand, ben: Hand) -> None:
    asha.admin.deactivates(ben.person)

    assert client.users_lookupByEmail(email="ASHA@example.org")["user"]["id"] == asha.id
    assert error(client.users_lookupByEmail, email="ben@example.org") == "users_not_found"
    assert client.users_info(user=ben.id)["user"]["deleted"]
    assert error(client.conversations_open, users=[ben.id]) == "user_disabled"
    assert len(client.users_list()["members"]) == len(workspace.people)


def test_tokens_and_scopes(workspace: Workspace, client: WebClient, asha: Hand) -> None:
    scopes = client.auth_test().headers["X-OAuth-Scopes"]
    assert "groups:write" in scopes.split(",")

    workspace.app.scopes.discard("users:read.email")
    with pytest.raises(SlackApiError) as caught:
        client.users_lookupByEmail(email="asha@example.org")
    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == "users:read.email"
    assert "email" not in client.users_info(user=asha.id)["user"]["profile"]

    stranger = WebClient("xoxb-not-ours", base_url=workspace.api_url)
    assert error(stranger.auth_test) == "invalid_auth"
    assert error(WebClient(base_url=workspace.api_url).auth_test) == "not_authed"
    asha.admin.revokes_token()
    assert error(client.auth_test) == "token_revoked"
