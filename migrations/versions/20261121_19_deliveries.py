"""What suppliers delivered to the buyer"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_19_deliveries"
down_revision = "20261121_18_as_a_whole"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("material", sa.String(length=60), nullable=False),
        sa.Column("product_id", sa.String(length=120), nullable=False),
        sa.Column("product_key", sa.String(length=360), nullable=False),
        sa.Column("quantity", portal.store.base.ExactDecimal(length=60), nullable=False),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column("value", portal.store.base.ExactDecimal(length=60), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("typed", portal.store.base.Json(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", portal.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_deliveries_ended_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["users.id"], name=op.f("fk_deliveries_ended_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["users.id"], name=op.f("fk_deliveries_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["deliveries.id"], name=op.f("fk_deliveries_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_deliveries_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_replaces_id"), "deliveries", ["replaces_id"])
    op.create_index(op.f("ix_deliveries_supplier_id_year"), "deliveries", ["supplier_id", "year"])
    op.create_index(
        "uq_deliveries_in_force",
        "deliveries",
        ["supplier_id", "year", "material", "product_key"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("deliveries")
