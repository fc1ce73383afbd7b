"""Check all answers, send, and keep the receipt."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.store.assessments import Assessment, Submission
from tests.make.assessments import give
from tests.make.company import Company, decide, make_company, make_ready


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    return make_company(app, session)


SEND = "Send assessment to the buyer"


def test_every_gap_leads_to_its_question_and_nothing_can_be_sent(company: Company, session: Session) -> None:
    give(session, company.actor, session.get_one(Assessment, company.assessment.id), "GOV-05", "1,234")
    session.commit()
    html = company.client.get(f"{company.base}/check").text
    assert SEND not in html and "The button to send appears here" in html
    for code in ("GOV-05", "ETH-03", "HRT-01"):
        assert f'href="{company.base}/topics/{code[:3]}#{code}"' in html
    assert "GOV-05: what was entered cannot be read" in html
    assert "GOV-02: no answer yet; it counts 0 points." in html
    refused = company.client.post(f"{company.base}/check")
    assert refused.status_code == 409 and "open points must be closed" in refused.text
    assert session.scalars(select(Submission)).all() == []


def test_a_contributor_sees_who_can_send_and_cannot(company: Company, session: Session) -> None:
    make_ready(session, company)
    html = company.other.get(f"{company.base}/check").text
    assert SEND not in html and "Only a lead can send it: Lead of S-001" in html
    assert company.other.post(f"{company.base}/check").status_code == 404
    assert session.scalars(select(Submission)).all() == []


def test_the_lead_sends_once_and_keeps_a_receipt(company: Company, session: Session) -> None:
    make_ready(session, company)
    assert SEND in company.client.get(f"{company.base}/check").text
    response = company.client.post(f"{company.base}/check")
    assert response.status_code == 303 and response.location == f"{company.base}/sent"
    sent = session.scalars(select(Submission)).one()
    session.commit()
    confirmed = company.client.get(response.location).text
    assert sent.sha256 in confirmed
    again = company.client.post(f"{company.base}/check")
    assert again.status_code == 409 and "already sent to the buyer" in again.text
    assert len(session.scalars(select(Submission)).all()) == 1
    receipt = company.other.get(f"{company.base}/receipts/1.pdf")
    assert receipt.status_code == 200 and receipt.headers["Content-Disposition"].startswith("attachment")
    text = "".join(found.extract_text() for found in PdfReader(io.BytesIO(receipt.data)).pages)
    assert sent.sha256 in re.sub(r"\s", "", text) and "GOV-02" in text and "certificate.pdf" in text
    assert company.client.get(f"{company.base}/receipts/2.pdf").status_code == 404


def test_no_confirmation_before_anything_was_sent(company: Company) -> None:
    assert company.client.get(f"{company.base}/sent").status_code == 404
    assert company.client.get(f"{company.base}/receipts/1.pdf").status_code == 404


def test_a_return_is_changed_and_sent_again(company: Company, session: Session) -> None:
    make_ready(session, company)
    company.client.post(f"{company.base}/check")
    first = session.scalars(select(Submission)).one()
    decide(session, company, first, "GOV-02", "returned", "Name the executive.")
    session.get_one(Assessment, company.assessment.id).state = "returned"
    session.commit()
    changed = company.client.post(
        f"{company.base}/topics/GOV",
        data={"GOV-02-version": "1", "GOV-02": "board_with_pay_link", "go": "next"},
    )
    assert changed.status_code == 303
    assert "Send the changes to the buyer" in company.client.get(f"{company.base}/check").text
    assert company.client.post(f"{company.base}/check").status_code == 303
    session.expire_all()
    assert [s.number for s in session.scalars(select(Submission).order_by(Submission.number))] == [1, 2]
    hub = company.client.get(company.base).text
    assert "receipts/1.pdf" in hub and "receipts/2.pdf" in hub
