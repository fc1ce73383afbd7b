"""The sites of a supplier: those it named itself, and those its electricity was entered for, told apart by name only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from portal.core.carbon.electricity import site_key
from portal.store.base import Base, UtcDateTime
from portal.store.electricity import ElectricityUse
from portal.store.people import User


class SupplierSite(Base):
    """A site the supplier named itself. `key` is its name for comparing; `region` a part of the country (CN-AH) or ""."""

    __tablename__ = "supplier_sites"
    __table_args__ = (
        UniqueConstraint("supplier_id", "key"),
        CheckConstraint("name <> ''", name="name_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    key: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(2))
    region: Mapped[str] = mapped_column(String(12), default="")
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    added_by: Mapped[User] = relationship()


@dataclass(frozen=True)
class Site:
    """One site by name and place. `id` is None for a site that is known from the electricity register only."""

    key: str
    name: str
    country: str
    region: str
    id: int | None
    in_electricity: bool


def sites_of(session: Session, supplier_id: int) -> tuple[Site, ...]:
    """All sites of a supplier by name. A site both lists know appears once, as the supplier named it. Two queries."""
    used = session.execute(
        select(ElectricityUse.site, ElectricityUse.country, ElectricityUse.region)
        .where(ElectricityUse.supplier_id == supplier_id, ElectricityUse.replaced_at.is_(None))
        .order_by(ElectricityUse.year, ElectricityUse.id)
    )
    found = {
        site_key(row.site): Site(site_key(row.site), row.site, row.country, row.region, None, True)
        for row in used
    }
    for own in session.scalars(select(SupplierSite).where(SupplierSite.supplier_id == supplier_id)):
        found[own.key] = Site(own.key, own.name, own.country, own.region, own.id, own.key in found)
    return tuple(sorted(found.values(), key=lambda site: site.key))


def site_of(session: Session, supplier_id: int, site_id: int) -> SupplierSite | None:
    """One site the supplier named, if it belongs to it."""
    return session.scalar(
        select(SupplierSite).where(SupplierSite.id == site_id, SupplierSite.supplier_id == supplier_id)
    )
