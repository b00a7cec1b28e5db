"""procrastinate: defers and drains on PostgreSQL, as its documentation shows."""

from __future__ import annotations

import asyncio
import logging
import sys
import time

import procrastinate

from tests.benchmarks.peers.obeying import obey

CONCURRENCY = 10


async def main(url: str) -> None:
    """Make its tables, then do what is told; each answer is how many seconds it took."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))

    @app.task(name="nothing")
    async def nothing(number: int) -> None:
        """A job that does nothing."""

    async def defer(count: int, batch: int) -> float:
        """Note so many jobs, a batch in one statement."""
        batches = [
            [{"number": number} for number in range(start, min(start + batch, count))]
            for start in range(0, count, batch)
        ]
        start = time.perf_counter()
        for one in batches:
            await nothing.batch_defer_async(*one)
        return time.perf_counter() - start

    async def drain() -> float:
        """Do everything there is."""
        start = time.perf_counter()
        await app.run_worker_async(
            wait=False, concurrency=CONCURRENCY, listen_notify=False, install_signal_handlers=False
        )
        return time.perf_counter() - start

    async def clear() -> None:
        """Forget everything that was done, and let the server settle, as before each of ours."""
        await app.connector.execute_query_async("TRUNCATE procrastinate_jobs CASCADE")
        await app.connector.execute_query_async("CHECKPOINT")

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await obey(defer=defer, drain=drain, clear=clear)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    asyncio.run(main(sys.argv[1]))
