"""Rounds in the browser: open, list, filter, add suppliers, hand over links."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal.store.assessments import Assessment, Round
from portal.store.engine import reading
from portal.store.people import Invitation
from portal.store.suppliers import Supplier
from tests.make.people import make_member, make_staff, make_supplier, signed_in
from tests.make.queries import counted
from tests.make.sent import make_assessment, make_round, make_sent

HEADER = "code,name,name_zh,country,email,roles,materials\n"
GOOD = (
    HEADER
    + "V-1,First Film,第一胶膜,CN,a@first.example,manufacturing,encapsulant\n"
    + "V-2,=1+1 Glass,,CN,b@second.example,manufacturing,glass\n"
)


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    user = make_staff(session, "manager")
    make_round(session, user)
    session.commit()
    return signed_in(app, user)


def upload(client: FlaskClient, text: str, name: str = "list.csv"):  # type: ignore[no-untyped-def]
    return client.post("/staff/rounds/1/add/list", data={"file": (io.BytesIO(text.encode()), name)})


def count(session: Session, table: type) -> int:
    with reading(session.get_bind().engine) as looking:
        return looking.scalar(select(func.count()).select_from(table)) or 0


def test_opening_a_round_names_every_mistake_and_keeps_what_was_typed(manager: FlaskClient) -> None:
    answer = manager.post(
        "/staff/rounds/open",
        data={
            "name": "Kept name",
            "questionnaire": "nonsense",
            "period_start": "soon",
            "period_end": "2025-12-31",
        },
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for said in (
        "Choose one from the list.",
        "Write a day as YYYY-MM-DD",
        "Write the deadline.",
        "Kept name",
    ):
        assert said in page


def test_a_round_is_opened_with_a_published_questionnaire(manager: FlaskClient, session: Session) -> None:
    answer = manager.post(
        "/staff/rounds/open",
        data={
            "name": "Annual 2027",
            "questionnaire": "sustainability/2026.1",
            "period_start": "2026-01-01",
            "period_end": "2026-12-31",
            "deadline_on": "2027-03-31",
        },
    )
    assert answer.status_code == 302
    assert session.scalar(select(Round).where(Round.name == "Annual 2027")) is not None


def test_a_new_suppliers_link_opens_and_is_stored_nowhere(
    manager: FlaskClient, session: Session, app: Flask
) -> None:
    answer = manager.post(
        "/staff/rounds/1/add/new",
        data={
            "new-code": "V-9",
            "new-name": "Ninth Wafer",
            "new-country": "cn",
            "new-roles": ["manufacturing", "minerals"],
            "new-materials": ["wafer"],
            "new-email": "lead@ninth.example",
        },
    )
    assert answer.status_code == 200
    link = re.search(r"(http://127.0.0.1:8000)(/join/[\w-]+)", answer.get_data(as_text=True))
    assert link is not None
    assert app.test_client().get(link[2]).status_code == 200
    session.rollback()
    stored = session.scalars(select(Invitation)).one()
    assert link[2].removeprefix("/join/") not in stored.token_hash
    assert sorted(session.scalars(select(Assessment)).one().roles) == ["manufacturing", "minerals"]


def test_a_refused_lead_leaves_no_supplier_behind(manager: FlaskClient, session: Session) -> None:
    data = {
        "new-code": "V-9",
        "new-name": "Ninth",
        "new-country": "CN",
        "new-roles": ["manufacturing"],
        "new-email": "manager@buyer.example",
    }
    answer = manager.post("/staff/rounds/1/add/new", data=data)
    assert answer.status_code == 422
    assert "belongs to one of your own colleagues" in answer.get_data(as_text=True)
    assert count(session, Supplier) == 0


def test_a_list_with_mistakes_shows_all_of_them_and_stores_nothing(
    manager: FlaskClient, session: Session
) -> None:
    bad = GOOD + "V-2,Twice,,CN,c@third.example,manufacturing,\nV-3,Third,,ZZ,no address,driving,\n"
    answer = upload(manager, bad)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for cell in ("A4", "D5", "E5", "F5"):
        assert f"{cell}:" in page
    assert count(session, Supplier) == count(session, Assessment) == count(session, Invitation) == 0


@pytest.mark.parametrize(
    ("text", "name"), [("", "list.csv"), ("a,b\n1,2\n", "list.csv"), ("%PDF-1.4", "list.xlsx")]
)
def test_what_is_no_list_is_refused_in_words(manager: FlaskClient, text: str, name: str) -> None:
    assert upload(manager, text, name).status_code == 422


def test_no_file_at_all_is_said(manager: FlaskClient) -> None:
    answer = manager.post("/staff/rounds/1/add/list", data={})
    assert answer.status_code == 422
    assert "Choose a file first." in answer.get_data(as_text=True)


def test_a_list_is_previewed_then_accepted_and_its_links_download(
    manager: FlaskClient, session: Session
) -> None:
    preview = upload(manager, GOOD)
    assert preview.status_code == 200
    assert count(session, Supplier) == 0
    rows = re.search(r'name="rows" type="hidden" value="([^"]*)"', preview.get_data(as_text=True))
    assert rows is not None
    accepted = manager.post("/staff/rounds/1/add/list/accept", data={"rows": rows[1]})
    page = accepted.get_data(as_text=True)
    assert accepted.status_code == 200
    assert page.count("/join/") == 2
    assert count(session, Assessment) == 2
    packed = re.search(r'name="links" value="([^"]*)"', page)
    assert packed is not None
    file = manager.post("/staff/links.csv", data={"links": packed[1]})
    text = file.get_data().decode("utf-8-sig")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert text.splitlines()[0] == "code,name,email,link,valid_until"
    assert "'=1+1 Glass" in text
    again = manager.post("/staff/rounds/1/add/list/accept", data={"rows": rows[1]})
    assert "nothing was changed" in again.get_data(as_text=True)
    assert count(session, Assessment) == 2


def test_links_made_up_elsewhere_are_not_handed_out(manager: FlaskClient) -> None:
    assert manager.post("/staff/links.csv", data={"links": "made-up"}).status_code == 302


def test_a_tampered_preview_stores_nothing(manager: FlaskClient, session: Session) -> None:
    manager.post("/staff/rounds/1/add/list/accept", data={"rows": HEADER + "V-1,X,,QQ,nobody,driving,\n"})
    assert count(session, Supplier) == 0


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_downloads(manager: FlaskClient, form: str) -> None:
    answer = manager.get(f"/staff/suppliers/template.{form}")
    assert answer.status_code == 200
    assert f"suppliers.{form}" in answer.headers["Content-Disposition"]


def test_the_list_filters_sorts_and_pages(manager: FlaskClient, session: Session) -> None:
    found = session.get_one(Round, 1)
    for number in range(30):
        supplier = make_supplier(
            session,
            f"S-{number:03}",
            name=f"Supplier {number:02}",
            materials=("cell" if number % 2 else "glass",),
        )
        make_assessment(session, supplier, found, "submitted" if number < 3 else "invited")
    session.commit()

    def names(query: str) -> list[str]:
        return re.findall(
            r">(Supplier \d\d)</a>", manager.get(f"/staff/rounds/1?{query}").get_data(as_text=True)
        )

    assert names("") == [f"Supplier {n:02}" for n in range(25)]
    assert names("page=2") == [f"Supplier {n:02}" for n in range(25, 30)]
    assert names("page=99") == names("page=2")
    assert names("state=submitted&order=down&sort=name") == ["Supplier 02", "Supplier 01", "Supplier 00"]
    assert names("material=cell&q=1") == ["Supplier 01", *(f"Supplier {n}" for n in (11, 13, 15, 17, 19, 21))]
    assert names("q=s-007") == ["Supplier 07"]
    assert names("grade=A") == []
    assert names("sort=nonsense&state=nonsense") == names("")


@pytest.mark.parametrize(
    "address", ["/staff/rounds/1", "/staff/suppliers", "/staff", "/staff/rounds/1/ranking"]
)
def test_a_list_costs_the_same_queries_for_one_supplier_and_for_many(
    manager: FlaskClient, session: Session, engine: Engine, address: str
) -> None:
    found = session.get_one(Round, 1)
    first = make_supplier(session)
    make_sent(session, first, found, make_member(session, first))
    session.commit()
    manager.get(address)
    with counted(engine) as few:
        assert manager.get(address).status_code == 200
    for number in range(40):
        supplier = make_supplier(session, f"M-{number:03}", name=f"Many {number}")
        make_assessment(session, supplier, found)
    for number in range(3):
        supplier = make_supplier(session, f"N-{number:03}", name=f"Sent {number}")
        make_sent(session, supplier, found, make_member(session, supplier))
    session.commit()
    with counted(engine) as many:
        assert manager.get(address).status_code == 200
    assert len(many) == len(few)


def test_a_deadline_is_moved_and_the_reason_shown(manager: FlaskClient) -> None:
    refused = manager.post("/staff/rounds/1/deadline", data={"deadline_on": "2026-12-01", "reason": "x"})
    assert refused.status_code == 422
    assert "can only be moved to a later day" in refused.get_data(as_text=True)
    moved = manager.post(
        "/staff/rounds/1/deadline", data={"deadline_on": "2027-01-31", "reason": "Spring holidays"}
    )
    assert moved.status_code == 302
    assert "Spring holidays" in manager.get("/staff/rounds/1").get_data(as_text=True)


def test_what_waits_is_listed_by_state_or_altogether(manager: FlaskClient, session: Session) -> None:
    round_ = session.get_one(Round, 1)
    for number, state in enumerate(("invited", "submitted", "in_review", "reviewed", "released"), 1):
        make_assessment(session, make_supplier(session, f"W-{number}", name=f"Waits {number}"), round_, state)
    session.commit()
    everything = manager.get("/staff/rounds/waiting").get_data(as_text=True)
    assert [n for n in range(1, 6) if f"Waits {n}<" in everything] == [2, 3, 4]
    one = manager.get("/staff/rounds/waiting?state=reviewed").get_data(as_text=True)
    assert [n for n in range(1, 6) if f"Waits {n}<" in one] == [4]
    assert manager.get("/staff/rounds/waiting?state=nonsense").status_code == 404


def test_adding_one_supplier_comes_before_adding_many(manager: FlaskClient) -> None:
    page = manager.get("/staff/rounds/1/add").get_data(as_text=True)
    assert page.index("Add the new supplier") < page.index("Read the list")
    assert page.count("btn btn-primary") == 1
