"""Reviews what the invented companies sent: mostly accepted, here and there adjusted, some returned."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound
from portal.demo.answering import chance
from portal.demo.companies import Company
from portal.operations.judging import Review, open_review
from portal.operations.reviewing import (
    accept_all,
    decide,
    finish_review,
    release_assessment,
    send_back,
    take_up,
)
from portal.store.assessments import Assessment

REASONS = (
    "The document covers one of two supplying sites; points lowered until the second is shown.",
    "The record shows a lower figure than the one declared.",
    "The policy is a draft without date and signature.",
)


def review_and_release(
    session: Session,
    analyst: Actor,
    manager: Actor,
    assessment: Assessment,
    company: Company,
    *,
    now: datetime,
) -> None:
    """The whole review: take up, lower what the proof does not carry, accept the rest, finish, release."""
    take_up(session, analyst, assessment_id=assessment.id, now=now - timedelta(days=9))
    _judge(session, analyst, assessment, company, now - timedelta(days=6))
    finish_review(session, analyst, assessment_id=assessment.id, now=now - timedelta(days=3))
    release_assessment(session, manager, assessment_id=assessment.id, today=now.date(), now=now)


def review_in_part(
    session: Session, analyst: Actor, assessment: Assessment, company: Company, *, now: datetime
) -> None:
    """Bring a sent assessment of the open round to the state the company has in the demo."""
    if company.now == "submitted":
        return
    take_up(session, analyst, assessment_id=assessment.id, now=now)
    if company.now == "in_review":
        return
    if company.now == "returned":
        for code in [c for c in _review(session, assessment).to_judge if c not in company.flags][:3]:
            decide(
                session, analyst, assessment_id=assessment.id, indicator=code, kind="returned",
                reason="The file shows another site than the one that supplies us. Please add the right one.", now=now,
            )  # fmt: skip
        send_back(session, analyst, assessment_id=assessment.id, now=now + timedelta(hours=3))
        return
    _judge(session, analyst, assessment, company, now)
    finish_review(session, analyst, assessment_id=assessment.id, now=now + timedelta(hours=5))


def _judge(session: Session, analyst: Actor, assessment: Assessment, company: Company, now: datetime) -> None:
    review = _review(session, assessment)
    doubtful = [
        c for c in review.undecided if c not in company.flags and chance(company.code, c, "doubt") > 0.88
    ][:3]
    for number, code in enumerate(doubtful):
        if (review.declared.lines[code].points or 0) > 0.4 and not review.declared.lines[code].gating:
            decide(
                session, analyst, assessment_id=assessment.id, indicator=code, kind="adjusted", points="0.4",
                reason=REASONS[number % len(REASONS)], now=now,
            )  # fmt: skip
    accept_all(session, analyst, assessment_id=assessment.id, indicators=review.undecided, now=now)
    for code in _review(session, assessment).undecided:
        decide(session, analyst, assessment_id=assessment.id, indicator=code, kind="accepted", now=now)


def _review(session: Session, assessment: Assessment) -> Review:
    found = open_review(session, assessment)
    if found is None:
        raise NotFound
    return found
