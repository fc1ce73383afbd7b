"""A ledger taken in through the browser: upload, columns, words, duplicates, acceptance; bad files; what is remembered."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.store.engine import reading
from portal.store.estimates import Ledger, all_ledgers
from portal.store.ledgers import LedgerIntake, waiting_intakes
from portal.web.context import Site
from tests.make.intakes import CHINESE, place_of, work_off
from tests.make.people import make_staff, make_supplier, signed_in
from tests.make.purchases import ledger_bytes

BASE = "/staff/category-1"


@pytest.fixture
def analyst(app: Flask, session: Session) -> FlaskClient:
    """An analyst's browser; three suppliers are on the list."""
    make_supplier(session, "S-001")
    make_supplier(session, "S-002", name="Far Silicon (invented)", materials=("polysilicon",))
    make_supplier(session, "S-003", name="Straight Frames (invented)", materials=("aluminium_frame",))
    user = make_staff(session, "analyst")
    session.commit()
    return signed_in(app, user)


def work(app: Flask) -> None:
    site: Site = app.extensions["upstream"]
    work_off(place_of(site.engine, site.vault, site.settings, site.clock))


def upload(app: Flask, client: FlaskClient, data: bytes, name: str = "ledger.csv") -> TestResponse:
    """Upload a file, do the jobs, follow to where it leads."""
    answer = client.post(f"{BASE}/ledgers", data={"file": (io.BytesIO(data), name)})
    if answer.status_code != 303:
        return answer
    work(app)
    return client.get(answer.location, follow_redirects=True)


def post(app: Flask, client: FlaskClient, path: str, **form: str) -> TestResponse:
    answer = client.post(f"{BASE}{path}", data=form)
    if answer.status_code != 303:
        return answer
    work(app)
    return client.get(answer.location, follow_redirects=True)


def newest(engine: Engine) -> LedgerIntake:
    with reading(engine) as session:
        return waiting_intakes(session)[0]


def ledgers(engine: Engine) -> list[Ledger]:
    with reading(engine) as session:
        return all_ledgers(session)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


COLUMNS = {
    "column-line_id": "0",
    "column-date": "1",
    "column-supplier_id": "2",
    "column-material": "3",
    "column-quantity": "4",
    "column-unit": "5",
    "column-spend": "6",
    "column-currency": "7",
    "column-country": "8",
    "date_form": "ymd/",
    "numbers": ".,",
    "minus": "before",
}


def test_the_whole_road_of_a_chinese_ledger(app: Flask, analyst: FlaskClient, engine: Engine) -> None:
    page = upload(app, analyst, CHINESE.encode(), "采购台账.csv")
    intake = newest(engine)
    assert page.request.path == f"{BASE}/intakes/{intake.id}/columns"
    # the names are recognised; dates and numbers are not guessed
    chosen = {}
    for name, options in re.findall(r'<select[^>]*name="column-(\w+)">(.*?)</select>', page.text, re.S):
        if place := re.search(r'value="(\d+)" selected', options):
            chosen[name] = place[1]
    assert chosen == {k.removeprefix("column-"): v for k, v in COLUMNS.items() if k.startswith("column-")}
    assert "checked" not in page.text.partition('id="date_form"')[2]
    assert "2025/3/5 → 5 March 2025" in words(page.text)

    refused = analyst.post(
        f"{BASE}/intakes/{intake.id}/columns", data={**COLUMNS, "date_form": "", "numbers": ""}
    )
    assert refused.status_code == 422
    assert "Say how the dates are written" in refused.text

    page = post(app, analyst, f"/intakes/{intake.id}/columns", **COLUMNS)
    said = words(page.text)
    assert "1 line looks written twice" in said
    assert "远方硅业" in said and "光伏玻璃 3.2mm" in said
    assert "Spend 682 690.5 CNY" in said.replace("\u202f", " ")
    assert analyst.post(f"{BASE}/intakes/{intake.id}/accept").status_code == 409

    page = post(
        app,
        analyst,
        f"/intakes/{intake.id}/words/supplier",
        **{"written-1": "远方硅业", "meaning-1": "S-002"},
    )
    page = post(
        app,
        analyst,
        f"/intakes/{intake.id}/words/material",
        **{"written-1": "光伏玻璃 3.2mm", "meaning-1": "glass", "written-2": "铝边框", "meaning-2": "aluminium_frame",
           "written-3": "多晶硅料", "meaning-3": "polysilicon"},
    )  # fmt: skip
    page = post(app, analyst, f"/intakes/{intake.id}/duplicates", choice="leave_out")
    assert "Decided: the later ones are left out" in page.text
    assert "Accept 5 lines as a ledger" in words(page.text)
    answer = analyst.post(f"{BASE}/intakes/{intake.id}/accept", follow_redirects=True)
    assert "采购台账.csv is loaded: 5 lines" in answer.text

    ledger = ledgers(engine)[0]
    assert ledger.years == {"2024": 1, "2025": 4}
    rows = list(csv.DictReader(io.StringIO(analyst.get(f"{BASE}/ledgers/{ledger.id}.csv").text)))
    got = [
        tuple(
            r[c]
            for c in ("line_id", "date", "supplier_id", "material", "quantity", "unit", "spend", "source_row")
        )
        for r in rows
    ]
    assert got == [
        ("PO-1", "2025-03-05", "S-001", "glass", "1000.50", "m2", "9000.00", "3"),
        ("PO-2", "2025-03-05", "S-002", "polysilicon", "2", "t", "100000", "4"),
        ("PO-3", "2025-04-12", "S-003", "aluminium_frame", "12000", "kg", "288000.25", "5"),
        ("PO-5", "2025-05-02", "S-003", "aluminium_frame", "-100", "kg", "-2400", "7"),
        ("PO-6", "2024-12-30", "S-001", "glass", "10", "m2", "90", "8"),
    ]
    assert {(r["currency"], r["country"]) for r in rows} == {("CNY", "CN")}
    assert analyst.get(f"{BASE}/ledgers/{ledger.id}/original").data == CHINESE.encode()

    # the next file with these columns needs one confirmation; the words are known by now
    again = upload(app, analyst, CHINESE.replace("PO-6", "PO-7").encode(), "next.csv")
    assert again.request.path == f"{BASE}/intakes/{newest(engine).id}"
    assert "confirmed earlier" in again.text
    assert 'name="written-1"' not in again.text

    source = analyst.post(f"{BASE}/run", data={"source": f"{ledger.id}:2025"})
    assert source.status_code == 303
    assert "Estimate of 2025" in analyst.get(source.location).text
    work(app)
    done = analyst.get(source.location, follow_redirects=True)
    assert re.fullmatch(rf"{BASE}/\d+", done.request.path)


def test_a_file_in_our_own_form_needs_one_confirmation(
    app: Flask, analyst: FlaskClient, engine: Engine
) -> None:
    page = upload(app, analyst, ledger_bytes())
    assert "kept exactly as it is" in page.text
    analyst.post(f"{BASE}/intakes/{newest(engine).id}/accept")
    ledger = ledgers(engine)[0]
    assert analyst.get(f"{BASE}/ledgers/{ledger.id}.csv").data == ledger_bytes()
    assert ledger.original_key == ""
    # nothing but the ledger is left in the vault
    assert list(app.extensions["upstream"].vault.keys()) == [ledger.vault_key]
    page = upload(app, analyst, ledger_bytes())
    answer = analyst.post(f"{BASE}/intakes/{newest(engine).id}/accept", follow_redirects=True)
    assert "was loaded before" in answer.text
    assert len(ledgers(engine)) == 1


def test_gbk_is_asked_for_never_guessed(app: Flask, analyst: FlaskClient, engine: Engine) -> None:
    page = upload(app, analyst, CHINESE.encode("gbk"))
    assert "In which encoding" in page.text
    assert "供应商编码" in page.text
    page = post(app, analyst, f"/intakes/{newest(engine).id}/reading", encoding="gb18030")
    assert "供应商编码" in page.text
    assert page.request.path.endswith("/columns")
    page = post(app, analyst, f"/intakes/{newest(engine).id}/columns", **COLUMNS)
    assert "光伏玻璃" in page.text
    assert (
        analyst.post(f"{BASE}/intakes/{newest(engine).id}/reading", data={"encoding": "klingon"}).status_code
        == 422
    )


def _book(rows: list[list[object]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet, day = book.add_worksheet("台账"), book.add_format({"num_format": "yyyy-mm-dd"})
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(r, c, value, None, 12)
                elif isinstance(value, tuple):
                    sheet.write_number(r, c, value[0], day)
                else:
                    sheet.write(r, c, value)
    return stream.getvalue()


def test_a_workbook_keeps_typed_cells_and_refuses_formulas_until_told(
    app: Flask, analyst: FlaskClient, engine: Engine
) -> None:
    header = ["line_id", "date", "supplier_id", "material", "quantity", "unit"]
    data = _book(
        [
            header,
            ["A", (45721,), "S-001", "glass", 1200.5, "kg"],
            ["B", (45722,), "S-001", "glass", "=6*2", "kg"],
        ]
    )
    page = upload(app, analyst, data, "ledger.xlsx")
    assert "holds a formula" in page.text
    form = {f"column-{name}": str(i) for i, name in enumerate(header)}
    form |= {"date_form": "ymd-", "numbers": ",.", "minus": "before", "take_formulas": "1"}
    page = post(app, analyst, f"/intakes/{newest(engine).id}/columns", **form)
    assert "Accept 2 lines as a ledger" in words(page.text)
    analyst.post(f"{BASE}/intakes/{newest(engine).id}/accept")
    got = analyst.get(f"{BASE}/ledgers/{ledgers(engine)[0].id}.csv").text
    # a number cell is that number whatever sign the text cells use
    assert "A,2025-03-05,S-001,,glass,1200.5,kg" in got
    assert "B,2025-03-06,S-001,,glass,12,kg" in got


def test_a_parquet_file_is_read_by_its_types(
    app: Flask, analyst: FlaskClient, engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "x.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT 'L1' AS line_id, DATE '2025-03-05' AS date, 'S-001' AS supplier_id, 'glass' AS material, "
            f"CAST(0.1 AS DOUBLE) AS quantity, 'kg' AS unit, [1] AS nested, true AS flag) TO '{path}' (FORMAT parquet)"
        )
    page = upload(app, analyst, path.read_bytes(), "ledger.parquet")
    assert "Accept 1 line as a ledger" in words(page.text)
    form = {
        "column-line_id": "0",
        "column-date": "1",
        "column-supplier_id": "2",
        "column-quantity": "7",
        "column-unit": "5",
    }
    answer = analyst.post(
        f"{BASE}/intakes/{newest(engine).id}/columns", data={**form, "date_form": "ymd-", "numbers": "."}
    )
    assert answer.status_code == 422
    assert "another kind of data" in answer.text
    form["column-quantity"] = "6"
    assert analyst.post(f"{BASE}/intakes/{newest(engine).id}/columns", data=form).status_code == 422


def test_words_that_cannot_be_are_refused(app: Flask, analyst: FlaskClient, engine: Engine) -> None:
    upload(app, analyst, ledger_bytes("L1,2024-03-01,Nobody,,glass,1,pallet,,,CN,,"))
    base = f"{BASE}/intakes/{newest(engine).id}/words"
    for kind, given in {
        "supplier": {"written-1": "Nobody", "meaning-1": "S-404"},
        "unit": {"written-1": "pallet", "meaning-1": "lorry"},
        "material": {"written-1": "glass", "meaning-1": "unheard"},
        "currency": {"written-1": "x", "meaning-1": "rmb"},
        "country": {"written-1": "x", "meaning-1": "XX"},
    }.items():
        answer = analyst.post(f"{base}/{kind}", data=given)
        assert answer.status_code == 422, kind
        assert "Please check" in answer.text
    wrong = analyst.post(f"{base}/unit", data={"written-1": "pallet", "meaning-1": "piece", "times-1": "-1"})
    assert wrong.status_code == 422
    assert analyst.post(f"{base}/nonsense", data={}).status_code == 404
    page = post(
        app, analyst, f"/intakes/{newest(engine).id}/words/unit",
        **{"written-1": "pallet", "meaning-1": "piece", "times-1": "31"},
    )  # fmt: skip
    assert "31" in words(page.text)
    page = post(
        app, analyst, f"/intakes/{newest(engine).id}/words/supplier", **{"written-1": "Nobody", "none-1": "1"}
    )
    assert "confirmed earlier" in page.text
    assert newest(engine).checked["preview"][0]["plain"][2] == "Nobody"


def test_a_job_page_follows_and_stops(app: Flask, analyst: FlaskClient, engine: Engine) -> None:
    answer = analyst.post(f"{BASE}/ledgers", data={"file": (io.BytesIO(ledger_bytes()), "ledger.csv")})
    page = analyst.get(answer.location)
    assert "Stop this work" in page.text
    assert 'http-equiv="refresh"' in page.text
    found = analyst.get(f"{answer.location}.json").get_json()
    assert (found["state"], found["open"], found["go"]) == ("queued", True, "")
    assert "Under way" in analyst.get(BASE).text
    analyst.post(f"{answer.location}/cancel")
    assert "Nothing of it was kept" in analyst.get(answer.location).text
    work(app)
    assert newest(engine).reading is None


def test_what_was_paid_for_with_a_quantity_of_0_is_pointed_out_and_units_are_offered_in_words(
    app: Flask, analyst: FlaskClient, session: Session, engine: Engine
) -> None:
    head = "line_id,date,supplier_id,material,quantity,unit,spend,currency\n"
    rows = ("A,2025-03-05,S-001,glass,0,t,500,CNY\n", "B,2025-03-05,S-001,glass,0.0,t,-5,CNY\n")
    free = "C,2025-03-05,S-001,glass,0,stone,0,CNY\nD,2025-03-05,S-001,glass,1,t,5,CNY\n"
    said = "lines have a spend, but a quantity of 0"
    page = upload(app, analyst, (head + "".join(rows) + free).encode())
    assert f"2 {said}" in words(page.text)
    assert (
        '<option value="m2">m²</option>' in page.text and '<option value="piece">pieces</option>' in page.text
    )
    assert said not in words(upload(app, analyst, (head + free).encode(), "other.csv").text)
    chinese = make_staff(session, "manager", locale="zh")
    session.commit()
    intake = newest(engine).id
    page = signed_in(app, chinese).get(f"{BASE}/intakes/{intake}")
    assert '<option value="piece">件</option>' in page.text


def test_pages_speak_chinese(app: Flask, analyst: FlaskClient, session: Session, engine: Engine) -> None:
    reader = make_staff(session, "manager", locale="zh")
    session.commit()
    client = signed_in(app, reader)
    page = upload(app, client, CHINESE.encode())
    for english in ("Which column", "How the dates", "Check the lines", "required", "Step"):
        assert english not in words(page.text)
    asked = f"{BASE}/intakes/{newest(engine).id}/columns"
    refused = words(client.post(asked, data={**COLUMNS, "column-line_id": ""}).text)
    assert "行编号：请选择" in refused
    assert "line_id：" not in refused
    page = post(app, client, f"/intakes/{newest(engine).id}/columns", **COLUMNS)
    for english in ("Lines", "Problems", "Accept", "Sums", "Confirm", "None of ours", "words in common"):
        assert english not in words(page.text)
    assert "铝边框 (aluminium_frame)" in words(page.text), "a proposal names the material"


def test_what_cannot_be_read_is_said_in_its_place(app: Flask, analyst: FlaskClient, engine: Engine) -> None:
    upload(app, analyst, CHINESE.replace("2025/3/5", "2025/13/5").encode())
    page = post(app, analyst, f"/intakes/{newest(engine).id}/columns", **COLUMNS)
    said = words(page.text)
    assert "Date of purchase: “2025/13/5” is not" in said
    assert "not readable" in said and "\ufffd" not in said
