"""Reduction measures of suppliers, with their proofs and the commitments they serve."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship, selectinload

from portal.core.carbon.measures import STATUSES
from portal.store.base import Base, ExactDecimal, Json, UtcDateTime, one_of
from portal.store.commitments import Commitment
from portal.store.evidence import Evidence
from portal.store.people import User


class Measure(Base):
    """One reduction measure: `figure` falls from `value_before` to `value_after` in `unit`.

    `tco2e_year` and `kwh_year` are what it saves in a year, `cost` the one-time cost in `currency`. `typed` holds the
    numbers as given; `version` counts changes, so that of two people who change it one is told.
    """

    __tablename__ = "reduction_measures"
    __table_args__ = (Index(None, "supplier_id", "id"), one_of("status", *STATUSES))

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(4000), default="")
    status: Mapped[str] = mapped_column(String(10))
    figure: Mapped[str] = mapped_column(String(120), default="")
    value_before: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    value_after: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    unit: Mapped[str] = mapped_column(String(40), default="")
    tco2e_year: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    kwh_year: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    cost: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    currency: Mapped[str] = mapped_column(String(3), default="")
    start_on: Mapped[date | None] = mapped_column()
    typed: Mapped[Any] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    entered_by: Mapped[User] = relationship(foreign_keys=entered_by_id)
    changed_by: Mapped[User] = relationship(foreign_keys=changed_by_id)
    files: Mapped[list[MeasureFile]] = relationship(order_by="MeasureFile.id")
    links: Mapped[list[MeasureLink]] = relationship(order_by="MeasureLink.id")


class MeasureFile(Base):
    """One file of the library that proves a measure."""

    __tablename__ = "measure_files"
    __table_args__ = (UniqueConstraint("measure_id", "evidence_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("reduction_measures.id"))
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)

    evidence: Mapped[Evidence] = relationship()


class MeasureLink(Base):
    """A measure that serves a commitment."""

    __tablename__ = "measure_links"
    __table_args__ = (UniqueConstraint("measure_id", "commitment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("reduction_measures.id"))
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), index=True)

    commitment: Mapped[Commitment] = relationship()


_WHOLE = (
    joinedload(Measure.entered_by),
    joinedload(Measure.changed_by),
    selectinload(Measure.files).joinedload(MeasureFile.evidence),
    selectinload(Measure.links).joinedload(MeasureLink.commitment).joinedload(Commitment.finding),
)


def measures_of(session: Session, supplier_id: int) -> list[Measure]:
    """A supplier's measures with files and commitments, newest first."""
    return list(
        session.scalars(
            select(Measure)
            .options(*_WHOLE)
            .where(Measure.supplier_id == supplier_id, Measure.removed_at.is_(None))
            .order_by(Measure.id.desc())
        )
    )


def measure_of(session: Session, supplier_id: int, measure_id: int) -> Measure | None:
    """One measure if it belongs to this supplier and was not removed."""
    return session.scalar(
        select(Measure)
        .options(*_WHOLE)
        .where(Measure.id == measure_id, Measure.supplier_id == supplier_id, Measure.removed_at.is_(None))
    )


def measure_titled(session: Session, supplier_id: int, title: str) -> bool:
    """Whether the supplier has a measure of this title that was not removed."""
    return (
        session.scalar(
            select(Measure.id)
            .where(Measure.supplier_id == supplier_id, Measure.title == title, Measure.removed_at.is_(None))
            .limit(1)
        )
        is not None
    )


def measures_by_commitment(session: Session, commitment_ids: Collection[int]) -> dict[int, list[Measure]]:
    """The measures that serve each of these commitments."""
    if not commitment_ids:
        return {}
    rows = session.execute(
        select(MeasureLink.commitment_id, Measure)
        .join(Measure, Measure.id == MeasureLink.measure_id)
        .where(MeasureLink.commitment_id.in_(commitment_ids), Measure.removed_at.is_(None))
        .order_by(Measure.id)
    )
    found: dict[int, list[Measure]] = {}
    for commitment_id, measure in rows:
        found.setdefault(commitment_id, []).append(measure)
    return found
