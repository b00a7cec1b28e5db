"""Runs a process of the assistant until it is asked to stop, and lets it finish what it does."""

from __future__ import annotations

import errno
import gc
import logging
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI

from bot.app import Assistant

log = logging.getLogger(__name__)

LAST_ANSWERS = 10
"""Seconds that pages under way have to be finished when the process is to end."""

MAKES_WAY = 0.0005
"""Seconds for which a thread may compute while others wait; Python's own 5 ms add up, as a press
passes through several (measured: a sweep beside it halves what it waits)."""


class CannotListen(Exception):
    """The port cannot be had; its words say why."""


class Ended(Exception):
    """The pages stopped being served, though nobody asked for it."""


def listen(host: str, port: int) -> socket.socket:
    """Take a port, before anything else is begun; raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Told that it is TCP, so that asyncio lets no small answer wait (40 ms each otherwise).
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen()
    except OSError as error:
        taken.close()
        if error.errno == errno.EADDRINUSE:
            words = f"Port {port} is in use. Stop what runs there, or give another with --port."
        else:
            words = f"Port {port} of {host} cannot be had: {error.strerror}."
        raise CannotListen(words) from error
    return taken


def run(
    assistant: Assistant,
    app: FastAPI | None = None,
    port: socket.socket | None = None,
    beside: AbstractContextManager[None] | None = None,
) -> None:
    """Work until SIGTERM or Ctrl-C, with pages where there is a port for them.

    `beside` is whatever else hears people meanwhile.

    Then no more is taken in, what is under way is finished, and the database let go; raises Ended
    where the pages broke off by themselves.
    """
    stopping = threading.Event()
    settle_memory()
    share_fairly()
    with ExitStack() as ending:
        ending.enter_context(closing(assistant.database))
        ending.enter_context(_asked_to_stop(stopping))
        ending.enter_context(_running(assistant))
        if app is not None and port is not None:
            ending.enter_context(served(app, port, stopping))
        if beside is not None:
            ending.enter_context(beside)
        log.info("running")
        stopping.wait()
        log.info("stopping: what is under way is finished first")


def settle_memory() -> None:
    """Let the rubbish collector pass over what was loaded: it stays, and there is much of it."""
    gc.collect()
    gc.freeze()


def share_fairly() -> None:
    """Let whoever computes make way sooner: an acknowledgement needs little, but several times."""
    sys.setswitchinterval(MAKES_WAY)


@contextmanager
def _asked_to_stop(stopping: threading.Event) -> Iterator[None]:
    def ask(*_: Any) -> None:
        stopping.set()

    before = {one: signal.signal(one, ask) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def _running(assistant: Assistant) -> Iterator[None]:
    assistant.ticker.start()
    try:
        yield
    finally:
        assistant.ticker.stop()


@contextmanager
def served(app: FastAPI, port: socket.socket, stopping: threading.Event) -> Iterator[None]:
    """The pages, in a thread of their own: uvicorn would take the signals for itself."""
    config = uvicorn.Config(
        app,
        access_log=False,
        lifespan="on",
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=LAST_ANSWERS,
        ws="none",
    )
    server = uvicorn.Server(config)

    def serve() -> None:
        try:
            server.run([port])
        finally:
            stopping.set()

    thread = threading.Thread(target=serve, name="pages", daemon=True)
    thread.start()
    try:
        yield
    finally:
        asked = thread.is_alive()
        server.should_exit = True
        thread.join()
        port.close()
    if not asked:
        raise Ended
