"""The carbon register in the browser: templates, problems with their cells, look before taking over, once only."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.files.spreadsheets import read_table
from portal.settings import Settings
from portal.store.carbon import CarbonUpload, FootprintRow, InventoryRow
from tests.make.files import (
    FOOTPRINT,
    INVENTORY,
    csv_bytes,
    pdf_bytes,
    post_file,
    seen,
    vault_files,
    xlsx_bytes,
)
from tests.make.people import make_member, make_supplier, signed_in


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    user = make_member(session, make_supplier(session), "contributor")
    session.commit()
    return signed_in(app, user)


def bring(client: FlaskClient, data: bytes, name: str = "pcf.csv", kind: str = "footprints") -> TestResponse:
    return post_file(client, "/carbon/uploads", data, name, kind=kind)


def newest(session: Session) -> CarbonUpload:
    return seen(session, select(CarbonUpload).order_by(CarbonUpload.id.desc()))[0]


def rows(session: Session, table: type) -> list:
    return seen(session, select(table))


def test_an_empty_register_offers_templates(client: FlaskClient) -> None:
    page = client.get("/carbon").text
    assert "Start with the template below" in page
    for kind, column in (("footprints", "pcf_kgco2e"), ("inventory", "scope1_tco2e")):
        for form in ("csv", "xlsx"):
            answer = client.get(f"/carbon/templates/{kind}.{form}")
            assert answer.headers["Content-Disposition"].startswith("attachment")
            header = [cell.text for cell in read_table(answer.data, f"x.{form}").tables[0].header]
            assert column in header
    assert client.get("/carbon/templates/secrets.csv").status_code == 404
    assert client.get("/carbon/templates/footprints.pdf").status_code == 404


def test_look_then_take_over(client: FlaskClient, session: Session) -> None:
    answer = bring(
        client, csv_bytes(FOOTPRINT, FOOTPRINT | {"footprint_id": "PCF-2", "pcf_kgco2e": "12.345"})
    )
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert "Take these 2 footprints over" in page and "12.345" in page and ">F3<" in page
    assert rows(session, FootprintRow) == []
    accept = answer.headers["Location"] + "/accept"
    assert client.post(accept).status_code == 303
    assert [str(r.pcf_kgco2e) for r in rows(session, FootprintRow)] == ["9.85", "12.345"]
    register = client.get("/carbon").text
    assert "PCF-2" in register and ">F3<" in register and "pcf.csv" in register


def test_a_second_acceptance_says_so(client: FlaskClient, session: Session) -> None:
    path = bring(client, csv_bytes(FOOTPRINT)).headers["Location"]
    client.post(f"{path}/accept")
    again = client.post(f"{path}/accept")
    assert again.status_code == 409 and "taken over already" in again.text
    assert client.post(f"{path}/discard").status_code == 409
    assert len(rows(session, FootprintRow)) == 1


def test_every_problem_is_shown_with_its_cell_and_nothing_can_be_taken_over(
    client: FlaskClient, session: Session
) -> None:
    bad = [
        FOOTPRINT | {"pcf_kgco2e": "-9.85"},
        FOOTPRINT | {"footprint_id": "PCF-2", "declared_unit": "stone"},
        FOOTPRINT | {"footprint_id": "PCF-3", "declared_amount": "one"},
    ]
    path = bring(client, csv_bytes(*bad)).headers["Location"]
    page = client.get(path).text
    assert "3 things to correct" in page and "footprints over" not in page
    for cell, found in (("F2", "-9.85"), ("D3", "stone"), ("E4", "one")):
        assert cell in page and found in page
    assert client.post(f"{path}/accept").status_code == 422
    assert rows(session, FootprintRow) == [] and newest(session).state == "waiting"


def test_a_workbook_names_its_cells_too(client: FlaskClient) -> None:
    data = xlsx_bytes(list(INVENTORY), [-5 if k == "scope1_tco2e" else v for k, v in INVENTORY.items()])
    page = client.get(bring(client, data, "ghg.xlsx", "inventory").headers["Location"]).text
    assert "1 thing to correct" in page and "B2" in page


@pytest.mark.parametrize(
    "data", [b'footprint_id,product_id\n"open,1\n', b"\xff\xfeb\x00r\x00o\x00k\x00e\x00n\x00"]
)
def test_a_broken_csv_ends_in_a_sentence(client: FlaskClient, session: Session, data: bytes) -> None:
    answer = bring(client, data)
    page = answer.text if answer.status_code == 422 else client.get(answer.headers["Location"]).text
    assert "problems" in page and "pcf.csv" in page
    assert rows(session, FootprintRow) == []


@pytest.mark.parametrize(("data", "name"), [(pdf_bytes(), "a.pdf"), (b"MZ\0\0", "a.xlsx"), (b"", "a.csv")])
def test_other_files_are_refused(client: FlaskClient, settings: Settings, data: bytes, name: str) -> None:
    answer = bring(client, data, name)
    assert answer.status_code == 422 and name in answer.text
    assert vault_files(settings.vault_dir) == []


def test_a_file_and_its_kind_are_needed(client: FlaskClient) -> None:
    answer = client.post("/carbon/uploads", data={"kind": "lies"})
    assert answer.status_code == 422
    assert "Choose a file first." in answer.text and "Say what the file holds" in answer.text


def test_a_file_of_40_megabytes_is_refused_in_words(client: FlaskClient, settings: Settings) -> None:
    answer = bring(client, b"a,b\n" * (10 * 1024 * 1024), "large.csv")
    assert answer.status_code == 413 and "at most 30 MB" in answer.text
    assert vault_files(settings.vault_dir) == []


def test_an_inventory_shows_categories_and_replaces_its_year(client: FlaskClient, session: Session) -> None:
    for scope1 in ("1250.5", "1300"):
        path = bring(client, csv_bytes(INVENTORY | {"scope1_tco2e": scope1}), "ghg.csv", "inventory").headers[
            "Location"
        ]
        page = client.get(path).text
        client.post(f"{path}/accept")
    assert "the inventory of 2025 in force (scope 1: 1\u202f250.5)" in page
    assert len(rows(session, InventoryRow)) == 2
    register = client.get("/carbon").text
    assert "1\u202f300" in register and "41\u202f000" in register and ">E2<" in register


def test_doubts_are_shown_and_hinder_until_they_are_answered(client: FlaskClient) -> None:
    path = bring(client, csv_bytes(FOOTPRINT | {"pcf_kgco2e": "9850"})).headers["Location"]
    page = client.get(path).text
    assert "hard to believe" in page and "F2" in page and "Take this footprint over" in page
    assert client.post(f"{path}/accept").status_code == 422


def test_a_discarded_file_is_gone(client: FlaskClient, session: Session, settings: Settings) -> None:
    path = bring(client, csv_bytes(FOOTPRINT)).headers["Location"]
    assert client.get(f"{path}/file").data == csv_bytes(FOOTPRINT)
    assert client.post(f"{path}/discard").status_code == 303
    assert newest(session).state == "discarded" and vault_files(settings.vault_dir) == []
    assert "was discarded" in client.get(path).text
    assert client.get(f"{path}/file").status_code == 404
    assert client.post(f"{path}/accept").status_code == 409


def test_a_stranger_finds_nothing(app: Flask, client: FlaskClient, session: Session) -> None:
    path = bring(client, csv_bytes(FOOTPRINT)).headers["Location"]
    other = make_member(session, make_supplier(session, "S-002"))
    session.commit()
    stranger = signed_in(app, other)
    for url in (path, f"{path}/file"):
        assert stranger.get(url).status_code == 404
    for url in (f"{path}/accept", f"{path}/discard"):
        assert stranger.post(url).status_code == 404
    assert newest(session).state == "waiting"
    assert "pcf.csv" not in stranger.get("/carbon").text


def test_what_was_typed_is_shown_as_text(client: FlaskClient) -> None:
    data = csv_bytes(FOOTPRINT | {"product_id": "<script>alert(1)</script>", "material": "=1+1"})
    page = client.get(bring(client, data).headers["Location"]).text
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_the_file_is_handed_back_as_an_attachment(client: FlaskClient) -> None:
    path = bring(client, csv_bytes(FOOTPRINT), "表 <b>.csv").headers["Location"]
    answer = client.get(f"{path}/file")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert io.BytesIO(answer.data).read() == csv_bytes(FOOTPRINT)


def test_a_faulty_file_is_to_be_corrected_not_accepted(client: FlaskClient) -> None:
    row = FOOTPRINT | {"pcf_kgco2e": "-1"}
    other = FOOTPRINT | {"footprint_id": "SECOND"}
    page = client.get(bring(client, csv_bytes(row, other)).headers["Location"]).text
    assert "To be corrected" in page and "To be accepted" not in page
    assert "Exactly these values are stored" not in page and "nothing is stored while" in page


def test_a_faulty_file_waits_nowhere_to_be_accepted(client: FlaskClient) -> None:
    bring(client, csv_bytes(FOOTPRINT | {"pcf_kgco2e": "-1"}), name="faulty.csv")
    for page in (client.get("/carbon").text, client.get("/carbon/overview").text):
        assert "to be accepted" not in page
    assert "To be corrected" in client.get("/carbon").text
    bring(client, csv_bytes(FOOTPRINT), name="good.csv")
    register = client.get("/carbon").text
    assert "1 file waits to be accepted" in register and register.count("To be corrected") == 1


def test_a_doubt_names_the_material_in_words(client: FlaskClient) -> None:
    row = FOOTPRINT | {"material": "aluminium_frame", "declared_unit": "kg", "pcf_kgco2e": "9000"}
    place = bring(client, csv_bytes(row)).headers["Location"]
    assert "of aluminium frames looks" in client.get(place).text
    client.post("/language", data={"language": "zh"})
    assert "铝边框" in client.get(place).text and "aluminium_frame" not in client.get(place).text


def test_an_inventory_replaces_only_one_of_its_own_boundary(client: FlaskClient) -> None:
    words = "the inventory of 2025 in force"
    first = bring(client, csv_bytes(INVENTORY | {"boundary": "operational"}), "ghg.csv", "inventory").headers[
        "Location"
    ]
    assert client.post(f"{first}/accept").status_code == 303
    for boundary, replaced in (("equity", False), ("operational", True), ("", True)):
        path = bring(client, csv_bytes(INVENTORY | {"boundary": boundary}), "ghg.csv", "inventory").headers[
            "Location"
        ]
        assert (words in client.get(path).text) == replaced


def test_a_broken_rule_of_an_inventory_is_not_called_unreadable(client: FlaskClient) -> None:
    broken = INVENTORY | {"scope1_stationary_tco2e": "7"}
    page = client.get(bring(client, csv_bytes(broken), "ghg.csv", "inventory").headers["Location"]).text
    assert "Rule broken: refused" in page and "Form of the file: refused" not in page
