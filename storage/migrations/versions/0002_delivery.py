"""The delivery engine: an inbox that is worked off, gates, steps written down, dead letters.

It only adds, and loosens: the release before it runs on these tables beside this one.
"""

import sqlalchemy as sa
from alembic import op

import storage.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
RUNS_WITH = "0001"

WATCHED = ("action", "help_request", "indicator", "meeting", "taf")


def upgrade() -> None:
    """Add what the delivery engine needs."""
    instant = storage.database.Instant(timezone=True)
    for table in WATCHED:
        op.add_column(table, sa.Column("steps", sa.JSON(), nullable=True))

    for name, kind in (("repeats", "0"), ("duplicates", "0"), ("version", "1")):
        column = sa.Column(name, sa.Integer(), server_default=kind, nullable=False)
        op.add_column("outbox", column)
    op.add_column("outbox", sa.Column("checked_at", instant, nullable=True))
    for name, condition in (("dead", "state = 'dead'"), ("repeated", "repeats > 0")):
        where = sa.text(condition)
        op.create_index(
            f"ix_outbox_{name}", "outbox", ["id"], sqlite_where=where, postgresql_where=where
        )

    op.add_column("lane", sa.Column("rests_until", instant, nullable=True))
    op.create_table(
        "gate",
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("shut_until", instant, nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("tokens_at", instant, nullable=True),
        sa.Column("probe_lane", sa.Integer(), nullable=True),
        sa.Column("told_to_wait", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("platform", name=op.f("pk_gate")),
    )

    with op.batch_alter_table("inbox") as inbox:
        inbox.add_column(
            sa.Column("kind", sa.String(length=40), server_default="press", nullable=False)
        )
        inbox.add_column(
            sa.Column("state", sa.String(length=12), server_default="done", nullable=False)
        )
        inbox.add_column(sa.Column("body", sa.JSON(), nullable=True))
        inbox.add_column(sa.Column("next_at", instant, nullable=True))
        inbox.add_column(sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
        inbox.add_column(sa.Column("why", sa.Text(), nullable=True))
        inbox.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        inbox.alter_column("command", existing_type=sa.String(length=60), nullable=True)
        inbox.alter_column("answer", existing_type=sa.JSON(), nullable=True)
    is_due = sa.text("next_at IS NOT NULL")
    op.create_index(
        "ix_inbox_next_at", "inbox", ["next_at"], sqlite_where=is_due, postgresql_where=is_due
    )

    if op.get_bind().dialect.name == "postgresql":
        # Rows here change state a few times and rest: room on the page, and an early vacuum.
        op.execute(
            "ALTER TABLE outbox SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01)"
        )


def downgrade() -> None:
    """Take it away again; what came in and was not worked on yet is lost."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE outbox RESET (fillfactor, autovacuum_vacuum_scale_factor)")
    op.execute("DELETE FROM inbox WHERE answer IS NULL OR person_id IS NULL OR command IS NULL")
    op.drop_index("ix_inbox_next_at", table_name="inbox")
    with op.batch_alter_table("inbox") as inbox:
        inbox.alter_column("answer", existing_type=sa.JSON(), nullable=False)
        inbox.alter_column("command", existing_type=sa.String(length=60), nullable=False)
        inbox.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
        for name in ("why", "attempts", "next_at", "body", "state", "kind"):
            inbox.drop_column(name)
    op.drop_table("gate")
    op.drop_column("lane", "rests_until")
    op.drop_index("ix_outbox_repeated", table_name="outbox")
    op.drop_index("ix_outbox_dead", table_name="outbox")
    for name in ("checked_at", "version", "duplicates", "repeats"):
        op.drop_column("outbox", name)
    for table in WATCHED:
        op.drop_column(table, "steps")
