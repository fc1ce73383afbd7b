"""When results were released: what the share of committed suppliers is measured against."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.store.assessments import Assessment


def releases(session: Session) -> list[tuple[int, datetime]]:
    """Each released result as supplier id and moment. One query."""
    rows = session.execute(
        select(Assessment.supplier_id, Assessment.released_at)
        .where(Assessment.released_at.is_not(None))
        .order_by(Assessment.id)
    )
    return [(supplier_id, moment) for supplier_id, moment in rows if moment is not None]
