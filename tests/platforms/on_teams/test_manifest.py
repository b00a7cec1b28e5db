"""What `taf teams manifest` writes, Teams takes; it asks for nothing without a reason."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft4Validator

from bot.chat.typing import HELP
from bot.cli import main
from bot.teams import manifest as app
from bot.teams.connecting import ROOMS

CLIENT, PACKAGE = "7af00000-0000-4000-8000-00000000b071", "7af00000-0000-4000-8000-0000000000e1"
ABOUT = "https://taf.example.org/about"
NODE = Path(__file__).parents[2] / "node" / "node_modules"
SCHEMA = (
    NODE / "@microsoft/app-manifest/build/json-schemas/teams"
    f"/v{app.FORM}/MicrosoftTeams.schema.json"
)
LONGEST_COMMAND = 32
"""Letters of a command's name beyond which Teams cuts it (documented; the schema lets more by)."""


def manifest(room: str = "group_chat") -> dict[str, Any]:
    """The manifest of an app whose rooms come about so."""
    return app.manifest(CLIENT, PACKAGE, room, ABOUT)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """Microsoft's schema, as they publish it for their own tools."""
    if not SCHEMA.is_file():
        pytest.skip("NOT COMPARED with Microsoft's schema: run `npm ci` in tests/node")
    found: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return found


def wrong(schema: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """What Microsoft's schema has against a manifest."""
    return [one.message for one in Draft4Validator(schema).iter_errors(document)]


@pytest.mark.parametrize("room", ROOMS)
def test_it_is_valid_by_microsofts_schema(schema: dict[str, Any], room: str) -> None:
    assert wrong(schema, manifest(room)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("id",), "taf"),
        (("bots", 0, "botId"), "taf"),
        (("name", "short"), "N" * 31),
        (("description", "short"), "D" * 81),
        (("bots", 0, "scopes", 1), "groupchat"),
        (("bots", 0, "commandLists", 0, "commands"), [{"title": "c"}] * 13),
        (("composeExtensions", 0, "commands", 0, "type"), "press"),
        (("composeExtensions", 0, "commands", 0, "title"), "T" * 33),
        (("accentColor",), "blue"),
        (("unknown",), 1),
        (("authorization", "permissions", "resourceSpecific", 0, "type"), "Both"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_schema_can_be_broken(
    schema: dict[str, Any], path: tuple[Any, ...], value: Any
) -> None:
    document = deepcopy(manifest())
    inside: Any = document
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = value
    assert wrong(schema, document)


def test_what_the_schema_does_not_know() -> None:
    found = manifest()
    assert float(found["manifestVersion"]) >= 1.25
    assert f"/v{found['manifestVersion']}/" in found["$schema"]
    first, *rest = (int(part) for part in found["version"].split("."))
    assert (first, *rest) >= (0, 1)
    assert found["bots"][0]["scopes"] == ["personal", "groupChat"]
    assert found["bots"][0]["botId"] == found["webApplicationInfo"]["id"] == CLIENT
    assert found["id"] == PACKAGE


def test_the_words_are_those_of_slack() -> None:
    assert list(app.COMMANDS) == ["new", "actions", "stuck", "help"]
    assert set(app.COMMANDS) == {word for word, _ in HELP} - {"F-1042"}
    for listed in manifest()["bots"][0]["commandLists"]:
        titles = [one["title"] for one in listed["commands"]]
        assert titles[: len(app.COMMANDS)] == list(app.COMMANDS)
        assert all(len(title) <= LONGEST_COMMAND for title in titles)
    command = manifest()["composeExtensions"][0]["commands"][0]
    assert (command["title"], command["context"]) == ("Make this an action", ["message"])
    assert (command["type"], command["fetchTask"]) == ("action", True)


def test_it_asks_for_nothing_where_people_make_the_chats() -> None:
    assert "authorization" not in manifest("paired")
    asked = manifest("group_chat")["authorization"]["permissions"]["resourceSpecific"]
    assert {one["name"] for one in asked} == set(app.IN_THE_CHAT)
    assert {one["type"] for one in asked} == {"Application"}


def test_for_private_channels_it_asks_for_the_team_and_says_that_it_can_be_added_there() -> None:
    found = manifest("private_channel")
    assert found["supportsChannelFeatures"] == "tier1"
    assert found["bots"][0]["scopes"] == ["personal", "team"]
    assert [one["scopes"] for one in found["bots"][0]["commandLists"]] == [["personal"], ["team"]]
    asked = found["authorization"]["permissions"]["resourceSpecific"]
    assert [one["name"] for one in asked] == list(app.IN_THE_TEAM)
    assert "link F-1042" not in str(found["bots"])
    assert "supportsChannelFeatures" not in manifest("group_chat")
    assert not set(app.IN_CHANNELS) & {"Group.ReadWrite.All", "ChannelMessage.Read.All"}


def pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and rows of a picture of ours."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, parts = 8, {}
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        data = png[at + 8 : at + 8 + size]
        assert (
            zlib.crc32(kind + data) == struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0]
        )
        parts[kind], at = data, at + 12 + size
    width, height, depth, colours = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    assert (depth, colours) == (8, 6)
    raw = zlib.decompress(parts[b"IDAT"])
    length = width * 4 + 1
    return width, height, [raw[row * length + 1 : (row + 1) * length] for row in range(height)]


@pytest.fixture(scope="module")
def packed() -> Iterator[zipfile.ZipFile]:
    """The package, opened."""
    with zipfile.ZipFile(io.BytesIO(app.package(manifest()))) as found:
        yield found


def test_the_package_holds_the_manifest_and_its_icons(packed: zipfile.ZipFile) -> None:
    assert packed.testzip() is None
    assert set(packed.namelist()) == {"manifest.json", "color.png", "outline.png"}
    assert json.loads(packed.read("manifest.json")) == manifest()


def test_the_icons_are_as_teams_wants_them(packed: zipfile.ZipFile) -> None:
    width, height, rows = pixels(packed.read("color.png"))
    assert (width, height) == (192, 192)
    assert {row[at + 3] for row in rows for at in range(0, len(row), 4)} == {255}
    assert rows[0][:3] == bytes.fromhex(manifest()["accentColor"].lstrip("#"))
    width, height, rows = pixels(packed.read("outline.png"))
    assert (width, height) == (32, 32)
    seen = {(row[at : at + 3], row[at + 3] > 0) for row in rows for at in range(0, len(row), 4)}
    assert seen == {(b"\xff\xff\xff", True), (b"\xff\xff\xff", False)}


def run(*words: str, **environment: str) -> tuple[int, str]:
    """The command, as somebody runs it."""
    empty = dict.fromkeys(("TEAMS_CLIENT_ID", "TEAMS_APP_ID", "TEAMS_ROOM"))
    result = CliRunner().invoke(main, ["teams", "manifest", *words], env=empty | environment)
    return result.exit_code, result.output


def test_the_command_writes_the_package_and_says_why(tmp_path: Path) -> None:
    out = tmp_path / "taf.zip"
    words = ("--client-id", CLIENT, "--about", ABOUT, "--out", str(out))
    status, shown = run(*words, "--app-id", PACKAGE, "--room", "group_chat")
    assert status == 0, shown
    with zipfile.ZipFile(out) as found:
        assert json.loads(found.read("manifest.json")) == manifest()
    for name, why in (app.GRAPH | app.LOOKING | app.IN_THE_CHAT).items():
        assert any(line.split() == [name, *why.split()] for line in shown.splitlines()), name
    status, shown = run(*words, TEAMS_ROOM="private_channel")
    for name, why in (app.IN_CHANNELS | app.IN_THE_TEAM).items():
        assert any(line.split() == [name, *why.split()] for line in shown.splitlines()), name
    assert not any(name in shown for name in app.LOOKING)
    status, shown = run(*words, TEAMS_ROOM="paired")
    assert (status, shown.count("nothing")) == (0, 2)
    status, shown = run("--out", str(out), TEAMS_CLIENT_ID=CLIENT.upper())
    assert (status, "--about" in shown) == (0, True)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--client-id", "taf"),
        ("--client-id", CLIENT, "--about", "taf.example.org"),
        ("--client-id", CLIENT, "--room", "shared_channel"),
    ],
)
def test_what_teams_does_not_take_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    out = tmp_path / "taf.zip"
    assert run(*words, "--out", str(out))[0] == 2
    assert not out.exists()
