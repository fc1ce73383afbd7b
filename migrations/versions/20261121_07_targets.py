"""Inventory frame of the buyer, targets and what-ifs"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_07_targets"
down_revision = "20261121_06_estimates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
