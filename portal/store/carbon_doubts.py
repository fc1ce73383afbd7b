"""Doubts about carbon figures and the replies suppliers gave: they stay with the figure for good."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.core.problems import Problem
from portal.store.base import Base, Json, UtcDateTime, one_of
from portal.store.carbon import FootprintRow
from portal.store.people import User

SUBJECTS = ("footprint", "inventory", "electricity", "measure")


class CarbonDoubt(Base):
    """One plausibility warning about one stored figure, and the supplier's reply in words.

    `subject_id` is the id of the row in the table the `subject` names. `code`, `place` and `values` are those of
    the Problem as it was shown; `place` is a cell, a JSON pointer or a form field. A reply is given once.
    """

    __tablename__ = "carbon_doubts"
    __table_args__ = (
        one_of("subject", *SUBJECTS),
        CheckConstraint(
            "(reply = '' AND replied_by_id IS NULL AND replied_at IS NULL)"
            " OR (reply <> '' AND replied_by_id IS NOT NULL AND replied_at IS NOT NULL)",
            name="reply_whole",
        ),
        Index(None, "subject", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    subject: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int] = mapped_column()
    code: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(200), default="")
    values: Mapped[Any] = mapped_column(Json)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    replied_by: Mapped[User | None] = relationship()


def doubts_about(
    session: Session, subject: str, subject_ids: Collection[int], supplier_id: int | None = None
) -> dict[int, list[CarbonDoubt]]:
    """Doubts about figures of one kind by the figure's id, oldest first; for suppliers' pages give `supplier_id`."""
    if not subject_ids:
        return {}
    query = (
        select(CarbonDoubt)
        .options(joinedload(CarbonDoubt.replied_by))
        .where(CarbonDoubt.subject == subject, CarbonDoubt.subject_id.in_(subject_ids))
        .order_by(CarbonDoubt.id)
    )
    if supplier_id is not None:
        query = query.where(CarbonDoubt.supplier_id == supplier_id)
    found: dict[int, list[CarbonDoubt]] = {}
    for doubt in session.scalars(query):
        found.setdefault(doubt.subject_id, []).append(doubt)
    return found


def replied(session: Session, supplier_id: int, subject: str) -> list[tuple[CarbonDoubt, str]]:
    """A supplier's answered doubts about one kind of figure, oldest first, each with the number of its footprint ("" of
    other figures)."""
    query = (
        select(CarbonDoubt, FootprintRow.footprint_id)
        .outerjoin(
            FootprintRow, (FootprintRow.id == CarbonDoubt.subject_id) & (CarbonDoubt.subject == "footprint")
        )
        .where(
            CarbonDoubt.supplier_id == supplier_id, CarbonDoubt.subject == subject, CarbonDoubt.reply != ""
        )
        .order_by(CarbonDoubt.id)
    )
    return [(row, number or "") for row, number in session.execute(query)]


def open_doubts_of(session: Session, supplier_id: int) -> list[CarbonDoubt]:
    """A supplier's doubts that still wait for a reply, oldest first."""
    return list(
        session.scalars(
            select(CarbonDoubt)
            .where(CarbonDoubt.supplier_id == supplier_id, CarbonDoubt.reply == "")
            .order_by(CarbonDoubt.id)
        )
    )


def doubt_of(session: Session, supplier_id: int, doubt_id: int) -> CarbonDoubt | None:
    """One doubt if it belongs to this supplier."""
    return session.scalar(
        select(CarbonDoubt).where(CarbonDoubt.id == doubt_id, CarbonDoubt.supplier_id == supplier_id)
    )


def as_problem(doubt: CarbonDoubt) -> Problem:
    """The warning as it was shown, to be said in words again."""
    return Problem(doubt.code, doubt.place, doubt.values)
