"""What the fake Slack tells an app of, how often, and how it proves who it is."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from tests.platforms.slack.channels import Channel
from tests.platforms.slack.hands import Hand
from tests.platforms.slack.listening import Heard, Listening
from tests.platforms.slack.workspace import Workspace


@pytest.fixture
def room(workspace: Workspace, asha: Hand) -> Channel:
    return workspace.add_channel("taf-1", asha.id, workspace.app.bot_user)


def kinds(app: Listening) -> list[str]:
    return [one.body["event"]["type"] for one in app.heard]


def test_what_people_do_reaches_the_app_in_order(
    workspace: Workspace, app: Listening, room: Channel, asha: Hand, ben: Hand
) -> None:
    asha.admin.brings(room, ben.person)
    ben.admin.leaves(room)
    asha.admin.renames(room, "taf-2")
    asha.admin.shares(room)
    asha.opens_home()
    asha.admin.archives(room)
    asha.admin.deletes(room)
    asha.admin.deactivates(ben.person)
    workspace.settle()

    assert kinds(app) == [
        "member_joined_channel",
        "member_left_channel",
        "group_rename",
        "channel_shared",
        "app_home_opened",
        "group_archive",
        "group_deleted",
        "user_change",
    ]
    joined = app.heard[0].body["event"]
    assert (joined["user"], joined["channel"], joined["inviter"]) == (ben.id, room.id, asha.id)
    assert len({one.body["event_id"] for one in app.heard}) == 8


def test_the_app_hears_of_its_own_removal_and_of_nothing_after_it(
    workspace: Workspace, app: Listening, room: Channel, asha: Hand, ben: Hand
) -> None:
    asha.admin.removes_bot(room)
    asha.admin.brings(room, ben.person)
    workspace.settle()

    assert kinds(app) == ["member_left_channel"]
    assert app.heard[0].body["event"]["user"] == workspace.app.bot_user


def test_what_the_app_does_itself_is_told_as_well(
    workspace: Workspace, app: Listening, client: WebClient, room: Channel, ben: Hand
) -> None:
    client.conversations_invite(channel=room.id, users=[ben.id])
    client.conversations_archive(channel=room.id)
    workspace.settle()

    assert kinds(app) == ["member_joined_channel", "group_archive"]


def test_an_event_that_is_not_taken_comes_three_times_more(
    workspace: Workspace, app: Listening, asha: Hand
) -> None:
    workspace.clocks.redeliveries = (0.0, 0.02, 0.05)
    app.answers = lambda _: (500, "", {})

    event = asha.opens_home()

    assert event is not None
    workspace.until(lambda: event.given_up)
    tries = [one.headers.get("X-Slack-Retry-Num") for one in app.heard]
    assert tries == [None, "1", "2", "3"]
    assert app.heard[-1].headers["X-Slack-Retry-Reason"] == "http_error"
    assert len({one.body["event_id"] for one in app.heard}) == 1


def test_an_app_can_ask_not_to_hear_it_again(
    workspace: Workspace, app: Listening, asha: Hand
) -> None:
    workspace.clocks.redeliveries = (0.0, 0.0, 0.0)
    app.answers = lambda _: (500, "", {"X-Slack-No-Retry": "1"})

    event = asha.opens_home()

    assert event is not None
    workspace.until(lambda: event.given_up)
    assert len(app.heard) == 1


def test_an_event_can_be_sent_again_on_purpose(
    workspace: Workspace, app: Listening, asha: Hand
) -> None:
    event = asha.opens_home()
    workspace.settle()
    assert event is not None

    assert workspace.redeliver(event).ok
    assert [one.body["event_id"] for one in app.heard] == [event.id] * 2


def test_what_is_unsigned_or_junk_arrives_as_it_is(workspace: Workspace, app: Listening) -> None:
    body = b'{"type": "event_callback"}'
    headers = {"Content-Type": "application/json"}
    old = workspace.outgoing.signature(body, str(int(workspace.now()) - 301))

    assert workspace.send_raw(body, headers).status == 401
    assert workspace.send_raw(body, headers | old).status == 401
    assert workspace.outgoing.send(body, "application/json").status == 200
    assert (app.refused, len(app.heard)) == (2, 1)


def test_the_request_url_is_verified(workspace: Workspace, app: Listening) -> None:
    def echo(heard: Heard) -> tuple[int, Any, dict[str, str]]:
        return 200, {"challenge": heard.body["challenge"]}, {}

    app.answers = echo

    assert workspace.outgoing.verify_url("abc").parsed() == {"challenge": "abc"}


def test_after_the_app_is_removed_its_token_is_dead(
    workspace: Workspace, app: Listening, client: WebClient, asha: Hand
) -> None:
    asha.admin.uninstalls_app()
    workspace.settle()

    assert kinds(app) == ["tokens_revoked", "app_uninstalled"]
    answer = client.api_call
    with pytest.raises(Exception, match="account_inactive"):
        answer("auth.test")
