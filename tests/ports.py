"""Ports for servers that tests start by a command, and so by number."""

from __future__ import annotations

import socket
from random import SystemRandom

OURS = range(20_000, 32_000)
"""No system gives these to whoever asks for any port: nobody else takes one before it is used."""


def free_port() -> int:
    """A port that nothing listens on."""
    luck = SystemRandom()
    while True:
        port = luck.choice(OURS)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
