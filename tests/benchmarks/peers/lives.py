"""Workers that are killed again and again: procrastinate with its rescuer, APScheduler's store.

This process has imported everything; each worker is a fork of it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import procrastinate
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from sqlalchemy import create_engine, text

from tests.benchmarks.peers.obeying import answer, orders
from tests.benchmarks.peers.posting_now import post

HEARTBEAT, STALLED, RESCUE_EVERY = 0.5, 2.0, 1.0
"""procrastinate's own: 10 s, 30 s, and ten minutes in its documentation. Shorter, as ours are."""


def _due(began: float, apart: float, number: int) -> datetime:
    return datetime.fromtimestamp(began, UTC) + timedelta(seconds=apart * number)


class Procrastinate:
    """Jobs on PostgreSQL, ten at a time, and the rescuer of its documentation beside them."""

    def __init__(self, url: str, chat: str) -> None:
        self.url, self.chat = url, chat
        connector = procrastinate.PsycopgConnector(conninfo=url.replace("+psycopg", ""))
        self.app = procrastinate.App(connector=connector)

        @self.app.task(name="post")
        async def post_it(channel: str, number: int) -> None:
            said = {"channel": channel, "text": str(number)}
            async with self.session.post(f"{self.chat}/api/chat.postMessage", json=said) as told:
                await told.read()

        self.task = post_it

    def fill(self, channels: list[str], began: float, apart: float) -> None:
        """Defer every message to its time."""
        asyncio.run(self._fill(channels, began, apart))

    async def _fill(self, channels: list[str], began: float, apart: float) -> None:
        async with self.app.open_async():
            await self.app.schema_manager.apply_schema_async()
            for number, channel in enumerate(channels, 1):
                later = self.task.configure(schedule_at=_due(began, apart, number))
                await later.defer_async(channel=channel, number=number)

    def live(self) -> None:
        """Work until killed."""
        asyncio.run(self._live())

    async def _live(self) -> None:
        async with aiohttp.ClientSession() as self.session, self.app.open_async():
            await asyncio.gather(
                self.app.run_worker_async(
                    concurrency=10,
                    fetch_job_polling_interval=0.1,
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=STALLED,
                    install_signal_handlers=False,
                ),
                self._rescue(),
            )

    async def _rescue(self) -> None:
        """Its documentation's retry_stalled_jobs, as a loop: cron's shortest time is a minute."""
        manager = self.app.job_manager
        while True:
            await asyncio.sleep(RESCUE_EVERY)
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
                await manager.retry_job(job)

    def left(self) -> int:
        """How many jobs are not done."""
        return _count(self.url, "procrastinate_jobs WHERE status IN ('todo', 'doing')")


class Scheduled:
    """Date jobs in a store, as APScheduler's documentation keeps them over restarts."""

    def __init__(self, url: str, chat: str) -> None:
        self.url, self.chat = url, chat

    def _scheduler(self) -> BaseScheduler:
        """No job is ever too late for it: its own grace, one second, would lose more."""
        stores = {"default": SQLAlchemyJobStore(url=self.url)}
        usual = {"misfire_grace_time": None}
        return BackgroundScheduler(jobstores=stores, job_defaults=usual, timezone="UTC")

    def fill(self, channels: list[str], began: float, apart: float) -> None:
        """A job for every message."""
        scheduler = self._scheduler()
        scheduler.start(paused=True)
        for number, channel in enumerate(channels, 1):
            at = _due(began, apart, number)
            scheduler.add_job(post, "date", run_date=at, args=[self.chat, channel, number])
        scheduler.shutdown()

    def live(self) -> None:
        """Work until killed."""
        self._scheduler().start()
        signal.pause()

    def left(self) -> int:
        """How many jobs are in the store."""
        return _count(self.url, "apscheduler_jobs")


def _count(url: str, what: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        found: int = connection.execute(text(f"SELECT count(*) FROM {what}")).scalar_one()  # noqa: S608
    engine.dispose()
    return found


KINDS: dict[str, Callable[[str, str], Any]] = {
    "procrastinate": Procrastinate,
    "apscheduler": Scheduled,
}


def main(kind: str, url: str, chat: str) -> None:
    """Fill, begin a life, end it with kill -9, count what is left: as told."""
    mine, child = KINDS[kind](url, chat), 0
    for order, values in orders():
        if order == "fill":
            mine.fill(**values)
        elif order == "begin":
            child = os.fork()
            if child == 0:
                mine.live()
                os._exit(1)
        elif order == "kill":
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        answer(mine.left() if order == "left" else None)


def _say_nothing(_: threading.ExceptHookArgs) -> None:
    """APScheduler's thread may end of a job that a killed one removed; the next life goes on."""


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    threading.excepthook = _say_nothing
    main(*sys.argv[1:])
