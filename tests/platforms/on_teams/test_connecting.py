"""The settings describe one connection, or none, or say what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.configuring import NotSetUp
from bot.teams import sdk
from bot.teams.clouds import CLOUDS
from bot.teams.connecting import Connection, connection
from bot.teams.tokens import TIME_OUT

CLIENT, TENANT = "7af00000-0000-4000-8000-00000000b071", "7af00000-0000-4000-8000-000000000001"
SECRET = {
    "TEAMS_CLIENT_ID": CLIENT.upper(),
    "TEAMS_TENANT_ID": TENANT,
    "TEAMS_CLIENT_SECRET": "made-up",
}


def given(**more: str) -> Connection:
    """A connection of these settings."""
    found = connection(SECRET | more)
    assert found is not None
    return found


def test_no_setting_is_no_connection() -> None:
    assert connection({}) is None
    assert connection({"TEAMS_CLIENT_ID": " ", "TEAMS_ROOM": "paired"}) is None


def test_what_is_given_and_what_goes_without_saying() -> None:
    found = given()
    assert (found.client_id, found.tenant_id, found.bot) == (CLIENT, TENANT, f"28:{CLIENT}")
    assert (found.cloud, found.room, found.makes_rooms) == (CLOUDS["Public"], "paired", False)
    assert found.app_id == CLIENT
    assert found.service == "https://smba.trafficmanager.net/teams"
    assert given(TEAMS_ROOM="group_chat").makes_rooms
    channels = given(TEAMS_ROOM="private_channel", TEAMS_TEAM=TENANT.upper())
    assert (channels.makes_rooms, channels.in_channels, channels.team) == (True, True, TENANT)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"TEAMS_CLIENT_ID": ""}, "TEAMS_CLIENT_ID"),
        ({"TEAMS_CLIENT_ID": "TAF Assistant"}, "TEAMS_CLIENT_ID"),
        ({"TEAMS_TENANT_ID": ""}, "TEAMS_TENANT_ID"),
        ({"TEAMS_TENANT_ID": "common"}, "TEAMS_TENANT_ID"),
        ({"TEAMS_CLIENT_SECRET": ""}, "Give one of"),
        ({"TEAMS_MANAGED_IDENTITY": "system"}, "only one"),
        ({"TEAMS_CLIENT_SECRET": "", "TEAMS_MANAGED_IDENTITY": "mine"}, "client id, or system"),
        ({"TEAMS_CLIENT_SECRET": "", "TEAMS_CERTIFICATE": "/nowhere.pem"}, "cannot be read"),
        ({"TEAMS_CLOUD": "Europe"}, "TEAMS_CLOUD must be one of Public, USGov, USGovDoD, China"),
        ({"TEAMS_CLOUD": "China"}, "TEAMS_SERVICE_URLS must say"),
        ({"TEAMS_ROOM": "channel"}, "paired or group_chat or private_channel"),
        ({"TEAMS_ROOM": "private_channel"}, "TEAMS_TEAM must be the id"),
        ({"TEAMS_ROOM": "private_channel", "TEAMS_TEAM": "TAF"}, "the groupId in the team's link"),
        ({"TEAMS_APP_ID": "taf"}, "TEAMS_APP_ID"),
        ({"TEAMS_LOGIN_URL": "login.example.org"}, "TEAMS_LOGIN_URL must begin with https://"),
        ({"TEAMS_OPENID_URL": "x"}, "TEAMS_OPENID_URL"),
        ({"TEAMS_GRAPH_URL": "https://"}, "TEAMS_GRAPH_URL"),
        ({"TEAMS_SERVICE_URLS": "https://a.example, b"}, "TEAMS_SERVICE_URLS"),
        ({"TEAMS_SERVICE_URLS": "https://a.example:port"}, "TEAMS_SERVICE_URLS"),
    ],
)
def test_what_cannot_be_used_says_what_to_do(changed: dict[str, str], words: str) -> None:
    with pytest.raises(NotSetUp, match=words):
        connection(SECRET | changed)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-----BEGIN CERTIFICATE-----\n", "and its private key"),
        ("-----BEGIN PRIVATE KEY-----\n", "the certificate and"),
        ("-----BEGIN CERTIFICATE-----\n-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "password"),
    ],
)
def test_a_certificate_that_is_not_whole(tmp_path: Path, text: str, words: str) -> None:
    pem = tmp_path / "taf.pem"
    pem.write_text(text)
    with pytest.raises(NotSetUp, match=words):
        connection(SECRET | {"TEAMS_CLIENT_SECRET": "", "TEAMS_CERTIFICATE": str(pem)})


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [
        ("https://smba.trafficmanager.net/uk/", True),
        ("https://SMBA.trafficmanager.net/uk/", True),
        ("https://smba.infra.gcc.teams.microsoft.com/teams", True),
        ("https://smba.infra.gov.teams.microsoft.us/teams", False),
        ("http://smba.trafficmanager.net/uk/", False),
        ("https://smba.trafficmanager.net.example.org/", False),
        ("https://smba.trafficmanager.net@example.org/", False),
        ("https://someone@smba.trafficmanager.net/", False),
        ("https://smba.trafficmanager.net:444/", False),
        ("https://smba.trafficmanager.net:x/", False),
        ("https://pilot.example.org/uk/", False),
        ("", False),
        (None, False),
    ],
)
def test_where_teams_may_answer(url: object, is_ours: bool) -> None:
    assert given().is_service(url) is is_ours


def test_each_cloud_has_its_own_hosts_and_a_pilot_may_add_one() -> None:
    usa = given(TEAMS_CLOUD="USGov")
    assert usa.is_service("https://smba.infra.gov.teams.microsoft.us/teams")
    assert not usa.is_service("https://smba.trafficmanager.net/uk/")
    assert given(TEAMS_CLOUD="USGovDoD").is_service("https://smba.infra.dod.teams.microsoft.us/x")
    pilot = given(TEAMS_CLOUD="China", TEAMS_SERVICE_URLS="http://127.0.0.1:3978/uk/, ")
    assert pilot.is_service("http://127.0.0.1:3978/elsewhere")
    assert not pilot.is_service("http://127.0.0.1:3979/uk")
    assert pilot.service == "http://127.0.0.1:3978/uk"


@pytest.mark.parametrize("name", list(CLOUDS))
def test_the_clouds_are_those_of_the_sdk(name: str) -> None:
    ours, theirs = CLOUDS[name], sdk.from_name(name)
    assert ours.login == theirs.login_endpoint
    assert ours.openid == theirs.openid_metadata_url
    assert ours.issuer == theirs.token_issuer
    assert ours.bot_scope == theirs.bot_scope
    assert ours.graph_scope == theirs.graph_scope
    assert ours.keys == theirs.openid_metadata_url.replace("/openidconfiguration", "/keys")
    assert ours.graph_url == f"{ours.graph}/v1.0"


def python(code: str, folder: Path, *options: str) -> str:
    """What a fresh Python says."""
    root = str(Path(__file__).parents[3])
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": root}
    command = [sys.executable, *options, "-c", code]
    return subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


def test_loading_the_sdk_warns_of_nothing_and_reads_no_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TEAMS_CLIENT_SECRET=from-a-file\nCLIENT_ID=from-a-file\n")
    code = (
        "import os, bot.teams.sdk; print(sorted(n for n in os.environ"
        " if 'CLIENT' in n or 'DOTENV' in n))"
    )
    assert python(code, tmp_path, "-W", "error") == "[]"


def test_the_sdk_loads_only_where_teams_is_joined(tmp_path: Path) -> None:
    code = "import sys, bot.cli; print([n for n in sys.modules if n == 'microsoft_teams'])"
    assert python(code, tmp_path) == "[]"


def test_httpx_keeps_quiet_though_the_sdk_turns_it_up(tmp_path: Path) -> None:
    code = (
        "import logging, bot.teams.sdk, bot.teams.tokens\n"
        "from microsoft_teams.common import Client\n"
        "logging.basicConfig(level=logging.DEBUG, format='%(name)s %(message)s')\n"
        "import sys; logging.getLogger().handlers[0].setStream(sys.stdout)\n"
        "Client()\n"
        "logging.getLogger('httpx').info('POST /v3/conversations/19:room')\n"
        "logging.getLogger('httpx').warning('heard')\n"
        "logging.getLogger('microsoft_teams.apps').error('the whole activity')\n"
    )
    assert python(code, tmp_path) == "httpx heard"


def test_nothing_is_waited_for_without_an_end() -> None:
    assert TIME_OUT == 10
