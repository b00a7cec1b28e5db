"""What the fake Slack sends to our app: signed requests, with Slack's clocks and redeliveries."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx2

if TYPE_CHECKING:
    from tests.platforms.slack.workspace import Workspace

REASONS = {"timeout": "http_timeout", "connection": "connection_failed", "status": "http_error"}
"""How X-Slack-Retry-Reason names what went wrong (documented)."""


@dataclass
class Answer:
    """What our app answered; `error` is timeout, connection, status, or nothing."""

    status: int | None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    error: str | None = None

    @property
    def ok(self) -> bool:
        """Whether Slack takes it for an acknowledgement."""
        return self.error is None

    def parsed(self) -> Any:
        """The body read as JSON; nothing if it is empty or something else."""
        with contextlib.suppress(ValueError):
            return json.loads(self.body)
        return None


@dataclass
class Event:
    """An event that our app is told of, and how each attempt went."""

    id: str
    body: dict[str, Any]
    attempts: list[Answer] = field(default_factory=list)
    given_up: bool = False

    @property
    def acknowledged(self) -> bool:
        """Whether our app has taken it."""
        return any(one.ok for one in self.attempts)


class Outgoing:
    """Everything on its way from Slack to our app."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.events: list[Event] = []
        self.waiting = 0
        self._queue: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._client = httpx2.Client(trust_env=False)
        self._threads: list[threading.Thread] = []
        self._start(self._work)

    def _start(self, work: Callable[..., None], *about: Event) -> None:
        thread = threading.Thread(target=work, args=about, daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """Send nothing any more."""
        self._stopped.set()
        self._queue.put(None)
        for thread in self._threads:
            thread.join(self.workspace.clocks.acknowledge + 1)
        self._client.close()

    def carry(self, kind: str, body: dict[str, Any]) -> Answer:
        """Bring an interaction (`interactive`) or a command (`slash_commands`); never repeated."""
        if self.workspace.sockets.connected:
            return self.workspace.sockets.carry(kind, body)
        fields = {"payload": json.dumps(body)} if kind == "interactive" else body
        return self.send(urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def tell(self, event: dict[str, Any]) -> Event:
        """Put an event on its way; it arrives a little later, in the order of telling."""
        workspace = self.workspace
        told = Event(workspace.new_id("Ev"), {})
        told.body = {
            "token": workspace.app.verification,
            "team_id": workspace.team_id,
            "api_app_id": workspace.app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": told.id,
            "event_time": int(workspace.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team_id,
                    "user_id": workspace.app.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
        }
        with workspace.lock:
            self.events.append(told)
            self.waiting += 1
        self._queue.put(told)
        return told

    def redeliver(self, event: Event) -> Answer:
        """Send an event once more on purpose, as Slack does when it lost our answer."""
        return self._attempt(event, max(1, len(event.attempts)), "http_timeout")

    def verify_url(self, challenge: str = "a-challenge") -> Answer:
        """Ask the app whether the URL is its own, as Slack does when it is saved."""
        asked = {"type": "url_verification", "challenge": challenge}
        asked["token"] = self.workspace.app.verification
        return self.send(json.dumps(asked).encode(), "application/json")

    def send(self, body: bytes, content_type: str, **headers: str) -> Answer:
        """Send a signed request."""
        signed = self.signature(body, str(int(self.workspace.now())))
        return self.send_raw(body, signed | {"Content-Type": content_type} | headers)

    def signature(self, body: bytes, timestamp: str) -> dict[str, str]:
        """The headers by which our app knows that it is Slack (documented)."""
        secret = self.workspace.app.signing_secret.encode()
        signed = hmac.new(secret, b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
        found = {"X-Slack-Request-Timestamp": timestamp}
        return found | {"X-Slack-Signature": f"v0={signed.hexdigest()}"}

    def send_raw(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Send anything at all, under Slack's patience."""
        url = self.workspace.request_url
        if url is None:
            return Answer(None, error="connection")
        started = time.monotonic()
        try:
            found = self._client.post(
                url, content=body, headers=headers, timeout=self.workspace.clocks.acknowledge
            )
        except httpx2.TimeoutException:
            return Answer(None, seconds=time.monotonic() - started, error="timeout")
        except httpx2.TransportError:
            return Answer(None, seconds=time.monotonic() - started, error="connection")
        error = None if 200 <= found.status_code < 300 else "status"
        seconds = time.monotonic() - started
        return Answer(found.status_code, found.content, dict(found.headers), seconds, error)

    def _work(self) -> None:
        while (event := self._queue.get()) is not None and not self._stopped.is_set():
            answer = self._attempt(event)
            with self.workspace.changed:
                self.waiting -= 1
                self.workspace.changed.notify_all()
            if not answer.ok:
                self._start(self._repeat, event)

    def _repeat(self, event: Event) -> None:
        """Three times more: at once, after a minute, after five (documented, at second hand)."""
        for number, pause in enumerate(self.workspace.clocks.redeliveries, start=1):
            last = event.attempts[-1]
            # Said on an error answer, it ends the redeliveries; nobody can say it on a timeout.
            if last.headers.get("x-slack-no-retry") == "1" or self._stopped.wait(pause):
                break
            if self._attempt(event, number, REASONS[str(last.error)]).ok:
                break
        event.given_up = not event.acknowledged

    def _attempt(self, event: Event, number: int = 0, reason: str = "") -> Answer:
        if self.workspace.sockets.connected:
            answer = self.workspace.sockets.carry("events_api", event.body, number, reason)
        else:
            again = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
            body = json.dumps(event.body).encode()
            answer = self.send(body, "application/json", **(again if number else {}))
        with self.workspace.changed:
            event.attempts.append(answer)
            self.workspace.changed.notify_all()
        return answer
