"""Inventories by source, electricity, certificates, reduction measures"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_03_company_register"
down_revision = "20261121_02_footprints"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
