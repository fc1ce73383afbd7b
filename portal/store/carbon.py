"""The carbon register: what suppliers uploaded, and the footprints and inventories they accepted from it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, defer, joinedload, mapped_column, relationship

from portal.store.base import Base, ExactDecimal, Json, UtcDateTime, one_of
from portal.store.people import User
from portal.store.suppliers import Supplier


class CarbonUpload(Base):
    """A file with footprints or an inventory. Its rows enter the register only when it is accepted.

    `origin` is "file" for what was uploaded, "form" for figures typed on the page and kept as a file of ours.
    `faults` is how many problems were found when it came in, None where that was not noted.
    """

    __tablename__ = "carbon_uploads"
    __table_args__ = (
        one_of("kind", "footprints", "inventory"),
        one_of("state", "waiting", "accepted", "discarded"),
        one_of("origin", "file", "form"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    origin: Mapped[str] = mapped_column(String(4), default="file")
    vault_key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    faults: Mapped[int | None] = mapped_column()

    uploaded_by: Mapped[User] = relationship()


class FootprintRow(Base):
    """One product carbon footprint: `pcf_kgco2e` per `declared_amount` of `declared_unit`, cradle to gate.

    A newer row with the same `footprint_id`, or one that names this one's PACT id as its predecessor, replaces it
    (`replaced_at`, `replaced_by_id`); both are kept. `cells` names the address each figure was read from in the
    upload (B7, or a JSON pointer); `typed` the text it held. `details` holds what PACT knows beyond these columns,
    by the keys of `portal.core.carbon.pact_fields`; `document` the PACT footprint as it came, leaf by leaf.
    """

    __tablename__ = "footprints"
    __table_args__ = (
        Index(None, "supplier_id", "footprint_id"),
        Index(None, "supplier_id", "pact_id"),
        CheckConstraint("period_start <= period_end", name="period_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    upload_id: Mapped[int] = mapped_column(ForeignKey("carbon_uploads.id"))
    footprint_id: Mapped[str] = mapped_column(String(120))
    product_id: Mapped[str] = mapped_column(String(120))
    material: Mapped[str] = mapped_column(String(60), default="")
    declared_unit: Mapped[str] = mapped_column(String(12))
    declared_amount: Mapped[Decimal] = mapped_column(ExactDecimal)
    pcf_kgco2e: Mapped[Decimal] = mapped_column(ExactDecimal)
    period_start: Mapped[date] = mapped_column()
    period_end: Mapped[date] = mapped_column()
    valid_until: Mapped[date | None] = mapped_column()
    primary_data_share: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    verified: Mapped[bool] = mapped_column(default=False)
    geography: Mapped[str] = mapped_column(String(60), default="")
    pact_id: Mapped[str] = mapped_column(String(60), default="")
    details: Mapped[Any] = mapped_column(Json, default=dict)
    document: Mapped[Any] = mapped_column(Json, nullable=True)
    cells: Mapped[Any] = mapped_column(Json)
    typed: Mapped[Any] = mapped_column(Json)
    accepted_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("footprints.id"))

    supplier: Mapped[Supplier] = relationship()
    upload: Mapped[CarbonUpload] = relationship()
    accepted_by: Mapped[User] = relationship()


class InventoryRow(Base):
    """One company inventory for a year and boundary, in tCO2e, from a file or (`upload_id` None) typed.

    `scope3` holds tonnes by category "1".."15", `scope1_sources` by source (stationary, mobile, process, fugitive), as
    decimal text. A newer row for the same year and boundary replaces the older one (`replaced_at`); both are kept.
    """

    __tablename__ = "inventories"
    __table_args__ = (
        Index(None, "supplier_id", "year"),
        UniqueConstraint("upload_id", "year", "boundary"),
        one_of("boundary", "", "operational", "financial", "equity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("carbon_uploads.id"))
    year: Mapped[int] = mapped_column()
    boundary: Mapped[str] = mapped_column(String(12), default="", server_default="")
    sites: Mapped[str] = mapped_column(String(500), default="", server_default="")
    scope1_tco2e: Mapped[Decimal] = mapped_column(ExactDecimal)
    scope1_sources: Mapped[Any] = mapped_column(Json, default=dict, server_default="{}")
    scope2_market_tco2e: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    scope2_location_tco2e: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    scope3_upstream_tco2e: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    scope3: Mapped[Any] = mapped_column(Json)
    output_quantity: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    output_unit: Mapped[str] = mapped_column(String(12), default="")
    revenue: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    currency: Mapped[str] = mapped_column(String(3), default="")
    verified: Mapped[bool] = mapped_column(default=False)
    cells: Mapped[Any] = mapped_column(Json)
    typed: Mapped[Any] = mapped_column(Json)
    accepted_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    supplier: Mapped[Supplier] = relationship()
    upload: Mapped[CarbonUpload | None] = relationship()
    accepted_by: Mapped[User] = relationship()


def uploads_of(session: Session, supplier_id: int) -> list[CarbonUpload]:
    """A supplier's carbon files, newest first."""
    return list(
        session.scalars(
            select(CarbonUpload)
            .options(joinedload(CarbonUpload.uploaded_by))
            .where(CarbonUpload.supplier_id == supplier_id)
            .order_by(CarbonUpload.id.desc())
        )
    )


def standing_of(upload: CarbonUpload) -> str:
    """Where a file stands: waiting, accepted, discarded, or to_correct for a waiting file that cannot be accepted."""
    return "to_correct" if upload.state == "waiting" and upload.faults else upload.state


def upload_of(session: Session, supplier_id: int, upload_id: int) -> CarbonUpload | None:
    """One carbon file if it belongs to this supplier."""
    return session.scalar(
        select(CarbonUpload).where(CarbonUpload.id == upload_id, CarbonUpload.supplier_id == supplier_id)
    )


def footprints_in_force(session: Session, supplier_id: int | None = None) -> list[FootprintRow]:
    """Footprints not replaced by newer ones; of one supplier, or of all and then without their PACT documents."""
    query = (
        select(FootprintRow)
        .options(joinedload(FootprintRow.supplier), joinedload(FootprintRow.upload))
        .where(FootprintRow.replaced_at.is_(None))
        .order_by(FootprintRow.supplier_id, FootprintRow.product_id, FootprintRow.id)
    )
    if supplier_id is None:
        query = query.options(defer(FootprintRow.document))
    else:
        query = query.where(FootprintRow.supplier_id == supplier_id)
    return list(session.scalars(query))


def inventories_in_force(session: Session, supplier_id: int | None = None) -> list[InventoryRow]:
    """Inventories not replaced by newer ones; of one supplier, or of all."""
    query = (
        select(InventoryRow)
        .options(joinedload(InventoryRow.supplier), joinedload(InventoryRow.upload))
        .where(InventoryRow.replaced_at.is_(None))
        .order_by(InventoryRow.supplier_id, InventoryRow.year.desc(), InventoryRow.id)
    )
    if supplier_id is not None:
        query = query.where(InventoryRow.supplier_id == supplier_id)
    return list(session.scalars(query))


def footprints_of_others(session: Session, supplier_id: int) -> list[FootprintRow]:
    """Footprints in force of every other supplier that name a material, without their documents."""
    return list(
        session.scalars(
            select(FootprintRow)
            .options(defer(FootprintRow.document), defer(FootprintRow.details), defer(FootprintRow.cells))
            .where(
                FootprintRow.supplier_id != supplier_id,
                FootprintRow.replaced_at.is_(None),
                FootprintRow.material != "",
            )
            .order_by(FootprintRow.id)
        )
    )


def footprint_by_id(
    session: Session, footprint_id: int, supplier_id: int | None = None
) -> FootprintRow | None:
    """One footprint by the id of its row, with supplier, file and person; with `supplier_id` only if it is theirs."""
    query = (
        select(FootprintRow)
        .options(
            joinedload(FootprintRow.supplier),
            joinedload(FootprintRow.upload),
            joinedload(FootprintRow.accepted_by),
        )
        .where(FootprintRow.id == footprint_id)
    )
    if supplier_id is not None:
        query = query.where(FootprintRow.supplier_id == supplier_id)
    return session.scalar(query)


def footprints_replaced_by(session: Session, footprint_id: int) -> list[FootprintRow]:
    """The footprints one row replaced, oldest first."""
    return list(
        session.scalars(
            select(FootprintRow).where(FootprintRow.replaced_by_id == footprint_id).order_by(FootprintRow.id)
        )
    )


def footprints_replaced(session: Session, supplier_id: int) -> list[FootprintRow]:
    """Footprints of a supplier that are kept although newer ones replaced them, newest first."""
    return list(
        session.scalars(
            select(FootprintRow)
            .options(joinedload(FootprintRow.upload), defer(FootprintRow.document))
            .where(FootprintRow.supplier_id == supplier_id, FootprintRow.replaced_at.is_not(None))
            .order_by(FootprintRow.id.desc())
        )
    )
