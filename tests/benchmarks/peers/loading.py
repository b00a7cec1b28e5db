"""Asks a page again and again over sixteen connections, from a core of its own."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import os
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from tests.benchmarks.peers.obeying import obey

CONNECTIONS = 16


async def load(port: int, path: str, seconds: float) -> float:
    """How many seconds one request took, seen from outside: all the time by all the answers."""
    ends = time.perf_counter() + seconds
    began = time.perf_counter()
    counts = await asyncio.gather(*(_ask(port, path, ends) for _ in range(CONNECTIONS)))
    return (time.perf_counter() - began) / sum(counts)


async def _ask(port: int, path: str, ends: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET {path} HTTP/1.1\r\nhost: taf\r\ncookie: practise_as=1\r\n\r\n".encode()
    count = 0
    while time.perf_counter() < ends:
        writer.write(head)
        await _answered(reader)
        count += 1
    writer.close()
    return count


SECRET = "a-signing-secret-for-the-benchmark"
AT_ONCE = 20
GIVES_UP = 3.0
"""Seconds after which Slack tells whoever pressed that it failed; so it does of any other fault."""

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def press(port: int, seconds: float) -> float:
    """How many seconds one signed press took from Slack's side, twenty at a time."""
    ends = time.perf_counter() + seconds
    began = time.perf_counter()
    numbers = itertools.count(int(time.time() * 1e6))
    counts = await asyncio.gather(*(_press(port, numbers, ends) for _ in range(AT_ONCE)))
    return (time.perf_counter() - began) / sum(counts)


async def _press(port: int, numbers: Iterator[int], ends: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    while time.perf_counter() < ends:
        writer.write(_signed(next(numbers)))
        await _answered(reader)
        count += 1
    writer.close()
    return count


async def steadily(port: int, seconds: float, a_second: int) -> list[float]:
    """How long each of so many presses a second waited for its acknowledgement, in seconds.

    Each is due at its own moment, whatever became of those before, and its time counts from then.
    """
    began = time.perf_counter()
    connections: list[Connection] = []
    first = int(time.time() * 1e6)

    async def due(number: int) -> float:
        at = began + number / a_second
        await asyncio.sleep(at - time.perf_counter())
        async with asyncio.timeout(GIVES_UP):
            there = connections.pop() if connections else await _connected(port)
            there[1].write(_signed(first + number))
            await _answered(there[0])
        connections.append(there)
        return time.perf_counter() - at

    waits = await asyncio.gather(
        *(due(number) for number in range(int(seconds * a_second))), return_exceptions=True
    )
    for _, writer in connections:
        writer.close()
    return sorted(GIVES_UP if isinstance(one, BaseException) else one for one in waits)


async def _connected(port: int) -> Connection:
    return await asyncio.open_connection("127.0.0.1", port)


def _signed(number: int) -> bytes:
    """One press of one button, signed as Slack signs it."""
    action = {"type": "button", "action_id": "press:action.mark_done:0", "value": "action-1"}
    payload = {
        "type": "block_actions",
        "user": {"id": "U2", "team_id": "T1"},
        "team": {"id": "T1", "domain": "t"},
        "channel": {"id": "C1", "name": "privategroup"},
        "container": {"type": "message", "message_ts": "1.2", "channel_id": "C1"},
        "actions": [action | {"block_id": "b", "action_ts": f"{number}"}],
    }
    body = urlencode({"payload": json.dumps(payload)}).encode()
    now = str(int(time.time())).encode()
    signature = hmac.new(SECRET.encode(), b"v0:%s:%s" % (now, body), hashlib.sha256).hexdigest()
    return (
        b"POST /slack/events HTTP/1.1\r\nhost: taf\r\n"
        b"content-type: application/x-www-form-urlencoded\r\n"
        b"x-slack-request-timestamp: %s\r\nx-slack-signature: v0=%s\r\n"
        b"content-length: %d\r\n\r\n%s" % (now, signature.encode(), len(body), body)
    )


async def _answered(reader: asyncio.StreamReader) -> None:
    said = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = said.split(" ", 2)[1]
    assert status == "200", said
    length = next(line for line in said.split("\r\n") if line.startswith("content-length"))
    await reader.readexactly(int(length.partition(":")[2]))


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[1])})
    asyncio.run(obey(load=load, press=press, steadily=steadily))
