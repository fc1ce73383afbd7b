"""Suppliers: the companies that answer, with the roles they play and the materials they deliver."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from portal.store.base import Base, UtcDateTime, one_of


class Supplier(Base):
    """A company that delivers to the buyer. `code` is the supplier id of the purchase ledger."""

    __tablename__ = "suppliers"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    roles: Mapped[list[SupplierRole]] = relationship(
        lazy="selectin", order_by="SupplierRole.role", cascade="all, delete-orphan"
    )
    materials: Mapped[list[SupplierMaterial]] = relationship(
        lazy="selectin", order_by="SupplierMaterial.material", cascade="all, delete-orphan"
    )


class SupplierRole(Base):
    """One role of a supplier; decides which indicators apply."""

    __tablename__ = "supplier_roles"
    __table_args__ = (
        UniqueConstraint("supplier_id", "role"),
        one_of("role", "manufacturing", "minerals", "logistics", "services"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    role: Mapped[str] = mapped_column(String(20))


class SupplierMaterial(Base):
    """One material a supplier delivers, by our material key."""

    __tablename__ = "supplier_materials"
    __table_args__ = (UniqueConstraint("supplier_id", "material"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    material: Mapped[str] = mapped_column(String(40))


def supplier_by_code(session: Session, code: str) -> Supplier | None:
    """The supplier with this ledger code."""
    return session.scalar(select(Supplier).where(Supplier.code == code))


def all_suppliers(session: Session) -> list[Supplier]:
    """Every supplier, by name."""
    return list(session.scalars(select(Supplier).order_by(Supplier.name)))


def role_keys(supplier: Supplier) -> tuple[str, ...]:
    """The supplier's roles as the questionnaire names them."""
    return tuple(r.role for r in supplier.roles)


def material_keys(supplier: Supplier) -> tuple[str, ...]:
    """The materials the supplier delivers, by key."""
    return tuple(m.material for m in supplier.materials)
