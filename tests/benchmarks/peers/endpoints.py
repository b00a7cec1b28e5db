"""The same endpoints four ways: ours in threads, AsyncSession, the bare driver, whole pages.

`list` reads a practitioner's open actions, `close` finds one, moves it, writes the audit, commits.
Ours and AsyncSession run the assistant's own functions; the bare driver sends the same kind of
statements by hand and reads only the columns that it shows.
"""

from __future__ import annotations

import itertools
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from psycopg.types.json import Json
from psycopg_pool import AsyncConnectionPool
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from bot.app import assemble
from bot.clock import StoppedClock
from bot.web.app import web_app
from storage import audit, plan, subjects
from storage.database import Database
from storage.engines import CONNECTIONS, TO_LOOK
from tests.benchmarks import county
from tests.benchmarks.nowhere import Nowhere
from tests.benchmarks.peers.serving import serve

NOW = county.MORNING
OPEN_OR_DONE = frozenset({"open", "done"})
COUNT = itertools.count()

Row = dict[str, Any]


def bare(url: str) -> FastAPI:
    """psycopg alone, asynchronous, from a pool."""
    pool = AsyncConnectionPool(url.replace("+psycopg", ""), min_size=10, max_size=10, open=False)

    @asynccontextmanager
    async def opened(_: FastAPI) -> AsyncIterator[None]:
        async with pool:
            yield

    app = FastAPI(lifespan=opened)

    @app.get("/list")
    async def listed() -> list[Row]:
        async with pool.connection() as connection:
            who = await connection.execute(WHO, (1,))
            person, *_ = await who.fetchone() or (0,)
            found = await connection.execute(LISTED, (person,))
            return [
                {"id": one[0], "taf": one[1], "words": one[2], "state": one[3], "due_on": one[4]}
                for one in await found.fetchall()
            ]

    @app.get("/close")
    async def closed() -> Row:
        number = 1 + next(COUNT) % 400
        async with pool.connection() as connection:
            found = await connection.execute(FOUND, (number,))
            taf, state = await found.fetchone() or (0, "")
            await connection.execute(MOVED, (_other(state), number, ["open", "done"]))
            facts = Json({"to": _other(state)})
            await connection.execute(NOTED, (NOW, f"action-{number}", taf, facts))
        return {"state": _other(state)}

    return app


WHO = "SELECT id, name, roles FROM person WHERE id = %s AND left_on IS NULL"
LISTED = """
    SELECT action.id, taf_id, words, action.state, due_on FROM action JOIN taf ON taf.id = taf_id
    WHERE owner_id = %s AND action.state IN ('open', 'blocked') AND taf.state = 'open'
    ORDER BY due_on, action.id
"""
FOUND = "SELECT taf_id, state FROM action WHERE id = %s FOR UPDATE"
MOVED = "UPDATE action SET state = %s, version = version + 1 WHERE id = %s AND state = ANY(%s)"
NOTED = (
    "INSERT INTO audit (at, entry, person_id, command, about, taf_id, facts)"
    " VALUES (%s, 'command', 1, 'action.mark_done', %s, %s, %s)"
)


def _other(state: str) -> str:
    """Done, or open again: so that there is always something to close."""
    return "open" if state == "done" else "done"


def _rows(session: Any) -> list[Row]:
    return [
        {
            "id": one.id,
            "taf": one.taf_id,
            "words": one.words,
            "state": one.state,
            "due_on": one.due_on,
        }
        for one in plan.to_do(session, 1)
    ]


def _close(session: Any) -> Row:
    action = subjects.find(session, f"action-{1 + next(COUNT) % 400}", to_change=True)
    other = _other(action.state)
    subjects.change_where(session, action, OPEN_OR_DONE, {"state": other})
    noted = {"command": "action.mark_done", "about": action.ref, "taf_id": action.taf_id}
    audit.record(session, NOW, "command", person_id=1, facts={"to": other}, **noted)
    session.flush()
    return {"state": other}


def threads(url: str) -> FastAPI:
    """As the assistant does it: plain functions, in threads."""
    database, app = Database(url), FastAPI()

    @app.get("/list")
    def listed() -> list[Row]:
        with database.reading() as session:
            return _rows(session)

    @app.get("/close")
    def closed() -> Row:
        return database.write(_close)

    return app


def asynchronous(url: str) -> FastAPI:
    """The same functions on an AsyncSession, on the same two pools: one looks and begins nothing.

    As ours, it does not ask a connection that was just used whether it lives.
    """
    looking = create_async_engine(
        url, pool_size=TO_LOOK, max_overflow=0, isolation_level="AUTOCOMMIT"
    )
    engine = create_async_engine(url, pool_size=CONNECTIONS, max_overflow=0)
    app = FastAPI()

    @app.get("/list")
    async def listed() -> list[Row]:
        async with AsyncSession(looking) as session:
            return await session.run_sync(_rows)

    @app.get("/close")
    async def closed() -> Row:
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            return await session.run_sync(_close)

    return app


def pages(url: str) -> FastAPI:
    """The assistant's own pages, as practitioner 1 sees them."""
    clock = StoppedClock(NOW)
    assistant = assemble(county.POLICY, Database(url), clock, {"web": Nowhere()})
    return web_app(assistant, practice=clock)


WAYS: dict[str, Callable[[str], FastAPI]] = {
    "bare": bare,
    "threads": threads,
    "asynchronous": asynchronous,
    "pages": pages,
}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    way, url, core = sys.argv[1:]
    serve(WAYS[way](url), core)
