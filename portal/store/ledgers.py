"""Ledgers on their way in: waiting files, and what people decided once and is remembered for the next file."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.store.base import Base, ExactDecimal, Json, UtcDateTime, one_of
from portal.store.people import User

WORD_KINDS = ("unit", "currency", "country", "supplier", "material")


class LedgerIntake(Base):
    """A file uploaded to become a ledger. Nothing of it counts anywhere before it is accepted.

    `choices` is what a person said about reading it (encoding, sheet), `reading` what was read (rows, header, first
    rows), `raw_key` its cells as text in the vault. `mapping` says which column is which; `checked` is what the check
    found under the mapping whose hash it names; `plain_key` and `problems_key` are the files the check made.
    """

    __tablename__ = "ledger_intakes"
    __table_args__ = (
        one_of("form", "csv", "xlsx", "parquet"),
        one_of("state", "waiting", "accepted", "discarded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    form: Mapped[str] = mapped_column(String(8))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    vault_key: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    choices: Mapped[Any] = mapped_column(Json)
    reading: Mapped[Any | None] = mapped_column(Json)
    raw_key: Mapped[str] = mapped_column(String(80), default="")
    mapping: Mapped[Any | None] = mapped_column(Json)
    checked: Mapped[Any | None] = mapped_column(Json)
    plain_key: Mapped[str] = mapped_column(String(80), default="")
    problems_key: Mapped[str] = mapped_column(String(80), default="")

    uploaded_by: Mapped[User] = relationship()


class LedgerMapping(Base):
    """The mapping people accepted last for files with this very header."""

    __tablename__ = "ledger_mappings"

    id: Mapped[int] = mapped_column(primary_key=True)
    header_key: Mapped[str] = mapped_column(String(64), unique=True)
    header: Mapped[Any] = mapped_column(Json)
    mapping: Mapped[Any] = mapped_column(Json)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    saved_by: Mapped[User] = relationship()


class LedgerWord(Base):
    """What a text in ledgers means: “公斤” is the unit kg, “Clearlake” the supplier GLS-01.

    `meaning` "" says that a person looked and it is none of ours. `times` is how many of `meaning` one `written` is.
    """

    __tablename__ = "ledger_words"
    __table_args__ = (UniqueConstraint("kind", "written"), one_of("kind", *WORD_KINDS))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    written: Mapped[str] = mapped_column(String(500))
    meaning: Mapped[str] = mapped_column(String(200))
    times: Mapped[Decimal] = mapped_column(ExactDecimal, default=Decimal(1))
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    confirmed_by: Mapped[User] = relationship()


def waiting_intakes(session: Session) -> list[LedgerIntake]:
    """Files not yet decided on, newest first."""
    return list(
        session.scalars(
            select(LedgerIntake)
            .options(joinedload(LedgerIntake.uploaded_by))
            .where(LedgerIntake.state == "waiting")
            .order_by(LedgerIntake.id.desc())
        )
    )


def mapping_of_header(session: Session, header_key: str) -> LedgerMapping | None:
    """The remembered mapping of files with this header."""
    return session.scalar(
        select(LedgerMapping)
        .options(joinedload(LedgerMapping.saved_by))
        .where(LedgerMapping.header_key == header_key)
    )


def words_of(session: Session, kind: str) -> dict[str, LedgerWord]:
    """Remembered words of a kind, by the folded text."""
    found = session.scalars(
        select(LedgerWord).options(joinedload(LedgerWord.confirmed_by)).where(LedgerWord.kind == kind)
    )
    return {word.written: word for word in found}
