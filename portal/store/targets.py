"""Reduction targets for category 1 per MWp, and what-ifs saved by name."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.core.carbon.targets import PATHS
from portal.store.base import Base, ExactDecimal, Json, UtcDateTime, one_of
from portal.store.estimates import Estimate
from portal.store.people import User


class Target(Base):
    """One version of the target; the highest version is in force. `base_value` in tCO2e per MWp, `reduction` in per cent."""

    __tablename__ = "targets"
    __table_args__ = (
        UniqueConstraint("version"),
        one_of("path", *PATHS),
        CheckConstraint("base_year < target_year", name="years_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    base_year: Mapped[int] = mapped_column()
    base_value: Mapped[Decimal] = mapped_column(ExactDecimal)
    base_typed: Mapped[str] = mapped_column(String(60))
    target_year: Mapped[int] = mapped_column()
    reduction: Mapped[Decimal] = mapped_column(ExactDecimal)
    path: Mapped[str] = mapped_column(String(15))
    source: Mapped[str] = mapped_column(String(500))
    note: Mapped[str] = mapped_column(String(1000), default="")
    set_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)

    set_by: Mapped[User] = relationship()


class WhatIf(Base):
    """A what-if on one estimate, kept as it was worked out. `measures` and `result` are plain data with decimal text."""

    __tablename__ = "what_ifs"
    __table_args__ = (CheckConstraint("name <> ''", name="has_name"), Index(None, "estimate_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimates.id"))
    from_year: Mapped[int] = mapped_column()
    measures: Mapped[Any] = mapped_column(Json)
    result: Mapped[Any] = mapped_column(Json)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    estimate: Mapped[Estimate] = relationship()
    made_by: Mapped[User] = relationship()


def target_versions(session: Session) -> list[Target]:
    """Every version of the target, the one in force first."""
    return list(
        session.scalars(select(Target).options(joinedload(Target.set_by)).order_by(Target.version.desc()))
    )


def what_ifs(session: Session) -> list[WhatIf]:
    """The what-ifs that are kept, newest first."""
    return list(
        session.scalars(
            select(WhatIf)
            .options(joinedload(WhatIf.made_by), joinedload(WhatIf.estimate))
            .where(WhatIf.removed_at.is_(None))
            .order_by(WhatIf.id.desc())
        )
    )


def what_if_by_id(session: Session, what_if_id: int) -> WhatIf | None:
    """One kept what-if with its estimate."""
    return session.scalar(
        select(WhatIf)
        .options(joinedload(WhatIf.made_by), joinedload(WhatIf.estimate))
        .where(WhatIf.id == what_if_id, WhatIf.removed_at.is_(None))
    )
