"""`taf serve` and `taf work` as they are installed, two of each on PostgreSQL, killed at random."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from bot.slack import knocking
from storage.database import Database
from tests.conftest import another
from tests.platforms.slack.channels import Message
from tests.ports import free_port
from tests.reliability.partnership import Partnership, partnership
from tests.reliability.scenario import LONG
from tests.reliability.test_processes import wait_until_ready

pytestmark = pytest.mark.xdist_group("installed")

MINUTES = float(os.environ.get("TAF_MINUTES") or (10 if LONG else 0.25))
FAMILIES = 4
APART = 2.5
"""Seconds between two things that people do: Slack looks at a channel 50 times a minute, no more,
and we look before everything that is said there."""

KILLED_EVERY = 6.0
ROOT = Path(__file__).parents[2]
TAF = [sys.executable, "-c", "from bot.cli import main; main()"]


@dataclass
class Installed:
    """Processes of the assistant; whoever is killed is started again at once, at its old port."""

    on_slack: Partnership
    folder: Path
    luck: Random
    running: dict[int, tuple[str, subprocess.Popen[bytes]]] = field(default_factory=dict)
    kills: int = 0

    def start(self, command: str, port: int) -> None:
        with (self.folder / f"{command}-{port}.log").open("ab") as log:
            process = subprocess.Popen(
                [*TAF, command, "--port", str(port)],
                cwd=ROOT,
                env=os.environ | self.on_slack.settings | {"PYTHONPATH": str(ROOT)},
                stdout=log,
                stderr=log,
            )
        self.running[port] = command, process

    def kill_one(self) -> None:
        port = self.luck.choice(list(self.running))
        command, process = self.running[port]
        process.kill()
        process.wait()
        self.kills += 1
        self.start(command, port)

    def somewhere(self) -> str:
        """The address of one of those that serve, alive or not."""
        ports = [port for port, (command, _) in self.running.items() if command == "serve"]
        return f"http://127.0.0.1:{self.luck.choice(ports)}{knocking.ADDRESS}"

    def stop(self) -> None:
        for _, process in self.running.values():
            process.kill()
            process.wait()

    def logs(self) -> str:
        return "".join(one.read_text() for one in self.folder.glob("*.log"))


@pytest.fixture
def installed(
    postgres: Database, postgres_template: str, tmp_path: Path, seed: int
) -> Iterator[Installed]:
    database = another(postgres, postgres_template)
    with partnership(database, FAMILIES) as on_slack:
        found = Installed(on_slack, tmp_path, Random(seed))
        try:
            for command in ("serve", "serve", "work", "work"):
                found.start(command, free_port())
            for port, (_, process) in found.running.items():
                wait_until_ready(port, process)
            yield found
        finally:
            found.stop()
            database.close()


def test_killed_at_random_they_lose_nothing_and_say_nothing_twice(installed: Installed) -> None:
    """Maya agrees actions and marks them done on their cards, at whichever process answers."""
    on_slack, maya = installed.on_slack, installed.on_slack.maya
    acknowledged: set[str] = set()
    ends = time.monotonic() + 60 * MINUTES
    dies = time.monotonic() + KILLED_EVERY
    while time.monotonic() < ends:
        on_slack.agrees(installed.luck.choice(on_slack.tafs))
        on_slack.workspace.request_url = installed.somewhere()
        if cards := [one for one in maya.sees if action_on(one)]:
            card = installed.luck.choice(cards)
            ref = action_on(card)
            if maya.presses(card, "Mark done").ok:
                acknowledged.add(ref)
        if time.monotonic() > dies:
            installed.kill_one()
            dies += KILLED_EVERY
        time.sleep(APART)

    assert installed.kills >= 2
    assert acknowledged
    on_slack.workspace.until(lambda: all(on_slack.is_done(one) for one in acknowledged), 60)
    on_slack.workspace.until(lambda: not on_slack.left, 180)
    on_slack.check()
    assert "Maya" not in installed.logs()


def action_on(card: Message) -> str:
    """The action that can be marked done on a card, blank if none can."""
    buttons = (one for block in card.blocks for one in block.get("elements", ()))
    wanted = "press:action.mark_done"
    return next(
        (one["value"] for one in buttons if one.get("action_id", "").startswith(wanted)), ""
    )
