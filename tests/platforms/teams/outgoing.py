"""What the fake Teams sends to our app: activities with signed tokens, under Teams' patience."""

from __future__ import annotations

import json
import queue
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx2

from tests.platforms.slack.outgoing import Answer
from tests.platforms.teams.activities import Activity

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant


@dataclass
class Event:
    """An activity that our app is told of, and how each attempt went."""

    body: Activity
    attempts: list[Answer] = field(default_factory=list)

    @property
    def acknowledged(self) -> bool:
        """Whether our app has taken it."""
        return any(one.ok for one in self.attempts)


class Outgoing:
    """Everything on its way from Teams to our app."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.events: list[Event] = []
        self.waiting = 0
        self._queue: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._client = httpx2.Client(trust_env=False)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send nothing any more."""
        self._queue.put(None)
        self._thread.join(self.tenant.clocks.deliver + 1)
        self._client.close()

    def tell(self, activity: Activity) -> Event:
        """Put an activity on its way; it arrives a little later, in the order of telling."""
        told = Event(activity)
        with self.tenant.lock:
            self.events.append(told)
            if self.tenant.request_url is None:
                told.attempts.append(Answer(None, error="connection"))
                return told
            self.waiting += 1
        self._queue.put(told)
        return told

    def send(self, activity: Activity, patience: float | None = None) -> Answer:
        """Send an activity with a good token, and wait for the answer."""
        return self.send_raw(json.dumps(activity).encode(), self.headers(), patience)

    def headers(self, token: str | None = None) -> dict[str, str]:
        """What a request of Teams carries; with any token that is wanted."""
        said = self.tenant.keys.good() if token is None else token
        return {"Authorization": f"Bearer {said}".strip(), "Content-Type": "application/json"}

    def send_raw(
        self, body: bytes, headers: dict[str, str], patience: float | None = None
    ) -> Answer:
        """Send anything at all."""
        url, started = self.tenant.request_url, time.monotonic()
        if url is None:
            return Answer(None, error="connection")
        patience = self.tenant.clocks.deliver if patience is None else patience
        try:
            found = self._client.post(url, content=body, headers=headers, timeout=patience)
        except httpx2.TimeoutException:
            return Answer(None, seconds=time.monotonic() - started, error="timeout")
        except httpx2.TransportError:
            return Answer(None, seconds=time.monotonic() - started, error="connection")
        error = None if 200 <= found.status_code < 300 else "status"
        seconds = time.monotonic() - started
        return Answer(found.status_code, found.content, dict(found.headers), seconds, error)

    def _work(self) -> None:
        """One after the other; Teams does not send again what was not taken (remembered)."""
        while (event := self._queue.get()) is not None:
            answer = self.send(event.body)
            with self.tenant.changed:
                event.attempts.append(answer)
                self.waiting -= 1
                self.tenant.changed.notify_all()
