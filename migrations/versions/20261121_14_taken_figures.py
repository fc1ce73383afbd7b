"""What answers taken over from the carbon register rest on"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_14_taken_figures"
down_revision = "20261121_13_workbook_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "taken_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("take", sa.String(length=80), nullable=False),
        sa.Column("records", portal.store.base.Json(), nullable=False),
        sa.Column("facts", portal.store.base.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id", "indicator", "version"],
            ["answer_changes.assessment_id", "answer_changes.indicator", "answer_changes.version"],
            name=op.f("fk_taken_figures_assessment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_figures")),
        sa.UniqueConstraint(
            "assessment_id",
            "indicator",
            "version",
            name=op.f("uq_taken_figures_assessment_id_indicator_version"),
        ),
    )


def downgrade() -> None:
    op.drop_table("taken_figures")
