"""Estimates: engines, manifests, comparisons"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_06_estimates"
down_revision = "20261121_05_ledger_intake"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
