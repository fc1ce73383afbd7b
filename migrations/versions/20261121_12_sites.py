"""Answers of sites: the sites of an assessment, their output and what each of them answered"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_12_sites"
down_revision = "20261121_11_evidence_facts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessment_sites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("included", sa.Boolean(), nullable=False),
        sa.Column("output", portal.store.base.ExactDecimal(length=60), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(output IS NULL) = (unit = '')", name=op.f("ck_assessment_sites_output_with_unit")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_assessment_sites_name_given")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_assessment_sites_assessment_id")
        ),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["users.id"], name=op.f("fk_assessment_sites_chosen_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_sites")),
        sa.UniqueConstraint("assessment_id", "key", name=op.f("uq_assessment_sites_assessment_id_key")),
    )
    op.create_table(
        "site_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=12), nullable=False),
        sa.Column("value", portal.store.base.Json(), nullable=True),
        sa.Column("typed", portal.store.base.Json(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.Column("problem", portal.store.base.Json(), nullable=True),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "origin IN ('typed', 'carried', 'imported', 'register')", name=op.f("ck_site_answers_origin_known")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_site_answers_version_positive")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["users.id"], name=op.f("fk_site_answers_changed_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["assessment_sites.id"], name=op.f("fk_site_answers_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_answers")),
        sa.UniqueConstraint("site_id", "indicator", name=op.f("uq_site_answers_site_id_indicator")),
    )
    op.create_table(
        "site_answer_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", portal.store.base.Json(), nullable=True),
        sa.Column("typed", portal.store.base.Json(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["users.id"], name=op.f("fk_site_answer_changes_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["assessment_sites.id"], name=op.f("fk_site_answer_changes_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_answer_changes")),
        sa.UniqueConstraint(
            "site_id", "indicator", "version", name=op.f("uq_site_answer_changes_site_id_indicator_version")
        ),
    )


def downgrade() -> None:
    op.drop_table("site_answer_changes")
    op.drop_table("site_answers")
    op.drop_table("assessment_sites")
