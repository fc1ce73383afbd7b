"""Assignments, notes between colleagues, and what the lead looked at"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_10_together"
down_revision = "20261121_09_hints"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_assignments_version_positive")),
        sa.CheckConstraint(
            "(person_id IS NULL) = (due_on IS NULL)", name=op.f("ck_assignments_person_and_day")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_assignments_assessment_id")
        ),
        sa.ForeignKeyConstraint(["changed_by_id"], ["users.id"], name=op.f("fk_assignments_changed_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_assignments_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("assessment_id", "subject", name=op.f("uq_assignments_assessment_id_subject")),
    )
    op.create_index(op.f("ix_assignments_person_id"), "assignments", ["person_id"], unique=False)
    op.create_table(
        "colleague_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('note', 'resolved', 'reopened')", name=op.f("ck_colleague_notes_kind_known")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_colleague_notes_number_positive")),
        sa.CheckConstraint("(kind = 'note') = (text <> '')", name=op.f("ck_colleague_notes_text_when_note")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_colleague_notes_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["users.id"], name=op.f("fk_colleague_notes_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_colleague_notes")),
        sa.UniqueConstraint(
            "assessment_id",
            "indicator",
            "number",
            name=op.f("uq_colleague_notes_assessment_id_indicator_number"),
        ),
    )
    op.create_table(
        "topic_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=12), nullable=False),
        sa.Column("seen", portal.store.base.Json(), nullable=False),
        sa.Column("looked_by_id", sa.Integer(), nullable=False),
        sa.Column("looked_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_topic_looks_assessment_id")
        ),
        sa.ForeignKeyConstraint(["looked_by_id"], ["users.id"], name=op.f("fk_topic_looks_looked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_looks")),
    )
    op.create_index(
        op.f("ix_topic_looks_assessment_id_topic"), "topic_looks", ["assessment_id", "topic"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_topic_looks_assessment_id_topic"), table_name="topic_looks")
    op.drop_table("topic_looks")
    op.drop_table("colleague_notes")
    op.drop_index(op.f("ix_assignments_person_id"), table_name="assignments")
    op.drop_table("assignments")
