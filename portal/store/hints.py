"""Explanations of contradiction hints: the newest stands, earlier ones are kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.store.base import Base, UtcDateTime
from portal.store.people import User


class HintExplanation(Base):
    """What a supplier wrote to one hint of an assessment; `number` counts its versions from 1. Rows are only added."""

    __tablename__ = "hint_explanations"
    __table_args__ = (
        UniqueConstraint("assessment_id", "hint", "number"),
        CheckConstraint("number >= 1", name="number_positive"),
        CheckConstraint("text <> ''", name="text_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    hint: Mapped[str] = mapped_column(String(80))
    number: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    explained_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    explained_at: Mapped[datetime] = mapped_column(UtcDateTime)

    explained_by: Mapped[User] = relationship()


def explanations_of(session: Session, assessment_id: int) -> dict[str, HintExplanation]:
    """The explanations that stand for an assessment, by the id of the hint."""
    rows = session.scalars(
        select(HintExplanation)
        .options(joinedload(HintExplanation.explained_by))
        .where(HintExplanation.assessment_id == assessment_id)
        .order_by(HintExplanation.number)
    )
    return {row.hint: row for row in rows}
