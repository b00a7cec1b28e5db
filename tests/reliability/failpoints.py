"""Named points between every two side effects, at which a worker process can be made to die.

They live here and not in the assistant: its functions are wrapped, and its transactions watched.
"""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, object_session

from bot.platform import Platform
from storage import audit, claiming, due, finishing, inbox

TRANSACTIONS = ("claim", "finish", "reclaim", "sweep", "press", "take", "pick", "settle")
CALLS = ("post", "find", "open_room", "admit", "remove", "close_room")

POINTS = (
    *(f"{one}: {when} commit" for one in TRANSACTIONS for when in ("before", "after")),
    *(f"{one}: {when}" for one in CALLS for when in ("before", "after")),
    "sweep: queued",
    "intake: stored",
    "intake: acknowledged",
)
"""Every point there is."""


def die() -> None:
    """Be gone at once, as by kill -9."""
    os._exit(137)


def freeze() -> None:
    """Stand still until somebody lets this process go on."""
    os.kill(os.getpid(), signal.SIGSTOP)


def fail() -> None:
    """Meet a fault that nobody foresaw."""
    raise OSError("no space left on device")


ACTIONS = {"die": die, "freeze": freeze, "fail": fail}


class Failpoints:
    """Counts how often the chosen point is passed; at the n-th time, it happens."""

    def __init__(self, point: str, nth: int, action: str) -> None:
        if point and point not in POINTS:
            raise ValueError(f"there is no point {point!r}")
        self._point, self._nth, self._act = point, nth, ACTIONS[action]
        self._counted = itertools.count(1)

    def passing(self, point: str) -> None:
        """This point is passed now."""
        if point == self._point and next(self._counted) == self._nth:
            self._act()

    def install(self) -> None:
        """Watch the assistant's functions and its transactions from here on."""
        self._mark(claiming, "claim", "claim", lambda _, made: bool(made))
        self._mark(finishing, "finish", "finish", lambda _, made: bool(made))
        self._mark(finishing, "finish_sent", "finish", lambda _, made: bool(made))
        self._mark(claiming, "reclaim", "reclaim", lambda _, made: made is not None)
        self._mark(audit, "record", "press", lambda given, _: "command" in given)
        self._mark(inbox, "receive", "take", lambda _, made: bool(made))
        self._mark(inbox, "pick", "pick", lambda _, made: bool(made))
        self._mark(inbox, "settle", "settle", lambda *_: True)
        self._watch_the_sweep()
        event.listen(Session, "before_commit", lambda session: self._commits(session, "before"))
        event.listen(Session, "after_commit", lambda session: self._commits(session, "after"))

    def _mark(
        self, module: Any, name: str, what: str, happened: Callable[[dict[str, Any], Any], bool]
    ) -> None:
        """Note in a transaction what was done in it."""
        usual = getattr(module, name)

        def marked(first: Any, *given: Any, **named: Any) -> Any:
            made = usual(first, *given, **named)
            session = first if isinstance(first, Session) else object_session(first)
            if session is not None and happened(named, made):
                _noted(session, what)
            return made

        setattr(module, name, marked)

    def _watch_the_sweep(self) -> None:
        """Between what it queues and when it will look again, there is a point too."""
        usual = due.move_on

        def looked(session: Any, kind: str, when: Any) -> None:
            if when:
                self.passing("sweep: queued")
                _noted(session, "sweep")
            usual(session, kind, when)

        due.move_on = looked

    def _commits(self, session: Any, when: str) -> None:
        for what in sorted(session.info.get("done", ())):
            self.passing(f"{what}: {when} commit")
        if when == "after":
            session.info.pop("done", None)

    def around(self, platform: Platform) -> Platform:
        """The same platform, whose calls have a point before and after them."""
        for name in CALLS:
            setattr(platform, name, self._pointed(name, getattr(platform, name)))
        return platform

    def _pointed(self, name: str, usual: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any) -> Any:
            self.passing(f"{name}: before")
            found = usual(*given)
            self.passing(f"{name}: after")
            return found

        return called


def _noted(session: Any, what: str) -> None:
    """Note in a transaction what is done in it."""
    session.info.setdefault("done", set()).add(what)


def of_kind(*kinds: str) -> Iterator[str]:
    """The points of some transactions and calls."""
    return (point for point in POINTS if point.partition(":")[0] in kinds)
