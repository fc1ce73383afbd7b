"""An administrator helps anybody who forgot the password, and ends the access of suppliers' people."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.store.people import User
from tests.make.people import make_member, make_staff, make_supplier, signed_in

NEW = "quiet river amber tractor"


@pytest.fixture
def people(session: Session) -> dict[str, User]:
    supplier = make_supplier(session)
    found = {role: make_staff(session, role) for role in ("admin", "manager", "analyst")}
    found |= {role: make_member(session, supplier, role) for role in ("lead", "contributor")}
    found["second"] = make_staff(session, "admin", email="second@buyer.example")
    session.commit()
    return found


@pytest.fixture
def admin(app: Flask, people: dict[str, User]) -> FlaskClient:
    return signed_in(app, people["admin"])


@pytest.mark.parametrize("who", ["analyst", "second", "lead", "contributor"])
def test_an_administrator_helps_anybody(
    app: Flask, admin: FlaskClient, people: dict[str, User], who: str
) -> None:
    user = people[who]
    assert admin.get(f"/staff/people/{user.id}").status_code == 200
    made = admin.post(f"/staff/people/{user.id}/reset")
    found = re.search(r'value="http://127.0.0.1:8000(/reset/[^"]+)"', made.text)
    assert made.status_code == 200 and found
    browser = app.test_client()
    assert browser.post(found[1], data={"new": NEW}).status_code == 302
    assert browser.post("/sign-in", data={"email": user.email, "password": NEW}).status_code == 302


def test_nobody_else_does(app: Flask, people: dict[str, User]) -> None:
    for who in ("manager", "analyst", "lead"):
        browser = signed_in(app, people[who])
        for target in ("admin", "contributor"):
            assert browser.get(f"/staff/people/{people[target].id}").status_code == 404
            assert browser.post(f"/staff/people/{people[target].id}/reset").status_code == 404
            assert browser.post(f"/staff/people/{people[target].id}/places/1/end").status_code == 404


def test_a_suppliers_person_is_out_at_once_and_back(
    app: Flask, admin: FlaskClient, people: dict[str, User], session: Session
) -> None:
    person = people["contributor"]
    browser = signed_in(app, person)
    assert browser.get("/assessments").status_code == 200
    here = f"/staff/people/{person.id}"
    assert f'href="{here}"' in admin.get("/staff/suppliers/1").text
    assert admin.post(f"{here}/places/1/end").status_code == 303
    assert browser.get("/assessments").status_code == 302
    assert "Access ended:" in admin.get("/staff/suppliers/1").text
    page = admin.get(here).text
    assert "Restore the access" in page and "Make the link for a new password" not in page
    assert admin.post(f"{here}/reset").status_code == 422
    assert admin.post(f"{here}/places/1/restore").status_code == 303
    assert signed_in(app, person).get("/assessments").status_code == 200


def test_the_last_lead_and_staff_stay(admin: FlaskClient, people: dict[str, User]) -> None:
    refused = admin.post(f"/staff/people/{people['lead'].id}/places/1/end")
    assert refused.status_code == 409 and "is the only lead of Clearlake Glass" in refused.text
    assert admin.post(f"/staff/people/{people['analyst'].id}/places/1/end").status_code == 404
    assert admin.post(f"/staff/people/{people['lead'].id}/places/99/end").status_code == 404
    assert admin.get("/staff/people/999").status_code == 404
    mine = admin.post(f"/staff/people/{people['admin'].id}/reset")
    assert mine.status_code == 422 and "Change your own password" in mine.text


def test_a_switched_off_colleague_is_switched_on_first(admin: FlaskClient, people: dict[str, User]) -> None:
    here = f"/staff/people/{people['analyst'].id}"
    admin.post(f"{here}/disable")
    assert "Switch it on among the people first" in admin.get(here).text
    refused = admin.post(f"{here}/reset")
    assert refused.status_code == 422 and "has no access at present" in refused.text
