"""`taf serve` as it is installed: its settings in the environment, its Slack at SLACK_API_URL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from bot.running import listen
from bot.slack import knocking, manifest
from storage import migrating
from storage.database import Database
from tests.platforms.on_slack.town import cast, email_of
from tests.platforms.slack.workspace import Workspace
from tests.world import CAST


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=1) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.mark.parametrize("by_socket", [False, True])
def test_it_serves_a_workspace_from_its_settings(tmp_path: Path, by_socket: bool) -> None:
    url = f"sqlite:///{tmp_path / 'taf.db'}"
    database = Database(url)
    migrating.upgrade(database)
    cast(database, CAST)
    database.close()
    port = listen("127.0.0.1", 0)
    number = port.getsockname()[1]
    port.close()
    with Workspace() as workspace:
        app = workspace.app
        app.scopes, app.events = set(manifest.SCOPES), set(manifest.EVENTS)
        workspace.request_url = f"http://127.0.0.1:{number}{knocking.ADDRESS}"
        asha = workspace.joins("Asha", email_of("Asha"))
        secret = {"SLACK_APP_TOKEN": app.app_token}
        if not by_socket:
            secret = {"SLACK_SIGNING_SECRET": app.signing_secret}
        told = {"SLACK_BOT_TOKEN": app.bot_token, "SLACK_API_URL": workspace.api_url}
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "serve", "--port", str(number)],
            env=os.environ | {"DATABASE_URL": url} | told | secret,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            workspace.until(lambda: answers(f"http://127.0.0.1:{number}"), 30)
            if by_socket:
                workspace.until(lambda: workspace.sockets.connected, 30)
            asha.types("/taf actions")
            asha.reads("nothing to do")
            asha.opens_home()
            workspace.until(lambda: asha.home)
            assert asha.errors == []
        finally:
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=40)
    assert process.returncode == 0, said
    assert "Traceback" not in said, said
    assert "Asha" not in said
