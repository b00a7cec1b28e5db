"""A fake platform over HTTP, by hand: only so can a connection be cut where it hurts."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

LARGEST = 4_000_000
"""No request is larger than this, in bytes."""


@dataclass
class Asked:
    """One request, its header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """An HTTP answer; `cut` is a connection that ends instead."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


CUT = Reply(0, b"", cut=True)

Answering = Callable[[Asked], Awaitable[Reply]]
Upgrading = Callable[
    [str, dict[str, str], asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]
]


def told(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    """An answer in JSON."""
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return Reply(status, json.dumps(body).encode(), kind | (headers or {}))


class Wire:
    """Listens on a port of the machine's own choosing, in a thread of its own.

    `upgrade` takes over a connection that wants to be a WebSocket.
    """

    def __init__(self, answer: Answering, now: Callable[[], float]) -> None:
        self.upgrade: Upgrading | None = None
        self.port = 0
        self._answer, self._now = answer, now
        self.loop = asyncio.new_event_loop()
        self._open: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._broken: list[str] = []
        self.loop.set_exception_handler(self._note_broken)

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self.loop).result(10)

    def stop(self) -> None:
        """Hang up on everybody; say so loudly if the fake itself broke meanwhile."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(10)
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(10)
        self.loop.close()
        assert not self._broken, self._broken

    def _note_broken(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        fault = context.get("exception")
        told = traceback.format_exception(fault) if fault else [str(context.get("message"))]
        self._broken.append("".join(told))

    def go_deaf(self) -> None:
        """Be out of reach: what is open is cut, and nobody can connect until `hear`."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(10)

    def hear(self) -> None:
        """Be within reach again, at the same port."""
        asyncio.run_coroutine_threadsafe(self._listen(), self.loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Everything that one connection asks, one after the other."""
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while (asked := await _read(reader)) is not None:
                if self.upgrade and asked.headers.get("upgrade", "").lower() == "websocket":
                    await self.upgrade(asked.target, asked.headers, reader, writer)
                    break
                reply = await self._answer(asked)
                if reply.cut:
                    _reset(writer)
                    break
                _write(writer, reply, self._now())
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            _reset(writer)
        finally:
            self._open.discard(task)
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except asyncio.IncompleteReadError as cut:
        if cut.partial:
            raise
        return None
    method, target, _ = head[0].split(" ")
    named = [line.split(":", 1) for line in head[1:] if line]
    headers = {name.strip().lower(): value.strip() for name, value in named}
    size = int(headers.get("content-length", 0))
    if size > LARGEST:
        raise ConnectionError("too much")
    return Asked(method, target, headers, await reader.readexactly(size))


def _write(writer: asyncio.StreamWriter, reply: Reply, now: float) -> None:
    head = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"]
    head += [f"Date: {formatdate(now, usegmt=True)}"]
    head += [f"{name}: {value}" for name, value in reply.headers.items()]
    head += [f"Content-Length: {len(reply.body)}", "", ""]
    writer.write("\r\n".join(head).encode() + reply.body)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Cut the connection so that the other side reads a reset, not an end."""
    found = writer.get_extra_info("socket")
    if found is not None and found.fileno() != -1:  # else the other side was first
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
