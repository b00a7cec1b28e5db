"""Socket Mode: the app connects to Slack, and each envelope goes down one of its connections."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import itertools
import json
import time
from typing import TYPE_CHECKING, Any

from tests.platforms.slack.frames import WebSocket
from tests.platforms.slack.outgoing import Answer

if TYPE_CHECKING:
    from tests.platforms.slack.workspace import Workspace

MOST_CONNECTIONS = 10
"""Documented; that an eleventh is told `too_many_websockets` is remembered."""

WARNED = 10.0
"""How many seconds before it closes a connection is warned (remembered)."""


class SocketMode:
    """The app's connections, and the envelopes that it has not acknowledged."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.connections: list[WebSocket] = []
        self.acks: list[dict[str, Any]] = []
        self.ping_every = 5.0
        self._tickets: set[str] = set()
        self._waiting: dict[str, concurrent.futures.Future[dict[str, Any]]] = {}
        self._turns = itertools.count()

    @property
    def connected(self) -> bool:
        """Whether there is anybody to bring an envelope to."""
        return bool(self.connections)

    def invite(self) -> str:
        """A URL to connect to, once."""
        ticket = self.workspace.new_id("tk")
        self._tickets.add(ticket)
        host = self.workspace.url.removeprefix("http://")
        return f"ws://{host}/link/?ticket={ticket}&app_id={self.workspace.app.app_id}"

    async def link(
        self,
        target: str,
        headers: dict[str, str],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        """Hold one connection for as long as it lasts."""
        ticket = target.partition("ticket=")[2].partition("&")[0]
        if ticket not in self._tickets:
            writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
            return
        self._tickets.discard(ticket)
        link = WebSocket(reader, writer)
        await link.accept(headers["sec-websocket-key"])
        if len(self.connections) >= MOST_CONNECTIONS:
            await link.send(_disconnect("too_many_websockets"))
            await link.close()
            return
        await self._hold(link)

    async def _hold(self, link: WebSocket) -> None:
        with self.workspace.changed:
            self.connections.append(link)
            self.workspace.changed.notify_all()
        pinging = asyncio.create_task(self._ping(link))
        try:
            await link.send(json.dumps(self._hello()))
            async for text in link.texts():
                self._acknowledged(json.loads(text))
        finally:
            pinging.cancel()
            with self.workspace.changed:
                if link in self.connections:
                    self.connections.remove(link)
                self.workspace.changed.notify_all()

    async def _ping(self, link: WebSocket) -> None:
        """Ask now and then whether the app still listens; how often is remembered."""
        with contextlib.suppress(ConnectionError):
            while True:
                await asyncio.sleep(self.ping_every)
                await link.ping()

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self.workspace.app.app_id},
            "debug_info": {"host": "applink-made-up", "approximate_connection_time": 18060},
        }

    def _acknowledged(self, ack: dict[str, Any]) -> None:
        with self.workspace.changed:
            self.acks.append(ack)
            waiting = self._waiting.pop(str(ack.get("envelope_id")), None)
            self.workspace.changed.notify_all()
        if waiting is not None:
            waiting.set_result(ack)

    def carry(self, kind: str, body: dict[str, Any], attempt: int = 0, reason: str = "") -> Answer:
        """Send an envelope down one connection, and wait for its acknowledgement."""
        workspace = self.workspace
        name = workspace.new_id("env-")
        envelope: dict[str, Any] = {"envelope_id": name, "type": kind, "payload": body}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        done: concurrent.futures.Future[dict[str, Any]] = concurrent.futures.Future()
        started = time.monotonic()
        with workspace.lock:
            links = list(self.connections)
            self._waiting[name] = done
        if not links:
            return Answer(None, error="connection")
        link = links[next(self._turns) % len(links)]
        asyncio.run_coroutine_threadsafe(link.send(json.dumps(envelope)), workspace.serving.loop)
        try:
            ack = done.result(workspace.clocks.acknowledge)
        except concurrent.futures.TimeoutError:
            return Answer(None, seconds=time.monotonic() - started, error="timeout")
        payload = json.dumps(ack["payload"]).encode() if ack.get("payload") else b""
        return Answer(200, payload, seconds=time.monotonic() - started)

    def disconnect(self, reason: str = "refresh_requested", warned: float = WARNED) -> None:
        """Ask every connection to go: a `warning` leaves it some seconds, else it closes now."""
        for link in list(self.connections):
            wait = warned if reason == "warning" else 0.0
            loop = self.workspace.serving.loop
            asyncio.run_coroutine_threadsafe(self._ask_to_go(link, reason, wait), loop)

    async def _ask_to_go(self, link: WebSocket, reason: str, wait: float) -> None:
        await link.send(_disconnect(reason))
        await asyncio.sleep(wait)
        with self.workspace.changed:
            if link in self.connections:  # the client may have gone meanwhile
                self.connections.remove(link)
            self.workspace.changed.notify_all()
        await link.close()


def _disconnect(reason: str) -> str:
    debug = {"host": "applink-made-up"}
    return json.dumps({"type": "disconnect", "reason": reason, "debug_info": debug})
