"""A subject's steps as they are written down beside it: one line each, which begins with its time.

Moments are written in UTC, to the microsecond, so that they sort as text.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

BETWEEN = "\t"
STAMP = len("2025-03-04T09:00:00.000000+00:00")


class Upcoming(NamedTuple):
    """One step as it is written down. `to` is a practitioner's number, or the name of a role."""

    moment: str
    rule: str
    matter: str
    slot: str
    to: str
    notice: str
    at_once: str
    until: str

    @property
    def line(self) -> str:
        """The step as one line."""
        return BETWEEN.join(self)


def read(line: str) -> Upcoming:
    """A step from its line."""
    return Upcoming(*line.split(BETWEEN))


def stamp(at: datetime) -> str:
    """A moment as it is written down."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@lru_cache(maxsize=4096)
def moment(stamped: str) -> datetime:
    """A moment that was written down; the same few come again and again."""
    return datetime.fromisoformat(stamped)
