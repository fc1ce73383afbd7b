"""Ledgers with typed cells, XLSX and Parquet: a figure or number that the file no longer holds whole is never taken."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from portal.core.ledger.forms import NumberForm
from portal.core.ledger.mapping import Mapping
from portal.files import ledger_plain
from portal.files.ledger_rules import problems_of, rules_of
from portal.files.ledger_sheets import read_parquet, read_xlsx
from tests.files.workbook_by_hand import text_cell, workbook

HEADER = ("line_id", "date", "supplier_id", "quantity", "unit")
MAPPING = Mapping({name: i for i, name in enumerate(HEADER)}, date_form="ymd-", numbers=NumberForm())


def judged(cells: Path) -> tuple[list[dict[str, str]], list[tuple[str, str]]]:
    """The plain lines and the problems as (code, place)."""
    with duckdb.connect() as connection:
        ledger_plain.take_cells(connection, cells, MAPPING)
        ledger_plain.make_plain(connection, MAPPING, {})
        rules = ledger_plain.rules_for(MAPPING, rules_of(0, set()))
        problems, _ = problems_of(connection, "f", rules)
        rows = connection.execute(f"SELECT {', '.join(HEADER)} FROM raw ORDER BY row").fetchall()
    return [dict(zip(HEADER, row, strict=True)) for row in rows], [(p.code, p.where) for p in problems]


def sheet(folder: Path, cells: dict[str, str]) -> Path:
    """An XLSX of one line, cells by column as text or, with a leading "=", as the number of the sheet's XML."""
    head = "".join(text_cell(f"{'ABCDE'[i]}1", name) for i, name in enumerate(HEADER))
    line = "".join(
        f'<c r="{letter}2"><v>{text[1:]}</v></c>' if text[:1] == "=" else text_cell(f"{letter}2", text)
        for letter, text in zip("ABCDE", (cells[name] for name in HEADER), strict=True)
    )
    (folder / "f.xlsx").write_bytes(workbook(f'<row r="1">{head}</row><row r="2">{line}</row>'))
    target = folder / "cells.parquet"
    read_xlsx(folder / "f.xlsx", target, name="f", sheet="", tell=lambda *_: None, stop=lambda: False)
    return target


LINE = {"line_id": "L1", "date": "2025-01-02", "supplier_id": "S", "quantity": "=1", "unit": "kg"}


@pytest.mark.parametrize("column", ["line_id", "supplier_id", "quantity"])
@pytest.mark.parametrize("number", ["12345678901234567", "-1234567890123456", "1E+20"])
def test_a_long_number_of_a_sheet_is_told_and_never_rounded(tmp_path: Path, column: str, number: str) -> None:
    _, problems = judged(sheet(tmp_path, {**LINE, column: f"={number}"}))
    assert problems == [("cell_digits_lost", f"f:2:{column}")]


def test_numbers_of_a_sheet_are_what_it_shows(tmp_path: Path) -> None:
    cells = {**LINE, "line_id": "=123456789012345", "quantity": "=0.30000000000000004"}
    assert judged(sheet(tmp_path, cells)) == ([{**LINE, "line_id": "123456789012345", "quantity": "0.3"}], [])


def test_short_floats_of_parquet_are_what_was_written_and_whole_numbers_stay_whole(tmp_path: Path) -> None:
    written = ["0.1", "1234.56", "0.0000001", "-16777216"]
    table = pa.table(
        {
            "line_id": pa.array([12345678901234567 + n for n in range(4)], pa.int64()),
            "date": ["2025-01-02"] * 4,
            "supplier_id": ["S"] * 4,
            "quantity": pa.array([float(text) for text in written], pa.float32()),
            "unit": ["kg"] * 4,
        }
    )
    pq.write_table(table, tmp_path / "f.parquet")
    target = tmp_path / "cells.parquet"
    read_parquet(tmp_path / "f.parquet", target, name="f", tell=lambda *_: None, stop=lambda: False)
    lines, problems = judged(target)
    assert problems == []
    assert [Decimal(line["quantity"]) for line in lines] == [Decimal(text) for text in written]
    assert [line["line_id"] for line in lines] == [str(12345678901234567 + n) for n in range(4)]


def test_a_cell_in_per_cent_is_asked_about_as_what_it_is(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "f.xlsx") as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, ["L1", "2025-01-02", "S", "", "kg"])
        page.write_number(1, 3, 0.5, book.add_format({"num_format": "0%"}))
    target = tmp_path / "cells.parquet"
    read_xlsx(tmp_path / "f.xlsx", target, name="f", sheet="", tell=lambda *_: None, stop=lambda: False)
    assert judged(target)[1] == [("cell_in_percent", "f:2:quantity")]
