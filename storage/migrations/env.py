"""Runs the migrations on the database they are handed."""

from alembic import context

import storage  # noqa: F401  the models, so that autogenerate sees them all
from storage import migrating
from storage.database import Base

with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        user_module_prefix="storage.database.",
        # SQLite too: our engine begins its transactions itself, so its tables are undone with them.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        migrating.alone(connection)
        context.run_migrations()
        migrating.sign(connection, context.get_context().get_current_revision())
    connection.commit()
