"""The first tables."""

import sqlalchemy as sa
from alembic import op

import storage.database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
RUNS_WITH = "0001"


def upgrade() -> None:
    """The first tables."""
    op.create_table(
        "family",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("made_at", storage.database.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family")),
        sa.UniqueConstraint("reference", name=op.f("uq_family_reference")),
    )
    op.create_table(
        "person",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("agency", sa.String(length=60), nullable=False),
        sa.Column("job", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("platform_id", sa.String(length=200), nullable=True),
        sa.Column("identity_verified_on", sa.Date(), nullable=True),
        sa.Column("works_on", sa.String(length=7), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "family_member",
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=30), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("age_band", sa.String(length=8), nullable=False),
        sa.Column("lives", sa.String(length=12), nullable=False),
        sa.Column("parental_responsibility", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_family_member_family_id_family")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_member")),
    )
    with op.batch_alter_table("family_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_family_member_family_id"), ["family_id"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("command", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("received_at", storage.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_inbox_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("platform", "key", name=op.f("uq_inbox_platform")),
    )
    op.create_table(
        "leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_leave_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leave_person_id"), ["person_id"], unique=False)

    op.create_table(
        "taf",
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("framework", sa.String(length=20), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("referred_by", sa.String(length=100), nullable=True),
        sa.Column("high_cost", sa.Boolean(), nullable=True),
        sa.Column("would_benefit", sa.Boolean(), nullable=True),
        sa.Column("statutory_plan", sa.String(length=20), nullable=False),
        sa.Column("stepped_down_from", sa.String(length=20), nullable=True),
        sa.Column("convened_at", storage.database.Instant(timezone=True), nullable=False),
        sa.Column("convened_by_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("lead_vacant_since", sa.Date(), nullable=True),
        sa.Column("lead_vacant_why", sa.String(length=500), nullable=True),
        sa.Column("lead_wanted_by", sa.Date(), nullable=True),
        sa.Column("assessment_due_on", sa.Date(), nullable=False),
        sa.Column("first_taf_due_on", sa.Date(), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("look_again_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("unheard_since", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["convened_by_id"], ["person.id"], name=op.f("fk_taf_convened_by_id_person")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_taf_family_id_family")),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_taf_lead_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taf")),
    )
    with op.batch_alter_table("taf", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_taf_family_id"), ["family_id"], unique=False)
        batch_op.create_index(
            "ix_taf_look_again_at",
            ["look_again_at"],
            unique=False,
            sqlite_where=sa.text("look_again_at IS NOT NULL"),
            postgresql_where=sa.text("look_again_at IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_taf_one_open",
            ["family_id"],
            unique=True,
            sqlite_where=sa.text("state != 'closed'"),
            postgresql_where=sa.text("state != 'closed'"),
        )

    op.create_table(
        "assessment",
        sa.Column("taf_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("initiated_by_id", sa.Integer(), nullable=False),
        sa.Column("initiated_on", sa.Date(), nullable=False),
        sa.Column("completed_by_id", sa.Integer(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["completed_by_id"], ["person.id"], name=op.f("fk_assessment_completed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["initiated_by_id"], ["person.id"], name=op.f("fk_assessment_initiated_by_id_person")
        ),
        sa.ForeignKeyConstraint(["taf_id"], ["taf.id"], name=op.f("fk_assessment_taf_id_taf")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_taf_id"), ["taf_id"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", storage.database.Instant(timezone=True), nullable=False),
        sa.Column("entry", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("command", sa.String(length=60), nullable=True),
        sa.Column("about", sa.String(length=40), nullable=True),
        sa.Column("taf_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_audit_person_id_person")
        ),
        sa.ForeignKeyConstraint(["taf_id"], ["taf.id"], name=op.f("fk_audit_taf_id_taf")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_taf_id_id", ["taf_id", "id"], unique=False)

    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("taf_id", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("outstanding_needs", sa.Text(), nullable=True),
        sa.Column("family_agreed", sa.Boolean(), nullable=False),
        sa.Column("team_agreed", sa.Boolean(), nullable=False),
        sa.Column("not_agreed_why", sa.Text(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", storage.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_closure_recorded_by_id_person")
        ),
        sa.ForeignKeyConstraint(["taf_id"], ["taf.id"], name=op.f("fk_closure_taf_id_taf")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sa.UniqueConstraint("taf_id", name=op.f("uq_closure_taf_id")),
    )
    op.create_table(
        "consent",
        sa.Column("family_member_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=30), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", storage.database.Instant(timezone=True), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_member_id"],
            ["family_member.id"],
            name=op.f("fk_consent_family_member_id_family_member"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_consent_recorded_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_recorded_by_id"],
            ["person.id"],
            name=op.f("fk_consent_withdrawn_recorded_by_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consent_family_member_id"), ["family_member_id"], unique=False
        )

    op.create_table(
        "help_request",
        sa.Column("taf_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("trigger", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", storage.database.Instant(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("look_again_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("unheard_since", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_help_request_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_help_request_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(["taf_id"], ["taf.id"], name=op.f("fk_help_request_taf_id_taf")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
    )
    with op.batch_alter_table("help_request", schema=None) as batch_op:
        batch_op.create_index(
            "ix_help_request_look_again_at",
            ["look_again_at"],
            unique=False,
            sqlite_where=sa.text("look_again_at IS NOT NULL"),
            postgresql_where=sa.text("look_again_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_help_request_taf_id"), ["taf_id"], unique=False)

    op.create_table(
        "indicator",
        sa.Column("taf_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("family_member_id", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("better", sa.String(length=8), nullable=False),
        sa.Column("evidence_source", sa.String(length=200), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("history", sa.Text(), nullable=False),
        sa.Column("forecast", sa.Text(), nullable=False),
        sa.Column("baseline", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("target", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("chosen_at", storage.database.Instant(timezone=True), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("look_again_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("unheard_since", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"], ["person.id"], name=op.f("fk_indicator_chosen_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["family_member_id"],
            ["family_member.id"],
            name=op.f("fk_indicator_family_member_id_family_member"),
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["person.id"], name=op.f("fk_indicator_holder_id_person")
        ),
        sa.ForeignKeyConstraint(["taf_id"], ["taf.id"], name=op.f("fk_indicator_taf_id_taf")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
    )
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.create_index(
            "ix_indicator_look_again_at",
            ["look_again_at"],
            unique=False,
            sqlite_where=sa.text("look_again_at IS NOT NULL"),
            postgresql_where=sa.text("look_again_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_indicator_taf_id"), ["taf_id"], unique=False)

    op.create_table(
        "lead_handover",
        sa.Column("taf_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("offered_at", storage.database.Instant(timezone=True), nullable=False),
        sa.Column("answered_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_id"], ["person.id"], name=op.f("fk_lead_handover_from_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["offered_by_id"], ["person.id"], name=op.f("fk_lead_handover_offered_by_id_person")
        ),
        sa.ForeignKeyConstraint(["taf_id"], ["taf.id"], name=op.f("fk_lead_handover_taf_id_taf")),
        sa.ForeignKeyConstraint(
            ["to_id"], ["person.id"], name=op.f("fk_lead_handover_to_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_handover")),
    )
    with op.batch_alter_table("lead_handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_handover_taf_id"), ["taf_id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("taf_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("arranged_by_id", sa.Integer(), nullable=False),
        sa.Column("arranged_at", storage.database.Instant(timezone=True), nullable=False),
        sa.Column("cancelled_why", sa.Text(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("notes_by_id", sa.Integer(), nullable=True),
        sa.Column("child_voice", sa.String(length=30), nullable=True),
        sa.Column("child_voice_words", sa.Text(), nullable=True),
        sa.Column("progress", sa.Text(), nullable=True),
        sa.Column("decisions", sa.Text(), nullable=True),
        sa.Column("look_again_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("unheard_since", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["arranged_by_id"], ["person.id"], name=op.f("fk_meeting_arranged_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["notes_by_id"], ["person.id"], name=op.f("fk_meeting_notes_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_meeting_recorded_by_id_person")
        ),
        sa.ForeignKeyConstraint(["taf_id"], ["taf.id"], name=op.f("fk_meeting_taf_id_taf")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(
            "ix_meeting_look_again_at",
            ["look_again_at"],
            unique=False,
            sqlite_where=sa.text("look_again_at IS NOT NULL"),
            postgresql_where=sa.text("look_again_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_meeting_taf_id"), ["taf_id"], unique=False)

    op.create_table(
        "outcome",
        sa.Column("taf_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("need", sa.String(length=40), nullable=True),
        sa.Column("agreed_at", storage.database.Instant(timezone=True), nullable=False),
        sa.Column("agreed_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_outcome_agreed_by_id_person")
        ),
        sa.ForeignKeyConstraint(["taf_id"], ["taf.id"], name=op.f("fk_outcome_taf_id_taf")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_taf_id"), ["taf_id"], unique=False)

    op.create_table(
        "privacy_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_member_id", sa.Integer(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=True),
        sa.Column("served_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_member_id"],
            ["family_member.id"],
            name=op.f("fk_privacy_notice_family_member_id_family_member"),
        ),
        sa.ForeignKeyConstraint(
            ["served_by_id"], ["person.id"], name=op.f("fk_privacy_notice_served_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_notice")),
    )
    with op.batch_alter_table("privacy_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_privacy_notice_family_member_id"), ["family_member_id"], unique=False
        )

    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("taf_id", sa.Integer(), nullable=True),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["taf_id"], ["taf.id"], name=op.f("fk_room_taf_id_taf")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("name", name=op.f("uq_room_name")),
        sa.UniqueConstraint("taf_id", name=op.f("uq_room_taf_id")),
    )
    op.create_table(
        "sharing_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("taf_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.String(length=30), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", storage.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_sharing_decision_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["taf_id"], ["taf.id"], name=op.f("fk_sharing_decision_taf_id_taf")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_decision")),
    )
    with op.batch_alter_table("sharing_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sharing_decision_taf_id"), ["taf_id"], unique=False)

    op.create_table(
        "support_plan",
        sa.Column("taf_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["taf_id"], ["taf.id"], name=op.f("fk_support_plan_taf_id_taf")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_plan")),
        sa.UniqueConstraint("taf_id", name=op.f("uq_support_plan_taf_id")),
    )
    op.create_table(
        "team_member",
        sa.Column("taf_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.Column("joined_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("left_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_team_member_approved_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_team_member_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_team_member_person_id_person")
        ),
        sa.ForeignKeyConstraint(["taf_id"], ["taf.id"], name=op.f("fk_team_member_taf_id_taf")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_member_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_member_taf_id"), ["taf_id"], unique=False)
        batch_op.create_index(
            "uq_team_member_current",
            ["taf_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'joined', 'away')"),
            postgresql_where=sa.text("state IN ('proposed', 'joined', 'away')"),
        )

    op.create_table(
        "action",
        sa.Column("taf_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("list", sa.String(length=20), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("family_owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("outcome_id", sa.Integer(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("agreed_at", storage.database.Instant(timezone=True), nullable=False),
        sa.Column("agreed_by_id", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("blocked_by", sa.String(length=30), nullable=True),
        sa.Column("blocked_words", sa.Text(), nullable=True),
        sa.Column("not_mine_why", sa.Text(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("quiet_until", sa.Date(), nullable=True),
        sa.Column("times_moved", sa.Integer(), nullable=False),
        sa.Column("moved_why", sa.Text(), nullable=True),
        sa.Column("look_again_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("unheard_since", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_action_agreed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["person.id"], name=op.f("fk_action_done_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["family_owner_id"],
            ["family_member.id"],
            name=op.f("fk_action_family_owner_id_family_member"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_action_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_action_outcome_id_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_action_owner_id_person")
        ),
        sa.ForeignKeyConstraint(["taf_id"], ["taf.id"], name=op.f("fk_action_taf_id_taf")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index(
            "ix_action_look_again_at",
            ["look_again_at"],
            unique=False,
            sqlite_where=sa.text("look_again_at IS NOT NULL"),
            postgresql_where=sa.text("look_again_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_action_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_taf_id"), ["taf_id"], unique=False)

    op.create_table(
        "admission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("admitted_at", storage.database.Instant(timezone=True), nullable=False),
        sa.Column("removed_at", storage.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_admission_person_id_person")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_admission_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission")),
    )
    with op.batch_alter_table("admission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_admission_room_id"), ["room_id"], unique=False)

    op.create_table(
        "closure_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closure_id", sa.Integer(), nullable=False),
        sa.Column("family_member_id", sa.Integer(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("why_not", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closure_id"], ["closure.id"], name=op.f("fk_closure_told_closure_id_closure")
        ),
        sa.ForeignKeyConstraint(
            ["family_member_id"],
            ["family_member.id"],
            name=op.f("fk_closure_told_family_member_id_family_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure_told")),
    )
    with op.batch_alter_table("closure_told", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_closure_told_closure_id"), ["closure_id"], unique=False
        )

    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("given_at", storage.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_contribution_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contribution_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
    )
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contribution_assessment_id"), ["assessment_id"], unique=False
        )

    op.create_table(
        "dissent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("family_member_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_member_id"],
            ["family_member.id"],
            name=op.f("fk_dissent_family_member_id_family_member"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_dissent_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_dissent_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dissent")),
    )
    with op.batch_alter_table("dissent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dissent_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "family_attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("family_member_id", sa.Integer(), nullable=False),
        sa.Column("attendance", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_member_id"],
            ["family_member.id"],
            name=op.f("fk_family_attendance_family_member_id_family_member"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_family_attendance_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_attendance")),
    )
    with op.batch_alter_table("family_attendance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_family_attendance_meeting_id"), ["meeting_id"], unique=False
        )

    op.create_table(
        "invitation",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reply", sa.String(length=30), nullable=True),
        sa.Column("substitute", sa.String(length=100), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("replied_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("attendance", sa.String(length=30), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_invitation_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_invitation_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("meeting_id", "person_id", name=op.f("uq_invitation_meeting_id")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_person_id"), ["person_id"], unique=False)

    op.create_table(
        "lane",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("next_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("lease_until", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("owner", sa.String(length=60), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_lane_person_id_person")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_lane_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane")),
        sa.UniqueConstraint("person_id", name=op.f("uq_lane_person_id")),
        sa.UniqueConstraint("room_id", name=op.f("uq_lane_room_id")),
    )
    with op.batch_alter_table("lane", schema=None) as batch_op:
        batch_op.create_index(
            "ix_lane_next_at",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )

    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("posted_at", storage.database.Instant(timezone=True), nullable=False),
        sa.Column("edited_at", storage.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_post_person_id_person")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_post_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("number", name=op.f("uq_post_number")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index("ix_post_person_id_id", ["person_id", "id"], unique=False)
        batch_op.create_index("ix_post_room_id_id", ["room_id", "id"], unique=False)

    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", storage.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_reading_indicator_id_indicator")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_reading_recorded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reading_indicator_id"), ["indicator_id"], unique=False)

    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("taf_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("progress", sa.String(length=8), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", storage.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_review_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_review_recorded_by_id_person")
        ),
        sa.ForeignKeyConstraint(["taf_id"], ["taf.id"], name=op.f("fk_review_taf_id_taf")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_taf_id"), ["taf_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedup_key", sa.String(length=200), nullable=False),
        sa.Column("lane_id", sa.Integer(), nullable=False),
        sa.Column("operation", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("notice", sa.String(length=60), nullable=True),
        sa.Column("rule", sa.String(length=80), nullable=True),
        sa.Column("slot", sa.String(length=60), nullable=True),
        sa.Column("about", sa.String(length=40), nullable=True),
        sa.Column("taf_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=True),
        sa.Column("card_key", sa.String(length=60), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("made_at", storage.database.Instant(timezone=True), nullable=False),
        sa.Column("available_at", storage.database.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempt_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("sent_at", storage.database.Instant(timezone=True), nullable=True),
        sa.Column("provider_ref", sa.String(length=200), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["lane_id"], ["lane.id"], name=op.f("fk_outbox_lane_id_lane")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_outbox_person_id_person")
        ),
        sa.ForeignKeyConstraint(["taf_id"], ["taf.id"], name=op.f("fk_outbox_taf_id_taf")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_outbox_dedup_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_card_key",
            ["lane_id", "card_key"],
            unique=False,
            sqlite_where=sa.text("card_key IS NOT NULL"),
            postgresql_where=sa.text("card_key IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_outbox_lane_open",
            ["lane_id", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('ready', 'sending', 'unknown')"),
            postgresql_where=sa.text("state IN ('ready', 'sending', 'unknown')"),
        )
        batch_op.create_index(
            "ix_outbox_lane_waiting",
            ["lane_id", "available_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_lane_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(
            "ix_outbox_lane_open",
            sqlite_where=sa.text("state IN ('ready', 'sending', 'unknown')"),
            postgresql_where=sa.text("state IN ('ready', 'sending', 'unknown')"),
        )
        batch_op.drop_index(
            "ix_outbox_card_key",
            sqlite_where=sa.text("card_key IS NOT NULL"),
            postgresql_where=sa.text("card_key IS NOT NULL"),
        )

    op.drop_table("outbox")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_taf_id"))

    op.drop_table("review")
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reading_indicator_id"))

    op.drop_table("reading")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("ix_post_room_id_id")
        batch_op.drop_index("ix_post_person_id_id")

    op.drop_table("post")
    with op.batch_alter_table("lane", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_lane_next_at",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )

    op.drop_table("lane")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_person_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_meeting_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("family_attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_family_attendance_meeting_id"))

    op.drop_table("family_attendance")
    with op.batch_alter_table("dissent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dissent_meeting_id"))

    op.drop_table("dissent")
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contribution_assessment_id"))

    op.drop_table("contribution")
    with op.batch_alter_table("closure_told", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closure_told_closure_id"))

    op.drop_table("closure_told")
    with op.batch_alter_table("admission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_admission_room_id"))

    op.drop_table("admission")
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_taf_id"))
        batch_op.drop_index(batch_op.f("ix_action_owner_id"))
        batch_op.drop_index(
            "ix_action_look_again_at",
            sqlite_where=sa.text("look_again_at IS NOT NULL"),
            postgresql_where=sa.text("look_again_at IS NOT NULL"),
        )

    op.drop_table("action")
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_team_member_current",
            sqlite_where=sa.text("state IN ('proposed', 'joined', 'away')"),
            postgresql_where=sa.text("state IN ('proposed', 'joined', 'away')"),
        )
        batch_op.drop_index(batch_op.f("ix_team_member_taf_id"))
        batch_op.drop_index(batch_op.f("ix_team_member_person_id"))

    op.drop_table("team_member")
    op.drop_table("support_plan")
    with op.batch_alter_table("sharing_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sharing_decision_taf_id"))

    op.drop_table("sharing_decision")
    op.drop_table("room")
    with op.batch_alter_table("privacy_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_privacy_notice_family_member_id"))

    op.drop_table("privacy_notice")
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_taf_id"))

    op.drop_table("outcome")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_taf_id"))
        batch_op.drop_index(
            "ix_meeting_look_again_at",
            sqlite_where=sa.text("look_again_at IS NOT NULL"),
            postgresql_where=sa.text("look_again_at IS NOT NULL"),
        )

    op.drop_table("meeting")
    with op.batch_alter_table("lead_handover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lead_handover_taf_id"))

    op.drop_table("lead_handover")
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_taf_id"))
        batch_op.drop_index(
            "ix_indicator_look_again_at",
            sqlite_where=sa.text("look_again_at IS NOT NULL"),
            postgresql_where=sa.text("look_again_at IS NOT NULL"),
        )

    op.drop_table("indicator")
    with op.batch_alter_table("help_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_request_taf_id"))
        batch_op.drop_index(
            "ix_help_request_look_again_at",
            sqlite_where=sa.text("look_again_at IS NOT NULL"),
            postgresql_where=sa.text("look_again_at IS NOT NULL"),
        )

    op.drop_table("help_request")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_family_member_id"))

    op.drop_table("consent")
    op.drop_table("closure")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_taf_id_id")

    op.drop_table("audit")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_taf_id"))

    op.drop_table("assessment")
    with op.batch_alter_table("taf", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_taf_one_open",
            sqlite_where=sa.text("state != 'closed'"),
            postgresql_where=sa.text("state != 'closed'"),
        )
        batch_op.drop_index(
            "ix_taf_look_again_at",
            sqlite_where=sa.text("look_again_at IS NOT NULL"),
            postgresql_where=sa.text("look_again_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_taf_family_id"))

    op.drop_table("taf")
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leave_person_id"))

    op.drop_table("leave")
    op.drop_table("inbox")
    with op.batch_alter_table("family_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_family_member_family_id"))

    op.drop_table("family_member")
    op.drop_table("setting")
    op.drop_table("person")
    op.drop_table("family")
