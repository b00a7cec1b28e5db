"""The one address that Slack sends to: nothing passes that Slack did not sign just now."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler

from bot.clock import Clock
from bot.slack.listening import Listening

log = logging.getLogger(__name__)

WINDOW = 300
"""Seconds that a signature is good for (Slack's own advice)."""

ADDRESS = "/slack/events"
AGAIN = {"Retry-After": "10"}


def is_signed(secret: str, body: bytes, timestamp: str, signature: str, now: float) -> bool:
    """Whether Slack signed just this, within the last five minutes."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    if abs(now - int(timestamp)) > WINDOW:
        return False
    signed = hmac.new(secret.encode(), b"v0:%s:%s" % (timestamp.encode(), body), hashlib.sha256)
    return hmac.compare_digest(f"v0={signed.hexdigest()}".encode(), signature.encode())


def routes(listening: Listening, secret: str, clock: Clock) -> APIRouter:
    """The address for events, commands, presses and forms alike."""

    @asynccontextmanager
    async def finishing(_: object) -> AsyncIterator[None]:
        """When the pages stop, what was acknowledged is finished first."""
        yield
        await listening.stop()

    router = APIRouter(lifespan=finishing)
    bolt: Any = AsyncSlackRequestHandler(listening.bolt)

    async def knock(request: Request) -> Response:
        body = await request.body()
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not is_signed(secret, body, timestamp, signature, clock.now().timestamp()):
            log.warning("something came to slack's address that slack did not sign")
            return PlainTextResponse("Not signed.", 401)
        try:
            answer: Response = await bolt.handle(request)
        except (ValueError, KeyError, TypeError, AttributeError):
            log.warning("something signed could not be read")
            return PlainTextResponse("That cannot be read.", 400)
        # Bolt's word for whatever failed. Slack brings an event again; whoever pressed is told.
        return PlainTextResponse("Not now.", 503, AGAIN) if answer.status_code == 500 else answer

    router.add_route(ADDRESS, knock, ["POST"])  # nothing of it is for FastAPI to read
    return router
