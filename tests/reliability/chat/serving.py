"""The fake platform over HTTP, by hand: only so can a connection be cut where it hurts."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from typing import Any

from tests.reliability.chat.faults import Faults
from tests.reliability.chat.workspace import LARGEST, Refused, Workspace

OPERATIONS = frozenset(
    {"open", "room", "admit", "remove", "close", "post", "edit", "message", "history"}
)

Reply = tuple[int, dict[str, Any], float | None]


class Cut(Exception):
    """This connection gets no answer, and a reset."""


class Serving:
    """Answers the assistant at one door, and the scenario that gives the orders at another."""

    def __init__(self, workspace: Workspace, faults: Faults) -> None:
        self.workspace, self.faults = workspace, faults
        self.released = asyncio.Event()
        self.holding = 0
        self._late: set[asyncio.TimerHandle] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self._door: asyncio.Server | None = None
        self._port = 0

    async def listen(self) -> tuple[int, int]:
        """Open both doors; their ports."""
        await self._hear()
        orders = await asyncio.start_server(self._ordered, "127.0.0.1", 0, limit=2**24)
        return self._port, int(orders.sockets[0].getsockname()[1])

    async def _hear(self) -> None:
        """Open the assistant's door, at the same port as ever."""
        self._door = await asyncio.start_server(self._connected, "127.0.0.1", self._port)
        self._port = self._door.sockets[0].getsockname()[1]

    def _go_deaf(self) -> None:
        """Be gone: what is open is cut, and nobody can connect."""
        if self._door is not None:
            self._door.close()
        for writer in list(self._open):
            _reset(writer)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Everything that one connection asks, one after the other."""
        self._open.add(writer)
        try:
            while (asked := await _read(reader)) is not None:
                _write(writer, *await self._answer(*asked))
        except (Cut, ConnectionError, asyncio.IncompleteReadError):
            _reset(writer)
        except asyncio.CancelledError:
            writer.close()  # the platform stops; whoever hangs on it has nothing to hear
        else:
            writer.close()
        finally:
            self._open.discard(writer)

    async def _ordered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (asked := await _read(reader)) is not None:
            order, body = asked[0].removeprefix("/control/"), json.loads(asked[2])
            if order == "hear":
                await self._hear()
            _write(writer, 200, self._control(order, body), None)
        writer.close()

    async def _answer(self, path: str, token: str, raw: bytes) -> Reply:
        operation, workspace = path.removeprefix("/"), self.workspace
        try:
            body = json.loads(raw) if len(raw) <= LARGEST else {}
            self._check(operation, body, token, raw)
            return await self._befallen(operation, body, workspace.who(token))
        except Refused as no:
            return no.status, {"error": no.error}, no.retry_after

    def _check(self, operation: str, body: dict[str, Any], token: str, raw: bytes) -> None:
        try:
            if operation not in OPERATIONS:
                raise Refused(404, "unknown_method")
            if self.faults.revoked:
                raise Refused(401, "token_revoked")
            self.workspace.who(token)
            if left := self.faults.storm_left():
                raise Refused(429, "storm", left)
            if len(raw) > LARGEST:
                raise Refused(413, "msg_too_long")
            if operation in {"post", "edit"}:
                self.workspace.limit()
        except Refused as no:
            self.workspace.note(operation, body, status=no.status, error=no.error)
            raise

    async def _befallen(self, operation: str, body: dict[str, Any], creator: str) -> Reply:
        """Do it, with whatever fault was drawn for it."""
        fault = self.faults.draw(operation)
        kind, _, when = (fault or "").partition(" ")
        if kind == "slow":
            await asyncio.sleep(self.faults.slow_by)
        if kind == "late":
            self._take_later(operation, body, creator)
            kind = "hang"
        elif kind == "held" and when == "before":
            await self._hold()
        answer = {} if _untaken(kind, when) else self.workspace.do(operation, body, creator)
        if kind == "held" and when == "after":
            await self._hold()
        return await _told(kind, answer)

    async def _hold(self) -> None:
        self.holding += 1
        await self.released.wait()
        self.holding -= 1

    def _take_later(self, operation: str, body: dict[str, Any], creator: str) -> None:
        def take() -> None:
            self._late.discard(timer)
            try:
                self.workspace.do(operation, body, creator)
            except Refused:
                return

        timer = asyncio.get_running_loop().call_later(self.faults.late_by, take)
        self._late.add(timer)

    def _control(self, order: str, body: dict[str, Any]) -> dict[str, Any]:
        match order:
            case "faults":
                self.faults.set(body)
            case "load":
                self.workspace.load(body)
            case "hold":
                self.released.clear()
            case "release":
                self.released.set()
            case "log":
                return {"log": self.workspace.log[body.get("after", 0) :]}
            case "deaf":
                self._go_deaf()
        return self.workspace.saved() | {
            "lines": len(self.workspace.log),
            "held": self.holding,
            "late": len(self._late),
            "counted": self.faults.counted,
        }


def _untaken(kind: str, when: str) -> bool:
    """Whether a request that met this fault is never taken, or not yet."""
    return kind in {"500", "reset", "hang"} and when != "after"


async def _told(kind: str, answer: dict[str, Any]) -> Reply:
    """What whoever asked hears of it."""
    if kind == "500":
        return 500, {"error": "fatal_error"}, None
    if kind == "reset":
        raise Cut
    if kind == "hang":
        await asyncio.sleep(3600)
    if kind == "garbled":
        return 200, {"": "<html>Please sign in to this network</html>"}, None
    return 200, answer, None


async def _read(reader: asyncio.StreamReader) -> tuple[str, str, bytes] | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except asyncio.IncompleteReadError as cut:
        if cut.partial:
            raise
        return None
    _, path, _ = head[0].split(" ")
    named = dict(line.split(": ", 1) for line in head[1:] if line)
    headers = {name.lower(): value for name, value in named.items()}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return path, headers.get("authorization", "").removeprefix("Bearer "), body


def _write(
    writer: asyncio.StreamWriter, status: int, answer: dict[str, Any], wait: float | None
) -> None:
    body = json.dumps(answer).encode()
    after = f"retry-after: {wait:.3f}\r\n" if wait is not None else ""
    head = f"HTTP/1.1 {status} x\r\ncontent-length: {len(body)}\r\n{after}\r\n"
    writer.write(head.encode() + body)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Cut the connection so that the other side reads a reset, not an end."""
    found = writer.get_extra_info("socket")
    if found is not None and found.fileno() >= 0:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
