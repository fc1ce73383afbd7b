"""Links to set a new password; how many problems a carbon file had when it was read"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_08_password_resets"
down_revision = "20261121_07_targets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "password_resets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", portal.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", portal.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_password_resets_made_by_id")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_password_resets_supplier_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_password_resets_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_resets")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_resets_token_hash")),
    )
    op.create_index(op.f("ix_password_resets_user_id"), "password_resets", ["user_id"], unique=False)
    # In place: footprints refer to this table, so SQLite could not copy and drop it.
    op.add_column("carbon_uploads", sa.Column("faults", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("carbon_uploads", "faults")
    op.drop_index(op.f("ix_password_resets_user_id"), table_name="password_resets")
    op.drop_table("password_resets")
