"""Inventory frame of the buyer, targets and what-ifs"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_07_targets"
down_revision = "20261121_06_estimates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "frame_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("vault_key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", portal.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'accepted', 'discarded')", name=op.f("ck_frame_files_state_known")
        ),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["users.id"], name=op.f("fk_frame_files_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frame_files")),
        sa.UniqueConstraint("vault_key", name=op.f("uq_frame_files_vault_key")),
    )
    op.create_table(
        "frames",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(subject = '') = (source = '')", name=op.f("ck_frames_example_has_source")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["users.id"], name=op.f("fk_frames_opened_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frames")),
        sa.UniqueConstraint("subject", "year", name=op.f("uq_frames_subject_year")),
    )
    op.create_table(
        "targets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_year", sa.Integer(), nullable=False),
        sa.Column("base_value", portal.store.base.ExactDecimal(length=60), nullable=False),
        sa.Column("base_typed", sa.String(length=60), nullable=False),
        sa.Column("target_year", sa.Integer(), nullable=False),
        sa.Column("reduction", portal.store.base.ExactDecimal(length=60), nullable=False),
        sa.Column("path", sa.String(length=15), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("path IN ('linear', 'constant_rate')", name=op.f("ck_targets_path_known")),
        sa.CheckConstraint("base_year < target_year", name=op.f("ck_targets_years_in_order")),
        sa.ForeignKeyConstraint(["set_by_id"], ["users.id"], name=op.f("fk_targets_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
        sa.UniqueConstraint("version", name=op.f("uq_targets_version")),
    )
    op.create_table(
        "frame_statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("frame_id", sa.Integer(), nullable=False),
        sa.Column("covers", portal.store.base.Json(), nullable=False),
        sa.Column("standard", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("verifier", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("vault_key", sa.String(length=80), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", portal.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "level IN ('reasonable', 'limited', 'not_stated')", name=op.f("ck_frame_statements_level_known")
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_frame_statements_added_by_id")),
        sa.ForeignKeyConstraint(["frame_id"], ["frames.id"], name=op.f("fk_frame_statements_frame_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frame_statements")),
        sa.UniqueConstraint("vault_key", name=op.f("uq_frame_statements_vault_key")),
    )
    op.create_index(op.f("ix_frame_statements_frame_id"), "frame_statements", ["frame_id"], unique=False)
    op.create_table(
        "frame_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("frame_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", portal.store.base.ExactDecimal(length=60), nullable=True),
        sa.Column("step", portal.store.base.ExactDecimal(length=60), nullable=False),
        sa.Column("typed", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("estimate_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("cell", sa.String(length=80), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(origin = 'estimate') = (estimate_id IS NOT NULL)",
            name=op.f("ck_frame_figures_estimate_is_named"),
        ),
        sa.CheckConstraint(
            "(origin = 'imported') = (file_id IS NOT NULL)", name=op.f("ck_frame_figures_file_is_named")
        ),
        sa.CheckConstraint(
            "origin IN ('typed', 'imported', 'estimate')", name=op.f("ck_frame_figures_origin_known")
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["users.id"], name=op.f("fk_frame_figures_entered_by_id")),
        sa.ForeignKeyConstraint(["estimate_id"], ["estimates.id"], name=op.f("fk_frame_figures_estimate_id")),
        sa.ForeignKeyConstraint(["file_id"], ["frame_files.id"], name=op.f("fk_frame_figures_file_id")),
        sa.ForeignKeyConstraint(["frame_id"], ["frames.id"], name=op.f("fk_frame_figures_frame_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frame_figures")),
        sa.UniqueConstraint(
            "frame_id", "item", "version", name=op.f("uq_frame_figures_frame_id_item_version")
        ),
    )
    op.create_index(op.f("ix_frame_figures_estimate_id"), "frame_figures", ["estimate_id"], unique=False)
    op.create_table(
        "what_ifs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("estimate_id", sa.Integer(), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("measures", portal.store.base.Json(), nullable=False),
        sa.Column("result", portal.store.base.Json(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", portal.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_what_ifs_has_name")),
        sa.ForeignKeyConstraint(["estimate_id"], ["estimates.id"], name=op.f("fk_what_ifs_estimate_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_what_ifs_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_ifs")),
    )
    op.create_index(op.f("ix_what_ifs_estimate_id"), "what_ifs", ["estimate_id"], unique=False)


def downgrade() -> None:

    op.drop_index(op.f("ix_what_ifs_estimate_id"), table_name="what_ifs")
    op.drop_table("what_ifs")
    op.drop_index(op.f("ix_frame_figures_estimate_id"), table_name="frame_figures")
    op.drop_table("frame_figures")
    op.drop_index(op.f("ix_frame_statements_frame_id"), table_name="frame_statements")
    op.drop_table("frame_statements")
    op.drop_table("targets")
    op.drop_table("frames")
    op.drop_table("frame_files")
