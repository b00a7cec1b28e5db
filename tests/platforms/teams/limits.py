"""How many calls the fake Teams takes from one bot: by conversation, by tenant, and by Graph."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.platforms.teams.refusing import ConnectorRefuses, GraphRefuses, Refused

Windows = tuple[tuple[int, float], ...]
"""So many calls in so many seconds, for each of them."""

SENDS: Windows = ((7, 1), (8, 2), (60, 30), (1_800, 3_600))
READS: Windows = ((14, 1), (16, 2), (120, 30), (3_600, 3_600))
"""Per bot and conversation (documented; that an update counts as a send is remembered)."""

OF_A_TENANT: Windows = ((50, 1),)
"""Every call of a bot in one tenant (documented)."""

GRAPH: Windows = ((30, 1),)
GRAPH_OF_A_CHAT: Windows = ((4, 1),)
"""Per app and tenant (documented); 4 a second is documented of a team with its channels, whatever
is asked, and remembered of a chat, of which only changes count."""

LARGEST_ACTIVITY, LARGEST_CARD = 100_000, 28_000
"""Bytes: an activity in UTF-16 (documented), and a card that every client still shows."""

READING = frozenset({"conversations.members", "conversations.member"})


@dataclass
class Limits:
    """Sliding windows. `speed`: how much faster than Microsoft's a second is here.

    `whole_seconds`: say Retry-After in whole seconds as Microsoft does.
    """

    on: bool = True
    speed: float = 1.0
    whole_seconds: bool = True
    largest_activity: int = LARGEST_ACTIVITY
    largest_card: int = LARGEST_CARD
    clock: Callable[[], float] = time.monotonic
    _made: dict[tuple[str, ...], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def check(self, method: str, conversation: str) -> None:
        """Count one call to the connector, or refuse it with the time to wait."""
        windows = READS if method in READING else SENDS
        kind = "read" if method in READING else method.partition(".")[0]
        self._check(
            [((kind, conversation), windows), (("tenant",), OF_A_TENANT)],
            ConnectorRefuses(429, "Throttled", "API calls quota exceeded"),
        )

    def check_graph(self, chat: str, *, writes: bool) -> None:
        """Count one call to Graph, or refuse it with the time to wait."""
        wanted: list[tuple[tuple[str, ...], Windows]] = [(("graph",), GRAPH)]
        if chat and writes:
            wanted.append((("graph", chat), GRAPH_OF_A_CHAT))
        self._check(wanted, GraphRefuses(429, "TooManyRequests", "Too many requests"))

    def _check(self, wanted: list[tuple[tuple[str, ...], Windows]], no: Refused) -> None:
        if not self.on:
            return
        now = self.clock()
        wait = max(self._wait(key, windows, now) for key, windows in wanted)
        if wait > 0:
            no.retry_after = math.ceil(wait) if self.whole_seconds else wait
            raise no
        for key, _ in wanted:
            self._made[key].append(now)

    def _wait(self, key: tuple[str, ...], windows: Windows, now: float) -> float:
        """How many seconds until one more would be taken."""
        made = self._made[key]
        wait = 0.0
        for most, seconds in windows:
            if len(made) >= most:
                wait = max(wait, made[-most] + seconds / self.speed - now)
        return wait
