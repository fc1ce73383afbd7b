"""Deliveries to the buyer in the browser: entering, adding rows, correcting, removing, refusals in words."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.store.answers import answer_to
from portal.store.assessments import Assessment
from portal.store.deliveries import DeliveryRow
from portal.store.engine import reading
from portal.store.suppliers import SupplierMaterial
from tests.make.company import Company, make_company, make_ready
from tests.make.files import seen
from tests.make.people import make_member, make_supplier, signed_in
from tests.make.register_rows import footprint, inventory

PAGE, YEAR = "/carbon/deliveries", "/carbon/deliveries/year"


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    made = make_company(app, session)
    footprint(session, session.get_one(Assessment, made.assessment.id), made.lead, "G-1")
    for material in ("glass", "steel"):
        known = select(SupplierMaterial).where(SupplierMaterial.material == material)
        if session.scalars(known).first() is None:
            session.add(SupplierMaterial(supplier_id=made.supplier.id, material=material))
    session.commit()
    return made


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def typed(client: FlaskClient, *rows: dict[str, str], year: str = "2025") -> dict[str, str]:
    """The form of a year as a person sends it: what the page holds, with `rows` written over its rows in order."""
    page = client.get(f"{YEAR}?year={year}").text
    data = {"year": year, "seen": hidden(page, "seen"), "rows": str(max(len(rows), 3)), "save": "1"}
    for number, row in enumerate(rows, start=1):
        data |= {f"{name}-{number}": text for name, text in row.items()}
        data[f"stands_for-{number}"] = hidden(page, f"stands_for-{number}")
    return data


GLASS = {"material": "glass", "product_id": "G-1", "quantity": "1250.50", "unit": "t"}
STEEL = {"material": "steel", "quantity": "40", "unit": "t", "value": "9000", "currency": "CNY"}


def test_an_empty_page_says_where_to_begin_and_offers_only_own_materials(company: Company) -> None:
    page = company.client.get(PAGE).text
    assert "Enter deliveries of 2025" in page and "/carbon/deliveries/year?year=2025" in page
    form = company.client.get(YEAR).text
    offered = re.findall(r'<option value="(\w+)"', form.split('id="material-1"')[1].split("</select>")[0])
    assert offered == ["glass", "steel"]
    assert "kWp" in form and '<option value="G-1">' in form


def test_rows_are_entered_shown_corrected_and_removed_with_who_and_what_was_typed(
    company: Company, session: Session
) -> None:
    answer = company.client.post(YEAR, data=typed(company.client, GLASS, STEEL))
    assert answer.status_code == 303
    page = words(company.client.get(PAGE).text)
    assert "1250.5 t typed: 1250.50" in page and "9000 CNY" in page and company.lead.name in page
    assert "96.90 % · 1250.5 t of 1290.5 t, by quantity" in page
    assert 'href="/carbon/deliveries#year-2025">2</a>' in company.client.get("/carbon/overview").text
    again = typed(company.other, GLASS | {"quantity": "1300"}, STEEL) | {"gone-2": "1"}
    assert company.other.post(YEAR, data=again).status_code == 303
    told = words(company.client.get(PAGE).text)
    assert "2 figures corrected or removed" in told
    assert "corrected to: Glass · G-1 · 1300 t" in told and company.colleague.name in told
    rows = seen(session, select(DeliveryRow).order_by(DeliveryRow.id))
    assert [(r.typed["quantity"], r.ended_at is None) for r in rows] == [
        ("1250.50", False),
        ("40", False),
        ("1300", True),
    ]


def test_more_rows_keep_what_was_typed_and_store_nothing(company: Company, session: Session) -> None:
    data = typed(company.client, GLASS)
    del data["save"]
    page = company.client.post(YEAR, data=data | {"more": "1"})
    assert page.status_code == 200 and 'value="1250.50"' in page.text
    assert hidden(page.text, "rows") == "8" and hidden(page.text, "seen") == data["seen"]
    assert seen(session, select(DeliveryRow)) == []


def test_bad_rows_are_told_in_words_beside_their_fields(company: Company, session: Session) -> None:
    bad = GLASS | {"quantity": "1,250"}
    answer = company.client.post(YEAR, data=typed(company.client, bad, {"product_id": "G 9"}, STEEL))
    assert answer.status_code == 422
    assert "Row 1, Quantity: write a plain number such as 1200.5" in words(answer.text)
    assert 'href="#quantity-1"' in answer.text and 'aria-describedby="quantity-1-error"' in answer.text
    assert "Row 2, Material: this cell must not be empty." in words(answer.text)
    assert 'value="1,250"' in answer.text and 'value="9000"' in answer.text
    twice = company.client.post(YEAR, data=typed(company.client, GLASS, GLASS | {"product_id": "g-1"}))
    assert twice.status_code == 422
    assert "Row 2, Quantity: this material and product already stand in row 1." in words(twice.text)
    beside = company.client.post(YEAR, data=typed(company.client, STEEL | {"currency": ""}))
    assert "Row 1, Currency: fill this cell, or clear “Sales value” beside it." in words(beside.text)
    assert seen(session, select(DeliveryRow)) == []


def test_a_row_ticked_for_removal_does_not_move_the_problems_of_the_others(company: Company) -> None:
    company.client.post(YEAR, data=typed(company.client, GLASS, STEEL))
    data = typed(company.client, GLASS | {"quantity": "x"}, STEEL | {"quantity": "y"}) | {"gone-1": "1"}
    answer = company.client.post(YEAR, data=data)
    assert answer.status_code == 422
    assert 'href="#quantity-2"' in answer.text and 'href="#quantity-1"' not in answer.text


@pytest.mark.parametrize("year", ["", "2O25", "2099", "1888"])
def test_a_year_that_cannot_be_is_refused_in_words(company: Company, session: Session, year: str) -> None:
    data = typed(company.client, GLASS) | {"year": year}
    for answer in (company.client.post(YEAR, data=data), company.client.get(f"{YEAR}?year={year}")):
        assert answer.status_code == 422 and "Year: " in words(answer.text)
    assert seen(session, select(DeliveryRow)) == []


def test_who_comes_late_sees_what_the_other_saved(company: Company, session: Session) -> None:
    late = typed(company.other, GLASS | {"quantity": "7"})
    company.client.post(YEAR, data=typed(company.client, GLASS))
    answer = company.other.post(YEAR, data=late)
    assert answer.status_code == 409 and "changed by somebody else meanwhile" in answer.text
    assert 'value="1250.5"' in answer.text
    assert [str(r.quantity) for r in seen(session, select(DeliveryRow))] == ["1250.50"]


def test_another_suppliers_deliveries_are_neither_seen_nor_touched(
    company: Company, app: Flask, session: Session
) -> None:
    company.client.post(YEAR, data=typed(company.client, GLASS))
    (row,) = seen(session, select(DeliveryRow))
    user = make_member(session, make_supplier(session, "ALU-02", name="Rival (invented)"))
    session.commit()
    rival = signed_in(app, user)
    assert "Deliveries will be listed here" in rival.get(PAGE).text
    assert hidden(rival.get(YEAR).text, "stands_for-1") == ""
    stolen = typed(rival, GLASS | {"material": "mg_silicon"}) | {"stands_for-1": str(row.id), "gone-1": "1"}
    rival.post(YEAR, data=stolen)
    forged = typed(rival, GLASS | {"quantity": "1"}) | {"stands_for-1": str(row.id)}
    assert rival.post(YEAR, data=forged).status_code in (409, 422)
    assert [(r.id, r.ended_at) for r in seen(session, select(DeliveryRow))] == [(row.id, None)]


def test_the_question_takes_the_share_and_leads_back_to_the_deliveries(
    company: Company, engine: Engine, session: Session
) -> None:
    company.client.post(YEAR, data=typed(company.client, GLASS, STEEL | {"quantity": "1250.5"}))
    page = company.client.get(f"{company.base}/topics/PCF").text
    question = re.search(r'<article class="question[^>]*id="PCF-01".*?</article>', page, re.S)
    assert question and 'href="/carbon/deliveries"' in question[0]
    assert "1250.5 t of 2501 t delivered in 2025" in words(question[0])
    take = re.search(r'name="take" value="(PCF-01 [^"]+)"', page)
    assert take
    company.client.post(f"{company.base}/topics/PCF", data={"take": take[1]})
    with reading(engine) as session_now:
        answer = answer_to(session_now, company.assessment.id, "PCF-01")
        assert answer is not None and (answer.value, answer.origin) == ("50", "register")
    company.client.post(YEAR, data=typed(company.client, GLASS, STEEL | {"quantity": "3751.50"}))
    page = words(company.client.get(f"{company.base}/topics/PCF").text)
    assert "The register now says 25 %" in page.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_page_shows_how_the_emissions_are_shared_and_says_when_it_is_too_much(
    company: Company, session: Session
) -> None:
    inventory(session, session.get_one(Assessment, company.assessment.id), company.lead)
    session.commit()
    company.client.post(YEAR, data=typed(company.client, GLASS | {"quantity": "100"}))
    page = words(company.client.get(PAGE).text)
    assert "120.5 (scope 1) + 60 (scope 2) = 180.5 tCO2e" in page
    assert "100 t ÷ 500 t share of mass 20.00 % 36.1" in page
    company.client.post(YEAR, data=typed(company.client, GLASS | {"quantity": "501"}))
    assert "which is more than there is" in words(company.client.get(PAGE).text)


def test_the_reviewer_is_told_what_was_taken_over_and_nothing_later(
    company: Company, app: Flask, session: Session
) -> None:
    staff = signed_in(app, company.staff)
    company.client.post(YEAR, data=typed(company.client, GLASS, STEEL | {"quantity": "1250.5"}))
    page = company.client.get(f"{company.base}/topics/PCF").text
    take = re.search(r'name="take" value="(PCF-01 [^"]+)"', page)
    assert take
    company.client.post(f"{company.base}/topics/PCF", data={"take": take[1]})
    make_ready(session, company)
    assert company.client.post(f"{company.base}/check").status_code in (302, 303)
    company.client.post(YEAR, data=typed(company.client, GLASS | {"quantity": "987654.125"}, STEEL))
    review = staff.get(f"/staff/assessments/{company.assessment.id}?topic=PCF&show=all").text
    assert "1250.5 t of 2501 t delivered in 2025" in words(review)
    register = staff.get(f"/staff/suppliers/{company.supplier.id}/register").text
    about = staff.get(f"/staff/suppliers/{company.supplier.id}").text
    for shown in (review, register, about):
        assert "987654.125" not in shown and "now says" not in shown
    assert "Assessment sent" in about and "Deliveries to the buyer" not in about


@pytest.mark.parametrize("rows", ["", "0", "1", "-3", "x"])
def test_a_form_that_arrives_cut_short_removes_nothing(company: Company, session: Session, rows: str) -> None:
    company.client.post(YEAR, data=typed(company.client, GLASS, STEEL))
    cut = typed(company.client, GLASS, STEEL) | {"rows": rows}
    answer = company.client.post(YEAR, data=cut)
    assert answer.status_code == 409 and "arrived without some of its rows" in answer.text
    assert [row.ended_at for row in seen(session, select(DeliveryRow))] == [None, None]


def test_more_rows_than_a_year_takes_are_refused_not_cut_off(company: Company, session: Session) -> None:
    rows = [GLASS | {"product_id": f"G-{number}", "quantity": "1"} for number in range(1, 202)]
    data = typed(company.client, GLASS)
    for number, row in enumerate(rows, start=1):
        data |= {f"{name}-{number}": text for name, text in row.items()}
    answer = company.client.post(YEAR, data=data | {"rows": "201"})
    assert answer.status_code == 422 and "200" in words(answer.text)
    assert seen(session, select(DeliveryRow)) == []
    company.client.post(YEAR, data=data | {"rows": "200"})
    assert len(seen(session, select(DeliveryRow))) == 200


@pytest.mark.parametrize(
    "text", ["NaN", "1e999", "-1", "0", "Infinity", "９", "1\u00a0000", "9" * 16, "1." + "0" * 19 + "1", "x" * 9999]
)  # fmt: skip
def test_no_number_is_guessed(company: Company, session: Session, text: str) -> None:
    for bad in (GLASS | {"quantity": text}, STEEL | {"value": text}):
        assert company.client.post(YEAR, data=typed(company.client, bad)).status_code == 422
    assert seen(session, select(DeliveryRow)) == []
