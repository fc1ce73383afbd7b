"""What suppliers delivered to the buyer, by year, material and product. For the supplier's own eyes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.store.base import Base, ExactDecimal, Json, UtcDateTime
from portal.store.people import User


class DeliveryRow(Base):
    """`quantity` of `unit` delivered in a year, of a material or of one product of it; `value` in `currency`.

    A figure is never changed: a correction is a new row that names the one it `replaces_id`, and a row that was corrected
    or removed says when it ended and by whom. `product_key` is the product number as it is compared; `typed` holds
    the text as given.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(None, "supplier_id", "year"),
        Index(
            "uq_deliveries_in_force",
            "supplier_id",
            "year",
            "material",
            "product_key",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    year: Mapped[int] = mapped_column()
    material: Mapped[str] = mapped_column(String(60))
    product_id: Mapped[str] = mapped_column(String(120), default="")
    product_key: Mapped[str] = mapped_column(String(360), default="")
    quantity: Mapped[Decimal] = mapped_column(ExactDecimal)
    unit: Mapped[str] = mapped_column(String(12))
    value: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    currency: Mapped[str] = mapped_column(String(3), default="")
    typed: Mapped[Any] = mapped_column(Json)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"), index=True)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    entered_by: Mapped[User] = relationship(foreign_keys=entered_by_id)
    ended_by: Mapped[User | None] = relationship(foreign_keys=ended_by_id)


def deliveries_of(session: Session, supplier_id: int, year: int | None = None) -> list[DeliveryRow]:
    """Deliveries in force of a supplier: newest year first, then material and product."""
    query = (
        select(DeliveryRow)
        .options(joinedload(DeliveryRow.entered_by))
        .where(DeliveryRow.supplier_id == supplier_id, DeliveryRow.ended_at.is_(None))
        .order_by(DeliveryRow.year.desc(), DeliveryRow.material, DeliveryRow.product_key, DeliveryRow.id)
    )
    if year is not None:
        query = query.where(DeliveryRow.year == year)
    return list(session.scalars(query))


def deliveries_ended(session: Session, supplier_id: int) -> list[DeliveryRow]:
    """Deliveries of a supplier that were corrected or removed, the latest first."""
    return list(
        session.scalars(
            select(DeliveryRow)
            .options(joinedload(DeliveryRow.entered_by), joinedload(DeliveryRow.ended_by))
            .where(DeliveryRow.supplier_id == supplier_id, DeliveryRow.ended_at.is_not(None))
            .order_by(DeliveryRow.ended_at.desc(), DeliveryRow.id.desc())
        )
    )


def replacements_of(session: Session, supplier_id: int) -> dict[int, DeliveryRow]:
    """By the id of a corrected delivery, the one that stands for it."""
    rows = session.scalars(
        select(DeliveryRow).where(
            DeliveryRow.supplier_id == supplier_id, DeliveryRow.replaces_id.is_not(None)
        )
    )
    return {row.replaces_id: row for row in rows if row.replaces_id is not None}
