"""One tenant of the fake Teams: its state behind one lock, and what runs around it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.clock import WallClock
from tests.platforms.slack.asked import Line
from tests.platforms.teams.calling import Calling
from tests.platforms.teams.faults import Faults
from tests.platforms.teams.keys import Keys
from tests.platforms.teams.login import Login
from tests.platforms.teams.people import App, Person
from tests.platforms.wire import Wire


def _wall() -> float:
    return WallClock().now().timestamp()


@dataclass
class Tenant:
    """The tenant; `with Tenant() as tenant:` serves it at `tenant.url`.

    `request_url`: where our app hears of activities. `now`: the time on Microsoft's wall, in
    seconds since 1970.
    """

    id: str = "7af00000-0000-4000-8000-000000000001"
    domain: str = "borough.onmicrosoft.com"
    request_url: str | None = None
    app: App = field(default_factory=App)
    faults: Faults = field(default_factory=Faults)
    now: Callable[[], float] = _wall

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.people: dict[str, Person] = {}
        self.log: list[Line] = []
        self.keys, self.login = Keys(self), Login(self)
        self.serving = Wire(Calling(self).answer, self.now)
        self._numbers = 0

    def __enter__(self) -> Tenant:
        self.serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.serving.stop()

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://127.0.0.1:{self.serving.port}"

    @property
    def service_url(self) -> str:
        """The connector of this tenant's region, as activities name it: with a slash."""
        return f"{self.url}/uk/{self.id}/"

    @property
    def graph_url(self) -> str:
        """What stands in place of https://graph.microsoft.com/v1.0."""
        return f"{self.url}/graph/v1.0"

    def note(self, line: Line) -> None:
        """Write a call into the log."""
        with self.changed:
            self.log.append(line)
            self.changed.notify_all()

    def calls(self, method: str) -> list[Line]:
        """The calls of one method, as the log has them."""
        with self.lock:
            return [one for one in self.log if one.method == method]

    def until(self, holds: Callable[[], Any], timeout: float = 5.0) -> Any:
        """Wait until this holds, looking again after every change; what it says then."""
        end = time.monotonic() + timeout
        with self.changed:
            while not (found := holds()):
                if time.monotonic() > end:
                    raise AssertionError(f"it never came to hold within {timeout} s")
                self.changed.wait(0.05)
        return found

    def new_id(self) -> str:
        """An id of the directory's kind that nobody has yet."""
        with self.lock:
            self._numbers += 1
            return f"{self._numbers:08x}-0000-4000-8000-{self._numbers:012x}"
