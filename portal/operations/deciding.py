"""Decides an uploaded file that waits: taken over or set aside, and only once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.store.carbon import CarbonUpload
from portal.store.electricity import ElectricityUpload
from portal.store.factors import FactorUpload
from portal.store.frame import FrameFile


def decide_once(
    session: Session,
    row: CarbonUpload | ElectricityUpload | FactorUpload | FrameFile,
    state: str,
    now: datetime,
) -> bool:
    """Move a waiting file to `state` and read it anew; False where somebody decided before: of two clicks, one does."""
    table = type(row)
    decided = session.execute(
        update(table)
        .where(table.id == row.id, table.state == "waiting")
        .values(state=state, decided_at=now)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    return decided.rowcount == 1  # type: ignore[attr-defined,no-any-return]  # an UPDATE result always has a row count
