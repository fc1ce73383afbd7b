"""Where carried answers come from, versions a round allows, trial rounds"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_16_carrying"
down_revision = "20261121_15_short_set"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain ALTER: a table others point at must not be made anew, which is what a batch would do on SQLite.
    op.add_column("rounds", sa.Column("trial", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "carryings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.Column("questionnaire", sa.String(length=80), nullable=False),
        sa.Column("source_assessment_id", sa.Integer(), nullable=True),
        sa.Column("source_submission_id", sa.Integer(), nullable=True),
        sa.Column("carried_by_id", sa.Integer(), nullable=False),
        sa.Column("carried_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('earlier', 'version')", name=op.f("ck_carryings_kind_known")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_carryings_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_assessment_id"], ["assessments.id"], name=op.f("fk_carryings_source_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_submission_id"], ["submissions.id"], name=op.f("fk_carryings_source_submission_id")
        ),
        sa.ForeignKeyConstraint(["carried_by_id"], ["users.id"], name=op.f("fk_carryings_carried_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carryings")),
    )
    op.create_index(op.f("ix_carryings_assessment_id"), "carryings", ["assessment_id"], unique=False)
    op.create_table(
        "carried_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrying_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=12), nullable=False),
        sa.Column("source_indicator", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("value", portal.store.base.Json(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('carried', 'beside', 'dropped')", name=op.f("ck_carried_answers_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["carrying_id"], ["carryings.id"], name=op.f("fk_carried_answers_carrying_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried_answers")),
        sa.UniqueConstraint(
            "carrying_id", "indicator", name=op.f("uq_carried_answers_carrying_id_indicator")
        ),
    )
    op.create_index(
        op.f("ix_carried_answers_carrying_id"), "carried_answers", ["carrying_id"], unique=False
    )
    op.create_table(
        "round_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire", sa.String(length=80), nullable=False),
        sa.Column("allowed_by_id", sa.Integer(), nullable=False),
        sa.Column("allowed_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["allowed_by_id"], ["users.id"], name=op.f("fk_round_versions_allowed_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_versions_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_versions")),
        sa.UniqueConstraint(
            "round_id", "questionnaire", name=op.f("uq_round_versions_round_id_questionnaire")
        ),
    )


def downgrade() -> None:
    op.drop_table("round_versions")
    op.drop_index(op.f("ix_carried_answers_carrying_id"), table_name="carried_answers")
    op.drop_table("carried_answers")
    op.drop_index(op.f("ix_carryings_assessment_id"), table_name="carryings")
    op.drop_table("carryings")
    op.drop_column("rounds", "trial")
