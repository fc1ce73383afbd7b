"""Rounds and assessments: who was asked what, until when, and how far each one is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.core.lifecycle import STATES
from portal.store.base import Base, Json, UtcDateTime, one_of
from portal.store.people import User
from portal.store.suppliers import Supplier


class Round(Base):
    """One assessment campaign: questionnaire version, reporting period, deadline.

    A `trial` tries out a draft questionnaire: nothing of it is ever released.
    """

    __tablename__ = "rounds"
    __table_args__ = (CheckConstraint("period_start <= period_end", name="period_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    questionnaire: Mapped[str] = mapped_column(String(80))
    period_start: Mapped[date] = mapped_column()
    period_end: Mapped[date] = mapped_column()
    deadline_on: Mapped[date] = mapped_column()
    trial: Mapped[bool] = mapped_column(default=False, server_default=false())
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)

    opened_by: Mapped[User] = relationship()


class Assessment(Base):
    """One supplier in one round, pinned to one questionnaire version and to the roles it had when invited;
    `short`: it is asked the short set only; `as_a_whole`: a lead decided that it is not answered per site."""

    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("round_id", "supplier_id"), one_of("state", *STATES))

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    questionnaire: Mapped[str] = mapped_column(String(80))
    roles: Mapped[list[str]] = mapped_column(Json)
    short: Mapped[bool] = mapped_column(default=False, server_default=false())
    as_a_whole: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[str] = mapped_column(String(12), default="invited")
    state_at: Mapped[datetime] = mapped_column(UtcDateTime)
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    valid_until: Mapped[date | None] = mapped_column()

    round: Mapped[Round] = relationship()
    supplier: Mapped[Supplier] = relationship()


class Submission(Base):
    """An immutable, hashed snapshot of all answers; `content` is canonical JSON text, `sha256` its digest."""

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("assessment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    number: Mapped[int] = mapped_column()
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    submitted_by: Mapped[User] = relationship()
    assessment: Mapped[Assessment] = relationship()


class Decision(Base):
    """A reviewer's judgement of one indicator; the newest one per indicator counts, older ones stay."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index(None, "assessment_id", "indicator"),
        one_of("kind", "accepted", "adjusted", "returned", "flag_closed"),
        CheckConstraint("(kind = 'adjusted') = (points IS NOT NULL)", name="points_when_adjusted"),
        CheckConstraint("kind = 'accepted' OR reason <> ''", name="reason_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    indicator: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(12))
    points: Mapped[str | None] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(2000), default="")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    decided_by: Mapped[User] = relationship()


class StoredSheet(Base):
    """A score sheet as it stood: `content` is the score.json form; `total` repeats its rounded total for sorting."""

    __tablename__ = "score_sheets"
    __table_args__ = (UniqueConstraint("assessment_id", "side"), one_of("side", "declared", "verified"))

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    side: Mapped[str] = mapped_column(String(8))
    method: Mapped[str] = mapped_column(String(40))
    total: Mapped[str] = mapped_column(String(8))
    grade: Mapped[str] = mapped_column(String(2))
    content: Mapped[Any] = mapped_column(Json)
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)


def hold(session: Session, assessment: Assessment) -> None:
    """Read again all that may have changed while a person looked, and keep it until commit, so that nothing is decided
    by a state, a version or a set of questions that is no more. PostgreSQL locks the row; SQLite's writers wait anyway."""
    columns = ["state", "questionnaire", "short", "as_a_whole"]
    session.refresh(assessment, columns, with_for_update={"key_share": True})


def assessment_of(session: Session, supplier_id: int, assessment_id: int) -> Assessment | None:
    """One assessment if it belongs to this supplier; the tenancy filter of the supplier's side."""
    return session.scalar(
        select(Assessment)
        .options(joinedload(Assessment.round), joinedload(Assessment.supplier))
        .where(Assessment.id == assessment_id, Assessment.supplier_id == supplier_id)
    )


def assessments_of(session: Session, supplier_id: int) -> list[Assessment]:
    """All assessments of a supplier, newest round first."""
    return list(
        session.scalars(
            select(Assessment)
            .join(Round)
            .options(joinedload(Assessment.round))
            .where(Assessment.supplier_id == supplier_id)
            .order_by(Round.period_end.desc(), Round.id.desc())
        )
    )


def assessment_for_staff(session: Session, assessment_id: int) -> Assessment | None:
    """One assessment with its round and supplier, for the buyer's side."""
    return session.scalar(
        select(Assessment)
        .options(joinedload(Assessment.round), joinedload(Assessment.supplier))
        .where(Assessment.id == assessment_id)
    )


def assessments_in(session: Session, round_id: int) -> list[Assessment]:
    """All assessments of a round with their suppliers, by supplier name."""
    return list(
        session.scalars(
            select(Assessment)
            .join(Supplier)
            .options(joinedload(Assessment.supplier), joinedload(Assessment.round))
            .where(Assessment.round_id == round_id)
            .order_by(Supplier.name)
        )
    )


def all_rounds(session: Session) -> list[Round]:
    """Every round, newest first."""
    return list(session.scalars(select(Round).order_by(Round.opened_at.desc(), Round.id.desc())))


def latest_submission(session: Session, assessment_id: int) -> Submission | None:
    """The newest snapshot of an assessment."""
    return session.scalar(
        select(Submission)
        .where(Submission.assessment_id == assessment_id)
        .order_by(Submission.number.desc())
        .limit(1)
    )


def decisions_on(session: Session, assessment_id: int) -> dict[str, Decision]:
    """The newest decision per indicator of an assessment."""
    rows = session.scalars(
        select(Decision)
        .options(joinedload(Decision.decided_by))
        .where(Decision.assessment_id == assessment_id)
        .order_by(Decision.id)
    )
    return {row.indicator: row for row in rows}


def sheets_of(session: Session, assessment_ids: list[int]) -> dict[tuple[int, str], StoredSheet]:
    """Stored score sheets by assessment id and side, in one query."""
    rows = session.scalars(select(StoredSheet).where(StoredSheet.assessment_id.in_(assessment_ids)))
    return {(row.assessment_id, row.side): row for row in rows}
