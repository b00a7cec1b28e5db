"""Draws the app's two icons: people in a ring around a family."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable

BLUE, WHITE = (29, 112, 184), (255, 255, 255)
ACCENT = "#1d70b8"
"""The same blue, as the app package names it."""

PEOPLE = 6
FINE = 3
"""Each pixel is looked at in so many places each way, so that edges are smooth."""

Pixel = tuple[int, int, int, int]


def colour() -> bytes:
    """192 pixels square, white on blue (Teams' size for the store)."""
    return _png(192, lambda share: (*_between(BLUE, WHITE, share), 255))


def outline() -> bytes:
    """32 pixels square, white on nothing (Teams' size for the bar at the side)."""
    return _png(32, lambda share: (*WHITE, round(255 * share)))


def _is_drawn(x: float, y: float) -> bool:
    """Whether a point of the picture is drawn on; it goes from -1 to 1 each way."""
    far = math.hypot(x, y)
    if far < 0.26:
        return True
    for one in range(PEOPLE):
        turn = 2 * math.pi * one / PEOPLE - math.pi / 2
        near = math.hypot(x - 0.62 * math.cos(turn), y - 0.62 * math.sin(turn))
        if near < 0.24:
            return near < 0.17
    return abs(far - 0.62) < 0.05


def _share(size: int, column: int, row: int) -> float:
    """How much of a pixel is drawn on."""
    steps = [(step + 0.5) / FINE for step in range(FINE)]
    hits = sum(
        _is_drawn(2 * (column + right) / size - 1, 2 * (row + down) / size - 1)
        for right in steps
        for down in steps
    )
    return hits / FINE**2


def _between(one: tuple[int, ...], other: tuple[int, ...], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _png(size: int, paint: Callable[[float], Pixel]) -> bytes:
    """The picture as a PNG file: eight bits each of red, green, blue and cover."""
    rows = bytearray()
    for row in range(size):
        rows.append(0)
        for column in range(size):
            rows += bytes(paint(_share(size, column, row)))
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
