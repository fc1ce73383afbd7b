"""Product carbon footprints with the fields of PACT, and replies to doubts"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_02_footprints"
down_revision = "20261121_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "carbon_doubts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("values", portal.store.base.Json(), nullable=False),
        sa.Column("noted_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("replied_at", portal.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(reply = '' AND replied_by_id IS NULL AND replied_at IS NULL)"
            " OR (reply <> '' AND replied_by_id IS NOT NULL AND replied_at IS NOT NULL)",
            name=op.f("ck_carbon_doubts_reply_whole"),
        ),
        sa.CheckConstraint(
            "subject IN ('footprint', 'inventory', 'electricity', 'measure')",
            name=op.f("ck_carbon_doubts_subject_known"),
        ),
        sa.ForeignKeyConstraint(["replied_by_id"], ["users.id"], name=op.f("fk_carbon_doubts_replied_by_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_carbon_doubts_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carbon_doubts")),
    )
    op.create_index(op.f("ix_carbon_doubts_subject_subject_id"), "carbon_doubts", ["subject", "subject_id"])
    op.create_index(op.f("ix_carbon_doubts_supplier_id"), "carbon_doubts", ["supplier_id"])
    # Added in place: footprints refer to this table, so SQLite could not copy and drop it.
    op.execute(
        "ALTER TABLE carbon_uploads ADD COLUMN origin VARCHAR(4) DEFAULT 'file' NOT NULL "
        "CONSTRAINT ck_carbon_uploads_origin_known CHECK (origin IN ('file', 'form'))"
    )
    with op.batch_alter_table("footprints") as batch:
        batch.add_column(sa.Column("pact_id", sa.String(length=60), server_default="", nullable=False))
        batch.add_column(sa.Column("details", portal.store.base.Json(), server_default="{}", nullable=False))
        batch.add_column(sa.Column("document", portal.store.base.Json(), nullable=True))
        batch.add_column(sa.Column("replaced_by_id", sa.Integer(), nullable=True))
        batch.alter_column(
            "geography",
            existing_type=sa.String(length=12),
            type_=sa.String(length=60),
            existing_nullable=False,
        )
        batch.create_index(op.f("ix_footprints_supplier_id_pact_id"), ["supplier_id", "pact_id"])
        batch.create_foreign_key(
            op.f("fk_footprints_replaced_by_id"), "footprints", ["replaced_by_id"], ["id"]
        )


def downgrade() -> None:
    op.execute("UPDATE footprints SET geography = '' WHERE length(geography) > 12")
    with op.batch_alter_table("footprints") as batch:
        batch.drop_constraint(op.f("fk_footprints_replaced_by_id"), type_="foreignkey")
        batch.drop_index(op.f("ix_footprints_supplier_id_pact_id"))
        batch.alter_column(
            "geography",
            existing_type=sa.String(length=60),
            type_=sa.String(length=12),
            existing_nullable=False,
        )
        batch.drop_column("replaced_by_id")
        batch.drop_column("document")
        batch.drop_column("details")
        batch.drop_column("pact_id")
    op.execute("ALTER TABLE carbon_uploads DROP COLUMN origin")
    op.drop_table("carbon_doubts")
