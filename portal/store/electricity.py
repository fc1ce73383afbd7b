"""Electricity: what sites used, the certificates that go with it, and refused second claims on one certificate."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.core.carbon.certificates import BACKS, SCHEMES, TECHNOLOGIES
from portal.core.carbon.electricity import SOURCES
from portal.store.base import Base, ExactDecimal, Json, UtcDateTime, one_of
from portal.store.evidence import Evidence
from portal.store.people import User
from portal.store.suppliers import Supplier

UPLOAD_KINDS = ("electricity", "certificates")


class ElectricityUpload(Base):
    """A file with consumption or certificates. Its rows enter the register only when it is accepted."""

    __tablename__ = "electricity_uploads"
    __table_args__ = (
        one_of("kind", *UPLOAD_KINDS),
        one_of("state", "waiting", "accepted", "discarded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    vault_key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    uploaded_by: Mapped[User] = relationship()


class ElectricityUse(Base):
    """What a site used from one source in a year or (`month` 1..12) a month, in MWh.

    The rows of a site and year are replaced together (`replaced_at`) and kept. `typed` holds the text given, `cells`
    the addresses in the upload; without an upload the figures were typed.
    """

    __tablename__ = "electricity_use"
    __table_args__ = (
        Index(None, "supplier_id", "year"),
        one_of("source", *SOURCES),
        CheckConstraint("month IS NULL OR month BETWEEN 1 AND 12", name="month_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("electricity_uploads.id"), index=True)
    site: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(2))
    region: Mapped[str] = mapped_column(String(12), default="")
    year: Mapped[int] = mapped_column()
    month: Mapped[int | None] = mapped_column()
    source: Mapped[str] = mapped_column(String(12))
    mwh: Mapped[Decimal] = mapped_column(ExactDecimal)
    cells: Mapped[Any] = mapped_column(Json)
    typed: Mapped[Any] = mapped_column(Json)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    upload: Mapped[ElectricityUpload | None] = relationship()
    entered_by: Mapped[User] = relationship()


class Certificate(Base):
    """A range of energy attribute certificates. `registry_key` and `series` are keys; `start_key` to `end_key` the range.

    Both keys are whole numbers of parts of a certificate as digits of one length, so that text compares like numbers.
    A withdrawn row is kept and frees its range.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        Index(None, "supplier_id", "generation_year"),
        Index(None, "registry_key", "series", "start_key"),
        one_of("scheme", *SCHEMES),
        one_of("technology", *TECHNOLOGIES),
        one_of("backs", *BACKS),
        CheckConstraint("start_key <= end_key", name="range_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    scheme: Mapped[str] = mapped_column(String(10))
    registry_key: Mapped[str] = mapped_column(String(80))
    registry_name: Mapped[str] = mapped_column(String(80))
    serial_from: Mapped[str] = mapped_column(String(80))
    serial_to: Mapped[str] = mapped_column(String(80))
    series: Mapped[str] = mapped_column(String(80))
    start_key: Mapped[str] = mapped_column(String(60))
    end_key: Mapped[str] = mapped_column(String(60))
    mwh: Mapped[Decimal] = mapped_column(ExactDecimal)
    generation_year: Mapped[int] = mapped_column()
    technology: Mapped[str] = mapped_column(String(12))
    country: Mapped[str] = mapped_column(String(2))
    site: Mapped[str] = mapped_column(String(120), default="")
    backs: Mapped[str] = mapped_column(String(12))
    retired_on: Mapped[date | None] = mapped_column()
    retired_for: Mapped[str] = mapped_column(String(200), default="")
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"), index=True)
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("electricity_uploads.id"), index=True)
    cells: Mapped[Any] = mapped_column(Json)
    typed: Mapped[Any] = mapped_column(Json)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    supplier: Mapped[Supplier] = relationship()
    upload: Mapped[ElectricityUpload | None] = relationship()
    evidence: Mapped[Evidence | None] = relationship()
    entered_by: Mapped[User] = relationship()


class CertificateSeries(Base):
    """One number series of a registry: the row two claims on it wait for, so that ranges are compared one by one."""

    __tablename__ = "certificate_series"
    __table_args__ = (UniqueConstraint("registry_key", "series"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registry_key: Mapped[str] = mapped_column(String(80))
    series: Mapped[str] = mapped_column(String(80))


class CertificateClash(Base):
    """A refused claim on certificates another supplier holds, for the buyer's eyes only."""

    __tablename__ = "certificate_clashes"
    __table_args__ = (
        UniqueConstraint(
            "supplier_id", "certificate_id", "serial_from", "serial_to", name="uq_certificate_clashes_attempt"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), index=True)
    serial_from: Mapped[str] = mapped_column(String(80))
    serial_to: Mapped[str] = mapped_column(String(80))
    mwh: Mapped[Decimal] = mapped_column(ExactDecimal)
    generation_year: Mapped[int] = mapped_column()
    tried_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime)

    supplier: Mapped[Supplier] = relationship()
    certificate: Mapped[Certificate] = relationship()
    tried_by: Mapped[User] = relationship()


def electricity_uploads_of(session: Session, supplier_id: int) -> list[ElectricityUpload]:
    """A supplier's files of consumption and certificates, newest first."""
    return list(
        session.scalars(
            select(ElectricityUpload)
            .options(joinedload(ElectricityUpload.uploaded_by))
            .where(ElectricityUpload.supplier_id == supplier_id)
            .order_by(ElectricityUpload.id.desc())
        )
    )


def electricity_upload_of(session: Session, supplier_id: int, upload_id: int) -> ElectricityUpload | None:
    """One file if it belongs to this supplier."""
    return session.scalar(
        select(ElectricityUpload).where(
            ElectricityUpload.id == upload_id, ElectricityUpload.supplier_id == supplier_id
        )
    )


def electricity_of(session: Session, supplier_id: int, year: int | None = None) -> list[ElectricityUse]:
    """Consumption in force of a supplier: newest year first, then site, month and source."""
    query = (
        select(ElectricityUse)
        .options(joinedload(ElectricityUse.upload), joinedload(ElectricityUse.entered_by))
        .where(ElectricityUse.supplier_id == supplier_id, ElectricityUse.replaced_at.is_(None))
        .order_by(ElectricityUse.year.desc(), ElectricityUse.site, ElectricityUse.month, ElectricityUse.id)
    )
    if year is not None:
        query = query.where(ElectricityUse.year == year)
    return list(session.scalars(query))


def certificates_of(session: Session, supplier_id: int) -> list[Certificate]:
    """Certificates of a supplier not withdrawn, newest generation year first."""
    return list(
        session.scalars(
            select(Certificate)
            .options(
                joinedload(Certificate.evidence),
                joinedload(Certificate.entered_by),
                joinedload(Certificate.upload),
            )
            .where(Certificate.supplier_id == supplier_id, Certificate.withdrawn_at.is_(None))
            .order_by(Certificate.generation_year.desc(), Certificate.id)
        )
    )


def certificate_of(session: Session, supplier_id: int, certificate_id: int) -> Certificate | None:
    """One certificate range, withdrawn or not, if it belongs to this supplier."""
    return session.scalar(
        select(Certificate).where(Certificate.id == certificate_id, Certificate.supplier_id == supplier_id)
    )


def overlapping(
    session: Session, registry: str, series: str, start_key: str, end_key: str, *, but: int | None = None
) -> list[Certificate]:
    """Certificates of any supplier that share a number with the range; `but` is left out. For operations only."""
    query = (
        select(Certificate)
        .where(Certificate.registry_key == registry, Certificate.series == series)
        .where(Certificate.start_key <= end_key, Certificate.end_key >= start_key)
        .where(Certificate.withdrawn_at.is_(None))
        .order_by(Certificate.id)
    )
    if but is not None:
        query = query.where(Certificate.id != but)
    return list(session.scalars(query))


def all_certificates(session: Session) -> list[Certificate]:
    """Every certificate range not withdrawn, of all suppliers. For staff only."""
    return list(
        session.scalars(
            select(Certificate)
            .options(joinedload(Certificate.supplier), joinedload(Certificate.evidence))
            .where(Certificate.withdrawn_at.is_(None))
            .order_by(Certificate.generation_year.desc(), Certificate.registry_key, Certificate.start_key)
        )
    )


def clashes(session: Session, supplier_id: int | None = None) -> list[CertificateClash]:
    """Refused second claims, newest first; with `supplier_id` those it tried or whose certificates it holds. Staff only."""
    query = (
        select(CertificateClash)
        .join(CertificateClash.certificate)
        .options(
            joinedload(CertificateClash.supplier),
            joinedload(CertificateClash.tried_by),
            joinedload(CertificateClash.certificate).joinedload(Certificate.supplier),
        )
        .order_by(CertificateClash.id.desc())
    )
    if supplier_id is not None:
        query = query.where(
            (CertificateClash.supplier_id == supplier_id) | (Certificate.supplier_id == supplier_id)
        )
    return list(session.scalars(query))
