"""Assessments a lead wants answered for the company as a whole"""

import sqlalchemy as sa
from alembic import op

revision = "20261121_18_as_a_whole"
down_revision = "20261121_17_carried_sites"
branch_labels = None
depends_on = None

# One plain ALTER: a table others point at must not be made anew, which is what a batch would do on SQLite.


def upgrade() -> None:
    op.add_column(
        "assessments", sa.Column("as_a_whole", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    # Where every site was taken out again, that was the same choice.
    op.execute(
        "UPDATE assessments SET as_a_whole = true WHERE id IN (SELECT assessment_id FROM assessment_sites "
        "GROUP BY assessment_id HAVING SUM(CASE WHEN included THEN 1 ELSE 0 END) = 0)"
    )


def downgrade() -> None:
    op.drop_column("assessments", "as_a_whole")
