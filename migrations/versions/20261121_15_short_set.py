"""Assessments that ask the short set"""

import sqlalchemy as sa
from alembic import op

revision = "20261121_15_short_set"
down_revision = "20261121_14_taken_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("assessments") as table:
        table.add_column(sa.Column("short", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("assessments") as table:
        table.drop_column("short")
