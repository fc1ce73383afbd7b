"""The short set in the browser: chosen when inviting, marked wherever a result of it stands, for both audiences."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.store.assessments import Assessment
from portal.store.suppliers import Supplier
from tests.make.assessments import close_gaps
from tests.make.company import Company, make_company
from tests.make.people import make_member, make_staff, make_supplier, signed_in
from tests.make.sent import make_assessment, make_round, make_sent

MARK = re.compile(r'class="short-set">(short set|精简版)<')


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    """A round with a full result, a short one and a short invitation; the export forms hold a fresh sign-in."""
    user = make_staff(session, "manager")
    found = make_round(session, user)
    for number, (name, short) in enumerate((("Alder", False), ("Birch", True))):
        supplier = make_supplier(session, f"S-{number}", name=name)
        make_sent(session, supplier, found, make_member(session, supplier), short=short)
    elder = make_supplier(session, "S-9", name="Elder")
    make_assessment(session, elder, found, short=True)
    session.commit()
    return signed_in(app, user)


def row_of(page: str, name: str) -> str:
    found = re.search(rf"<tr>(?:(?!</tr>).)*>{name}<.*?</tr>", page, re.S)
    assert found is not None, name
    return found[0]


@pytest.mark.parametrize("locale", ["en", "zh"])
@pytest.mark.parametrize(
    "address",
    [
        "/staff/rounds/1",
        "/staff/rounds/1/ranking",
        "/staff/suppliers",
        "/staff/exports",
        "/staff/rounds/waiting",
    ],
)
def test_lists_mark_the_short_result_and_only_that(
    manager: FlaskClient, session: Session, address: str, locale: str
) -> None:
    session.execute(Supplier.__table__.update().values(name_zh=""))  # type: ignore[attr-defined]
    session.commit()
    manager.post("/language", data={"language": locale, "back": "/"})
    page = manager.get(address).text
    assert MARK.search(row_of(page, "Birch")), address
    assert not MARK.search(row_of(page, "Alder"))
    if address in ("/staff/rounds/1", "/staff/suppliers"):
        assert MARK.search(row_of(page, "Elder"))


def test_ranking_and_comparison_say_that_sets_differ(manager: FlaskClient) -> None:
    assert (
        "1 supplier was asked the short set only and is marked so"
        in manager.get("/staff/rounds/1/ranking").text
    )
    both = manager.get("/staff/rounds/1/compare?supplier=1&supplier=2").text
    assert "Totals of different sets cannot be compared" in both and len(MARK.findall(both)) == 1


def test_review_and_sheet_are_marked(manager: FlaskClient) -> None:
    for address in ("/staff/assessments/2", "/staff/assessments/2/sheet"):
        assert MARK.search(manager.get(address).text)
    assert "upstream-score/1 short set" in manager.get("/staff/assessments/2/sheet").text
    assert not MARK.search(manager.get("/staff/assessments/1").text)
    assert "Supplier" in manager.get("/staff/suppliers/2").text and MARK.search(
        manager.get("/staff/suppliers/2").text
    )


def test_the_set_is_changed_on_the_page_until_the_supplier_begins(
    manager: FlaskClient, session: Session
) -> None:
    assert "The short set is asked." in manager.get("/staff/assessments/3").text
    page = manager.post("/staff/assessments/3/set", data={"set": "full"}, follow_redirects=True).text
    assert "Every question is asked." in page and "The supplier is asked every question." in page
    manager.post("/staff/assessments/3/set", data={"set": "short"})
    session.expire_all()
    assert session.get_one(Assessment, 3).short
    session.rollback()
    refused = manager.post("/staff/assessments/1/set", data={"set": "short"}, follow_redirects=True).text
    assert "has begun to answer" in refused and 'name="set"' not in refused
    session.expire_all()
    assert not session.get_one(Assessment, 1).short


def test_it_is_ticked_when_inviting_one_or_a_list(manager: FlaskClient, session: Session) -> None:
    known = make_supplier(session, "S-5", name="Known")
    make_member(session, known)
    session.commit()
    assert manager.get("/staff/rounds/1/add").text.count("21 of 105") == 2
    new = {
        "new-code": "V-9", "new-name": "Ninth", "new-country": "CN", "new-roles": ["services"],
        "new-email": "lead@ninth.example", "new-short": "yes",
    }  # fmt: skip
    assert manager.post("/staff/rounds/1/add/new", data=new).status_code == 200
    sent = {"known-supplier": str(known.id), "known-short": "yes"}
    assert manager.post("/staff/rounds/1/add/known", data=sent).status_code == 200
    rows = "code,name,country,email,roles\nV-1,One,CN,a@a.example,services\nV-2,Two,CN,b@b.example,services\n"
    preview = manager.post(
        "/staff/rounds/1/add/list", data={"file": (io.BytesIO(rows.encode()), "l.csv")}
    ).text
    assert 'name="short" value="V-2"' in preview and 'name="short_all"' in preview
    manager.post("/staff/rounds/1/add/list/accept", data={"rows": rows, "short": "V-2"})
    more = rows.replace("V-", "W-").replace("@", "@w")
    manager.post("/staff/rounds/1/add/list/accept", data={"rows": more, "short_all": "yes"})
    session.expire_all()
    chosen = {a.supplier.code: a.short for a in session.scalars(select(Assessment))}
    assert {code: chosen[code] for code in ("V-9", "S-5", "V-1", "V-2", "W-1", "W-2")} == {
        "V-9": True, "S-5": True, "V-1": False, "V-2": True, "W-1": True, "W-2": True,
    }  # fmt: skip


def test_the_exports_have_the_column(manager: FlaskClient) -> None:
    ask = {"round": "1", "estimate": "", "language": "en", "password": "password of the tests"}
    listed = manager.post("/staff/exports/ranking.csv", data=ask)
    assert listed.status_code == 200
    rows = {r["Supplier"]: r for r in csv.DictReader(io.StringIO(listed.data.decode("utf-8-sig")))}
    assert {name: row["Set of questions"] for name, row in rows.items()} == {
        "Alder": "Full set", "Birch": "Short set", "Elder": "Short set",
    }  # fmt: skip
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(manager.post("/staff/exports/purchasing-review.xlsx", data=ask).data)
    )
    for sheet in ("Ranking", "Topics"):
        cells = book.get_sheet_by_name(sheet).to_python()
        assert any("Birch" in row and "Short set" in row for row in cells), sheet
        assert any("Alder" in row and "Full set" in row for row in cells), sheet
    about = " ".join(str(cell) for row in book.get_sheet_by_name("About").to_python() for cell in row)
    assert "2 suppliers were asked the short set only" in about
    card = manager.get("/staff/exports/scorecards/2.pdf?language=en")
    assert card.status_code == 200
    text = " ".join(PdfReader(io.BytesIO(card.data)).pages[0].extract_text().split())
    assert "Short set: gating questions" in text


def test_the_supplier_sees_the_mark_from_the_list_to_the_receipt(app: Flask, session: Session) -> None:
    company: Company = make_company(app, session)
    session.get_one(Assessment, company.assessment.id).short = True
    session.commit()
    hub = company.client.get(company.base).text
    assert MARK.search(hub) and MARK.search(company.client.get("/assessments").text)
    topic = company.client.get(f"{company.base}/topics/GOV").text
    assert "Not asked" in hub and "GOV-03" in topic and "GOV-02" not in topic and "GOV-01" not in topic
    for address in ("", "/score", "/check", "/ledger", "/next-steps", "/what-if"):
        page = company.client.get(company.base + address).text
        assert "The score is worked out on these alone" in page, address
    assert "upstream-score/1 short set" in company.client.get(f"{company.base}/score").text
    assert company.client.get(f"{company.base}/topics/COM").status_code in (200, 404)


def test_a_receipt_of_a_short_sending_says_so(app: Flask, session: Session) -> None:
    company = make_company(app, session)
    session.get_one(Assessment, company.assessment.id).short = True
    session.commit()
    make_ready_short(session, company)
    assert company.client.post(f"{company.base}/check").status_code == 303
    receipt = company.client.get(f"{company.base}/receipts/1.pdf")
    text = " ".join(PdfReader(io.BytesIO(receipt.data)).pages[0].extract_text().split())
    assert "Short set: gating questions" in text and "GOV-02" not in text


def make_ready_short(session: Session, company: Company) -> None:
    close_gaps(session, company.actor, session.get_one(Assessment, company.assessment.id), company.colleague)
    session.commit()
