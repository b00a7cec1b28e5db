"""The only reader of time: everything else is handed the moment."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from storage import settings
from storage.database import Database


def steady() -> float:
    """Seconds that only ever go on, through clock changes and while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime:
        """This moment."""


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        """This moment."""
        return datetime.now(UTC)


class SharedClock:
    """The database's time, so that all its processes agree whatever their machines' clocks say.

    It is looked at now and then, and kept steadily in between.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.look()

    def look(self) -> None:
        """Read the time from the database."""
        before = steady()
        at = self._database.moment()
        after = steady()
        self._read = (at, (before + after) / 2)

    def now(self) -> datetime:
        """This moment, by the database."""
        at, read = self._read
        return at + timedelta(seconds=steady() - read)


def clock_for(database: Database) -> Clock:
    """The clock of a real installation: one file's is its machine's."""
    return WallClock() if database.is_file else SharedClock(database)


class StoppedClock:
    """A clock for stories: it shows what it was last set to."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """What the clock was set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Move the clock; never backwards."""
        if at < self._at:
            raise ValueError("a story's clock does not go back")
        self._at = at


class PracticeClock:
    """The demo's clock: real time, moved by as much as people have moved it; kept over restarts."""

    NAME = "practice clock ahead by seconds"

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.reading() as session:
            self._ahead = timedelta(seconds=settings.remembered(session, self.NAME) or 0)

    def now(self) -> datetime:
        """The practice time."""
        return datetime.now(UTC) + self._ahead

    def set(self, at: datetime) -> None:
        """Move the practice time on, and remember it."""
        self._ahead = at - datetime.now(UTC)
        with self._database.writing() as session:
            settings.remember(session, self.NAME, self._ahead.total_seconds())
