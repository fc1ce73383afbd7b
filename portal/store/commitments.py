"""Findings and the commitments that close them, with the notes and proofs on the way."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship, selectinload

from portal.core.commitments import STATES
from portal.store.assessments import Assessment
from portal.store.base import Base, ExactDecimal, UtcDateTime, one_of
from portal.store.evidence import Evidence
from portal.store.people import User
from portal.store.suppliers import Supplier


class Finding(Base):
    """A gap worth acting on: a red flag or a low-scored indicator of a released assessment.

    `points` is the verified points text (0..1); `gain` the points of the total (0..100) that full marks would add.
    """

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("assessment_id", "indicator"), one_of("kind", "red_flag", "low_score"))

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    indicator: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(10))
    points: Mapped[str] = mapped_column(String(40))
    gain: Mapped[Decimal] = mapped_column(ExactDecimal)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    assessment: Mapped[Assessment] = relationship()
    supplier: Mapped[Supplier] = relationship()
    commitments: Mapped[list[Commitment]] = relationship(back_populates="finding", order_by="Commitment.id")


class Commitment(Base):
    """A supplier's promise: action, owner, due date, expected effect (points of the total, tCO2e a year)."""

    __tablename__ = "commitments"
    __table_args__ = (
        one_of("state", *STATES),
        CheckConstraint("action <> '' AND owner <> ''", name="said_what_and_who"),
        CheckConstraint(
            "(state IN ('proposed', 'sent_back', 'withdrawn')) = (agreed_at IS NULL)", name="agreed_has_date"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    action: Mapped[str] = mapped_column(String(2000))
    owner: Mapped[str] = mapped_column(String(120))
    due_on: Mapped[date] = mapped_column()
    effect_points: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    effect_tco2e: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    finding: Mapped[Finding] = relationship(back_populates="commitments")
    supplier: Mapped[Supplier] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=proposed_by_id)
    notes: Mapped[list[CommitmentNote]] = relationship(order_by="CommitmentNote.id")


class CommitmentNote(Base):
    """One step on a commitment's way: a move or progress in per cent, with words and perhaps a proof."""

    __tablename__ = "commitment_notes"
    __table_args__ = (CheckConstraint("percent IS NULL OR percent BETWEEN 0 AND 100", name="percent_range"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), index=True)
    move: Mapped[str] = mapped_column(String(20))
    percent: Mapped[int | None] = mapped_column()
    text: Mapped[str] = mapped_column(String(2000), default="")
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[User] = relationship()
    evidence: Mapped[Evidence | None] = relationship()


def findings_of(session: Session, supplier_id: int) -> list[Finding]:
    """A supplier's findings with their commitments, red flags first, then by gain."""
    rows = session.scalars(
        select(Finding)
        .options(
            selectinload(Finding.commitments).selectinload(Commitment.notes),
            joinedload(Finding.assessment).joinedload(Assessment.round),
        )
        .where(Finding.supplier_id == supplier_id)
    ).unique()
    return sorted(rows, key=lambda f: (f.closed_at is not None, f.kind != "red_flag", -f.gain, f.id))


def all_commitments(session: Session) -> list[Commitment]:
    """Every commitment with finding, round and supplier, soonest due first."""
    return list(
        session.scalars(
            select(Commitment)
            .options(
                joinedload(Commitment.supplier),
                joinedload(Commitment.finding).joinedload(Finding.assessment).joinedload(Assessment.round),
                selectinload(Commitment.notes),
            )
            .order_by(Commitment.due_on, Commitment.id)
        ).unique()
    )


def commitment_with_trail(
    session: Session, commitment_id: int, supplier_id: int | None = None
) -> Commitment | None:
    """One commitment with its notes; with `supplier_id`, only if it belongs to that supplier."""
    query = (
        select(Commitment)
        .options(
            joinedload(Commitment.supplier),
            joinedload(Commitment.finding).joinedload(Finding.assessment).joinedload(Assessment.round),
            selectinload(Commitment.notes).joinedload(CommitmentNote.by),
            selectinload(Commitment.notes).joinedload(CommitmentNote.evidence),
        )
        .where(Commitment.id == commitment_id)
    )
    if supplier_id is not None:
        query = query.where(Commitment.supplier_id == supplier_id)
    return session.scalars(query).unique().one_or_none()
