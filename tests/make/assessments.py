"""Makes rounds and assessments, and answers that fit any indicator."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.questionnaire.model import Indicator, find_indicator
from portal.files.questionnaires import find_questionnaire
from portal.operations.answering import Given, save_answer
from portal.operations.scoring import gaps_of, open_case
from portal.store.answers import Answer
from portal.store.assessments import Assessment, Round
from portal.store.evidence import Evidence, EvidenceLink
from portal.store.people import User
from portal.store.suppliers import Supplier, role_keys
from tests.make.people import AT

VERSION = "sustainability/2026.1"


def make_round(
    session: Session, opened_by: User, *, name: str = "Assessment 2026", deadline: date = date(2026, 12, 15)
) -> Round:
    """A round of the shipped questionnaire over the year 2025."""
    found = Round(
        name=name,
        questionnaire=VERSION,
        period_start=date(2025, 1, 1),
        period_end=date(2025, 12, 31),
        deadline_on=deadline,
        opened_by_id=opened_by.id,
        opened_at=AT,
    )
    session.add(found)
    session.flush()
    return found


def make_assessment(
    session: Session, round_: Round, supplier: Supplier, *, state: str = "invited"
) -> Assessment:
    """One supplier in a round."""
    assessment = Assessment(
        round_id=round_.id,
        supplier_id=supplier.id,
        questionnaire=round_.questionnaire,
        roles=list(role_keys(supplier)),
        state=state,
        state_at=AT,
        invited_at=AT,
    )
    session.add(assessment)
    session.flush()
    return assessment


def give(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    code: str,
    raw: object,
    *,
    unit: str | None = None,
    base: int = 0,
    origin: str = "typed",
    now: Any = AT,
) -> Answer | None:
    """Answer one indicator through the real operation."""
    case, given = open_case(session, assessment), Given(raw, unit, base)
    return save_answer(
        session, actor, assessment=assessment, case=case, code=code, given=given, origin=origin, now=now
    )


def link_evidence(
    session: Session, assessment: Assessment, code: str, user: User, *, name: str = "certificate.pdf"
) -> Evidence:
    """A file in the supplier's library, linked to one answer."""
    file = Evidence(
        supplier_id=assessment.supplier_id,
        vault_key=f"{assessment.id}-{code}-{name}",
        name=name,
        media_type="application/pdf",
        size=1200,
        sha256="a" * 64,
        issuer="Assay Institute (invented)",
        standard="ISO 14001",
        covers_from=date(2025, 1, 1),
        valid_until=date(2027, 12, 31),
        uploaded_by_id=user.id,
        uploaded_at=AT,
    )
    session.add(file)
    session.flush()
    session.add(
        EvidenceLink(
            assessment_id=assessment.id,
            indicator=code,
            evidence_id=file.id,
            linked_by_id=user.id,
            linked_at=AT,
        )
    )
    session.flush()
    return file


def close_gaps(session: Session, actor: Actor, assessment: Assessment, user: User) -> None:
    """Answer what blocks sending, with the best option each, and link the evidence that is then asked for."""
    while blocking := [gap for gap in gaps_of(open_case(session, assessment)) if gap.blocking]:
        for gap in blocking:
            indicator = find_indicator(find_questionnaire(VERSION), gap.indicator)
            assert indicator is not None
            if gap.code == "gap_gating_missing":
                give(session, actor, assessment, gap.indicator, best(indicator))
            elif gap.code == "gap_evidence_missing":
                link_evidence(session, assessment, gap.indicator, user)
            else:
                raise AssertionError(gap)
        session.expire_all()


def best(indicator: Indicator) -> object:
    """A raw answer that earns many points."""
    if indicator.kind in {"yes_no", "single"}:
        return max(indicator.options, key=lambda option: option.points).key
    if indicator.kind == "multiple":
        return [option.key for option in indicator.options]
    if indicator.kind == "table":
        return [
            {
                c.key: {"number": "12", "percentage": "40", "year": "2025", "yes_no": "yes"}.get(
                    c.kind, "words"
                )
                for c in indicator.columns
            }
        ]
    if indicator.kind == "date":
        return "2026-03-01"
    if indicator.kind == "text":
        return "Own words."
    bands = [band for band in indicator.bands if band.bound is not None]
    if not bands:
        return "80"
    top = max(bands, key=lambda band: band.points)
    assert top.bound is not None
    step = {"<": -1, ">": 1}.get(top.op, 0)
    return format(top.bound + step, "f")
