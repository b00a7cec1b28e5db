"""The fake platform's process, as a scenario starts it and gives it orders."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2


class Chat:
    """The fake platform's process, and the orders that it takes from a scenario."""

    def __init__(self, clock: Path, *options: str) -> None:
        command = [sys.executable, "-m", "tests.reliability.chat", str(clock), *options]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdout
        door, orders = self._process.stdout.readline().split()
        self.url = f"http://127.0.0.1:{door}"
        orders = f"http://127.0.0.1:{orders}"
        self._client = httpx2.Client(base_url=orders, trust_env=False, timeout=30)

    def order(self, name: str, **body: Any) -> dict[str, Any]:
        """Give an order; what the platform has now."""
        found: dict[str, Any] = self._client.post(f"/control/{name}", json=body).json()
        return found

    def faults(self, **orders: Any) -> None:
        """Let things go wrong from here on, or right again."""
        self.order("faults", **orders)

    def log(self, after: int = 0) -> list[dict[str, Any]]:
        """Everything that it took and refused."""
        found: list[dict[str, Any]] = self.order("log", after=after)["log"]
        return found

    def freeze(self) -> None:
        """Let it stand still: connections are taken, and nobody answers."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it, whatever hangs on it."""
        self._client.close()
        self._process.kill()
        self._process.communicate()
