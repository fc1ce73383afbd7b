"""Purchase ledgers and the category 1 estimates made from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.store.base import Base, Json, UtcDateTime
from portal.store.people import User


class Ledger(Base):
    """A purchase ledger in the plain form; its bytes lie in the vault, `years` counts lines by year.

    Where a mapping brought it into that form, `original_*` is the file as it was uploaded and `intake` how it was read
    (mapping, totals, what was left out); the plain file names each line's row of the original in `source_row`.
    """

    __tablename__ = "ledgers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    vault_key: Mapped[str] = mapped_column(String(80), unique=True)
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    lines: Mapped[int] = mapped_column()
    years: Mapped[Any] = mapped_column(Json)
    loaded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    original_name: Mapped[str] = mapped_column(String(255), default="", server_default="")
    original_key: Mapped[str] = mapped_column(String(80), default="", server_default="")
    original_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")
    intake: Mapped[Any | None] = mapped_column(Json)

    loaded_by: Mapped[User] = relationship()


class Estimate(Base):
    """One immutable run over one ledger. `summary` is the estimate.json form; the line results lie in the vault.

    `manifest` is the manifest.json form: engine, versions, inputs and result files by hash; None for the oldest runs.
    """

    __tablename__ = "estimates"

    id: Mapped[int] = mapped_column(primary_key=True)
    ledger_id: Mapped[int] = mapped_column(ForeignKey("ledgers.id"))
    run: Mapped[str] = mapped_column(String(80))
    year: Mapped[int] = mapped_column()
    summary: Mapped[Any] = mapped_column(Json)
    parquet_key: Mapped[str] = mapped_column(String(80))
    csv_key: Mapped[str] = mapped_column(String(80))
    manifest: Mapped[Any | None] = mapped_column(Json)
    run_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)

    ledger: Mapped[Ledger] = relationship()
    run_by: Mapped[User] = relationship()


def all_ledgers(session: Session) -> list[Ledger]:
    """Every ledger, newest first."""
    return list(
        session.scalars(select(Ledger).options(joinedload(Ledger.loaded_by)).order_by(Ledger.id.desc()))
    )


def all_estimates(session: Session) -> list[Estimate]:
    """Every estimate with its ledger, newest first."""
    return list(
        session.scalars(
            select(Estimate)
            .options(joinedload(Estimate.ledger), joinedload(Estimate.run_by))
            .order_by(Estimate.id.desc())
        )
    )
