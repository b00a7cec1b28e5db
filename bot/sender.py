"""Sends without pause while the process runs: several conversations at once, each in its order."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event, Lock, Thread
from typing import Any

from bot.clock import steady
from bot.delivery import AHEAD, Delivery
from bot.preparing import Job
from bot.recording import Carried
from storage import gates, lanes

log = logging.getLogger(__name__)

HANDS = 16
"""Conversations served at the same time: at 100 ms a message, more than any workspace takes, and
so many that none waits while the next ones are put in words."""

AT_ONCE = 16
"""How many are claimed together: the first of them are on their way while others are got ready."""

LOOK_EVERY = 1.0
"""Seconds after which another process's work is noticed, at the latest."""

FASTEST = 100.0
"""How many seconds a clock may show in one: tests and benchmarks run theirs faster."""

SHORTEST = 0.01
"""Seconds between two looks, where what is due has just come or is held by somebody else."""


class Sender:
    """Claims as long as hands are free, and sleeps until the next conversation may go on.

    Where there are several platforms none may have all hands: though all others stand still, there
    is one left for it.
    """

    def __init__(self, delivery: Delivery, hands: int = HANDS) -> None:
        self.delivery, self.hands = delivery, hands
        self._news, self._stopping, self._busy, self._lock = Event(), Event(), 0, Lock()
        self._carried: list[Carried] = []
        self._in_hand: dict[int, str] = {}
        self._seen: tuple[datetime, float] | None = None
        self._quiet_until = 0.0
        self._thread = Thread(target=self._run, name="sender", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There is something new to send."""
        self._news.set()

    def stop(self) -> None:
        """Claim nothing more, and wait for what is on its way to be recorded."""
        self._stopping.set()
        self._news.set()
        self._thread.join()

    def _run(self) -> None:
        with ThreadPoolExecutor(self.hands, thread_name_prefix="sending") as pool:
            while not self._stopping.is_set():
                self._news.clear()
                try:
                    claimed = self._turn(pool)
                    wait = 0.0 if claimed else self._until_next()
                except Exception:
                    log.exception("the outbox cannot be reached; it is tried again")
                    wait = LOOK_EVERY
                if wait:
                    self._news.wait(wait)
        self._record()

    def _turn(self, pool: ThreadPoolExecutor) -> int:
        """Record what was carried, and claim for every free hand; how many were claimed."""
        with self._lock:
            free = self.hands - self._busy
        began = steady()
        if not free or self._clock_leapt() or began < self._quiet_until:
            self._record()
            return 0
        claimed = self._claim(min(free, AT_ONCE))
        jobs = [job for job in claimed if not job.over]
        with self._lock:
            self._busy += len(jobs)
            self._in_hand |= {job.claim.delivery.lane_id: job.platform.name for job in jobs}
        for job in jobs:
            pool.submit(self._carry, job, began)
        return len(claimed)

    def _claim(self, free: int) -> list[Job]:
        """Claim, and record in the same go; only record, where the two will not go together."""
        carried = self._brought_back()
        lanes = {one.job.claim.delivery.lane_id for one in carried}
        with self._lock:
            in_hand = {lane: name for lane, name in self._in_hand.items() if lane not in lanes}
        try:
            jobs = self.delivery.claim(free, in_hand, carried, AHEAD, self._left(in_hand))
        except Exception:
            if not carried:
                raise
            log.exception("what came of deliveries is recorded by itself")
            self._write_down(carried)
            return []
        self._let_go(lanes)
        return jobs

    def _left(self, in_hand: Mapping[int, str]) -> dict[str, int]:
        """How many more hands each platform may have, where there are several."""
        names = list(self.delivery.platforms)
        if len(names) == 1:
            return {}
        most, taken = (self.hands - 1) // (len(names) - 1), Counter(in_hand.values())
        return {name: max(0, most - taken[name]) for name in names}

    def _let_go(self, lanes: Iterable[int]) -> None:
        with self._lock:
            for lane in lanes:
                self._in_hand.pop(lane, None)

    def _carry(self, job: Job, began: float) -> None:
        carried = None
        try:
            carried = self.delivery.attempt(job, began)
        except Exception:
            # Its lease runs out, and whoever is next looks before sending.
            log.exception(
                "what became of a delivery is not known",
                extra={"delivery": job.claim.delivery.id},
            )
        with self._lock:
            self._busy -= 1
            if carried is not None:
                self._carried.append(carried)
            else:
                self._in_hand.pop(job.claim.delivery.lane_id, None)
        self._news.set()

    def _brought_back(self) -> list[Carried]:
        """Everything that was carried meanwhile and is not recorded yet."""
        with self._lock:
            carried, self._carried = self._carried, []
        return carried

    def _record(self) -> None:
        """Write down what came of everything that was carried meanwhile, in one go."""
        carried = self._brought_back()
        if carried:
            self._write_down(carried)

    def _write_down(self, carried: list[Carried]) -> None:
        try:
            self.delivery.record(carried)
        except Exception:
            # Their leases run out, and whoever is next looks before sending.
            log.exception(
                "what became of deliveries is not recorded", extra={"count": len(carried)}
            )
        finally:
            self._let_go(one.job.claim.delivery.lane_id for one in carried)

    def _clock_leapt(self) -> bool:
        """Whether the clock leapt ahead: then every lease seems to have run out, and none has.

        Nothing is claimed until all that is on its way anywhere has come to its end.
        """
        now, at = self.delivery.clock.now(), steady()
        before, then = self._seen or (now, at)
        self._seen = (now, at)
        lease = self.delivery.lease.total_seconds()
        leapt = (now - before).total_seconds() > lease / 2 + FASTEST * (at - then)
        if leapt:
            settles = max(one.limits.settles for one in self.delivery.platforms.values())
            self._quiet_until = at + lease + settles.total_seconds()
            log.warning("the clock leapt ahead; nothing is claimed for a while")
        return leapt

    def _until_next(self) -> float:
        """Seconds until a conversation that nobody holds may go on."""
        with self._lock:
            in_hand = dict(self._in_hand)
            if self._busy == self.hands or steady() < self._quiet_until:
                return LOOK_EVERY
        if not all(self._left(in_hand).values()):
            return LOOK_EVERY  # or until one of its hands comes back
        now = self.delivery.clock.now()
        with self.delivery.database.reading() as session:
            at = lanes.next_due(session, now)
            at = at - AHEAD if at else None
            if at is not None and at <= now:
                at = self._opens(session) or now
        seconds = (at - now).total_seconds() if at else LOOK_EVERY
        return min(max(seconds, SHORTEST), LOOK_EVERY)

    def _opens(self, session: Any) -> datetime | None:
        """When the first platform whose gate holds things up lets one through."""
        moments = [
            gates.opens_at(session, name, platform.limits.per_second)
            for name, platform in self.delivery.platforms.items()
        ]
        return min((one for one in moments if one is not None), default=None)
