"""One clock for all processes of a scenario: real time, moved by as much as the scenario says."""

from __future__ import annotations

import mmap
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

TUESDAY = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
"""9am on an ordinary working day: the digest of the day has gone, and nobody sleeps."""

_TWO = struct.Struct("dd")


class ScenarioClock:
    """The true time; what a scenario changes is seen by every process at once.

    `skew` is how far one machine's clock is out: a process whose clock is wrong is given its own.
    """

    def __init__(self, path: str | Path, *, skewed: bool = False) -> None:
        self._skewed = skewed
        with Path(path).open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _TWO.size)

    @classmethod
    def made(cls, path: Path, at: datetime = TUESDAY) -> ScenarioClock:
        """A new clock that shows this moment."""
        path.write_bytes(_TWO.pack(0.0, 0.0))
        clock = cls(path)
        clock.set(at)
        return clock

    def seconds(self) -> float:
        """This moment, in seconds since 1970."""
        ahead, skew = _TWO.unpack(self._shared)
        real: float = time.time()  # noqa: TID251
        return real + ahead + (skew if self._skewed else 0.0)

    def now(self) -> datetime:
        """This moment, aware."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def set(self, at: datetime) -> None:
        """Make it this moment, for everybody."""
        _, skew = _TWO.unpack(self._shared)
        real: float = time.time()  # noqa: TID251
        self._shared[:] = _TWO.pack(at.timestamp() - real, skew)

    def set_right(self) -> None:
        """Make it what it really is: for processes that read the real time."""
        _, skew = _TWO.unpack(self._shared)
        self._shared[:] = _TWO.pack(0.0, skew)

    def move(self, by: timedelta) -> None:
        """Let this much time go by, for everybody."""
        self.set(self.now() + by)

    def put_out(self, by: timedelta) -> None:
        """Put the skewed clocks out by this much."""
        ahead, _ = _TWO.unpack(self._shared)
        self._shared[:] = _TWO.pack(ahead, by.total_seconds())
