"""What came in and could not be worked on is found without reading the whole inbox."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
RUNS_WITH = "0001"


def upgrade() -> None:
    """Add an index of the dead."""
    where = sa.text("state = 'dead'")
    op.create_index("ix_inbox_dead", "inbox", ["id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_inbox_dead", table_name="inbox")
