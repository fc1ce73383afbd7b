"""The journal: who did what, when, from which state to which. Rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.base import Base, Json, UtcDateTime


class JournalEntry(Base):
    """One act. `action` is verb and noun (``assessment.submitted``); no secrets and no answers in `details`."""

    __tablename__ = "journal"
    __table_args__ = (Index(None, "thing", "thing_id"), Index(None, "supplier_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    user_name: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60))
    thing: Mapped[str] = mapped_column(String(30))
    thing_id: Mapped[int | None] = mapped_column()
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"))
    from_state: Mapped[str | None] = mapped_column(String(30))
    to_state: Mapped[str | None] = mapped_column(String(30))
    details: Mapped[Any | None] = mapped_column(Json)


def entries_about(session: Session, thing: str, thing_id: int) -> list[JournalEntry]:
    """What happened to one thing, newest first."""
    return list(
        session.scalars(
            select(JournalEntry)
            .where(JournalEntry.thing == thing, JournalEntry.thing_id == thing_id)
            .order_by(JournalEntry.id.desc())
        )
    )
