"""Commitments of the invented companies: most promise, some are done, some verified, a few overdue or sent back."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.demo.answering import chance
from portal.demo.companies import Company
from portal.demo.promise_words import promise_on
from portal.operations.commitments import (
    agree,
    propose,
    read_proposal,
    report_done,
    report_progress,
    send_back,
    verify,
)
from portal.store.commitments import Finding, findings_of


def make_promises(
    session: Session, lead: Actor, manager: Actor, company: Company, *, released: datetime, now: datetime
) -> None:
    """Promises on up to four findings of the company; one company in seven has promised nothing yet."""
    if lead.supplier_id is None or chance(company.code, "promises") < 0.14:
        return
    findings = findings_of(session, lead.supplier_id)
    for number, finding in enumerate(findings[: 1 + int(4 * chance(company.code, "how many"))]):
        _promise(
            session, lead, manager, finding, number, company, released + timedelta(days=5 + 3 * number), now
        )


def _promise(
    session: Session,
    lead: Actor,
    manager: Actor,
    finding: Finding,
    number: int,
    company: Company,
    at: datetime,
    now: datetime,
) -> None:
    fate = chance(company.code, finding.indicator, "fate")
    due = (now + timedelta(days=int(300 * fate) - 40)).date()
    climate = finding.indicator.startswith(("CDS", "PCF", "NRG", "ZCF"))
    action, owner = promise_on(finding.indicator, lead.locale)
    given = {
        "action": action,
        "owner": owner,
        "due_on": due.isoformat(),
        "effect_points": format(finding.gain.quantize(Decimal("0.01")), "f"),
        "effect_tco2e": str(120 * (1 + int(20 * fate))) if climate else "",
    }
    proposal = read_proposal(given, gain=finding.gain, today=at.date())
    promise = propose(session, lead, finding_id=finding.id, proposal=proposal, now=at)
    if fate > 0.9:
        send_back(
            session,
            manager,
            commitment_id=promise.id,
            reason="Please name a person and an earlier date.",
            now=at + timedelta(days=3),
        )
        return
    if fate > 0.8 and number:
        return
    agree(session, manager, commitment_id=promise.id, now=at + timedelta(days=4))
    if fate < 0.55:
        report_progress(
            session,
            lead,
            commitment_id=promise.id,
            percent=str(10 * int(10 * fate)),
            text="",
            evidence_id=None,
            now=at + timedelta(days=20),
        )
    if fate < 0.3:
        report_done(
            session, lead, commitment_id=promise.id, text="", evidence_id=None, now=at + timedelta(days=40)
        )
    if fate < 0.15:
        verify(session, manager, commitment_id=promise.id, now=at + timedelta(days=50))
