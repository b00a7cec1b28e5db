"""What is written for the person who runs it is so: commands, options, settings, metrics, units."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from prometheus_client.parser import text_string_to_metric_families as parsed
from ruamel.yaml import YAML

from bot import metrics
from bot.cli import main
from bot.clock import WallClock
from storage.database import Database

ROOT = Path(__file__).parents[2]
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
PAGES = (
    "docs/operating.md",
    "docs/installing.md",
    "docs/install-slack.md",
    "docs/install-teams.md",
    "README.md",
    "CHANGELOG.md",
)
UNITS = sorted((ROOT / "docs" / "systemd").glob("*.service"))
COMPOSE: dict[str, Any] = YAML(typ="safe").load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
OURS = [name for name in COMPOSE["services"] if name != "database"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SETTINGS = {
    "DATABASE_URL",
    "SLACK_API_URL",
    "SLACK_APP_TOKEN",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "TAF_CONFIG",
    "TAF_LOG",
    "TAF_ROOMS_ON",
    "TEAMS_APP_ID",
    "TEAMS_CERTIFICATE",
    "TEAMS_CLIENT_ID",
    "TEAMS_CLIENT_SECRET",
    "TEAMS_CLOUD",
    "TEAMS_GRAPH_URL",
    "TEAMS_LOGIN_URL",
    "TEAMS_MANAGED_IDENTITY",
    "TEAMS_OPENID_URL",
    "TEAMS_ROOM",
    "TEAMS_SERVICE_URLS",
    "TEAMS_TEAM",
    "TEAMS_TENANT_ID",
}


def said() -> Iterator[tuple[str, list[str]]]:
    """Every `taf …` that is written down, with where."""
    for name in PAGES:
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
        code = re.findall(r"```sh\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text)
        for part in code:
            for words in re.findall(r"(?:^|\s|bin/)taf ([a-z]+(?![\w.])[^\n#`]*)", part):
                yield name, shlex.split(words)
    for unit in UNITS:
        words = re.findall(r"^ExecStart=\S+/taf (.+)$", unit.read_text(encoding="utf-8"), re.M)
        yield unit.name, shlex.split(words[0].replace("%i", "8001"))
    for name in OURS:
        yield f"compose.yaml {name}", COMPOSE["services"][name]["command"]
    yield "Dockerfile", re.findall(r'"([^"]+)"', DOCKERFILE.rpartition("CMD")[2])


SAID = list(said())


@pytest.mark.parametrize(("where", "words"), SAID, ids=lambda one: str(one)[:50])
def test_every_command_and_option_that_is_written_down_exists(where: str, words: list[str]) -> None:
    command: click.Command | None = main
    for word in words:
        if not isinstance(command, click.Group) or word.startswith("-"):
            break
        command = command.commands.get(word)
    assert command is not None, f"{where}: taf {' '.join(words)}"
    options = {name for one in command.params if isinstance(one, click.Option) for name in one.opts}
    given = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert given <= options | {"--help"}, f"{where}: taf {' '.join(words)}"


def test_every_way_of_running_it_is_written_down() -> None:
    assert {"serve", "work", "migrate", "check"} <= {words[0] for _, words in SAID}
    assert len(SAID) > 20


def test_every_metric_is_explained_and_no_other(file: Database) -> None:
    page = metrics.page(file, WallClock()).decode()
    there = {
        f"{one.name}_total" if one.type == "counter" else one.name: one for one in parsed(page)
    }
    explained = set(re.findall(r"^\| `(taf_[a-z_]+)` \|", OPERATING, re.MULTILINE))
    assert explained == set(there)
    mentioned = set(re.findall(r"\btaf_[a-z_]+", OPERATING))
    assert mentioned <= set(there)
    assert all(one.documentation.endswith((".", "not.")) for one in there.values())
    for outcome in metrics.OUTCOMES:
        assert outcome in OPERATING


def test_every_setting_that_is_written_down_is_read() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").glob("*.py"))
    read = set(re.findall(r'environ(?:ment)?\.get\("([A-Z_]+)"', code))
    slack = (ROOT / "bot" / "slack" / "connecting.py").read_text(encoding="utf-8")
    read |= set(re.findall(r'"(SLACK_[A-Z_]+)"', slack))
    teams = (ROOT / "bot" / "teams" / "connecting.py").read_text(encoding="utf-8")
    read |= set(re.findall(r'"(TEAMS_[A-Z_]+)"', teams))
    assert read == SETTINGS
    for page in ("operating.md", "installing.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        assert set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE)) == SETTINGS
    given = {name for one in OURS for name in COMPOSE["services"][one]["environment"]}
    assert given == SETTINGS


@pytest.mark.parametrize("name", OURS)
def test_each_service_is_watched_held_back_and_given_time(name: str) -> None:
    service = COMPOSE["services"][name]
    grace = int(service["stop_grace_period"].removesuffix("s"))
    assert grace >= 60, "a lane is held for a minute"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    if name != "migrate":
        assert "/ready" in service["healthcheck"]["test"][-1]
        assert service["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert service["restart"] == "unless-stopped"


def test_there_are_two_of_each_and_the_database_is_reached_by_them_alone() -> None:
    words = [COMPOSE["services"][name]["command"][0] for name in OURS]
    assert sorted(words) == ["migrate", "serve", "serve", "work", "work"]
    database = COMPOSE["services"]["database"]
    assert "ports" not in database
    assert database["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in OURS:
        for port in COMPOSE["services"][name].get("ports", []):
            assert port.startswith("127.0.0.1:"), "a proxy that speaks TLS stands in front"


def test_no_secret_is_written_down() -> None:
    for service in COMPOSE["services"].values():
        for name, value in service["environment"].items():
            if "PASSWORD" in name or "://" in value:
                assert "${POSTGRES_PASSWORD:?" in value
            if name.startswith(("SLACK_", "TEAMS_")):
                assert value == f"${{{name}:-}}"
    assert ".env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()[1] == "*"


def test_the_image_runs_as_nobody_in_particular_and_installs_only_what_is_locked() -> None:
    assert re.search(r"^USER [1-9][0-9]{3,}$", DOCKERFILE, re.MULTILINE)
    installed = re.findall(r"pip install .*", DOCKERFILE)
    assert len(installed) == 2
    assert all("--require-hashes" in one or "--no-deps" in one for one in installed)
    for words in re.findall(r"^COPY (?!--from)(.*?)(?<!\\)$", DOCKERFILE, re.DOTALL | re.MULTILINE):
        for source in words.replace("\\\n", " ").split()[:-1]:
            assert (ROOT / source).exists(), source


@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.name)
def test_each_unit_gives_up_what_it_does_not_need(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    for wanted in ("User=taf", "NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077"):
        assert f"\n{wanted}\n" in text
    found = re.search(r"^TimeoutStopSec=([0-9]+)$", text, re.MULTILINE)
    assert found
    assert int(found[1]) >= 60, "a lane is held for a minute"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="only where systemd is")
@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.name)
def test_systemd_itself_finds_nothing_wrong(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text(encoding="utf-8").replace("/opt/taf/bin/taf", sys.executable)
    made = tmp_path / unit.name.replace("@", "@8001")
    made.write_text(text, encoding="utf-8")
    ended = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(made)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
