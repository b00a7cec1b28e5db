"""WebSocket frames (RFC 6455), as much of them as Socket Mode needs."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import struct
from collections.abc import AsyncIterator

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class WebSocket:
    """The server's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def accept(self, key: str) -> None:
        """Agree to the client's wish to speak WebSocket."""
        digest = hashlib.sha1(key.encode() + _MAGIC, usedforsecurity=False).digest()
        head = (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {base64.b64encode(digest).decode()}\r\n\r\n"
        )
        self._writer.write(head.encode())
        await self._writer.drain()

    async def send(self, text: str) -> None:
        """Send one message."""
        await self._send(TEXT, text.encode())

    async def ping(self) -> None:
        """Ask whether the client still listens."""
        await self._send(PING, b"still there?")

    async def close(self) -> None:
        """Say that nothing more will come."""
        await self._send(CLOSE, struct.pack("!H", 1000))

    async def texts(self) -> AsyncIterator[str]:
        """Everything that the client sends, until it closes; pings are answered."""
        whole = b""
        while True:
            final, kind, data = await self._frame()
            if kind == CLOSE:
                await self._send(CLOSE, data[:2])
                return
            if kind == PING:
                await self._send(PONG, data)
            elif kind != PONG:
                whole += data
                if final:
                    yield whole.decode()
                    whole = b""

    async def _send(self, kind: int, data: bytes) -> None:
        size = len(data)
        if size < 126:
            head = struct.pack("!BB", 0x80 | kind, size)
        elif size < 65_536:
            head = struct.pack("!BBH", 0x80 | kind, 126, size)
        else:
            head = struct.pack("!BBQ", 0x80 | kind, 127, size)
        self._writer.write(head + data)
        await self._writer.drain()

    async def _frame(self) -> tuple[bool, int, bytes]:
        first, second = await self._reader.readexactly(2)
        size = second & 0x7F
        if size == 126:
            size = struct.unpack("!H", await self._reader.readexactly(2))[0]
        elif size == 127:
            size = struct.unpack("!Q", await self._reader.readexactly(8))[0]
        if not second & 0x80:
            raise ConnectionError("a client masks what it sends")
        mask = await self._reader.readexactly(4)
        data = await self._reader.readexactly(size)
        return (
            bool(first & 0x80),
            first & 0x0F,
            bytes(byte ^ mask[number % 4] for number, byte in enumerate(data)),
        )
