"""`taf serve` as it is installed, run for a test: begun, asked for its health, ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from storage import migrating
from storage.database import Database
from tests.platforms.on_slack.town import cast
from tests.world import CAST


def answers(address: str) -> bool:
    """Whether the assistant answers there."""
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=1) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def ready_file(folder: Path) -> str:
    """A database of the newest shape, with the people of tests/world.py in it; its address."""
    url = f"sqlite:///{folder / 'taf.db'}"
    database = Database(url)
    migrating.upgrade(database)
    cast(database, CAST)
    database.close()
    return url


@contextmanager
def serving(number: int, settings: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The process; it has to end well, and say no name of anybody's."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "serve", "--port", str(number)],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=40)
    assert process.returncode == 0, said
    assert "Traceback" not in said, said
    assert "Asha" not in said
