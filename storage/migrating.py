"""Brings a database to the shape this code needs, step by step, and says whether it fits."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from uuid import uuid4

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from storage.database import Base, Database
from storage.settings import remember, remembered

PLACE = Path(__file__).parent / "migrations"

BY_TRIGGER = frozenset({"fk_outbox_lane_id_lane"})
"""Keys that a trigger keeps on PostgreSQL, for all the rows of a statement together."""

OLDEST = "oldest migration that may run here"
"""The fact by which a migrated database tells the release before whether it may go on."""

IDENTITY = "partnership"
"""The fact by which a database is known, wherever it is copied or moved to."""

MOVING_HERE = "being moved here"
MOVED_AWAY = "moved away"


class Busy(RuntimeError):
    """The migration did not get its tables to itself; nothing was changed."""


BUSY = frozenset({"40P01", "55P03"})
"""PostgreSQL's names for a migration that did not get its tables to itself in time."""

PATIENCE, TRIES, PAUSE = "5s", 6, 1.0
"""A migration waits so long for its tables, lest everybody queue behind it, then tries again."""


def _config(database: Database | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(PLACE))
    if database is not None:
        config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database, to: str = "head") -> None:
    """Migrate up; on a new database, everything is made. Two at once come one after the other."""
    for left in reversed(range(TRIES)):
        try:
            command.upgrade(_config(database), to)
            return
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in BUSY:
                raise
            if not left:
                raise Busy(
                    "The database was too busy to be migrated. Nothing was changed. Try again."
                ) from error
        time.sleep(PAUSE)


def downgrade(database: Database, to: str) -> None:
    """Migrate down: for going back to an older release."""
    command.downgrade(_config(database), to)


def current(database: Database) -> str | None:
    """The migration the database is at."""
    with database.looking.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The migration this code needs."""
    return known()[-1]


@cache
def known() -> tuple[str, ...]:
    """Every migration this code has, oldest first."""
    return tuple(one.revision for one in reversed(_every()))


def _every() -> list[Script]:
    return list(ScriptDirectory.from_config(_config()).walk_revisions())


def oldest_for(revision: str) -> str:
    """The oldest migration whose release may still run on tables that are at this one.

    Each migration says so of itself; one that nothing older can bear speaks for all after it.
    """
    upto = known()[: known().index(revision) + 1]
    return max((runs_with(one) for one in upto), key=upto.index)


def runs_with(revision: str) -> str:
    """What one migration says of itself."""
    return str(next(one.module.RUNS_WITH for one in _every() if one.revision == revision))


def alone(connection: Connection) -> None:
    """Let no other migration in until this one's transaction is over.

    A migration may take long, but must not stand long in the queue for a table: everybody who
    came after it would stand there too.
    """
    if connection.dialect.name != "postgresql":
        return
    for step in (
        "SET LOCAL statement_timeout = 0",
        "SET LOCAL idle_in_transaction_session_timeout = 0",
        "SELECT pg_advisory_xact_lock(hashtext('taf-assistant migrate'))",
        f"SET LOCAL lock_timeout = '{PATIENCE}'",
    ):
        connection.execute(text(step))


def sign(connection: Connection, revision: str | None) -> None:
    """Write down, with the migration itself, who may run here and which database this is."""
    if revision is None:
        return
    with Session(connection) as session:
        remember(session, OLDEST, oldest_for(revision))
        if remembered(session, IDENTITY) is None:
            remember(session, IDENTITY, uuid4().hex)
        session.commit()


def fit(database: Database) -> str | None:
    """None where this release may work on the database, else a sentence that says what to do."""
    at = current(database)
    if at is None or (at in known() and at != newest()):
        return "The database needs migrating first. Run: taf migrate"
    with database.reading() as session:
        oldest = remembered(session, OLDEST)
        away, here = remembered(session, MOVED_AWAY), remembered(session, MOVING_HERE)
    if at not in known() and oldest not in known():
        return (
            f"The database was migrated by a newer release (to {at}), which this one cannot run"
            " beside. Install the newer release here too."
        )
    if away is not None:
        return f"This database was moved to {away['to']}. Set DATABASE_URL to that one."
    if here is not None:
        return "A partnership is still being moved here. Run the same `taf move` again to finish."
    return None


def differences(database: Database) -> list[str]:
    """What the migrated tables and the models disagree on; empty where all is well."""
    with database.looking.connect() as connection:
        kept_otherwise = frozenset() if database.is_file else BY_TRIGGER
        opts = {
            "compare_type": True,
            "include_object": lambda _, name, *__: name not in kept_otherwise,
        }
        context = MigrationContext.configure(connection, opts=opts)
        return [str(one) for one in compare_metadata(context, Base.metadata)]
