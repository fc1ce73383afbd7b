"""Suppliers in the browser: facts, people, links, journal."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.store.engine import reading
from portal.store.people import Invitation, User
from portal.store.suppliers import Supplier, material_keys, role_keys
from tests.make.people import actor_of, make_member, make_staff, make_supplier, signed_in
from tests.make.promises import make_commitment, make_findings
from tests.make.sent import make_assessment, make_round, make_sent

FACTS = {
    "code": "S-001",
    "name": "New Name",
    "name_zh": "新名称",
    "country": "de",
    "roles": ["services", "logistics"],
    "materials": ["cell"],
}


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    user = make_staff(session, "manager")
    make_staff(session, "analyst")
    make_supplier(session)
    session.commit()
    return signed_in(app, user)


def stored(session: Session) -> Supplier:
    with reading(session.get_bind().engine) as looking:
        return looking.get_one(Supplier, 1)


def test_facts_are_changed_and_journalled_for_managers(
    app: Flask, manager: FlaskClient, session: Session
) -> None:
    assert manager.post("/staff/suppliers/1/facts", data=FACTS).status_code == 302
    supplier = stored(session)
    assert (supplier.name, supplier.country) == ("New Name", "DE")
    assert (role_keys(supplier), material_keys(supplier)) == (("logistics", "services"), ("cell",))
    assert "Supplier changed" in manager.get("/staff/suppliers/1").get_data(as_text=True)
    with reading(session.get_bind().engine) as looking:
        analyst = looking.get_one(User, 2)
    assert "Supplier changed" not in signed_in(app, analyst).get("/staff/suppliers/1").get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "S-002"}, "cannot be changed"),
        ({"country": "QQ"}, "not a country code"),
        ({"roles": []}, "Tick at least one role."),
        ({"roles": ["pilot"]}, "not a list of roles"),
        ({"name": ""}, "Write the registered name."),
    ],
)
def test_wrong_facts_are_refused_in_words(
    manager: FlaskClient, session: Session, change: dict[str, object], said: str
) -> None:
    answer = manager.post("/staff/suppliers/1/facts", data=FACTS | change)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert stored(session).name != "New Name"


def test_a_link_is_made_shown_once_and_revoked(app: Flask, manager: FlaskClient, session: Session) -> None:
    page = manager.post("/staff/suppliers/1/link", data={"email": "Lead@New.example"}).get_data(as_text=True)
    path = page.split('value="http://127.0.0.1:8000')[1].split('"')[0]
    assert app.test_client().get(path).status_code == 200
    seen = manager.get("/staff/suppliers/1").get_data(as_text=True)
    assert "lead@new.example" in seen and path not in seen
    with reading(session.get_bind().engine) as looking:
        number = looking.query(Invitation).one().id
    assert manager.post(f"/staff/suppliers/1/link/{number}/revoke").status_code == 302
    assert app.test_client().get(path).status_code == 410
    assert manager.post(f"/staff/suppliers/1/link/{number}/revoke").status_code == 404


@pytest.mark.parametrize("email", ["", "nonsense", "manager@buyer.example", "lead@s-001.example"])
def test_a_link_that_cannot_be_made_is_refused(manager: FlaskClient, session: Session, email: str) -> None:
    make_member(session, session.get_one(Supplier, 1))
    session.commit()
    answer = manager.post("/staff/suppliers/1/link", data={"email": email}, follow_redirects=True)
    assert "notice-danger" in answer.get_data(as_text=True)
    with reading(session.get_bind().engine) as looking:
        assert looking.query(Invitation).count() == 0


def test_a_supplier_in_a_new_round_keeps_its_last_score(manager: FlaskClient, session: Session) -> None:
    user, supplier = session.get_one(User, 1), session.get_one(Supplier, 1)
    make_sent(session, supplier, make_round(session, user, "Round 2025"), make_member(session, supplier))
    later = make_round(session, user, "Round 2026")
    later.period_end = date(2026, 12, 31)
    make_assessment(session, supplier, later, "in_progress")
    session.commit()
    page = manager.get("/staff/suppliers").get_data(as_text=True)
    row = page[page.index("<tbody>") :]
    assert "In progress" in row and "declared" in row and "no score yet" not in row
    assert re.search(r'<span class="quiet">Round 2025</span>', row)
    front = manager.get("/staff").get_data(as_text=True)
    assert "of 1 with a score" in front and "· Round 2025" in front


def test_a_suppliers_commitments_are_its_own(manager: FlaskClient, session: Session) -> None:
    supplier = session.get_one(Supplier, 1)
    lead = make_member(session, supplier)
    finding = make_findings(session, supplier, lead, session.get_one(User, 1))[0]
    staff = actor_of(session.get_one(User, 1))
    make_commitment(session, finding, actor_of(lead, supplier), staff, "agreed")
    session.commit()
    assert 'href="/staff/commitments?supplier=1"' in manager.get("/staff/suppliers/1").get_data(as_text=True)


def test_an_unknown_supplier_is_not_found(manager: FlaskClient) -> None:
    for path in ("", "/facts"):
        assert manager.get(f"/staff/suppliers/99{path}").status_code == 404
