"""Answers taken over from the carbon register: what each rested on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKeyConstraint, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.answers import Answer
from portal.store.base import Base, Json


class TakenFigure(Base):
    """The register behind one version of an answer: `take` the fact or rows, `records` the rows of the register as
    [kind, id], `facts` the figures its words named then, as text by name. Who and when stands with the version."""

    __tablename__ = "taken_figures"
    __table_args__ = (
        UniqueConstraint("assessment_id", "indicator", "version"),
        ForeignKeyConstraint(
            ["assessment_id", "indicator", "version"],
            ["answer_changes.assessment_id", "answer_changes.indicator", "answer_changes.version"],
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column()
    indicator: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column()
    take: Mapped[str] = mapped_column(String(80))
    records: Mapped[Any] = mapped_column(Json)
    facts: Mapped[Any] = mapped_column(Json)


def taken_of(session: Session, assessment_id: int) -> dict[str, TakenFigure]:
    """What the present answers of an assessment rest on, by indicator: only those that still stand as taken over."""
    rows = session.scalars(
        select(TakenFigure)
        .join(
            Answer,
            (Answer.assessment_id == TakenFigure.assessment_id)
            & (Answer.indicator == TakenFigure.indicator)
            & (Answer.version == TakenFigure.version),
        )
        .where(TakenFigure.assessment_id == assessment_id, Answer.origin == "register")
    )
    return {row.indicator: row for row in rows}
