"""On PostgreSQL the outbox's key to its lanes becomes a trigger: once a statement, not once a row.

What the key did besides is done as before, for this release and the ones before it alike: a lane
that is not there is refused, and who lets a lane go waits for what is just being queued there.
A file keeps its key: looking it up is cheap there, and nobody else is writing.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
RUNS_WITH = "0001"

KEY = "fk_outbox_lane_id_lane"

FUNCTION = """
CREATE FUNCTION outbox_holds_its_lanes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held integer;
BEGIN
    SELECT count(*) INTO held FROM (
        SELECT 1 FROM lane WHERE id IN (SELECT lane_id FROM made) ORDER BY id FOR KEY SHARE
    ) AS lanes;
    IF held < (SELECT count(DISTINCT lane_id) FROM made) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a delivery names a lane that is not there';
    END IF;
    RETURN NULL;
END $$
"""

TRIGGER = """
CREATE TRIGGER outbox_holds_its_lanes AFTER INSERT ON outbox
REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION outbox_holds_its_lanes()
"""


def upgrade() -> None:
    """Hold all the lanes of a statement at once."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(FUNCTION)
        op.execute(TRIGGER)
        op.drop_constraint(KEY, "outbox", type_="foreignkey")


def downgrade() -> None:
    """Look each row's lane up again."""
    if op.get_context().dialect.name == "postgresql":
        op.create_foreign_key(KEY, "outbox", "lane", ["lane_id"], ["id"])
        op.execute("DROP TRIGGER outbox_holds_its_lanes ON outbox")
        op.execute("DROP FUNCTION outbox_holds_its_lanes()")
