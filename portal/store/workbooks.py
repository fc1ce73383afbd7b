"""Filled workbooks that came back, and which answer came from which cell."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.store.assessments import Assessment
from portal.store.base import Base, Json, UtcDateTime, one_of
from portal.store.people import User


class WorkbookImport(Base):
    """A filled workbook of an assessment. Its answers stand only once a person took them over.

    `state`: waiting; taken (looked through, something of it stands); discarded (nothing of it stands, bytes gone).
    """

    __tablename__ = "workbook_imports"
    __table_args__ = (one_of("state", "waiting", "taken", "discarded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    vault_key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    assessment: Mapped[Assessment] = relationship()
    uploaded_by: Mapped[User] = relationship()


class ImportedAnswer(Base):
    """One answer taken from a workbook: row key and version of the answer, and the cells that said so."""

    __tablename__ = "imported_answers"
    __table_args__ = (UniqueConstraint("import_id", "row_key", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("workbook_imports.id"))
    row_key: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column()
    cells: Mapped[Any] = mapped_column(Json)
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)

    taken_by: Mapped[User] = relationship()


def workbook_import_of(session: Session, supplier_id: int, import_id: int) -> WorkbookImport | None:
    """One filled workbook if it belongs to this supplier."""
    return session.scalar(
        select(WorkbookImport)
        .join(WorkbookImport.assessment)
        .options(joinedload(WorkbookImport.uploaded_by))
        .where(WorkbookImport.id == import_id, Assessment.supplier_id == supplier_id)
    )


def workbook_imports_of(session: Session, assessment_id: int) -> list[WorkbookImport]:
    """The filled workbooks of an assessment, newest first."""
    return list(
        session.scalars(
            select(WorkbookImport)
            .options(joinedload(WorkbookImport.uploaded_by))
            .where(WorkbookImport.assessment_id == assessment_id)
            .order_by(WorkbookImport.id.desc())
        )
    )


def imported_answers_of(session: Session, import_id: int) -> list[ImportedAnswer]:
    """What was taken from one workbook, in the order it was taken."""
    return list(
        session.scalars(
            select(ImportedAnswer)
            .options(joinedload(ImportedAnswer.taken_by))
            .where(ImportedAnswer.import_id == import_id)
            .order_by(ImportedAnswer.id)
        )
    )
