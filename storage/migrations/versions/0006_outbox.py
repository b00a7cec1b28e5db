"""Whose notice it is, and about which family, the auditor checks and not the database.

The key to the conversation stays: its lock is what keeps a lane from falling asleep over a notice
that is just being queued.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
RUNS_WITH = "0001"

HANGS_ON = {"person_id": "person", "taf_id": "taf"}


def upgrade() -> None:
    """Let them go."""
    with op.batch_alter_table("outbox") as outbox:
        for column, table in HANGS_ON.items():
            outbox.drop_constraint(f"fk_outbox_{column}_{table}", type_="foreignkey")


def downgrade() -> None:
    """Check them again; a row that hangs on nothing is in the way."""
    with op.batch_alter_table("outbox") as outbox:
        for column, table in HANGS_ON.items():
            outbox.create_foreign_key(f"fk_outbox_{column}_{table}", table, [column], ["id"])
