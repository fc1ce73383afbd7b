"""Evidence as facts: language, pages and sites of a file, versions of a document"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_11_evidence_facts"
down_revision = "20261121_10_together"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "supplier_sites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_supplier_sites_name_given")),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_supplier_sites_added_by_id")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_supplier_sites_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_sites")),
        sa.UniqueConstraint("supplier_id", "key", name=op.f("uq_supplier_sites_supplier_id_key")),
    )
    op.create_table(
        "evidence_sites",
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=360), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_sites_evidence_id")),
        sa.PrimaryKeyConstraint("evidence_id", "key", name=op.f("pk_evidence_sites")),
    )
    op.create_table(
        "evidence_versions",
        sa.Column("older_id", sa.Integer(), nullable=False),
        sa.Column("newer_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("older_id <> newer_id", name=op.f("ck_evidence_versions_not_itself")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_evidence_versions_made_by_id")),
        sa.ForeignKeyConstraint(["newer_id"], ["evidence.id"], name=op.f("fk_evidence_versions_newer_id")),
        sa.ForeignKeyConstraint(["older_id"], ["evidence.id"], name=op.f("fk_evidence_versions_older_id")),
        sa.PrimaryKeyConstraint("older_id", name=op.f("pk_evidence_versions")),
        sa.UniqueConstraint("newer_id", name=op.f("uq_evidence_versions_newer_id")),
    )
    # In place: links and the register refer to evidence, so SQLite could not copy and drop it.
    op.add_column("evidence", sa.Column("language", sa.String(length=10), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("pages", sa.Integer(), nullable=True))
    op.add_column(
        "evidence_links",
        sa.Column("moved_at", portal.store.base.UtcDateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("evidence_links", "moved_at")
    op.drop_column("evidence", "pages")
    op.drop_column("evidence", "language")
    op.drop_table("evidence_versions")
    op.drop_table("evidence_sites")
    op.drop_table("supplier_sites")
