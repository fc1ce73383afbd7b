"""Ledger intake: mappings, matches, jobs"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_05_ledger_intake"
down_revision = "20261121_04_factor_library"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
