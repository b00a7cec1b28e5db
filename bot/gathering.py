"""Keeps what comes in while the last of it is on its way to the disk: together, in one commit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from bot.inbox import Inbox
from storage.inbox import Arrival

MOST = 200
"""Arrivals in one commit (ours): some milliseconds of the database's time."""

STUCK = 0.5
"""Seconds after which the next group no longer waits for the last: its connection may be dead."""

AT_ONCE = 3
LAST = 10
"""Seconds that what is under way has to be finished when the process is to end."""

Waiting = tuple[Arrival, asyncio.Future[bool]]
Outcome = bool | Exception


class Gathering:
    """One event loop's way into the inbox: everybody hears only after the commit, each for itself.

    Whoever gave up before their arrival was written is left out: they were told that it failed.
    """

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="inbox")
        self._waiting: list[Waiting] = []
        self._under_way: set[asyncio.Future[list[Outcome]]] = set()
        self._began = 0.0

    async def take(self, arrival: Arrival) -> bool:
        """Keep an event; False where it came before. After this it may be acknowledged.

        Raises what the database raised: then it was not kept, or nobody knows.
        """
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[bool] = loop.create_future()
        self._waiting.append((arrival, kept))
        self._begin(loop)
        return await kept

    async def stop(self) -> None:
        """Finish what is under way; nothing may be taken any more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST):
                while self._under_way:
                    await asyncio.wait(self._under_way)
        self._pool.shutdown(wait=False)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Write whatever waits, unless what was begun last will soon be done."""
        if not self._waiting or (self._under_way and not self._is_stuck(loop)):
            return
        group = [one for one in self._waiting[:MOST] if not one[1].done()]
        del self._waiting[:MOST]
        self._began = loop.time()
        written = loop.run_in_executor(self._pool, self._keep, group)
        self._under_way.add(written)
        written.add_done_callback(lambda _: self._tell(loop, group, written))

    def _is_stuck(self, loop: asyncio.AbstractEventLoop) -> bool:
        return len(self._under_way) < AT_ONCE and loop.time() - self._began > STUCK

    def _tell(
        self,
        loop: asyncio.AbstractEventLoop,
        group: Sequence[Waiting],
        written: asyncio.Future[list[Outcome]],
    ) -> None:
        self._under_way.discard(written)
        self._begin(loop)  # first, so that it is written while these hear of theirs
        for (_, kept), outcome in zip(group, written.result(), strict=True):
            if kept.done():
                continue
            if isinstance(outcome, Exception):
                kept.set_exception(outcome)
            else:
                kept.set_result(outcome)

    def _keep(self, group: Sequence[Waiting]) -> list[Outcome]:
        """What became of each. Where one spoils the commit, each is tried by itself."""
        try:
            new = self._inbox.take_all([arrival for arrival, _ in group])
        except Exception as error:  # noqa: BLE001  whoever waits is told
            if len(group) == 1:
                return [error]
            return [self._keep_alone(one, error) for one in group]
        outcomes: list[Outcome] = []
        for arrival, _ in group:
            outcomes.append(arrival.name in new)
            new.discard(arrival.name)  # the same once more is a repeat
        return outcomes

    def _keep_alone(self, one: Waiting, before: Exception) -> Outcome:
        """Try one again, if anybody still waits for it."""
        return before if one[1].done() else self._keep([one])[0]
