"""What became of earlier answers of sites"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_17_carried_sites"
down_revision = "20261121_16_carrying"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "carried_site_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrying_id", sa.Integer(), nullable=False),
        sa.Column("site_key", sa.String(length=120), nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("indicator", sa.String(length=12), nullable=False),
        sa.Column("source_indicator", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("value", portal.store.base.Json(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('carried', 'beside', 'dropped')", name=op.f("ck_carried_site_answers_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["carrying_id"], ["carryings.id"], name=op.f("fk_carried_site_answers_carrying_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried_site_answers")),
        sa.UniqueConstraint(
            "carrying_id",
            "site_key",
            "indicator",
            name=op.f("uq_carried_site_answers_carrying_id_site_key_indicator"),
        ),
    )


def downgrade() -> None:
    op.drop_table("carried_site_answers")
