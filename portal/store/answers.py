"""Answers: what stands for each indicator now, and everything that stood before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    String,
    UniqueConstraint,
    and_,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.store.base import Base, Json, UtcDateTime, one_of
from portal.store.people import User


class Answer(Base):
    """The present answer to one indicator.

    `value` is the JSON form of formats.md in the indicator's own unit, null when what was typed cannot be read;
    `typed` keeps exactly what the person gave (text, unit, cells), so that nothing typed is ever lost.
    `version` grows by one with each change and is what a later save must name.
    """

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("assessment_id", "indicator"),
        one_of("origin", "typed", "carried", "imported", "register"),
        CheckConstraint("version >= 1", name="version_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    indicator: Mapped[str] = mapped_column(String(12))
    value: Mapped[Any | None] = mapped_column(Json)
    typed: Mapped[Any | None] = mapped_column(Json)
    unit: Mapped[str | None] = mapped_column(String(40))
    problem: Mapped[Any | None] = mapped_column(Json)
    origin: Mapped[str] = mapped_column(String(10), default="typed")
    confirmed: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    changed_by: Mapped[User] = relationship()


class AnswerChange(Base):
    """One earlier or present state of an answer; rows are only added."""

    __tablename__ = "answer_changes"
    __table_args__ = (UniqueConstraint("assessment_id", "indicator", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    indicator: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column()
    value: Mapped[Any | None] = mapped_column(Json)
    typed: Mapped[Any | None] = mapped_column(Json)
    unit: Mapped[str | None] = mapped_column(String(40))
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


def answers_of(session: Session, assessment_id: int) -> dict[str, Answer]:
    """The present answers of an assessment by indicator code."""
    rows = session.scalars(
        select(Answer).options(joinedload(Answer.changed_by)).where(Answer.assessment_id == assessment_id)
    )
    return {row.indicator: row for row in rows}


def changes_at(
    session: Session, assessment_id: int, versions: Iterable[tuple[str, int]]
) -> dict[str, AnswerChange]:
    """The states that answers had at the (indicator, version) pairs given, by indicator. One query."""
    wanted = list(versions)
    if not wanted:
        return {}
    those: ColumnElement[bool] = and_(
        AnswerChange.assessment_id == assessment_id,
        tuple_(AnswerChange.indicator, AnswerChange.version).in_(wanted),
    )
    return {change.indicator: change for change in session.scalars(select(AnswerChange).where(those))}


def answer_to(session: Session, assessment_id: int, indicator: str) -> Answer | None:
    """The present answer to one indicator."""
    return session.scalar(
        select(Answer)
        .options(joinedload(Answer.changed_by))
        .where(Answer.assessment_id == assessment_id, Answer.indicator == indicator)
        .execution_options(populate_existing=True)
    )
