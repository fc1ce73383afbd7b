"""A supplier at work: its people signed in, one assessment, on the portal's own database."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.store.assessments import Assessment, Decision, Submission
from portal.store.people import User
from portal.store.suppliers import Supplier
from tests.make.assessments import close_gaps, give, make_assessment, make_round
from tests.make.people import actor_of, make_member, make_staff, make_supplier, signed_in


@dataclass(frozen=True)
class Company:
    """A supplier with a lead (`client`) and a contributor (`other`), and the address of its assessment."""

    supplier: Supplier
    lead: User
    colleague: User
    staff: User
    assessment: Assessment
    actor: Actor
    client: FlaskClient
    other: FlaskClient
    base: str


def make_company(app: Flask, session: Session) -> Company:
    """A company with an assessment nobody has touched, committed."""
    supplier = make_supplier(session, roles=("manufacturing", "minerals"))
    lead, colleague = make_member(session, supplier), make_member(session, supplier, "contributor")
    staff = make_staff(session)
    assessment = make_assessment(session, make_round(session, staff), supplier)
    session.commit()
    return Company(
        supplier=supplier,
        lead=lead,
        colleague=colleague,
        staff=staff,
        assessment=assessment,
        actor=actor_of(lead, supplier),
        client=signed_in(app, lead),
        other=signed_in(app, colleague),
        base=f"/assessments/{assessment.id}",
    )


def make_ready(session: Session, company: Company) -> None:
    """Answer until nothing blocks sending, committed."""
    assessment = session.get_one(Assessment, company.assessment.id)
    give(session, company.actor, assessment, "GOV-01", ["glass"])
    give(session, company.actor, assessment, "GOV-02", "senior_executive")
    close_gaps(session, company.actor, assessment, company.colleague)
    session.commit()


def decide(
    session: Session, company: Company, sent: Submission, indicator: str, kind: str, reason: str = ""
) -> None:
    """One decision of the buyer on what was sent."""
    session.add(
        Decision(
            assessment_id=company.assessment.id,
            submission_id=sent.id,
            indicator=indicator,
            kind=kind,
            reason=reason,
            decided_by_id=company.staff.id,
            decided_at=sent.submitted_at,
        )
    )
    session.flush()
