"""The supplier's people: who is here, and inviting colleagues by a link that is shown once."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.store.people import Invitation, membership_of, user_by_email
from tests.make.clock import Clock
from tests.make.company import Company, make_company
from tests.make.people import make_member, make_supplier, signed_in


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    return make_company(app, session)


def link_on(html: str) -> str:
    found = re.search(r'id="fresh-link" readonly value="http://127.0.0.1:8000(/join/[^"]+)"', html)
    assert found
    return found[1]


def invite(browser: FlaskClient, email: str = "new@glass.example", role: str = "contributor") -> str:
    response = browser.post("/people", data={"email": email, "role": role})
    assert response.status_code == 200
    return link_on(response.text)


def test_everyone_is_listed_and_only_the_lead_can_invite(company: Company) -> None:
    mine, theirs = company.client.get("/people").text, company.other.get("/people").text
    for html in (mine, theirs):
        assert "Lead of S-001" in html and "Contributor of S-001" in html
    assert "Make the invitation link" in mine and "Make the invitation link" not in theirs
    assert company.other.post("/people", data={"email": "a@b.example", "role": "lead"}).status_code == 404


def test_a_colleague_joins_by_the_link_which_is_shown_only_once(
    company: Company, session: Session, client: FlaskClient
) -> None:
    link = invite(company.client)
    again = company.client.get("/people").text
    assert "new@glass.example" in again and link not in again
    joined = client.post(link, data={"name": "Wen Yu", "password": "four quiet copper rivers"})
    assert joined.status_code == 302
    user = user_by_email(session, "new@glass.example")
    assert user is not None
    member = membership_of(session, user.id, company.supplier.id)
    assert member is not None and member.role == "contributor"
    assert client.get("/assessments").status_code == 200


def test_a_new_link_replaces_the_old_one(company: Company, session: Session, client: FlaskClient) -> None:
    old = invite(company.client)
    waiting = session.scalars(select(Invitation)).one()
    session.commit()
    fresh = link_on(company.client.post(f"/people/invitations/{waiting.id}/renew").text)
    assert client.get(old).status_code == 410 and client.get(fresh).status_code == 200
    newest = session.scalars(select(Invitation).where(Invitation.revoked_at.is_(None))).one()
    session.commit()
    assert company.client.post(f"/people/invitations/{newest.id}/revoke").status_code == 303
    assert client.get(fresh).status_code == 410


def test_a_link_expires(company: Company, client: FlaskClient, clock: Clock) -> None:
    link = invite(company.client)
    clock.move(days=14, seconds=1)
    expired = client.get(link)
    assert expired.status_code == 410 and "has expired" in expired.text


@pytest.mark.parametrize(
    ("email", "role", "said"),
    [
        ("", "lead", "Write the e-mail address to invite."),
        ("nobody", "lead", "Write an e-mail address like"),
        ("a@b.example", "manager", "Choose contributor or lead."),
        ("contributor@s-001.example", "lead", "already answers for your company"),
    ],
)
def test_what_cannot_be_invited_is_said(
    company: Company, session: Session, email: str, role: str, said: str
) -> None:
    response = company.client.post("/people", data={"email": email, "role": role})
    assert response.status_code == 422 and said in response.text
    assert session.scalars(select(Invitation)).all() == []


def test_invitations_of_another_supplier_are_out_of_reach(
    app: Flask, session: Session, company: Company
) -> None:
    invite(company.client)
    waiting = session.scalars(select(Invitation)).one()
    other = signed_in(app, make_other(session))
    assert "new@glass.example" not in other.get("/people").text
    for act in ("renew", "revoke"):
        assert other.post(f"/people/invitations/{waiting.id}/{act}").status_code == 404
    session.refresh(waiting)
    assert waiting.revoked_at is None


def make_other(session: Session):  # type: ignore[no-untyped-def]
    user = make_member(session, make_supplier(session, "S-002"))
    session.commit()
    return user
