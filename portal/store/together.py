"""What a supplier's colleagues keep among themselves: who does what, notes, and what the lead has looked at.

Nothing of this is ever read for the buyer's side, a snapshot or an export.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.store.assessments import Assessment
from portal.store.base import Base, Json, UtcDateTime, one_of
from portal.store.people import User

# What the journal calls these things; the buyer's pages leave them out.
AMONG_COLLEAGUES = ("assignment", "colleague_note", "topic_look")


class Assignment(Base):
    """Who is to do one topic or one indicator (`subject`, its code), until when; nobody once taken back or freed.

    `version` grows by one with each change and is what a later change must name.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("assessment_id", "subject"),
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("(person_id IS NULL) = (due_on IS NULL)", name="person_and_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    subject: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    due_on: Mapped[date | None] = mapped_column()
    version: Mapped[int] = mapped_column(default=1)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[User | None] = relationship(foreign_keys=[person_id])
    changed_by: Mapped[User] = relationship(foreign_keys=[changed_by_id])


class ColleagueNote(Base):
    """One line of the thread of an indicator: a note, or that the thread was resolved or opened again.

    `number` counts the lines of a thread from 1; rows are only added.
    """

    __tablename__ = "colleague_notes"
    __table_args__ = (
        UniqueConstraint("assessment_id", "indicator", "number"),
        one_of("kind", "note", "resolved", "reopened"),
        CheckConstraint("number >= 1", name="number_positive"),
        CheckConstraint("(kind = 'note') = (text <> '')", name="text_when_note"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    indicator: Mapped[str] = mapped_column(String(12))
    number: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text, default="")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    written_by: Mapped[User] = relationship()


@dataclass(frozen=True)
class Thread:
    """The thread of an indicator in short: how many notes, whether it is open, when its last line was written."""

    notes: int
    open: bool
    last_at: datetime


class TopicLook(Base):
    """One time a lead looked through a topic; `seen` holds the mark of each question as it stood. Rows are only added."""

    __tablename__ = "topic_looks"
    __table_args__ = (Index(None, "assessment_id", "topic"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    topic: Mapped[str] = mapped_column(String(12))
    seen: Mapped[dict[str, str]] = mapped_column(Json)
    looked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    looked_by: Mapped[User] = relationship()


def assignment_rows(session: Session, assessment_id: int) -> dict[str, Assignment]:
    """Every assignment of an assessment by subject, those taken back too, as they stand now. One query."""
    rows = session.scalars(
        select(Assignment)
        .options(joinedload(Assignment.person), joinedload(Assignment.changed_by))
        .where(Assignment.assessment_id == assessment_id)
        .execution_options(populate_existing=True)
    )
    return {row.subject: row for row in rows}


def assignments_of(session: Session, assessment_id: int) -> dict[str, Assignment]:
    """The assignments in force, by topic or indicator code. One query."""
    rows = assignment_rows(session, assessment_id)
    return {subject: row for subject, row in rows.items() if row.person_id is not None}


def assignments_to(session: Session, supplier_id: int, user_id: int) -> list[Assignment]:
    """All that a person is to do in one supplier's assessments."""
    return list(
        session.scalars(
            select(Assignment)
            .join(Assessment, Assignment.assessment_id == Assessment.id)
            .where(Assessment.supplier_id == supplier_id, Assignment.person_id == user_id)
            .order_by(Assignment.id)
            .execution_options(populate_existing=True)
        )
    )


def thread_of(session: Session, assessment_id: int, indicator: str) -> list[ColleagueNote]:
    """The lines of one indicator's thread, oldest first."""
    return list(
        session.scalars(
            select(ColleagueNote)
            .options(joinedload(ColleagueNote.written_by))
            .where(ColleagueNote.assessment_id == assessment_id, ColleagueNote.indicator == indicator)
            .order_by(ColleagueNote.number)
        )
    )


def threads_of(session: Session, assessment_id: int) -> dict[str, Thread]:
    """The threads of an assessment by indicator, in short. One query."""
    rows = session.execute(
        select(ColleagueNote.indicator, ColleagueNote.kind, ColleagueNote.written_at)
        .where(ColleagueNote.assessment_id == assessment_id)
        .order_by(ColleagueNote.number)
    )
    found: dict[str, Thread] = {}
    for indicator, kind, at in rows:
        notes = found[indicator].notes if indicator in found else 0
        found[indicator] = Thread(notes + (kind == "note"), kind != "resolved", at)
    return found


def looks_of(session: Session, assessment_id: int) -> dict[str, TopicLook]:
    """The newest look at each topic of an assessment. One query."""
    rows = session.scalars(
        select(TopicLook)
        .options(joinedload(TopicLook.looked_by))
        .where(TopicLook.assessment_id == assessment_id)
        .order_by(TopicLook.id)
    )
    return {row.topic: row for row in rows}
