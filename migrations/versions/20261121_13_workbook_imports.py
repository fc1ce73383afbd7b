"""Filled workbooks that came back, and which answer came from which cell"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_13_workbook_imports"
down_revision = "20261121_12_sites"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workbook_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("vault_key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", portal.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken', 'discarded')", name=op.f("ck_workbook_imports_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_workbook_imports_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_workbook_imports_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workbook_imports")),
        sa.UniqueConstraint("vault_key", name=op.f("uq_workbook_imports_vault_key")),
    )
    op.create_index(
        op.f("ix_workbook_imports_assessment_id"), "workbook_imports", ["assessment_id"], unique=False
    )
    op.create_table(
        "imported_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cells", portal.store.base.Json(), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["workbook_imports.id"], name=op.f("fk_imported_answers_import_id")
        ),
        sa.ForeignKeyConstraint(["taken_by_id"], ["users.id"], name=op.f("fk_imported_answers_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_answers")),
        sa.UniqueConstraint(
            "import_id", "row_key", "version", name=op.f("uq_imported_answers_import_id_row_key_version")
        ),
    )


def downgrade() -> None:
    op.drop_table("imported_answers")
    op.drop_index(op.f("ix_workbook_imports_assessment_id"), table_name="workbook_imports")
    op.drop_table("workbook_imports")
