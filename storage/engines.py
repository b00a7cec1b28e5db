"""Makes the engines: a file's one writer and its readers, and the same two pools for PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import DisconnectionError

from storage.opening import TooOld

OLDEST_SERVER = 14
"""The oldest PostgreSQL that its makers still mend (ours)."""

PATIENCE = {"statement_timeout": "15s", "idle_in_transaction_session_timeout": "30s"}
"""How long PostgreSQL lets one statement run, and a transaction stand still holding locks."""

FOR_EACH = ("busy_timeout=10000", "foreign_keys=ON", "cache_size=-65536")
FOR_THE_WRITER = ("journal_mode=WAL", "synchronous=FULL", "journal_size_limit=67108864")


CONNECTIONS = 10
"""Connections of one process that write, or that read a file. All are kept: to open one takes
longer than most of what it is for, and those beyond a smaller pool would be closed and opened again
all day."""

TO_LOOK = 5
"""Connections to PostgreSQL besides that only read. Each is held for as long as one session looks,
and no press that waits for a family's rows keeps a reader waiting."""


def read_url(url: str) -> URL:
    """A database's address, with the driver we use; raises ValueError without quoting it."""
    try:
        read = make_url(url)
    except Exception:  # noqa: BLE001  whatever is wrong with it, its text may hold a password
        raise ValueError("that is not a database's address") from None
    if read.drivername in {"postgresql", "postgres"}:
        read = read.set(drivername="postgresql+psycopg")
    return read


def writer(url: URL) -> Engine:
    """A file's one writing connection. Threads queue for it here rather than at SQLite's lock."""
    engine = _file_engine(url, pool_size=1, max_overflow=0, pool_timeout=10)
    event.listen(engine, "connect", _settings(*FOR_EACH, *FOR_THE_WRITER))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def reader(url: URL) -> Engine:
    """A file's reading connections: they cannot change it, nor keep its writer waiting."""
    engine = _file_engine(url, pool_size=CONNECTIONS, max_overflow=0, pool_timeout=5)
    event.listen(engine, "connect", _settings(*FOR_EACH, "query_only=ON"))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _file_engine(url: URL, **pool: int) -> Engine:
    how = {"timeout": 10, "isolation_level": None}
    return create_engine(url, connect_args=how, hide_parameters=True, **pool)


def _settings(*pragmas: str) -> Any:
    def prepare(connection: Any, _: Any) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return prepare


SILENCE = {"connect_timeout": 5, "tcp_user_timeout": 30_000, "keepalives_idle": 30}
"""After how long a server that says nothing is taken for gone: seconds, milliseconds, seconds."""


def postgresql(url: URL, *, looking: bool = False) -> Engine:
    """A pool of connections to a PostgreSQL server.

    Those for `looking` cannot change anything, and begin no transaction: each statement sees what
    was committed when it began, as it would inside one (READ COMMITTED), and two round trips are
    spared at every look.

    An address that ends in `?pgbouncer=true` leads to a pooler that hands connections from one
    transaction to the next: nothing may then be prepared on a connection or set for longer.
    """
    pooled = str(url.query.get("pgbouncer", "")).lower() in {"true", "1", "yes"}
    said = url.query.get("options", "")
    read_only = "transaction_read_only" if pooled else "default_transaction_read_only"
    settings = PATIENCE | ({read_only: "on"} if looking else {})
    ours = " ".join(f"-c {name}={value}" for name, value in settings.items())
    how: dict[str, Any] = {"application_name": "taf-assistant", **SILENCE}
    how |= {"prepare_threshold": None} if pooled else {"options": f"{ours} {said}".strip()}
    alone = {"isolation_level": "AUTOCOMMIT"} if looking and not pooled else {}
    engine = create_engine(
        url.difference_update_query(["pgbouncer", "options"]),
        connect_args=how,
        hide_parameters=True,
        pool_size=TO_LOOK if looking else CONNECTIONS,
        max_overflow=0,
        pool_timeout=5,
        pool_recycle=1800,
        **alone,
    )
    event.listen(engine, "connect", _check_age)
    event.listen(engine, "checkin", _note_the_time)
    event.listen(engine, "checkout", _ask_whether_it_lives)
    event.listen(engine, "handle_error", _without_details)
    if pooled:
        event.listen(engine, "begin", _settled(settings))
    return engine


def _check_age(connection: Any, _: Any) -> None:
    age = connection.info.server_version // 10_000
    if age < OLDEST_SERVER:
        connection.close()
        raise TooOld(
            f"This PostgreSQL is version {age}. TAF Assistant needs {OLDEST_SERVER} or newer."
        )


IDLE = 1.0
"""Seconds after which a connection is asked whether it lives: one just used is, or says so soon."""


def _note_the_time(_: Any, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _ask_whether_it_lives(connection: Any, record: Any, _: Any) -> None:
    used = record.info.get("used")
    if used is None or time.monotonic() - used < IDLE:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError from error


def _settled(settings: Mapping[str, str]) -> Any:
    said = "; ".join(f"SET LOCAL {name} = '{value}'" for name, value in settings.items())
    return lambda connection: connection.exec_driver_sql(said)


def _without_details(context: ExceptionContext) -> None:
    """Keep rows out of what is logged: PostgreSQL's details quote the values it refused."""
    fault, shown = context.original_exception, context.sqlalchemy_exception
    first = str(fault).split("\n", maxsplit=1)[0]
    if getattr(fault, "sqlstate", None) is not None and shown is not None:
        fault.args = (first,)
        shown.args = (f"({type(fault).__module__}.{type(fault).__name__}) {first}",)
