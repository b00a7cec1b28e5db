"""Brings a database to the shape this code needs, step by step, and back."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import Base, Database

PLACE = Path(__file__).parent / "migrations"


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(PLACE))
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database, to: str = "head") -> None:
    """Migrate up; on a new database, everything is made."""
    command.upgrade(_config(database), to)


def downgrade(database: Database, to: str) -> None:
    """Migrate down: for going back to an older release."""
    command.downgrade(_config(database), to)


def current(database: Database) -> str | None:
    """The migration the database is at."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest(database: Database) -> str | None:
    """The migration this code needs."""
    return ScriptDirectory.from_config(_config(database)).get_current_head()


def differences(database: Database) -> list[str]:
    """What the migrated tables and the models disagree on; empty where all is well."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(one) for one in compare_metadata(context, Base.metadata)]
