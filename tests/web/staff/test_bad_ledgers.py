"""Bad ledgers: each wrong cell is told by row, column and value; what is no table is refused; nothing half stored."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.make.people import make_staff, signed_in
from tests.make.purchases import LINES, ledger_bytes
from tests.web.staff.test_ledgers import BASE, ledgers, newest, post, upload, words


@pytest.fixture
def analyst(app: Flask, session: Session) -> FlaskClient:
    """An analyst's browser."""
    user = make_staff(session, "analyst")
    session.commit()
    return signed_in(app, user)


BAD_LINES = {
    "unknown currency": ("L1,2024-03-01,S-001,,glass,1,kg,9,XQX,CN,,", ("2", "currency", "XQX")),
    "unknown unit": ("L1,2024-03-01,S-001,,glass,1,lorry,,,CN,,", ("2", "unit", "lorry")),
    "text quantity": ("L1,2024-03-01,S-001,,glass,many,kg,,,CN,,", ("2", "quantity", "many")),
    "thousands": ('L1,2024-03-01,S-001,,glass,"1,234",kg,,,CN,,', ("2", "quantity", "1,234")),
    "decimal comma": ('L1,2024-03-01,S-001,,glass,"28,4",kg,,,CN,,', ("2", "quantity", "28,4")),
    "full width": ("L1,2024-03-01,S-001,,glass,１２３,kg,,,CN,,", ("2", "quantity", "１２３")),
    "empty supplier": ("L1,2024-03-01,,,glass,1,kg,,,CN,,", ("2", "supplier_id", "")),
    "date as text": ("L1,1 March 2024,S-001,,glass,1,kg,,,CN,,", ("2", "date", "1 March 2024")),
    "day that is none": ("L1,2024-02-30,S-001,,glass,1,kg,,,CN,,", ("2", "date", "2024-02-30")),
    "far away": ("L1,1066-03-01,S-001,,glass,1,kg,,,CN,,", ("2", "date", "1066-03-01")),
    "broken record": ("L1,2024-03-01,S-001", ("2", "", "3")),
}


@pytest.mark.parametrize("kind", BAD_LINES)
def test_a_bad_line_is_told_by_row_column_and_value(
    app: Flask, analyst: FlaskClient, engine: Engine, kind: str
) -> None:
    line, (row, column, value) = BAD_LINES[kind]
    page = upload(app, analyst, ledger_bytes(line, LINES[1]))
    intake = newest(engine)
    assert "1 problem: nothing can be stored yet" in words(page.text)
    told = list(
        csv.reader(
            io.StringIO(analyst.get(f"{BASE}/intakes/{intake.id}/problems.csv").data.decode("utf-8-sig"))
        )
    )
    assert told[1][:3] == [row, column, value]
    assert value in words(page.text)
    assert analyst.post(f"{BASE}/intakes/{intake.id}/accept").status_code == 409
    assert ledgers(engine) == []
    analyst.post(f"{BASE}/intakes/{intake.id}/discard")
    assert list(app.extensions["upstream"].vault.keys()) == []


def test_every_problem_is_counted(app: Flask, analyst: FlaskClient, engine: Engine) -> None:
    lines = [f"L{n},2024-03-01,S-001,,glass,x,kg,,,CN,," for n in range(1500)]
    page = upload(app, analyst, ledger_bytes(*lines, lines[0]))
    assert "1501" in words(page.text).replace("\u202f", "") or "1502" in words(page.text).replace(
        "\u202f", ""
    )
    got = analyst.get(f"{BASE}/intakes/{newest(engine).id}/problems.csv").data.decode().splitlines()
    assert len(got) - 1 == newest(engine).checked["problems"]


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "ledger.csv", "empty"),
        (b"%PDF-1.4\n%%EOF", "ledger.csv", "PDF"),
        (b"PK\x03\x04" + b"\0" * 40, "ledger.xlsx", "damaged"),
        (b"MZ" + b"\0" * 400, "ledger.csv", "CSV"),
    ],
)
def test_what_is_no_table_is_refused_at_once(
    app: Flask, analyst: FlaskClient, data: bytes, name: str, said: str
) -> None:
    page = upload(app, analyst, data, name)
    assert page.status_code == 422
    assert said in page.text
    assert list(app.extensions["upstream"].vault.keys()) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"just words\nno table here\n", "column"),
        (b'a,b\n"1,2\n', "quotation"),
        (b"PAR1" + b"\0" * 50 + b"PAR1", "Parquet"),
        (b"a,b\n1,\x00\n", "text"),
    ],
)
def test_what_cannot_be_read_says_why(
    app: Flask, analyst: FlaskClient, engine: Engine, data: bytes, said: str
) -> None:
    page = upload(app, analyst, data)
    assert said in words(page.text)
    assert "Please check" in page.text or "did not work" in page.text or "problem" in page.text
    assert ledgers(engine) == []


def test_markup_in_a_file_stays_text(app: Flask, analyst: FlaskClient, engine: Engine) -> None:
    data = "<b>id,日期,supplier,数量,单位\n<script>x,2025/1/2,<i>S,1,kg\n".encode()
    page = upload(app, analyst, data)
    assert "<script>x" not in page.text
    form = {
        "column-line_id": "0",
        "column-date": "1",
        "column-supplier_id": "2",
        "column-quantity": "3",
        "column-unit": "4",
    }
    page = post(app, analyst, f"/intakes/{newest(engine).id}/columns", **form, date_form="ymd/", numbers=".")
    for mark in ("<script>x", "<i>S"):
        assert mark not in page.text
