"""Files of answers that wait to be looked through; from how many sites an earlier answer was rolled up"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_21_brought_files"
down_revision = "20261121_20_site_taken_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brought_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", portal.store.base.Json(), nullable=False),
        sa.Column("brought_by_id", sa.Integer(), nullable=False),
        sa.Column("brought_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_brought_files_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["brought_by_id"], ["users.id"], name=op.f("fk_brought_files_brought_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brought_files")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_brought_files_assessment_id")),
    )
    op.add_column("carried_answers", sa.Column("sites", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("carried_answers", "sites")
    op.drop_table("brought_files")
