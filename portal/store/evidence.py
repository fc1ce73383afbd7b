"""Evidence: the files of a supplier's library with their facts, and the answers they stand behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.store.base import Base, UtcDateTime
from portal.store.people import User


class Evidence(Base):
    """A file in a supplier's library with its facts; the bytes lie in the vault under `vault_key`."""

    __tablename__ = "evidence"
    __table_args__ = (
        Index(None, "supplier_id", "id"),
        CheckConstraint(
            "covers_from IS NULL OR covers_to IS NULL OR covers_from <= covers_to", name="covers_in_order"
        ),
        CheckConstraint("size > 0", name="size_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    vault_key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    issuer: Mapped[str] = mapped_column(String(200), default="")
    standard: Mapped[str] = mapped_column(String(200), default="")
    covers_from: Mapped[date | None] = mapped_column()
    covers_to: Mapped[date | None] = mapped_column()
    valid_until: Mapped[date | None] = mapped_column()
    language: Mapped[str] = mapped_column(String(10), default="", server_default="")
    pages: Mapped[int | None] = mapped_column()
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    uploaded_by: Mapped[User] = relationship()
    sites: Mapped[list[EvidenceSite]] = relationship(
        lazy="selectin", order_by="EvidenceSite.key", cascade="all, delete-orphan"
    )


class EvidenceSite(Base):
    """One site a file covers, by the name the supplier gave it; `key` is that name for comparing."""

    __tablename__ = "evidence_sites"

    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(360), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))


class EvidenceVersion(Base):
    """One document replaced by a newer version of it. Both files stay; each is replaced once and replaces one."""

    __tablename__ = "evidence_versions"
    __table_args__ = (
        UniqueConstraint("newer_id"),
        CheckConstraint("older_id <> newer_id", name="not_itself"),
    )

    older_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    newer_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EvidenceLink(Base):
    """One evidence file standing behind one answer. `moved_at`: when a newer version took the older one's place here."""

    __tablename__ = "evidence_links"
    __table_args__ = (UniqueConstraint("assessment_id", "indicator", "evidence_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    indicator: Mapped[str] = mapped_column(String(12))
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    linked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    evidence: Mapped[Evidence] = relationship()


def links_of(session: Session, assessment_id: int) -> dict[str, list[EvidenceLink]]:
    """Evidence links of an assessment by indicator code, each with its file."""
    rows = session.scalars(
        select(EvidenceLink)
        .options(joinedload(EvidenceLink.evidence))
        .where(EvidenceLink.assessment_id == assessment_id)
        .order_by(EvidenceLink.id)
    )
    found: dict[str, list[EvidenceLink]] = {}
    for row in rows:
        found.setdefault(row.indicator, []).append(row)
    return found


def library_of(session: Session, supplier_id: int) -> list[Evidence]:
    """A supplier's evidence files, newest first."""
    return list(
        session.scalars(
            select(Evidence)
            .options(joinedload(Evidence.uploaded_by))
            .where(Evidence.supplier_id == supplier_id, Evidence.removed_at.is_(None))
            .order_by(Evidence.id.desc())
        )
    )


def current_library_of(session: Session, supplier_id: int) -> list[Evidence]:
    """A supplier's evidence files in their newest versions, newest first. Two queries."""
    replaced = versions_of(session, supplier_id).newer
    return [row for row in library_of(session, supplier_id) if row.id not in replaced]


def evidence_of(session: Session, supplier_id: int, evidence_id: int) -> Evidence | None:
    """One evidence file if it belongs to this supplier."""
    return session.scalar(
        select(Evidence).where(Evidence.id == evidence_id, Evidence.supplier_id == supplier_id)
    )


@dataclass(frozen=True)
class Versions:
    """How a supplier's files follow each other, by evidence id."""

    newer: Mapping[int, int]
    older: Mapping[int, int]


def versions_of(session: Session, supplier_id: int) -> Versions:
    """Which file of a supplier replaces which. One query."""
    rows = session.execute(
        select(EvidenceVersion.older_id, EvidenceVersion.newer_id)
        .join(Evidence, Evidence.id == EvidenceVersion.older_id)
        .where(Evidence.supplier_id == supplier_id)
    )
    newer = {row.older_id: row.newer_id for row in rows}
    return Versions(newer, {latest: older for older, latest in newer.items()})
