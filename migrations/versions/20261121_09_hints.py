"""Explanations of contradiction hints"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_09_hints"
down_revision = "20261121_08_password_resets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hint_explanations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("hint", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("explained_by_id", sa.Integer(), nullable=False),
        sa.Column("explained_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_hint_explanations_number_positive")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_hint_explanations_text_given")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_hint_explanations_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["explained_by_id"], ["users.id"], name=op.f("fk_hint_explanations_explained_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hint_explanations")),
        sa.UniqueConstraint(
            "assessment_id", "hint", "number", name=op.f("uq_hint_explanations_assessment_id_hint_number")
        ),
    )


def downgrade() -> None:
    op.drop_table("hint_explanations")
