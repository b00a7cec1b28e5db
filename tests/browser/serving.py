"""Serves the real web application over real HTTP while a test runs."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import uvicorn

from bot.app import Assistant, assemble
from bot.clock import PracticeClock
from bot.web.app import web_app
from storage.database import Database
from workflows.policy import load_policy


@dataclass(frozen=True)
class Site:
    """The web application at its address, in practice mode."""

    address: str
    assistant: Assistant
    clock: PracticeClock


@contextmanager
def serving(path: Path, at: datetime) -> Iterator[Site]:
    """The application on a database's file, its practice clock at a moment."""
    database = Database(f"sqlite:///{path}")
    clock = PracticeClock(database)
    clock.set(at)
    policy = load_policy(Path("app.yaml").read_text(encoding="utf-8"), "app.yaml")
    assistant = assemble(policy, database, clock)
    # Told that it is TCP, so that asyncio lets no small answer wait (40 ms each otherwise).
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        web_app(assistant, practice=clock),
        log_level="warning",
        server_header=False,
        lifespan="off",
        ws="none",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        _wait_for(server, thread)
        yield Site(f"http://127.0.0.1:{listening.getsockname()[1]}", assistant, clock)
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()
        database.close()


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    """The port listens already: this only finds a server that dies at once."""
    until = time.monotonic() + 20
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise RuntimeError("the server did not start")
        thread.join(timeout=0.01)
