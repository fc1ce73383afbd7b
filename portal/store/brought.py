"""Answers brought as a file that wait to be looked through: at most one file per assessment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.store.base import Base, Json, UtcDateTime
from portal.store.people import User


class BroughtFile(Base):
    """A file of answers from another portal, read and judged. `content` is what was read of it; nothing of it stands.

    A newer file takes its place; carried over or set aside, the row goes. `sha256` of its bytes names the file seen.
    """

    __tablename__ = "brought_files"
    __table_args__ = (UniqueConstraint("assessment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[Any] = mapped_column(Json)
    brought_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    brought_at: Mapped[datetime] = mapped_column(UtcDateTime)

    brought_by: Mapped[User] = relationship()


def brought_file_of(session: Session, assessment_id: int) -> BroughtFile | None:
    """The file that waits for an assessment, if one does."""
    return session.scalar(
        select(BroughtFile)
        .options(joinedload(BroughtFile.brought_by))
        .where(BroughtFile.assessment_id == assessment_id)
    )
