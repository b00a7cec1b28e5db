"""What `taf slack manifest` prints, Slack takes; it asks for nothing without a reason."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from bot.cli import main
from bot.slack.knocking import ADDRESS
from bot.slack.manifest import EVENTS, SCOPES, manifest
from tests.platforms.on_slack.manifest_limits import wrong

HTTP, SOCKET = manifest("https://taf.example.org"), manifest(None)
BOTH = pytest.mark.parametrize("document", [HTTP, SOCKET], ids=["over HTTP", "by socket"])


def printed(*words: str) -> str:
    """What the command prints."""
    result = CliRunner().invoke(main, ["slack", "manifest", *words])
    assert result.exit_code == 0, result.output
    return result.output


@BOTH
def test_it_keeps_to_the_published_limits(document: dict[str, Any]) -> None:
    assert wrong(document) == []


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("display_information", "name"), "N" * 36, "36 characters"),
        (("display_information", "description"), "D" * 141, "141 characters"),
        (("display_information", "long_description"), "too short", "9 characters"),
        (("display_information", "colour"), "#fff", "no such key"),
        (("features", "shortcuts", 0, "name"), "S" * 25, "25 characters"),
        (("features", "shortcuts", 0, "type"), "everywhere", "everywhere"),
        (("features", "shortcuts", 0, "callback_id"), "c" * 256, "256 characters"),
        (("features", "slash_commands", 0, "command"), "taf", "taf"),
        (("features", "slash_commands", 0, "command"), "/" + "t" * 32, "33 characters"),
        (("features", "slash_commands"), [], "0 of them"),
        (("features", "bot_user", "always_online"), "yes", "bool"),
        (("oauth_config", "scopes", "bot"), ["s"] * 256, "256 of them"),
        (("settings", "event_subscriptions", "bot_events"), ["e"] * 2, "twice"),
        (("settings", "event_subscriptions", "request_url"), "taf.example.org", "taf.example"),
        (("settings", "interactivity"), {}, "is_enabled is missing"),
    ],
)
def test_the_limits_can_be_broken(path: tuple[Any, ...], value: Any, words: str) -> None:
    document = deepcopy(HTTP)
    inside: Any = document
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = value
    found = wrong(document)
    assert len(found) == 1, found
    assert words in found[0]


def test_each_address_is_the_one_that_listens() -> None:
    url = f"https://taf.example.org{ADDRESS}"
    settings = HTTP["settings"]
    assert settings["event_subscriptions"]["request_url"] == url
    assert settings["interactivity"]["request_url"] == url
    assert settings["interactivity"]["message_menu_options_url"] == url
    assert HTTP["features"]["slash_commands"][0]["url"] == url
    assert settings["socket_mode_enabled"] is False
    assert manifest("https://taf.example.org/") == HTTP


def test_by_socket_there_is_no_address() -> None:
    assert SOCKET["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(SOCKET)


@BOTH
def test_it_asks_for_nothing_that_has_no_reason(document: dict[str, Any]) -> None:
    assert document["oauth_config"]["scopes"] == {"bot": list(SCOPES)}
    assert document["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert document["settings"]["token_rotation_enabled"] is False
    assert document["settings"]["org_deploy_enabled"] is False


@pytest.mark.parametrize("words", [(), ("--address", "https://taf.example.org")])
def test_both_formats_say_the_same(words: tuple[str, ...]) -> None:
    wanted = manifest(words[1] if words else None)
    as_yaml = YAML(typ="safe").load(printed(*words))
    assert as_yaml == json.loads(printed(*words, "--format", "json")) == wanted


def test_every_permission_and_event_has_its_reason() -> None:
    shown = printed("--reasons")
    for name, why in (SCOPES | EVENTS).items():
        assert any(line.split() == [name, *why.split()] for line in shown.splitlines())


@pytest.mark.parametrize("address", ["taf.example.org", "http://taf.example.org"])
def test_an_address_that_slack_does_not_take_is_refused(address: str) -> None:
    result = CliRunner().invoke(main, ["slack", "manifest", "--address", address])
    assert (result.exit_code, "https://" in result.output) == (2, True)
