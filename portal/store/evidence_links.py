"""Where the files of a library are used: links with their assessment and round."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.store.assessments import Assessment, Round
from portal.store.evidence import EvidenceLink


@dataclass(frozen=True)
class Use:
    """One answer a file stands behind."""

    evidence_id: int
    assessment_id: int
    questionnaire: str
    round_name: str
    indicator: str


def uses_of_library(
    session: Session, supplier_id: int, only: Collection[int] | None = None
) -> dict[int, list[Use]]:
    """The answers behind which a supplier's files stand, by evidence id, newest round first. One query."""
    query = (
        select(EvidenceLink, Assessment, Round)
        .join(Assessment, EvidenceLink.assessment_id == Assessment.id)
        .join(Round, Assessment.round_id == Round.id)
        .where(Assessment.supplier_id == supplier_id)
        .order_by(Round.period_end.desc(), Round.id.desc(), EvidenceLink.indicator)
    )
    if only is not None:
        query = query.where(EvidenceLink.evidence_id.in_(only))
    found: dict[int, list[Use]] = {}
    for link, assessment, campaign in session.execute(query):
        use = Use(link.evidence_id, assessment.id, assessment.questionnaire, campaign.name, link.indicator)
        found.setdefault(link.evidence_id, []).append(use)
    return found
