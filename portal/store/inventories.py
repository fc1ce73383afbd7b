"""Company inventories beyond the figures: the verification statements given for them, and one supplier's years."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, String, and_, or_, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.core.carbon.inventory_record import for_allocation
from portal.store.base import Base, Json, UtcDateTime, one_of
from portal.store.carbon import InventoryRow
from portal.store.evidence import Evidence
from portal.store.people import User


class VerificationStatement(Base):
    """What a verifier stated about one inventory's figures. A newer statement replaces the older; both are kept.

    `cells` and `typed` as for the inventory; empty cells mean it was typed.
    """

    __tablename__ = "verification_statements"
    __table_args__ = (one_of("level", "limited", "reasonable"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inventory_id: Mapped[int] = mapped_column(ForeignKey("inventories.id"), index=True)
    level: Mapped[str] = mapped_column(String(10))
    standard: Mapped[str] = mapped_column(String(80), default="")
    verifier: Mapped[str] = mapped_column(String(200))
    signed_on: Mapped[date] = mapped_column()
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"), index=True)
    cells: Mapped[Any] = mapped_column(Json)
    typed: Mapped[Any] = mapped_column(Json)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    inventory: Mapped[InventoryRow] = relationship()
    evidence: Mapped[Evidence | None] = relationship()
    entered_by: Mapped[User] = relationship()


def inventory_of(session: Session, supplier_id: int, inventory_id: int) -> InventoryRow | None:
    """One inventory, in force or replaced, if it belongs to this supplier."""
    return session.scalar(
        select(InventoryRow)
        .options(joinedload(InventoryRow.upload), joinedload(InventoryRow.accepted_by))
        .where(InventoryRow.id == inventory_id, InventoryRow.supplier_id == supplier_id)
    )


def inventory_history(session: Session, supplier_id: int) -> list[InventoryRow]:
    """Every inventory of a supplier, replaced ones too: newest year first, in force before replaced."""
    return list(
        session.scalars(
            select(InventoryRow)
            .options(joinedload(InventoryRow.upload), joinedload(InventoryRow.accepted_by))
            .where(InventoryRow.supplier_id == supplier_id)
            .order_by(InventoryRow.year.desc(), InventoryRow.id.desc())
        )
    )


def inventories_for_allocation(session: Session, at: datetime | None = None) -> list[InventoryRow]:
    """One inventory in force for each supplier and year, now or `at` a moment: what the estimate may allocate from."""
    in_force: ColumnElement[bool] = InventoryRow.replaced_at.is_(None)
    if at is not None:
        in_force = and_(InventoryRow.accepted_at <= at, or_(in_force, InventoryRow.replaced_at > at))
    rows = session.scalars(
        select(InventoryRow)
        .options(joinedload(InventoryRow.supplier), joinedload(InventoryRow.upload))
        .where(in_force)
        .order_by(InventoryRow.supplier_id, InventoryRow.year.desc(), InventoryRow.id)
    )
    by_supplier: dict[int, list[tuple[int, str, InventoryRow]]] = {}
    for row in rows:
        by_supplier.setdefault(row.supplier_id, []).append((row.year, row.boundary, row))
    return [row for found in by_supplier.values() for row in for_allocation(found)]


def statements_of(session: Session, supplier_id: int) -> dict[int, VerificationStatement]:
    """The statements in force of a supplier's inventories, by inventory id."""
    rows = session.scalars(
        select(VerificationStatement)
        .join(VerificationStatement.inventory)
        .options(joinedload(VerificationStatement.evidence), joinedload(VerificationStatement.entered_by))
        .where(InventoryRow.supplier_id == supplier_id, VerificationStatement.replaced_at.is_(None))
        .order_by(VerificationStatement.id)
    )
    return {row.inventory_id: row for row in rows}
