"""Makes released results with findings, and commitments at any stage."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.operations.commitments import Proposal, agree, open_findings, propose, report_done
from portal.operations.scoring import submitted_case, verified_sheet
from portal.store.assessments import Assessment, decisions_on
from portal.store.commitments import Commitment, Finding
from portal.store.people import User
from portal.store.suppliers import Supplier
from tests.make.people import actor_of
from tests.make.sent import make_round, make_sent

RELEASED_AT = datetime(2026, 11, 10, 3, 0, tzinfo=UTC)
PROPOSAL = Proposal(
    "Install a heat recovery unit", "Lin Example", date(2027, 6, 30), Decimal("0.1"), Decimal("120.5")
)


def release(
    session: Session, assessment: Assessment, by: Actor, now: datetime = RELEASED_AT
) -> list[Finding]:
    """Mark a sent assessment released and open its findings, as the buyer's release does."""
    case = submitted_case(session, assessment)
    assert case is not None
    sheet = verified_sheet(case, decisions_on(session, assessment.id))
    assessment.state, assessment.released_at, assessment.valid_until = "released", now, date(2027, 11, 10)
    session.flush()
    return open_findings(
        session, by, assessment=assessment, sheet=sheet, questionnaire=case.questionnaire, now=now
    )


def make_findings(
    session: Session, supplier: Supplier, lead: User, staff: User, round_name: str = "Round 2026"
) -> list[Finding]:
    """A released result of a supplier with its findings; the largest gain comes first."""
    assessment = make_sent(session, supplier, make_round(session, staff, round_name), lead)
    return sorted(release(session, assessment, actor_of(staff)), key=lambda f: -f.gain)


def make_commitment(
    session: Session, finding: Finding, lead: Actor, staff: Actor, state: str, now: datetime = RELEASED_AT
) -> Commitment:
    """A commitment brought to `state` (proposed, agreed or done) through the real operations."""
    row = propose(session, lead, finding_id=finding.id, proposal=PROPOSAL, now=now)
    if state in {"agreed", "done"}:
        agree(session, staff, commitment_id=row.id, now=now)
    if state == "done":
        report_done(session, lead, commitment_id=row.id, text="It runs.", evidence_id=None, now=now)
    return row
