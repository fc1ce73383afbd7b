"""Inventories by source, electricity, certificates, reduction measures"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_03_company_register"
down_revision = "20261121_02_footprints"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("inventories") as batch:
        batch.add_column(sa.Column("boundary", sa.String(length=12), server_default="", nullable=False))
        batch.add_column(sa.Column("sites", sa.String(length=500), server_default="", nullable=False))
        batch.add_column(
            sa.Column("scope1_sources", portal.store.base.Json(), server_default="{}", nullable=False)
        )
        batch.alter_column("upload_id", existing_type=sa.Integer(), nullable=True)
        batch.drop_constraint(op.f("uq_inventories_upload_id_year"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_inventories_upload_id_year_boundary"), ["upload_id", "year", "boundary"]
        )
        batch.create_check_constraint(
            op.f("ck_inventories_boundary_known"), "boundary IN ('', 'operational', 'financial', 'equity')"
        )
    op.create_table(
        "electricity_uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("vault_key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", portal.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('electricity', 'certificates')", name=op.f("ck_electricity_uploads_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'accepted', 'discarded')", name=op.f("ck_electricity_uploads_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_electricity_uploads_supplier_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_electricity_uploads_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_electricity_uploads")),
        sa.UniqueConstraint("vault_key", name=op.f("uq_electricity_uploads_vault_key")),
    )
    op.create_index(op.f("ix_electricity_uploads_supplier_id"), "electricity_uploads", ["supplier_id"])
    op.create_table(
        "certificate_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registry_key", sa.String(length=80), nullable=False),
        sa.Column("series", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_series")),
        sa.UniqueConstraint("registry_key", "series", name=op.f("uq_certificate_series_registry_key_series")),
    )
    op.create_table(
        "reduction_measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=4000), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("figure", sa.String(length=120), nullable=False),
        sa.Column("value_before", portal.store.base.ExactDecimal(length=60), nullable=True),
        sa.Column("value_after", portal.store.base.ExactDecimal(length=60), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("tco2e_year", portal.store.base.ExactDecimal(length=60), nullable=True),
        sa.Column("kwh_year", portal.store.base.ExactDecimal(length=60), nullable=True),
        sa.Column("cost", portal.store.base.ExactDecimal(length=60), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("typed", portal.store.base.Json(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", portal.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('planned', 'running', 'done')", name=op.f("ck_reduction_measures_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["users.id"], name=op.f("fk_reduction_measures_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["users.id"], name=op.f("fk_reduction_measures_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_reduction_measures_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reduction_measures")),
    )
    op.create_index(op.f("ix_reduction_measures_supplier_id_id"), "reduction_measures", ["supplier_id", "id"])
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(length=10), nullable=False),
        sa.Column("registry_key", sa.String(length=80), nullable=False),
        sa.Column("registry_name", sa.String(length=80), nullable=False),
        sa.Column("serial_from", sa.String(length=80), nullable=False),
        sa.Column("serial_to", sa.String(length=80), nullable=False),
        sa.Column("series", sa.String(length=80), nullable=False),
        sa.Column("start_key", sa.String(length=60), nullable=False),
        sa.Column("end_key", sa.String(length=60), nullable=False),
        sa.Column("mwh", portal.store.base.ExactDecimal(length=60), nullable=False),
        sa.Column("generation_year", sa.Integer(), nullable=False),
        sa.Column("technology", sa.String(length=12), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("backs", sa.String(length=12), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("retired_for", sa.String(length=200), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("cells", portal.store.base.Json(), nullable=False),
        sa.Column("typed", portal.store.base.Json(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", portal.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("backs IN ('grid', 'ppa')", name=op.f("ck_certificates_backs_known")),
        sa.CheckConstraint(
            "scheme IN ('gec', 'irec', 'go', 'tigr', 'rec', 'other')",
            name=op.f("ck_certificates_scheme_known"),
        ),
        sa.CheckConstraint(
            "technology IN ('solar', 'wind', 'hydro', 'biomass', 'geothermal', 'other')",
            name=op.f("ck_certificates_technology_known"),
        ),
        sa.CheckConstraint("start_key <= end_key", name=op.f("ck_certificates_range_in_order")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["users.id"], name=op.f("fk_certificates_entered_by_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_certificates_evidence_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_certificates_supplier_id")),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["electricity_uploads.id"], name=op.f("fk_certificates_upload_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
    )
    op.create_index(op.f("ix_certificates_evidence_id"), "certificates", ["evidence_id"])
    op.create_index(
        op.f("ix_certificates_registry_key_series_start_key"),
        "certificates",
        ["registry_key", "series", "start_key"],
    )
    op.create_index(
        op.f("ix_certificates_supplier_id_generation_year"),
        "certificates",
        ["supplier_id", "generation_year"],
    )
    op.create_index(op.f("ix_certificates_upload_id"), "certificates", ["upload_id"])
    op.create_table(
        "electricity_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("mwh", portal.store.base.ExactDecimal(length=60), nullable=False),
        sa.Column("cells", portal.store.base.Json(), nullable=False),
        sa.Column("typed", portal.store.base.Json(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", portal.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "source IN ('grid', 'own_pv', 'ppa', 'green_tariff', 'other')",
            name=op.f("ck_electricity_use_source_known"),
        ),
        sa.CheckConstraint(
            "month IS NULL OR month BETWEEN 1 AND 12", name=op.f("ck_electricity_use_month_range")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["users.id"], name=op.f("fk_electricity_use_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_electricity_use_supplier_id")
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["electricity_uploads.id"], name=op.f("fk_electricity_use_upload_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_electricity_use")),
    )
    op.create_index(op.f("ix_electricity_use_supplier_id_year"), "electricity_use", ["supplier_id", "year"])
    op.create_index(op.f("ix_electricity_use_upload_id"), "electricity_use", ["upload_id"])
    op.create_table(
        "measure_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_measure_files_evidence_id")),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["reduction_measures.id"], name=op.f("fk_measure_files_measure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_files")),
        sa.UniqueConstraint(
            "measure_id", "evidence_id", name=op.f("uq_measure_files_measure_id_evidence_id")
        ),
    )
    op.create_index(op.f("ix_measure_files_evidence_id"), "measure_files", ["evidence_id"])
    op.create_table(
        "certificate_clashes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("serial_from", sa.String(length=80), nullable=False),
        sa.Column("serial_to", sa.String(length=80), nullable=False),
        sa.Column("mwh", portal.store.base.ExactDecimal(length=60), nullable=False),
        sa.Column("generation_year", sa.Integer(), nullable=False),
        sa.Column("tried_by_id", sa.Integer(), nullable=False),
        sa.Column("tried_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_clashes_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_certificate_clashes_supplier_id")
        ),
        sa.ForeignKeyConstraint(
            ["tried_by_id"], ["users.id"], name=op.f("fk_certificate_clashes_tried_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_clashes")),
        sa.UniqueConstraint(
            "supplier_id", "certificate_id", "serial_from", "serial_to", name="uq_certificate_clashes_attempt"
        ),
    )
    op.create_index(op.f("ix_certificate_clashes_certificate_id"), "certificate_clashes", ["certificate_id"])
    op.create_table(
        "verification_statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inventory_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("standard", sa.String(length=80), nullable=False),
        sa.Column("verifier", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("cells", portal.store.base.Json(), nullable=False),
        sa.Column("typed", portal.store.base.Json(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", portal.store.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", portal.store.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "level IN ('limited', 'reasonable')", name=op.f("ck_verification_statements_level_known")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["users.id"], name=op.f("fk_verification_statements_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_verification_statements_evidence_id")
        ),
        sa.ForeignKeyConstraint(
            ["inventory_id"], ["inventories.id"], name=op.f("fk_verification_statements_inventory_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_statements")),
    )
    op.create_index(
        op.f("ix_verification_statements_evidence_id"), "verification_statements", ["evidence_id"]
    )
    op.create_index(
        op.f("ix_verification_statements_inventory_id"), "verification_statements", ["inventory_id"]
    )
    op.create_table(
        "measure_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_measure_links_commitment_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["reduction_measures.id"], name=op.f("fk_measure_links_measure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_links")),
        sa.UniqueConstraint(
            "measure_id", "commitment_id", name=op.f("uq_measure_links_measure_id_commitment_id")
        ),
    )
    op.create_index(op.f("ix_measure_links_commitment_id"), "measure_links", ["commitment_id"])


def downgrade() -> None:
    op.drop_table("measure_links")
    op.drop_table("verification_statements")
    op.drop_table("certificate_clashes")
    op.drop_table("measure_files")
    op.drop_table("electricity_use")
    op.drop_table("certificates")
    op.drop_table("reduction_measures")
    op.drop_table("certificate_series")
    op.drop_table("electricity_uploads")
    # What the earlier form cannot hold: typed inventories, and a second boundary of the same file and year.
    op.execute("DELETE FROM inventories WHERE upload_id IS NULL")
    op.execute(
        "DELETE FROM inventories WHERE id NOT IN (SELECT max(id) FROM inventories GROUP BY upload_id, year)"
    )
    with op.batch_alter_table("inventories") as batch:
        batch.drop_constraint(op.f("ck_inventories_boundary_known"), type_="check")
        batch.drop_constraint(op.f("uq_inventories_upload_id_year_boundary"), type_="unique")
        batch.create_unique_constraint(op.f("uq_inventories_upload_id_year"), ["upload_id", "year"])
        batch.alter_column("upload_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("scope1_sources")
        batch.drop_column("sites")
        batch.drop_column("boundary")
