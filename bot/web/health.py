"""Tells whoever watches a process whether it is alive, ready for work, and how far behind."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from functools import partial
from typing import Generic, TypeVar

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from bot import metrics
from bot.app import Assistant
from bot.clock import WallClock, steady
from storage import measuring, migrating

Result = TypeVar("Result")

PATIENCE = 5.0
"""Seconds to wait for an answer: whoever asks gives up after six to ten."""

GIVEN_UP = 60.0
"""Seconds after which nobody waits for a look that hangs any more, and another one is begun."""

ASTRAY = timedelta(seconds=60)
HEARTBEAT = timedelta(hours=2, minutes=10)
"""The auditor goes round every hour: two rounds may have been missed, and then ten minutes."""

UNTOLD = "cannot be told while the database is away"
NO_ANSWER = f"did not answer within {PATIENCE:.0f} seconds"


class Look(Generic[Result]):
    """Looks at something that may hang, in a thread that holds nothing up.

    Whoever asks while a look is under way waits for that one, so that a database that is away
    gathers no threads; and a thread that hangs never keeps the process from ending.
    """

    def __init__(self, work: Callable[[], Result]) -> None:
        self._work = work
        self._found: Future[Result] | None = None
        self._began = 0.0

    async def __call__(self) -> Result:
        """What the look found; raises TimeoutError."""
        found, now = self._found, time.monotonic()
        if found is None or found.done() or now - self._began > GIVEN_UP:
            found, self._began = Future(), now
            found.set_running_or_notify_cancel()
            self._found = found
            threading.Thread(target=self._look, args=(found,), daemon=True).start()
        return await asyncio.wait_for(asyncio.wrap_future(found), PATIENCE)

    def _look(self, found: Future[Result]) -> None:
        try:
            found.set_result(self._work())
        except BaseException as error:  # noqa: BLE001  handed on to whoever asked
            found.set_exception(error)


Check = tuple[bool, str]


class Readiness:
    """Whether this process can do its work, check by check."""

    def __init__(self, assistant: Assistant, *, practising: bool) -> None:
        self._assistant, self._practising = assistant, practising
        self._began = steady()

    def checks(self) -> dict[str, Check]:
        """Each check, and a sentence that holds no secret and no name."""
        found = {"database": _tried(self._database)}
        for name, check in (
            ("migrations", self._migrations),
            ("clock", self._clock),
            ("auditor", self._auditor),
        ):
            found[name] = _tried(check) if found["database"][0] else (False, UNTOLD)
        return found

    def _database(self) -> Check:
        with self._assistant.database.reading() as session:
            measuring.oldest_look(session)
        return True, "answers"

    def _migrations(self) -> Check:
        unfit = migrating.fit(self._assistant.database)
        return unfit is None, unfit or "fit this release"

    def _clock(self) -> Check:
        if self._practising:
            return True, "is moved by hand, for practice"
        apart = abs(WallClock().now() - self._assistant.clock.now())
        if apart > ASTRAY:
            return False, f"is {apart.total_seconds():.0f} seconds from the database's: set it"
        return True, "agrees with the database's"

    def _auditor(self) -> Check:
        if self._practising:
            return True, "is not waited for, in practice"
        with self._assistant.database.reading() as session:
            seen = measuring.heartbeat(session)
        if seen is not None and self._assistant.clock.now() - seen < HEARTBEAT:
            return True, "has been round in the last two hours"
        if steady() - self._began < HEARTBEAT.total_seconds():
            return True, "has time: this process has only just begun"
        return False, "has not been round for over two hours: look at the log for its faults"


def _tried(check: Callable[[], Check]) -> Check:
    try:
        return check()
    except Exception as error:  # noqa: BLE001  a check says what is wrong, whatever it is
        return False, f"failed: {type(error).__name__}"


def routes(assistant: Assistant, *, practising: bool = False) -> APIRouter:
    """/health, /ready and /metrics."""
    router = APIRouter()
    readiness = Look(Readiness(assistant, practising=practising).checks)
    figures = Look(partial(metrics.page, assistant.database, assistant.clock))

    @router.get("/health")
    async def health() -> dict[str, bool]:
        return {"ok": True}

    @router.get("/ready")
    async def ready() -> Response:
        try:
            checks = await readiness()
        except TimeoutError:
            checks = {"database": (False, NO_ANSWER)}
        well = all(ok for ok, _ in checks.values())
        shown = {name: {"ok": ok, "says": says} for name, (ok, says) in checks.items()}
        return JSONResponse({"ready": well, "checks": shown}, 200 if well else 503)

    @router.get("/metrics")
    async def figures_now() -> Response:
        try:
            page = await figures()
        except TimeoutError:
            page = metrics.page_without_database()
        return Response(page, media_type=CONTENT_TYPE_LATEST)

    return router
