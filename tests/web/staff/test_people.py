"""The buyer's own people: invitation by link, switching accounts off."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.store.people import User
from tests.make.people import make_member, make_staff, make_supplier, signed_in


@pytest.fixture
def people(session: Session) -> dict[str, User]:
    found = {role: make_staff(session, role) for role in ("admin", "analyst")}
    found["lead"] = make_member(session, make_supplier(session))
    session.commit()
    return found


@pytest.fixture
def admin(app: Flask, people: dict[str, User]) -> FlaskClient:
    return signed_in(app, people["admin"])


def test_a_choice_looks_like_a_choice(admin: FlaskClient) -> None:
    page = admin.get("/staff/people").get_data(as_text=True)
    select = re.search(r"<select[^>]*>", page)
    assert select is not None and 'name="role"' in select[0] and "form-select" in select[0]


def test_an_invited_colleague_joins_with_the_role_given(app: Flask, admin: FlaskClient) -> None:
    page = admin.post("/staff/people/invite", data={"email": "new@buyer.example", "role": "manager"})
    path = re.search(r'value="http://127.0.0.1:8000(/join/[\w-]+)"', page.get_data(as_text=True))
    assert path is not None
    browser = app.test_client()
    joined = browser.post(path[1], data={"name": "New Manager", "password": "quiet river amber tractor"})
    assert joined.status_code == 302
    assert browser.get("/staff/rounds/open").status_code == 200
    assert browser.get("/staff/people").status_code == 404
    assert path[1] not in admin.get("/staff/people").get_data(as_text=True)


@pytest.mark.parametrize(
    ("email", "role"),
    [("nonsense", "analyst"), ("x@y.example", "owner"), ("lead@s-001.example", "analyst"), ("", "admin")],
)
def test_a_wrong_invitation_is_refused(admin: FlaskClient, email: str, role: str) -> None:
    answer = admin.post("/staff/people/invite", data={"email": email, "role": role})
    assert answer.status_code == 422
    assert "/join/" not in answer.get_data(as_text=True)


def test_a_switched_off_account_is_out_at_once(
    app: Flask, admin: FlaskClient, people: dict[str, User]
) -> None:
    analyst = signed_in(app, people["analyst"])
    assert analyst.get("/staff").status_code == 200
    assert admin.post(f"/staff/people/{people['analyst'].id}/disable").status_code == 302
    assert analyst.get("/staff").status_code == 302
    assert analyst.get("/staff").headers["Location"].startswith("/sign-in")
    assert admin.post(f"/staff/people/{people['analyst'].id}/enable").status_code == 302
    assert signed_in(app, people["analyst"]).get("/staff").status_code == 200


def test_nobody_switches_off_oneself_or_a_suppliers_person(
    admin: FlaskClient, people: dict[str, User]
) -> None:
    answer = admin.post(f"/staff/people/{people['admin'].id}/disable", follow_redirects=True)
    assert "cannot switch off your own account" in answer.get_data(as_text=True)
    assert admin.post(f"/staff/people/{people['lead'].id}/disable").status_code == 404
    assert admin.post("/staff/people/999/enable").status_code == 404


def test_the_style_guide_shows_every_word_in_both_languages(app: Flask, people: dict[str, User]) -> None:
    page = signed_in(app, people["analyst"]).get("/staff/style-guide").get_data(as_text=True)
    for said in ("Invited", "已邀请", "grade-d", "error-summary", "⚑"):
        assert said in page
