"""A lock that is given in the order in which it was asked for, with a way to the front."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

PATIENCE = 10.0
"""Seconds to wait for one's turn."""


class Turns:
    """Whoever asked first goes first: a busy thread that asks again at once overtakes nobody."""

    def __init__(self) -> None:
        self._mutex, self._queue = Lock(), deque[Lock]()

    @contextmanager
    def turn(self, *, urgent: bool = False) -> Iterator[None]:
        """Wait for one's turn, and have it; raises TimeoutError where it does not come.

        What is urgent goes right behind whoever is at it.
        """
        mine = Lock()
        mine.acquire()
        with self._mutex:
            self._queue.insert(1 if urgent else len(self._queue), mine)
            waits = self._queue[0] is not mine
        if waits and not mine.acquire(timeout=PATIENCE):
            self._leave(mine)
        try:
            yield
        finally:
            with self._mutex:
                self._queue.popleft()
                if self._queue:
                    self._queue[0].release()

    def _leave(self, mine: Lock) -> None:
        with self._mutex:
            if self._queue[0] is not mine:  # it may have come just now
                self._queue.remove(mine)
                raise TimeoutError("the database was busy for too long")
