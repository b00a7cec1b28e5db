"""What docs/platforms.md says of each platform is what its code does."""

from __future__ import annotations

from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any

import pytest

from bot.chat.naming import Naming
from bot.comparing import AREAS, PLATFORMS, compared
from bot.platform import Capabilities
from bot.slack import blocks
from bot.slack import platform as slack
from bot.slack.capabilities import CAN as SLACK
from bot.slack.manifest import SCOPES
from bot.slack.manifest import manifest as slack_app
from bot.teams import cards
from bot.teams import platform as teams
from bot.teams.capabilities import IN_CHANNELS, MADE, PAIRED
from bot.teams.connecting import Connection
from bot.teams.manifest import GRAPH, IN_THE_CHAT, LOOKING, permissions
from bot.teams.manifest import manifest as teams_app
from bot.web.capabilities import CAN as WEB
from bot.web.platform import WebPlatform
from messages.card import Button, Card
from tests.words.samples import POLICY

NOTHING: Any = SimpleNamespace()
ROOMS = {"paired": PAIRED, "group_chat": MADE, "private_channel": IN_CHANNELS}


def on_teams(room: str) -> teams.TeamsPlatform:
    calling: Any = SimpleNamespace(connection=Connection("a", "b", room=room))
    return teams.TeamsPlatform(calling, NOTHING, Naming(POLICY))


def test_everything_that_is_declared_stands_in_the_page_once() -> None:
    asked = [name for area in AREAS.values() for name in area]
    declared = [one.name for one in fields(Capabilities) if one.name != "called"]
    assert sorted(asked) == sorted(declared)
    rows = [one for one in compared().splitlines() if one.startswith("|")]
    for row in rows:
        assert row.count("|") == len(PLATFORMS) + 2, row
    assert all(cell.strip() for row in rows for cell in row.split("|")[2:-1])


def test_each_adapter_declares_what_the_page_says_of_it() -> None:
    platforms = [
        slack.SlackPlatform(NOTHING, NOTHING, NOTHING),
        on_teams("group_chat"),
        on_teams("paired"),
        on_teams("private_channel"),
        WebPlatform(NOTHING),
    ]
    assert [one.can for one in platforms] == list(PLATFORMS)
    for one in platforms:
        assert one.limits.looks is (one.can.looks != "never")


@pytest.mark.parametrize("room", ROOMS)
def test_on_teams_members_are_changed_just_where_that_is_declared(room: str) -> None:
    found = on_teams(room)
    assert found.can is ROOMS[room]
    assert found.changes_members() is not str(found.can.changes_members).startswith("No")
    assert (found.can.restores_names is True) is bool(permissions(room))


def test_on_slack_members_are_changed_as_is_declared() -> None:
    found = slack.SlackPlatform(NOTHING, NOTHING, NOTHING)
    assert found.changes_members()
    found.can = replace(SLACK, changes_members=False)
    assert not found.changes_members()


@pytest.mark.parametrize("can", [SLACK, MADE], ids=lambda one: one.called)
def test_a_card_has_as_many_buttons_as_is_said(can: Capabilities) -> None:
    card = Card("Many", buttons=tuple(Button("action.mark_done", f"action-{n}") for n in range(40)))
    if can is SLACK:
        said: Any = blocks.message(card, lambda _: "Done", lambda _: None)
    else:
        said = cards.card(card, lambda _: "Done")
    assert sum(f"action-{n}'" in str(said) for n in range(40)) == can.most_buttons


def test_on_slack_the_app_asks_for_what_it_can_do() -> None:
    features = slack_app(None)["features"]
    assert ("pins:write" in SCOPES) is SLACK.pins
    assert features["app_home"]["home_tab_enabled"]
    assert features["slash_commands"][0]["command"] in str(SLACK.typed_words)
    assert bool(features["shortcuts"]) is SLACK.message_action


def test_on_teams_the_app_asks_for_what_it_can_do() -> None:
    app = teams_app("x", "x", "group_chat", "https://example.org/")
    assert f"@{app['name']['short']}" in str(PAIRED.typed_words)
    assert bool(app["composeExtensions"][0]["commands"]) is PAIRED.message_action
    assert "staticTabs" not in app, "home is a card, and no tab"
    assert not any("Pin" in name for name in GRAPH | IN_THE_CHAT), "nothing can be pinned"
    assert list(LOOKING) == ["Chat.Read.WhereInstalled"]
    assert "`Chat.Read.WhereInstalled`" in compared()


def test_the_web_declares_no_less_than_it_is() -> None:
    assert WEB.most_buttons is None
    assert "practise" in str(WEB.for_real_work)
