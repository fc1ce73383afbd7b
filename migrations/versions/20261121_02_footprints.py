"""Product carbon footprints with the fields of PACT, and replies to doubts"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_02_footprints"
down_revision = "20261121_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
