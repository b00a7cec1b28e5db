"""The tests' strict chat with two doors: ours, and one that speaks as Slack does, for the peers.

Both lead into the same workspace with the same pace. It judges the pace when a message comes in,
and answers 80 to 120 ms later, as a platform at the other end of the country does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import httpx2

from tests.reliability.chat.faults import Faults
from tests.reliability.chat.ordering import Chat
from tests.reliability.chat.serving import Reply, Serving, _read
from tests.reliability.chat.workspace import Rules, Workspace
from tests.reliability.moments import ScenarioClock

LATENCY = (0.08, 0.12)
"""Seconds until an answer comes: drawn by seed for each message."""


class TwoDoors(Serving):
    """Answers at our door and at Slack's; a message's number is its text there."""

    def __init__(self, workspace: Workspace, seed: int) -> None:
        super().__init__(workspace, Faults(seed))
        self._latencies = Random(seed)

    async def listen_as_slack(self) -> int:
        """Open the peers' door; its port."""
        door = await asyncio.start_server(self._as_slack, "127.0.0.1", 0)
        return int(door.sockets[0].getsockname()[1])

    async def _answer(self, path: str, token: str, raw: bytes) -> Reply:
        reply = await super()._answer(path, token, raw)
        await asyncio.sleep(self._latencies.uniform(*LATENCY))
        return reply

    async def _as_slack(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (asked := await _read(reader)) is not None:
                writer.write(_in_slacks_words(await self._posted(asked[2])))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the peer was killed in the middle of it
        writer.close()

    async def _posted(self, raw: bytes) -> Reply:
        said = json.loads(raw)
        body = {"place": said["channel"], "number": int(said["text"]), "card": {}}
        return await self._answer("/post", "ours", json.dumps(body).encode())


def _in_slacks_words(reply: Reply) -> bytes:
    """Slack counts the seconds to wait in whole ones."""
    status, answer, wait = reply
    said: dict[str, Any] = {"ok": status == 200} | answer
    body = json.dumps(said).encode()
    lines = [f"HTTP/1.1 {status} x", "content-type: application/json"]
    lines += [f"content-length: {len(body)}"]
    if wait is not None:
        lines.append(f"retry-after: {math.ceil(wait)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class StrictChat(Chat):
    """Its process, as a benchmark speaks to it."""

    def __init__(self, clock: Path, *options: str) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.strict_chat", str(clock), *options]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdout
        ports = self._process.stdout.readline().split()
        self.url, orders, self.slack = (f"http://127.0.0.1:{port}" for port in ports)
        self._client = httpx2.Client(base_url=orders, trust_env=False, timeout=30)


def _hung_up(loop: asyncio.AbstractEventLoop, what: dict[str, Any]) -> None:
    """Whoever is killed leaves a connection that cannot be closed properly any more."""
    if not isinstance(what.get("exception"), OSError):
        loop.default_exception_handler(what)


async def serve(options: argparse.Namespace) -> None:
    """Serve until the benchmark lets go of stdin."""
    asyncio.get_running_loop().set_exception_handler(_hung_up)
    rules = Rules(options.pace, options.per_second, options.burst)
    serving = TwoDoors(Workspace(rules, ScenarioClock(options.clock).seconds), options.seed)
    door, orders = await serving.listen()
    slack = await serving.listen_as_slack()
    sys.stdout.write(f"{door} {orders} {slack}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("clock")
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--per-second", type=float, default=None)
    parser.add_argument("--burst", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
