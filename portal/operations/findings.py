"""Findings: opened when a result is released, closed when they are solved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.core.access import Actor
from portal.core.commitments import Weakness, weaknesses
from portal.core.exact import fraction_text, rounded
from portal.core.questionnaire.model import Questionnaire
from portal.core.scoring.sheet import ScoreSheet
from portal.operations.journal import note
from portal.store.assessments import Assessment
from portal.store.commitments import Finding

STANDING = ("proposed", "sent_back", "agreed", "done")


def open_findings(
    session: Session,
    actor: Actor,
    *,
    assessment: Assessment,
    sheet: ScoreSheet,
    questionnaire: Questionnaire,
    now: datetime,
) -> list[Finding]:
    """A finding for every weakness of the verified sheet; returns those open afterwards. Doing it again is harmless.

    Findings of this assessment that the sheet no longer shows are closed, and so are those of the supplier's
    earlier assessments, unless a commitment on them is still under way: a promise outlives the round.
    A finding closed by a verified commitment stays closed.
    """
    weak = {w.indicator: w for w in weaknesses(questionnaire, sheet)}
    rows = session.scalars(
        select(Finding)
        .options(selectinload(Finding.commitments))
        .where(Finding.supplier_id == assessment.supplier_id)
        .execution_options(populate_existing=True)
    ).all()
    own = {row.indicator: row for row in rows if row.assessment_id == assessment.id}
    for code, weakness in weak.items():
        _open(session, assessment, own.get(code), weakness, now)
    for row in rows:
        solved = row.indicator not in weak
        replaced = row.assessment_id != assessment.id and not _under_way(row)
        if row.closed_at is None and (solved or replaced):
            row.closed_at = now
    session.flush()
    note(
        session,
        actor,
        "findings.opened",
        thing="assessment",
        thing_id=assessment.id,
        supplier_id=assessment.supplier_id,
        details={"findings": len(weak)},
        now=now,
    )
    return list(
        session.scalars(
            select(Finding)
            .where(Finding.assessment_id == assessment.id, Finding.closed_at.is_(None))
            .order_by(Finding.id)
        )
    )


def _open(
    session: Session, assessment: Assessment, row: Finding | None, weakness: Weakness, now: datetime
) -> None:
    if row is None:
        row = Finding(
            assessment_id=assessment.id,
            supplier_id=assessment.supplier_id,
            indicator=weakness.indicator,
            opened_at=now,
        )
        session.add(row)
    elif not any(c.state == "verified" for c in row.commitments):
        row.closed_at = None
    row.kind = weakness.kind
    row.points = fraction_text(weakness.points)
    row.gain = rounded(weakness.gain, 2)


def _under_way(row: Finding) -> bool:
    return any(c.state in STANDING for c in row.commitments)
