"""Socket Mode: we open the connection, for a place where nothing may come in from outside."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from bot.slack.listening import Listening

log = logging.getLogger(__name__)

AGAIN = 5.0
"""Seconds until Slack is asked again for a connection that could not be had."""


@contextmanager
def listening_by_socket(listening: Listening) -> Iterator[None]:
    """Hear Slack over connections of our own until the end of this."""
    stopping = threading.Event()
    thread = threading.Thread(
        target=lambda: asyncio.run(_hear(listening, stopping)), name="slack-socket", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(timeout=15)


async def _hear(listening: Listening, stopping: threading.Event) -> None:
    """Connect, again and again until it is done; from then on the client reconnects by itself."""
    connection = listening.calling.connection
    while not stopping.is_set():
        handler = AsyncSocketModeHandler(
            listening.bolt, connection.app_token, web_client=listening.client
        )
        try:
            await handler.connect_async()
        except Exception:
            log.exception("slack cannot be reached for a connection; it is tried again")
            await handler.client.close()
            await asyncio.to_thread(stopping.wait, AGAIN)
            continue
        await asyncio.to_thread(stopping.wait)
        await handler.client.disconnect()
        await listening.stop()
        await handler.client.close()
