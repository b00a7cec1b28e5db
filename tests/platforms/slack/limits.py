"""How many calls a minute the fake Slack takes, method by method."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from tests.platforms.slack.refusing import Refused

TIER_2, TIER_3, TIER_4, SPECIAL = 20, 50, 100, 600
"""Calls a minute (documented, as are the tiers below unless they say otherwise)."""

TIERS = {
    **dict.fromkeys(
        [
            "conversations.archive",
            "conversations.create",
            "conversations.list",
            "conversations.rename",
            "conversations.setPurpose",
            "conversations.setTopic",
            "conversations.unarchive",
            "pins.add",  # remembered, as are pins.list and pins.remove
            "pins.list",
            "pins.remove",
            "users.list",
        ],
        TIER_2,
    ),
    **dict.fromkeys(
        [
            "chat.delete",
            "chat.update",
            "conversations.history",
            "conversations.info",
            "conversations.invite",
            "conversations.kick",
            "conversations.leave",  # remembered
            "conversations.open",
            "conversations.replies",  # remembered: the same as history
            "team.info",  # remembered
            "users.lookupByEmail",
        ],
        TIER_3,
    ),
    **dict.fromkeys(
        [
            "chat.postEphemeral",
            "conversations.members",
            "users.info",
            "views.open",
            "views.publish",
            "views.push",
            "views.update",
        ],
        TIER_4,
    ),
    "auth.test": SPECIAL,
    "apps.connections.open": 1_000,  # remembered: more than anybody needs
}

POSTS_A_MINUTE = 300
"""`chat.postMessage` in one workspace: "several hundred" is all that is documented."""

POSTS_A_SECOND = 1
"""`chat.postMessage` in one channel (documented; a burst is tolerated now and then, never here)."""


@dataclass
class _Bucket:
    size: float
    left: float
    filled: float

    def take(self, now: float, a_second: float) -> float:
        """Take one; or, if there is none, how many seconds until there will be."""
        self.left = min(self.size, self.left + (now - self.filled) * a_second)
        self.filled = now
        if self.left >= 1:
            self.left -= 1
            return 0.0
        return (1 - self.left) / a_second


@dataclass
class Limits:
    """Token buckets, one for each method. `speed`: how much faster than Slack's a minute is here.

    `whole_seconds`: say Retry-After in whole seconds as Slack does; False shortens fast tests.
    """

    on: bool = True
    speed: float = 1.0
    whole_seconds: bool = True
    _buckets: dict[tuple[str, ...], _Bucket] = field(default_factory=dict)

    def check(self, method: str, channel: str = "") -> None:
        """Count one call, or refuse it with the time to wait."""
        if not self.on:
            return
        if method != "chat.postMessage":
            size = TIERS.get(method, TIER_3)
            self._take((method,), size, size / 60)
            return
        self._take((method, channel), 1, POSTS_A_SECOND)
        self._take((method,), POSTS_A_MINUTE, POSTS_A_MINUTE / 60)

    def _take(self, key: tuple[str, ...], size: float, a_second: float) -> None:
        now = time.monotonic()
        bucket = self._buckets.setdefault(key, _Bucket(size, size, now))
        if wait := bucket.take(now, a_second * self.speed):
            raise Refused(
                "ratelimited", retry_after=math.ceil(wait) if self.whole_seconds else wait
            )
