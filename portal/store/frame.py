"""The buyer's own inventory by year: figures in versions, the files they came from, and verification statements."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.core.carbon.frame import Printed
from portal.store.base import Base, ExactDecimal, Json, UtcDateTime, one_of
from portal.store.estimates import Estimate
from portal.store.people import User


class Frame(Base):
    """One year of one inventory: our own (`subject` empty), or a published example with who published it and where."""

    __tablename__ = "frames"
    __table_args__ = (
        UniqueConstraint("subject", "year"),
        CheckConstraint("(subject = '') = (source = '')", name="example_has_source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), default="")
    source: Mapped[str] = mapped_column(String(500), default="")
    year: Mapped[int] = mapped_column()
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def is_own(self) -> bool:
        return self.subject == ""


class FrameFile(Base):
    """A file with figures for the frame. Its rows count only once it is accepted."""

    __tablename__ = "frame_files"
    __table_args__ = (one_of("state", "waiting", "accepted", "discarded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), default="")
    source: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    vault_key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    uploaded_by: Mapped[User] = relationship()


class FrameFigure(Base):
    """One version of one figure; the highest version is in force, and one without a value takes the figure back.

    `value` and `step` (unit of the last printed digit) are in tCO2e, MWp or per cent; `typed` and `unit` are as given.
    """

    __tablename__ = "frame_figures"
    __table_args__ = (
        UniqueConstraint("frame_id", "item", "version"),
        one_of("origin", "typed", "imported", "estimate"),
        CheckConstraint("(origin = 'estimate') = (estimate_id IS NOT NULL)", name="estimate_is_named"),
        CheckConstraint("(origin = 'imported') = (file_id IS NOT NULL)", name="file_is_named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    frame_id: Mapped[int] = mapped_column(ForeignKey("frames.id"))
    item: Mapped[str] = mapped_column(String(30))
    version: Mapped[int] = mapped_column()
    value: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    step: Mapped[Decimal] = mapped_column(ExactDecimal)
    typed: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(12))
    origin: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    estimate_id: Mapped[int | None] = mapped_column(ForeignKey("estimates.id"), index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("frame_files.id"))
    cell: Mapped[str] = mapped_column(String(80), default="")
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    entered_by: Mapped[User] = relationship()
    estimate: Mapped[Estimate | None] = relationship()
    file: Mapped[FrameFile | None] = relationship()


class FrameStatement(Base):
    """A verification statement over part of a year's inventory; `covers` lists scope1, scope2, scope3."""

    __tablename__ = "frame_statements"
    __table_args__ = (Index(None, "frame_id"), one_of("level", "reasonable", "limited", "not_stated"))

    id: Mapped[int] = mapped_column(primary_key=True)
    frame_id: Mapped[int] = mapped_column(ForeignKey("frames.id"))
    covers: Mapped[Any] = mapped_column(Json)
    standard: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(12))
    verifier: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(120), default="")
    issued_on: Mapped[date] = mapped_column()
    vault_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    file_name: Mapped[str] = mapped_column(String(255), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    added_by: Mapped[User] = relationship()


def all_frames(session: Session) -> list[Frame]:
    """Every year of our own inventory and of the published examples, own first, newest year first."""
    return list(session.scalars(select(Frame).order_by(Frame.subject, Frame.year.desc())))


def own_frame(session: Session, year: int) -> Frame | None:
    """Our own inventory of a year."""
    return session.scalar(select(Frame).where(Frame.subject == "", Frame.year == year))


def figures_in_force(session: Session, frame_ids: list[int]) -> dict[int, dict[str, FrameFigure]]:
    """Per frame, the figure in force by item; figures taken back are left out. One query."""
    newest = (
        select(FrameFigure.frame_id, FrameFigure.item, func.max(FrameFigure.version).label("version"))
        .where(FrameFigure.frame_id.in_(frame_ids))
        .group_by(FrameFigure.frame_id, FrameFigure.item)
        .subquery()
    )
    rows = session.scalars(
        select(FrameFigure)
        .join(
            newest,
            (FrameFigure.frame_id == newest.c.frame_id)
            & (FrameFigure.item == newest.c.item)
            & (FrameFigure.version == newest.c.version),
        )
        .options(
            joinedload(FrameFigure.entered_by), joinedload(FrameFigure.estimate), joinedload(FrameFigure.file)
        )
    )
    found: dict[int, dict[str, FrameFigure]] = {frame_id: {} for frame_id in frame_ids}
    for row in rows:
        if row.value is not None:
            found[row.frame_id][row.item] = row
    return found


def printed_of(figures: dict[str, FrameFigure]) -> dict[str, Printed]:
    """Figures in force in the form the rules of `portal.core.carbon.frame` work on."""
    return {item: Printed(row.value, row.step) for item, row in figures.items() if row.value is not None}


def history_of(session: Session, frame_id: int, item: str) -> list[FrameFigure]:
    """Every version of one figure, newest first."""
    return list(
        session.scalars(
            select(FrameFigure)
            .where(FrameFigure.frame_id == frame_id, FrameFigure.item == item)
            .options(
                joinedload(FrameFigure.entered_by),
                joinedload(FrameFigure.estimate),
                joinedload(FrameFigure.file),
            )
            .order_by(FrameFigure.version.desc())
        )
    )


def statements_of(session: Session, frame_id: int) -> list[FrameStatement]:
    """The verification statements of a year, oldest first."""
    return list(
        session.scalars(
            select(FrameStatement)
            .options(joinedload(FrameStatement.added_by))
            .where(FrameStatement.frame_id == frame_id, FrameStatement.removed_at.is_(None))
            .order_by(FrameStatement.id)
        )
    )


def all_frame_files(session: Session) -> list[FrameFile]:
    """Every file that came in, newest first."""
    return list(
        session.scalars(
            select(FrameFile).options(joinedload(FrameFile.uploaded_by)).order_by(FrameFile.id.desc())
        )
    )
