"""A lock that is given in the order in which it was asked for."""

from __future__ import annotations

from collections import deque
from threading import Lock

PATIENCE = 10.0
"""Seconds to wait for one's turn."""


class Turns:
    """Whoever asked first goes first: a busy thread that asks again at once overtakes nobody.

    Raises TimeoutError where one's turn does not come.
    """

    def __init__(self) -> None:
        self._mutex, self._queue = Lock(), deque[Lock]()

    def __enter__(self) -> None:
        mine = Lock()
        mine.acquire()
        with self._mutex:
            self._queue.append(mine)
            if self._queue[0] is mine:
                return
        if mine.acquire(timeout=PATIENCE):
            return
        with self._mutex:
            if self._queue[0] is not mine:  # it may have come just now
                self._queue.remove(mine)
                raise TimeoutError("the database was busy for too long")

    def __exit__(self, *_: object) -> None:
        with self._mutex:
            self._queue.popleft()
            if self._queue:
                self._queue[0].release()
