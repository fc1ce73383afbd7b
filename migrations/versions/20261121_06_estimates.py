"""Estimates: engines, manifests, comparisons"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_06_estimates"
down_revision = "20261121_05_ledger_intake"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("estimates") as batch_op:
        batch_op.add_column(sa.Column("manifest", portal.store.base.Json(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("estimates") as batch_op:
        batch_op.drop_column("manifest")
