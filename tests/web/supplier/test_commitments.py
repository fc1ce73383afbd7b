"""Findings and commitments on the supplier's side of the browser."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.operations.commitments import send_back
from portal.store.commitments import Commitment, CommitmentNote, Finding
from portal.store.evidence import Evidence
from tests.make.files import pdf_bytes, post_file, seen
from tests.make.people import AT, actor_of, make_member, make_staff, make_supplier, signed_in
from tests.make.promises import make_commitment, make_findings

FORM = {
    "action": "Install a heat recovery unit\non the second line",
    "owner": "Lin Example, plant manager",
    "due_on": "2027-06-30",
    "effect_points": "",
    "effect_tco2e": "120.5",
}


@dataclass
class Company:
    """A supplier with findings: browsers of its two people, and of another company's lead."""

    lead: FlaskClient
    contributor: FlaskClient
    stranger: FlaskClient
    finding: Finding
    lead_actor: Actor
    staff_actor: Actor


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    supplier, other = make_supplier(session), make_supplier(session, "S-002")
    lead, contributor = make_member(session, supplier), make_member(session, supplier, "contributor")
    stranger, staff = make_member(session, other), make_staff(session)
    finding = make_findings(session, supplier, lead, staff)[0]
    session.commit()
    browsers = [signed_in(app, user) for user in (lead, contributor, stranger)]
    return Company(*browsers, finding, actor_of(lead, supplier), actor_of(staff))


def at(session: Session, company: Company, state: str) -> str:
    """A commitment at a state; the address of its page."""
    finding = session.get_one(Finding, company.finding.id)
    row = make_commitment(session, finding, company.lead_actor, company.staff_actor, state)
    session.commit()
    return f"/commitments/{row.id}"


def state_of(session: Session) -> str:
    return seen(session, select(Commitment))[0].state


def test_findings_say_why_and_what_it_would_bring(company: Company) -> None:
    page = company.lead.get("/commitments").text
    assert (
        company.finding.indicator in page
        and f"full marks add {company.finding.gain.normalize():f} points" in page
    )
    assert "How to improve:" in page and "Propose a commitment" in page
    assert "Your company’s lead can propose one" in company.contributor.get("/commitments").text
    assert "the gaps worth acting on are listed here" in company.stranger.get("/commitments").text


def test_a_lead_proposes_and_sees_it_waiting(company: Company, session: Session) -> None:
    url = f"/commitments/findings/{company.finding.id}"
    assert company.lead.get(url).status_code == 200
    answer = company.lead.post(url, data=FORM)
    assert answer.status_code == 303
    page = company.lead.get(answer.headers["Location"]).text
    assert "Waiting for the buyer" in page and "120.5" in page and "30 June 2027" in page
    again = company.lead.post(url, data=FORM)
    assert again.status_code == 409 and "already a commitment on this finding" in again.text
    assert len(seen(session, select(Commitment))) == 1


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("action", " ", "Say what will be done."),
        ("owner", "", "Name the person"),
        ("due_on", "2026-11-21", "21 November 2026 is not in the future"),
        ("due_on", "tomorrow", "is not a date"),
        ("effect_points", "99", "at most"),
        ("effect_tco2e", "-5", "below zero"),
        ("effect_tco2e", "much", "plain number"),
        ("effect_tco2e", "", "expected effect"),
    ],
)
def test_wrong_proposals_keep_what_was_typed(
    company: Company, session: Session, field: str, text: str, words: str
) -> None:
    answer = company.lead.post(f"/commitments/findings/{company.finding.id}", data=FORM | {field: text})
    assert answer.status_code == 422 and words in answer.text
    assert "heat recovery" in answer.text or field == "action"
    assert seen(session, select(Commitment)) == []


def test_who_may_propose(company: Company, session: Session) -> None:
    url = f"/commitments/findings/{company.finding.id}"
    for client in (company.contributor, company.stranger):
        assert client.get(url).status_code == 404
        assert client.post(url, data=FORM).status_code == 404
    one = at(session, company, "agreed")
    assert company.stranger.get(one).status_code == 404
    for move in ("again", "withdraw", "progress", "done"):
        assert company.stranger.post(f"{one}/{move}", data=FORM).status_code == 404
    for move in ("again", "withdraw"):
        assert company.contributor.post(f"{one}/{move}", data=FORM).status_code == 404


def test_sent_back_is_proposed_again(company: Company, session: Session) -> None:
    one = at(session, company, "proposed")
    send_back(session, company.staff_actor, commitment_id=int(one[13:]), reason="By how much?", now=AT)
    session.commit()
    page = company.lead.get(one).text
    assert "By how much?" in page and "Example Solar" in page and "Manager Person" not in page
    assert company.lead.post(f"{one}/again", data=FORM | {"action": ""}).status_code == 422
    assert company.lead.post(f"{one}/again", data=FORM).status_code == 303
    assert state_of(session) == "proposed"


def test_a_proposal_is_withdrawn_and_another_can_follow(company: Company, session: Session) -> None:
    one = at(session, company, "proposed")
    assert company.lead.post(f"{one}/withdraw").status_code == 303
    assert state_of(session) == "withdrawn"
    assert company.lead.post(f"/commitments/findings/{company.finding.id}", data=FORM).status_code == 303


def test_a_contributor_reports_progress_with_proof(company: Company, session: Session) -> None:
    one = at(session, company, "agreed")
    post_file(company.contributor, "/evidence", pdf_bytes(), "proof.pdf")
    (file,) = seen(session, select(Evidence).where(Evidence.name == "proof.pdf"))
    answer = company.contributor.post(
        f"{one}/progress", data={"percent": "40", "text": "Half", "evidence": file.id}
    )
    assert answer.status_code == 303
    page = company.contributor.get(one).text
    assert "40 %" in page and "proof.pdf" in page and f"/evidence/{file.id}/file" in page
    assert "It is only hidden" in company.lead.get(f"/evidence/{file.id}").text, "proof of progress stays"
    for wrong in ({"percent": "140"}, {"percent": ""}):
        assert company.contributor.post(f"{one}/progress", data=wrong).status_code == 422
    assert (
        company.contributor.post(f"{one}/progress", data={"percent": "50", "evidence": "999"}).status_code
        == 404
    )
    assert (
        company.contributor.post(f"{one}/progress", data={"percent": "50", "evidence": "x"}).status_code
        == 404
    )


def test_done_is_reported_once(company: Company, session: Session) -> None:
    one = at(session, company, "agreed")
    assert company.contributor.post(f"{one}/done", data={"done-text": "It runs."}).status_code == 303
    assert seen(session, select(CommitmentNote))[-1].text == "It runs."
    again = company.contributor.post(f"{one}/done", data={"done-text": "It runs."})
    assert again.status_code == 409 and "in the state “Reported done”" in again.text
    assert state_of(session) == "done"


def test_progress_waits_for_agreement(company: Company, session: Session) -> None:
    one = at(session, company, "proposed")
    answer = company.lead.post(f"{one}/progress", data={"percent": "10"})
    assert answer.status_code == 409 and "once the buyer has agreed" in answer.text
