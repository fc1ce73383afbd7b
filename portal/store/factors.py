"""The factor library: tables in versions, what is in use of them, mappings of materials, and what estimates used."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.store.base import Base, ExactDecimal, Json, UtcDateTime, one_of
from portal.store.estimates import Estimate
from portal.store.people import User

KINDS = ("factors", "rates", "prices", "sectors")


class FactorTable(Base):
    """One table of the library. `key` is a shipped file's name or the own table's; `purpose` reference is never in use."""

    __tablename__ = "factor_tables"
    __table_args__ = (
        one_of("kind", *KINDS),
        one_of("origin", "shipped", "own"),
        one_of("purpose", "estimate", "reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    origin: Mapped[str] = mapped_column(String(8))
    purpose: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FactorVersion(Base):
    """One version of a table; its rows never change. `in_use_at` is set while new estimates use it.

    `sha256` is of the file's bytes; the bytes of own tables lie in the vault. `new_rows`, `changed_rows` and
    `removed_rows` count against the version before. Shipped versions have no `added_by`.
    """

    __tablename__ = "factor_versions"
    __table_args__ = (
        UniqueConstraint("table_id", "number"),
        Index(
            "uq_factor_versions_in_use",
            "table_id",
            unique=True,
            sqlite_where=text("in_use_at IS NOT NULL"),
            postgresql_where=text("in_use_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("factor_tables.id"))
    number: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    vault_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    rows: Mapped[int] = mapped_column()
    new_rows: Mapped[int] = mapped_column()
    changed_rows: Mapped[int] = mapped_column()
    removed_rows: Mapped[int] = mapped_column()
    note: Mapped[str] = mapped_column(String(500), default="")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    in_use_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    in_use_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    table: Mapped[FactorTable] = relationship()
    added_by: Mapped[User | None] = relationship(foreign_keys=[added_by_id])
    in_use_by: Mapped[User | None] = relationship(foreign_keys=[in_use_by_id])


class FactorRow(Base):
    """One factor of one version as published, per `unit`. `extra` holds the table's further columns.

    `row` and `cell` say where in the file the value stands (the header is row 1); `search` is what a search looks through.
    """

    __tablename__ = "factor_rows"
    __table_args__ = (UniqueConstraint("version_id", "factor_id"), Index(None, "factor_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("factor_versions.id"))
    row: Mapped[int] = mapped_column()
    cell: Mapped[str] = mapped_column(String(40), default="")
    factor_id: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(500))
    name_zh: Mapped[str] = mapped_column(String(500))
    category: Mapped[str] = mapped_column(String(500))
    material: Mapped[str] = mapped_column(String(60))
    sector: Mapped[str] = mapped_column(String(60))
    geography: Mapped[str] = mapped_column(String(60))
    year: Mapped[int] = mapped_column()
    value: Mapped[Decimal] = mapped_column(ExactDecimal)
    unit: Mapped[str] = mapped_column(String(60))
    unit_kind: Mapped[str] = mapped_column(String(20))
    gas_basis: Mapped[str] = mapped_column(String(500))
    boundary: Mapped[str] = mapped_column(String(500))
    source: Mapped[str] = mapped_column(String(500))
    source_version: Mapped[str] = mapped_column(String(500))
    licence: Mapped[str] = mapped_column(String(500))
    url: Mapped[str] = mapped_column(String(500))
    proxy: Mapped[bool] = mapped_column()
    extra: Mapped[Any] = mapped_column(Json)
    search: Mapped[str] = mapped_column(Text)

    version: Mapped[FactorVersion] = relationship()


class MoneyRow(Base):
    """A yearly exchange rate (units of `currency` per US dollar) or, with an empty currency, a price index."""

    __tablename__ = "money_rows"
    __table_args__ = (UniqueConstraint("version_id", "currency", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("factor_versions.id"))
    row: Mapped[int] = mapped_column()
    cell: Mapped[str] = mapped_column(String(40), default="")
    currency: Mapped[str] = mapped_column(String(3))
    year: Mapped[int] = mapped_column()
    value: Mapped[Decimal] = mapped_column(ExactDecimal)
    source: Mapped[str] = mapped_column(String(500))


class SectorRow(Base):
    """The NAICS 2017 sector by which a material's money is estimated where its purchase line names none."""

    __tablename__ = "sector_rows"
    __table_args__ = (UniqueConstraint("version_id", "material"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("factor_versions.id"))
    row: Mapped[int] = mapped_column()
    material: Mapped[str] = mapped_column(String(60))
    sector: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(500))
    reason: Mapped[str] = mapped_column(String(500))


class FactorUpload(Base):
    """An own table on its way in. Its rows become a version only when it is accepted; `table_key` says of which table."""

    __tablename__ = "factor_uploads"
    __table_args__ = (
        one_of("kind", "factors", "rates", "prices"),
        one_of("state", "waiting", "accepted", "discarded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    table_key: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    vault_key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("factor_versions.id"))

    uploaded_by: Mapped[User] = relationship()


class OwnMaterial(Base):
    """A material key the organisation added to those that come with Upstream."""

    __tablename__ = "own_materials"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name_en: Mapped[str] = mapped_column(String(120))
    name_zh: Mapped[str] = mapped_column(String(120))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MaterialMapping(Base):
    """What a person decided a material is served by; the newest not replaced is in force, older ones are kept.

    `factor_ids` is a list of ids; `sector` a NAICS code or empty.
    """

    __tablename__ = "material_mappings"
    __table_args__ = (
        one_of("confidence", "exact", "proxy", "poor"),
        CheckConstraint("replaced_at IS NULL OR replaced_at >= decided_at", name="replaced_after_decided"),
        Index(
            "uq_material_mappings_in_force",
            "material",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    material: Mapped[str] = mapped_column(String(60))
    factor_ids: Mapped[Any] = mapped_column(Json)
    sector: Mapped[str] = mapped_column(String(60))
    confidence: Mapped[str] = mapped_column(String(5))
    note: Mapped[str] = mapped_column(String(500))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    decided_by: Mapped[User] = relationship()


class EstimateLibrary(Base):
    """The library as an estimate found it: `versions` names tables, versions, hashes and the mapping of every material."""

    __tablename__ = "estimate_libraries"

    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimates.id"), primary_key=True)
    versions: Mapped[Any] = mapped_column(Json)


class EstimateSource(Base):
    """What an estimate rested on: each version in use (no factor), and each factor its lines took, with lines and kgCO2e."""

    __tablename__ = "estimate_sources"
    __table_args__ = (
        UniqueConstraint("estimate_id", "version_id", "factor_id"),
        Index(None, "factor_id"),
        Index(None, "version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimates.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("factor_versions.id"))
    factor_id: Mapped[str] = mapped_column(String(120), default="")
    lines: Mapped[int] = mapped_column(default=0)
    kgco2e: Mapped[Decimal] = mapped_column(ExactDecimal, default=Decimal(0))

    estimate: Mapped[Estimate] = relationship()
    version: Mapped[FactorVersion] = relationship()
