"""Asks a page again and again over sixteen connections, from a core of its own."""

from __future__ import annotations

import asyncio
import os
import sys
import time

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


async def _answered(reader: asyncio.StreamReader) -> None:
    said = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = said.split(" ", 2)[1]
    assert status == "200", said
    length = next(line for line in said.split("\r\n") if line.startswith("content-length"))
    await reader.readexactly(int(length.partition(":")[2]))


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[1])})
    asyncio.run(obey(load=load))
