"""A half-filled form remembers what it began with, so that only what was filled in is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
RUNS_WITH = "0001"


def upgrade() -> None:
    """Add what a form began with; of those kept by older releases it is not known."""
    op.add_column("draft", sa.Column("begins", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("draft", "begins")
