"""How a peer's process is spoken to: an order a line, an answer a line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any


def orders() -> Iterator[tuple[str, dict[str, Any]]]:
    """What it is told to do, until nobody is there any more."""
    for line in sys.stdin:
        asked = json.loads(line)
        yield asked.pop("order"), asked


def answer(found: Any) -> None:
    """Say what came of it. Written at once: a fork must never hold half of it."""
    os.write(1, f"{json.dumps(found)}\n".encode())


async def obey(**does: Callable[..., Awaitable[Any]]) -> None:
    """Do what is told, one after the other."""
    for order, values in orders():
        answer(await does[order](**values))
