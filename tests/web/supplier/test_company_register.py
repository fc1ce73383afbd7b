"""The company register in the browser: inventories, electricity, certificates, measures, as a supplier meets them."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.operations.evidence import Facts
from portal.store.carbon import InventoryRow
from portal.store.carbon_doubts import CarbonDoubt
from portal.store.electricity import Certificate, CertificateClash, ElectricityUse
from portal.store.evidence import Evidence
from portal.store.inventories import VerificationStatement
from portal.store.measures import Measure
from tests.make.files import csv_bytes, post_file, seen
from tests.make.people import AT, make_member, make_supplier, signed_in

INVENTORY = {
    "year": "2025",
    "boundary": "operational",
    "scope1_stationary_tco2e": "400",
    "scope1_process_tco2e": "100",
    "scope1_tco2e": "",
    "scope2_location_tco2e": "600",
    "scope2_market_tco2e": "500",
    "output_quantity": "1000",
    "output_unit": "t",
    "verification_level": "limited",
    "verifier": "Example Verification Body",
    "verified_on": "2026-03-31",
}
CERTIFICATE = {
    "scheme": "gec",
    "serial_from": "000101",
    "serial_to": "000400",
    "mwh": "300",
    "generation_year": "2025",
    "technology": "wind",
    "country": "CN",
    "backs": "grid",
    "retired_on": "2026-02-01",
    "retired_for": "Clearlake",
}
USE = {"site": "Plant 1", "country": "CN", "region": "CN-AH", "year": "2025", "unit": "MWh", "rows": "2"}
ROWS = {
    "source-1": "grid",
    "month-1": "",
    "amount-1": "900",
    "source-2": "own_pv",
    "month-2": "",
    "amount-2": "100",
}
MEASURE = {"title": "Heat recovery", "status": "running", "tco2e_year": "120.5", "kwh_year": "200000"}


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    user = make_member(session, make_supplier(session), "contributor")
    session.commit()
    return signed_in(app, user)


@pytest.fixture
def rival(app: Flask, session: Session, client: FlaskClient) -> FlaskClient:
    user = make_member(session, make_supplier(session, "ALU-02", name="Rival Frames (invented)"))
    session.commit()
    return signed_in(app, user)


def question_keys(text: str) -> list[str]:
    return re.findall(r'<textarea[^>]* name="(doubt-[0-9a-f]+)"', text)


def typed_inventory(client: FlaskClient, **changed: str) -> str:
    """Enter an inventory, answering every question; returns its address."""
    answer = client.post("/carbon/inventories/new", data=INVENTORY | changed)
    if answer.status_code == 422:
        replies = dict.fromkeys(question_keys(answer.text), "Checked against the meter readings")
        assert replies, answer.text
        answer = client.post("/carbon/inventories/new", data=INVENTORY | changed | replies)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_an_empty_register_says_what_comes_first(client: FlaskClient) -> None:
    text = client.get("/carbon/overview").text
    assert "Your inventory of 2025 is not here yet" in text and "/carbon/inventories/new" in text
    for path in ("inventories", "electricity", "measures", "electricity/files", "certificates/new"):
        assert client.get(f"/carbon/{path}").status_code == 200


def test_the_sources_add_up_to_scope_1(client: FlaskClient, session: Session) -> None:
    page = client.get(typed_inventory(client)).text
    assert "Stationary combustion" in page and "Limited assurance" in page
    (row,) = seen(session, select(InventoryRow))
    assert (str(row.scope1_tco2e), row.scope1_sources) == ("500", {"stationary": "400", "process": "100"})
    assert row.verified and row.typed["scope2_location_tco2e"] == "600"


def test_a_total_that_differs_is_refused_with_both_figures(client: FlaskClient, session: Session) -> None:
    answer = client.post("/carbon/inventories/new", data=INVENTORY | {"scope1_tco2e": "510"})
    assert answer.status_code == 422 and "510" in answer.text and "500" in answer.text
    assert 'value="400"' in answer.text
    assert seen(session, select(InventoryRow)) == []


def test_a_file_with_differing_sources_is_refused_at_its_cell(client: FlaskClient) -> None:
    row = {"year": "2025", "scope1_tco2e": "510", "scope1_mobile_tco2e": "400", "scope1_process_tco2e": "100"}
    answer = post_file(client, "/carbon/uploads", csv_bytes(row), "ghg.csv", kind="inventory")
    page = client.get(answer.headers["Location"]).text
    assert "B2" in page and "510" in page and "500" in page


def test_a_doubt_needs_a_reply_and_the_reply_stays(client: FlaskClient, session: Session) -> None:
    typed_inventory(client, year="2024", scope1_process_tco2e="900")
    first = client.post("/carbon/inventories/new", data=INVENTORY)
    assert first.status_code == 422 and "What changed?" in first.text
    keys = question_keys(first.text)
    empty = client.post("/carbon/inventories/new", data=INVENTORY | dict.fromkeys(keys, "..."))
    assert empty.status_code == 422 and "says too little" in empty.text
    assert len(seen(session, select(InventoryRow))) == 1
    page = client.get(typed_inventory(client)).text
    assert "Checked against the meter readings" in page
    (doubt,) = seen(session, select(CarbonDoubt).where(CarbonDoubt.reply != ""))
    assert (doubt.subject, doubt.code) == ("inventory", "inventory_jump_scope1")


def test_a_file_is_doubted_at_its_cells(client: FlaskClient, session: Session) -> None:
    rows = [{"year": year, "scope1_tco2e": tonnes, "scope2_location_tco2e": "600"} for year, tonnes in (("2024", "500"), ("2025", "500000"))]  # fmt: skip
    where = post_file(client, "/carbon/uploads", csv_bytes(*rows), "ghg.csv", kind="inventory").headers[
        "Location"
    ]
    page = client.get(where).text
    assert "probably given in kgCO2e" in page
    assert client.post(f"{where}/accept").status_code == 422
    replies = dict.fromkeys(question_keys(page), "A second furnace line was taken in")
    assert client.post(f"{where}/accept", data=replies).status_code == 303
    (doubt,) = seen(session, select(CarbonDoubt).where(CarbonDoubt.reply != ""))
    assert (doubt.place, doubt.code) == ("B3", "inventory_thousandfold_scope1")


def test_a_later_question_waits_and_answers_itself_with_the_electricity(
    client: FlaskClient, session: Session
) -> None:
    typed_inventory(client)
    page = client.get("/carbon/overview").text
    assert "no electricity of 2025 is in the register" in page
    (doubt,) = seen(session, select(CarbonDoubt))
    assert client.post(f"/carbon/overview/questions/{doubt.id}", data={"reply": "?"}).status_code == 422
    client.post(
        "/carbon/electricity/use", data=USE | ROWS | {"save": "1", "amount-1": "900", "region": "CN-AH"}
    )
    assert "no electricity of 2025" not in client.get("/carbon/overview").text
    (doubt,) = seen(session, select(CarbonDoubt))
    assert doubt.reply == "The electricity of this year was entered afterwards."
    assert (
        client.post(f"/carbon/overview/questions/{doubt.id}", data={"reply": "Heat as well"}).status_code
        == 409
    )


def test_correcting_replaces_and_keeps(client: FlaskClient, session: Session) -> None:
    typed_inventory(client)
    typed_inventory(client, scope1_process_tco2e="120")
    rows = seen(session, select(InventoryRow).order_by(InventoryRow.id))
    assert [(str(r.scope1_tco2e), r.replaced_at is None) for r in rows] == [("500", False), ("520", True)]
    typed_inventory(client, boundary="equity")
    in_force = seen(session, select(InventoryRow).where(InventoryRow.replaced_at.is_(None)))
    assert sorted(r.boundary for r in in_force) == ["equity", "operational"]
    page = client.get("/carbon/inventories").text
    assert "1 earlier version" in page and "Equity share" in page


def test_a_statement_is_added_later_with_its_file(client: FlaskClient, session: Session) -> None:
    from_form = {k: v for k, v in INVENTORY.items() if not k.startswith("verif")}
    where = client.post("/carbon/inventories/new", data=from_form).headers["Location"]
    bad = client.post(f"{where}/statement", data={"verifier": "Body"})
    assert bad.status_code == 422
    file = evidence_of_first(session)
    good = {"verification_level": "reasonable", "verifier": "Body", "verified_on": "2026-04-01", "evidence": str(file)}  # fmt: skip
    assert client.post(f"{where}/statement", data=good).status_code == 303
    (row,) = seen(session, select(VerificationStatement))
    assert (row.level, row.standard, row.evidence_id) == ("reasonable", "ISO 14064-3", file)
    assert client.post(f"{where}/statement", data=good | {"evidence": "999"}).status_code == 404


def evidence_of_first(session: Session) -> int:
    """A file in the library of the first supplier."""
    row = Evidence(
        supplier_id=1, vault_key="k1", name="statement.pdf", media_type="application/pdf", size=10, sha256="0" * 64,
        uploaded_by_id=1, uploaded_at=AT, issuer=Facts().issuer,
    )  # fmt: skip
    session.add(row)
    session.commit()
    return row.id


def enter_use(client: FlaskClient, **changed: str) -> int:
    answer = client.post("/carbon/electricity/use", data=USE | ROWS | {"save": "1"} | changed)
    return answer.status_code


def test_the_green_share_stands_with_its_arithmetic(client: FlaskClient, session: Session) -> None:
    assert enter_use(client) == 303
    assert client.post("/carbon/certificates/new", data=CERTIFICATE).status_code == 303
    page = client.get("/carbon/electricity").text
    assert "40.00\u00a0%" in page and "300 +" in page and "÷" in page and "1\u202f000 MWh" in page
    overview = client.get("/carbon/overview").text
    assert "40.0\u00a0%" in overview


def test_rows_of_a_site_are_replaced_together(client: FlaskClient, session: Session) -> None:
    assert enter_use(client) == 303
    assert enter_use(client, site=" plant 1", **{"amount-2": ""}) == 303
    rows = seen(session, select(ElectricityUse).where(ElectricityUse.replaced_at.is_(None)))
    assert [str(row.mwh) for row in rows] == ["900"]
    form = client.get("/carbon/electricity/use?site=Plant+1&year=2025").text
    assert 'value="900"' in form


def test_bad_rows_are_told_at_their_row_and_kept(client: FlaskClient, session: Session) -> None:
    answer = client.post(
        "/carbon/electricity/use", data=USE | ROWS | {"amount-2": "28,4", "country": "China", "save": "1"}
    )
    assert answer.status_code == 422
    assert "Row 2" in answer.text and "28,4" in answer.text and "“China”" in html.unescape(answer.text)
    assert seen(session, select(ElectricityUse)) == []


def test_more_rows_without_scripts(client: FlaskClient) -> None:
    answer = client.post("/carbon/electricity/use", data=USE | ROWS | {"more": "1"})
    assert answer.status_code == 200 and 'name="amount-8"' in answer.text and 'value="900"' in answer.text


def test_a_thousandfold_slip_asks(client: FlaskClient, session: Session) -> None:
    assert enter_use(client, year="2024") == 303
    answer = client.post("/carbon/electricity/use", data=USE | ROWS | {"amount-1": "900000", "save": "1"})
    assert answer.status_code == 422 and "probably given in kWh" in answer.text
    assert len(seen(session, select(ElectricityUse))) == 2


def test_a_second_claim_is_refused_without_a_hint_whose_it_is(
    client: FlaskClient, rival: FlaskClient, session: Session
) -> None:
    assert client.post("/carbon/certificates/new", data=CERTIFICATE).status_code == 303
    answer = rival.post(
        "/carbon/certificates/new", data=CERTIFICATE | {"serial_from": "400", "serial_to": "401", "mwh": "2"}
    )
    assert answer.status_code == 409 and "overlaps certificates already used" in answer.text
    for secret in ("Clearlake", "000101", "S-001"):
        assert secret not in answer.text.replace('value="Clearlake"', "")
    assert len(seen(session, select(Certificate))) == 1
    assert len(seen(session, select(CertificateClash))) == 1


def test_certificates_in_a_file_are_all_or_nothing(
    client: FlaskClient, rival: FlaskClient, session: Session
) -> None:
    client.post("/carbon/certificates/new", data=CERTIFICATE)
    free = CERTIFICATE | {"serial_from": "900", "serial_to": "999", "mwh": "100"}
    data = csv_bytes(free, CERTIFICATE)
    where = post_file(rival, "/carbon/electricity/files", data, "gec.csv", kind="certificates").headers[
        "Location"
    ]
    assert "Take these 2 rows over" in rival.get(where).text
    answer = rival.post(f"{where}/accept")
    assert answer.status_code == 409 and "B3" in answer.text and "already used" in answer.text
    assert len(seen(session, select(Certificate))) == 1
    assert len(seen(session, select(CertificateClash))) == 1
    assert "To be accepted" in rival.get(where).text


def test_a_file_of_consumption_is_looked_at_then_taken(client: FlaskClient, session: Session) -> None:
    rows = [
        {"site": "Plant 2", "country": "CN", "region": "CN-JS", "year": "2025", "month": str(n), "source": "grid",
         "amount": "80500.5", "unit": "kWh"}
        for n in range(1, 13)
    ]  # fmt: skip
    where = post_file(
        client, "/carbon/electricity/files", csv_bytes(*rows), "kwh.csv", kind="electricity"
    ).headers["Location"]
    page = client.get(where).text
    assert "80.5005" in page and "G13" in page and seen(session, select(ElectricityUse)) == []
    assert client.post(f"{where}/accept").status_code == 303
    register = client.get("/carbon/electricity").text
    assert "966.006" in register and "kwh.csv" in register and "G2 – G13" in register
    assert client.post(f"{where}/accept").status_code == 409
    assert client.get(f"{where}/file").data.startswith(b"site,")
    more = rows[3] | {"site": "plant  ２"}
    again = post_file(client, "/carbon/electricity/files", csv_bytes(more), "may.csv", kind="electricity")
    page = client.get(again.headers["Location"]).text
    assert "Plant 2 2025: months 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12" in page
    again = post_file(client, "/carbon/electricity/files", csv_bytes(*rows), "all.csv", kind="electricity")
    assert "would no longer count" not in client.get(again.headers["Location"]).text


def test_a_bad_file_names_every_cell_and_stores_nothing(client: FlaskClient, session: Session) -> None:
    row = {"site": "P", "country": "CN", "year": "2025", "source": "coal", "amount": "-1", "unit": "GWh"}
    where = post_file(
        client, "/carbon/electricity/files", csv_bytes(row), "kwh.csv", kind="electricity"
    ).headers["Location"]
    page = client.get(where).text
    for cell in ("D2", "E2", "F2"):
        assert cell in page
    assert client.post(f"{where}/accept").status_code == 422
    assert seen(session, select(ElectricityUse)) == []


def test_withdrawing_frees_the_numbers(client: FlaskClient, rival: FlaskClient, session: Session) -> None:
    client.post("/carbon/certificates/new", data=CERTIFICATE)
    (row,) = seen(session, select(Certificate))
    assert rival.get(f"/carbon/certificates/{row.id}").status_code == 404
    assert rival.post(f"/carbon/certificates/{row.id}/withdraw").status_code == 404
    assert client.post(f"/carbon/certificates/{row.id}/withdraw").status_code == 303
    assert client.post(f"/carbon/certificates/{row.id}/withdraw").status_code == 409
    assert rival.post("/carbon/certificates/new", data=CERTIFICATE).status_code == 303


def test_measures_are_entered_changed_and_removed(
    client: FlaskClient, rival: FlaskClient, session: Session
) -> None:
    assert client.post("/carbon/measures/new", data={"title": "Nothing saved"}).status_code == 422
    assert client.post("/carbon/measures/new", data=MEASURE | {"evidence": ["77"]}).status_code == 404
    assert client.post("/carbon/measures/new", data=MEASURE).status_code == 303
    (row,) = seen(session, select(Measure))
    where = f"/carbon/measures/{row.id}"
    assert rival.get(where).status_code == 404
    assert client.post(where, data=MEASURE | {"version": "1", "status": "done"}).status_code == 303
    late = client.post(where, data=MEASURE | {"version": "1", "status": "planned"})
    assert late.status_code == 409 and "Somebody else changed this measure" in late.text
    assert "120.5" in client.get("/carbon/measures").text
    assert client.post(f"{where}/remove").status_code == 303
    assert client.get(where).status_code == 404


@pytest.mark.parametrize("path", ["inventories/new", "electricity/use", "certificates/new", "measures/new"])
def test_characters_nobody_types_are_refused_in_words(client: FlaskClient, path: str) -> None:
    data = INVENTORY | CERTIFICATE | MEASURE | USE | ROWS | {"save": "1"}
    bad = {"site": "a\x07b", "sites_covered": "a\x07b", "title": "a\x07b", "serial_from": "1\x01"}
    answer = client.post(f"/carbon/{path}", data=data | bad)
    assert answer.status_code == 422 and "cannot be stored" in answer.text


def test_a_year_to_come_is_refused_wherever_it_is_given(client: FlaskClient, session: Session) -> None:
    words = "the year 2027 has not begun"
    bare = {"verified_on": "", "verifier": "", "verification_level": ""}
    typed = client.post("/carbon/inventories/new", data=INVENTORY | bare | {"year": "2027"})
    assert typed.status_code == 422 and words in typed.text
    used = client.post("/carbon/electricity/use", data=USE | ROWS | {"year": "2027"})
    assert used.status_code == 422 and words in used.text
    row = {"year": "2027", "scope1_tco2e": "5"}
    for url, kind, data in (
        ("/carbon/uploads", "inventory", row),
        ("/carbon/electricity/files", "electricity", {"site": "P", "country": "CN", "year": "2027", "source": "grid", "amount": "1", "unit": "MWh"}),
    ):  # fmt: skip
        path = post_file(client, url, csv_bytes(data), "a.csv", kind=kind).headers["Location"]
        page = client.get(path).text
        assert words in page and "1 thing to correct" in page
        assert client.post(f"{path}/accept").status_code == 422
    assert seen(session, select(InventoryRow)) == [] and seen(session, select(ElectricityUse)) == []


def test_an_upstream_total_below_its_categories_is_refused(client: FlaskClient, session: Session) -> None:
    parts = {
        "scope3_category_1_tco2e": "500",
        "scope3_category_4_tco2e": "20.5",
        "scope3_category_11_tco2e": "9000",
    }
    low = client.post("/carbon/inventories/new", data=INVENTORY | parts | {"scope3_upstream_tco2e": "520"})
    assert low.status_code == 422 and "categories 1 to 8 add up to 520.5 tCO2e" in low.text
    assert seen(session, select(InventoryRow)) == []
    client.post("/carbon/inventories/new", data=INVENTORY | parts | {"scope3_upstream_tco2e": "520.5"})
    assert len(seen(session, select(InventoryRow))) == 1


def test_a_missing_partner_is_named_as_on_the_form(client: FlaskClient) -> None:
    wrong = client.post("/carbon/inventories/new", data=INVENTORY | {"verifier": ""})
    assert "clear “Signed on” beside it" in wrong.text and "verified_on”" not in wrong.text


def test_a_measure_sent_twice_counts_once(client: FlaskClient, session: Session) -> None:
    assert client.post("/carbon/measures/new", data=MEASURE).status_code == 303
    again = client.post("/carbon/measures/new", data=MEASURE)
    assert again.status_code == 422 and "in the register already" in again.text
    assert len(seen(session, select(Measure))) == 1
    (row,) = seen(session, select(Measure))
    client.post(f"/carbon/measures/{row.id}/remove")
    assert client.post("/carbon/measures/new", data=MEASURE).status_code == 303
