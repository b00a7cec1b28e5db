"""Remembers the keys with which Teams signs, and asks for them seldom, whoever knocks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic as steady
from typing import Any

import httpx
import jwt

log = logging.getLogger(__name__)

TIME_OUT = 5.0
"""Seconds that the key server has to answer."""

SELDOM = 300.0
"""Seconds between two askings for a key that nobody knows: it may be made up."""

SOON = 10.0
"""Seconds after which the key server is asked again where it did not answer."""

A_DAY = 86_400.0
"""Seconds after which the keys are asked for again, as Microsoft wants it."""

LAST = 2 * A_DAY
"""Seconds for which keys are good where no newer ones can be had."""

LARGEST = 1_000_000
MOST_KEYS = 500
CHANNEL = "msteams"


def _client() -> httpx.Client:
    """No connection is kept: the next one is a day later."""
    return httpx.Client(timeout=TIME_OUT, limits=httpx.Limits(max_keepalive_connections=0))


@dataclass
class Keys:
    """One process's memory of the keys; used from its event loop, which never waits for them.

    `asked` counts how often the key server was asked.
    """

    url: str
    asked: int = 0
    _known: Mapping[str, jwt.PyJWK] = field(default_factory=dict)
    _had_at: float = -LAST
    _may_ask_at: float = 0.0
    _asking: asyncio.Task[None] | None = None
    _http: httpx.Client = field(default_factory=_client)

    def known(self, kid: str) -> jwt.PyJWK | None:
        """The key of this name, if it is remembered and not too old."""
        if steady() > self._had_at + LAST:
            return None
        return self._known.get(kid)

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key of this name; asks for it where that may be, together with whoever waits too."""
        found = self.known(kid)
        if found is None:
            asking = self._ask()
            if asking is not None:
                await asyncio.shield(asking)
                found = self.known(kid)
        elif steady() > self._had_at + A_DAY:
            self._ask()  # nobody waits: the old ones are still good
        return found

    def _ask(self) -> asyncio.Task[None] | None:
        """Ask the key server, once at a time and seldom; None while it may not be asked."""
        if self._asking is not None and not self._asking.done():
            return self._asking
        if steady() < self._may_ask_at:
            return None
        self.asked += 1
        self._asking = asyncio.create_task(self._refresh())
        return self._asking

    async def _refresh(self) -> None:
        try:
            fetched = asyncio.to_thread(self._fetched)
            found = _read(await asyncio.wait_for(fetched, TIME_OUT))
        except (httpx.HTTPError, TimeoutError, ValueError, TypeError, AttributeError, KeyError):
            log.warning("the keys with which teams signs could not be had")
            self._may_ask_at = steady() + SOON
            return
        now = steady()
        self._known, self._had_at, self._may_ask_at = found, now, now + SELDOM

    def _fetched(self) -> Any:
        answer = self._http.get(self.url)
        answer.raise_for_status()
        if len(answer.content) > LARGEST:
            raise ValueError("too much")
        return answer.json()


def _read(document: Any) -> dict[str, jwt.PyJWK]:
    """The keys that may sign for Teams; raises ValueError where there is none."""
    found = {}
    for one in document["keys"][:MOST_KEYS]:
        endorsed = one.get("endorsements")
        if one.get("kty") != "RSA" or (endorsed is not None and CHANNEL not in endorsed):
            continue
        try:
            found[str(one["kid"])] = jwt.PyJWK(one, "RS256")
        except (jwt.PyJWTError, ValueError, KeyError):
            continue
    if not found:
        raise ValueError("no key")
    return found
