"""What answers of sites taken over from the carbon register rest on"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_20_site_taken_figures"
down_revision = "20261121_19_deliveries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site_taken_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("take", sa.String(length=80), nullable=False),
        sa.Column("records", portal.store.base.Json(), nullable=False),
        sa.Column("facts", portal.store.base.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "indicator", "version"],
            ["site_answer_changes.site_id", "site_answer_changes.indicator", "site_answer_changes.version"],
            name=op.f("fk_site_taken_figures_site_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_taken_figures")),
        sa.UniqueConstraint(
            "site_id",
            "indicator",
            "version",
            name=op.f("uq_site_taken_figures_site_id_indicator_version"),
        ),
    )


def downgrade() -> None:
    op.drop_table("site_taken_figures")
