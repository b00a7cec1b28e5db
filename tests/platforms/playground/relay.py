"""Stands between the Playground and the assistant, and adds what only Microsoft could."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.platforms.teams.tenant import Tenant
from tests.platforms.wire import Asked, Reply, Wire


@dataclass
class Relay:
    """Signs what the Playground sends as Bot Framework would, and passes it on.

    `came` is every activity as the Playground sent it, `answered` with which status and body.
    """

    tenant: Tenant
    came: list[dict[str, Any]] = field(default_factory=list)
    answered: list[tuple[int, Any]] = field(default_factory=list)

    async def answer(self, asked: Asked) -> Reply:
        """One activity, signed and passed on; what the assistant says to it."""
        if asked.method != "POST":
            return Reply(405, b"")  # it looks whether anybody is there
        activity = json.loads(asked.body)
        self.came.append(activity)
        token = self.tenant.keys.signed(self.tenant.keys.claims(serviceurl=activity["serviceUrl"]))
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        assert self.tenant.request_url is not None
        async with httpx.AsyncClient(timeout=20) as line:
            got = await line.post(self.tenant.request_url, content=asked.body, headers=headers)
        self.answered.append((got.status_code, got.text))
        kind = got.headers.get("content-type", "text/plain")
        return Reply(got.status_code, got.content, {"Content-Type": kind})


@contextmanager
def relay(tenant: Tenant) -> Iterator[tuple[Relay, str]]:
    """A relay, and where the Playground reaches it."""
    found = Relay(tenant)
    wire = Wire(found.answer, tenant.now)
    wire.start()
    try:
        yield found, f"http://127.0.0.1:{wire.port}/api/messages"
    finally:
        wire.stop()
