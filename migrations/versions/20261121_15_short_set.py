"""Assessments that ask the short set"""

import sqlalchemy as sa
from alembic import op

revision = "20261121_15_short_set"
down_revision = "20261121_14_taken_figures"
branch_labels = None
depends_on = None

# One plain ALTER: a table others point at must not be made anew, which is what a batch would do on SQLite.


def upgrade() -> None:
    op.add_column("assessments", sa.Column("short", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("assessments", "short")
