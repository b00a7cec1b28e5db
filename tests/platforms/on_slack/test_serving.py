"""`taf serve` as it is installed: its settings in the environment, its Slack at SLACK_API_URL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.slack import knocking, manifest
from tests.platforms.on_slack.town import email_of
from tests.platforms.serving import answers, ready_file, serving
from tests.platforms.slack.workspace import Workspace
from tests.ports import free_port


@pytest.mark.parametrize("by_socket", [False, True])
def test_it_serves_a_workspace_from_its_settings(tmp_path: Path, by_socket: bool) -> None:
    url, number = ready_file(tmp_path), free_port()
    with Workspace() as workspace:
        app = workspace.app
        app.scopes, app.events = set(manifest.SCOPES), set(manifest.EVENTS)
        workspace.request_url = f"http://127.0.0.1:{number}{knocking.ADDRESS}"
        asha = workspace.joins("Asha", email_of("Asha"))
        secret = {"SLACK_APP_TOKEN": app.app_token}
        if not by_socket:
            secret = {"SLACK_SIGNING_SECRET": app.signing_secret}
        told = {"SLACK_BOT_TOKEN": app.bot_token, "SLACK_API_URL": workspace.api_url}
        with serving(number, {"DATABASE_URL": url} | told | secret):
            workspace.until(lambda: answers(f"http://127.0.0.1:{number}"), 30)
            if by_socket:
                workspace.until(lambda: workspace.sockets.connected, 30)
            asha.types("/taf actions")
            asha.reads("nothing to do")
            asha.opens_home()
            workspace.until(lambda: asha.home)
            assert asha.errors == []


def test_an_app_of_a_whole_organisation_is_refused_at_the_start(tmp_path: Path) -> None:
    url, number = ready_file(tmp_path), free_port()
    with Workspace() as workspace:
        app = workspace.app
        app.of_an_organisation = True
        told = {"SLACK_BOT_TOKEN": app.bot_token, "SLACK_API_URL": workspace.api_url}
        told |= {"SLACK_SIGNING_SECRET": app.signing_secret, "DATABASE_URL": url}
        ended = subprocess.run(
            [sys.executable, "-m", "bot.cli", "serve", "--port", str(number)],
            env=os.environ | told,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 2, ended.stderr
    assert "whole organisation" in ended.stderr
