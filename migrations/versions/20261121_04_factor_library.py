"""Factor, rate and price tables in versions"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_04_factor_library"
down_revision = "20261121_03_company_register"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
