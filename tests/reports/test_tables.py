"""CSV and XLSX: what comes out opens, is typed, and runs nothing."""

from __future__ import annotations

import csv
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from portal.reports.columns import Column, cell_of, header_of
from portal.reports.csv_out import csv_bytes, neutral
from portal.reports.purchasing_review import purchasing_review_csv, purchasing_review_xlsx
from tests.reports import samples

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet(data: bytes, name: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name(name).to_python()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_workbook_has_its_sheets_in_both_languages() -> None:
    english = CalamineWorkbook.from_filelike(BytesIO(purchasing_review_xlsx(samples.review(), "en")))
    chinese = CalamineWorkbook.from_filelike(BytesIO(purchasing_review_xlsx(samples.review(), "zh")))
    assert english.sheet_names == ["About", "Ranking", "Topics", "Red flags", "Commitments", "Category 1"]
    assert chinese.sheet_names == ["说明", "排名", "主题", "红线项", "改进承诺", "类别 1"]


def test_ranking_cells_are_typed_and_headers_carry_units() -> None:
    head, first, second = sheet(purchasing_review_xlsx(samples.review(), "en"), "Ranking")
    row = dict(zip(head, first, strict=True))
    assert row["Verified score (0–100)"] == 86.25
    assert row["Category 1 emissions (tCO₂e)"] == pytest.approx(120345.678901, abs=1e-9)
    assert row["Released on"] == date(2026, 11, 2)
    assert row["Supplier"] == "星河玻璃"
    assert row["Purchasing on hold"] == "No"
    other = dict(zip(head, second, strict=True))
    assert other["Rank"] == "" and other["Released on"] == ""


def test_a_formula_in_a_name_stays_text() -> None:
    data = purchasing_review_xlsx(samples.review(), "en")
    assert '=HYPERLINK("http://evil.example","x")' in sheet(data, "Ranking")[2]
    for name, xml in parts(data).items():
        if name.startswith("xl/worksheets/sheet"):
            tree = ElementTree.fromstring(xml)
            assert not list(tree.iter(f"{MAIN}f")), name
            assert not list(tree.iter(f"{MAIN}hyperlink")), name


def test_headers_are_frozen_and_filtered() -> None:
    tree = ElementTree.fromstring(
        parts(purchasing_review_xlsx(samples.review(), "en"))["xl/worksheets/sheet2.xml"]
    )
    pane = next(tree.iter(f"{MAIN}pane"))
    assert (pane.get("ySplit"), pane.get("xSplit"), pane.get("state")) == ("1", "3", "frozen")
    assert next(tree.iter(f"{MAIN}autoFilter")).get("ref") == "A1:Q3"


def test_about_names_versions_and_category_1_adds_up() -> None:
    data = purchasing_review_xlsx(samples.review(), "en")
    about = {row[0]: row[1] for row in sheet(data, "About") if row[0]}
    assert about["Questionnaire version"] == "sustainability/2026.1"
    assert about["Made at"] == "21 November 2026 14:03 (Asia/Shanghai)"
    assert about["Category 1 emissions"] == "200 tCO₂e (95 % interval 150 to 260)"
    assert about["Ledger"] == "sha256:00ff"
    rows = [
        dict(zip(sheet(data, "Category 1")[0], row, strict=True)) for row in sheet(data, "Category 1")[1:]
    ]
    methods = [row for row in rows if row["Grouped by"] == "Method"]
    assert [row["Share of emissions (%)"] for row in methods] == [75.0, 25.0]
    assert sum(row["Emissions (tCO₂e)"] for row in methods) == 200


def test_a_review_without_estimate_says_so() -> None:
    data = purchasing_review_xlsx(replace(samples.review(), category1=None), "zh")
    assert ["类别 1", "本次采购评审尚未进行估算。"] in [row[:2] for row in sheet(data, "说明")]
    assert len(sheet(data, "类别 1")) == 1


def test_csv_neutralises_texts_and_keeps_numbers() -> None:
    data = purchasing_review_csv(samples.review(), "en")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(data.decode("utf-8-sig"))))
    assert rows[0]["Category 1 emissions (tCO₂e)"] == "120345.678901"
    assert rows[0]["Released on"] == "2026-11-02"
    assert rows[1]["Supplier"] == '\'=HYPERLINK("http://evil.example","x")'
    assert not purchasing_review_csv(samples.review(), "en", bom=False).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "  =1", "＝1"])
def test_every_risky_start_is_neutralised(text: str) -> None:
    assert neutral(text) == f"'{text}"


def test_a_negative_number_stays_one_and_a_risky_header_does_not() -> None:
    column = Column("change", "-Change", lambda row: row, "number", "%")
    assert csv_bytes((column,), [Decimal("-5.20")], "en", bom=False) == b"'-Change (%)\r\n-5.20\r\n"
    assert header_of(column, "zh") == "-Change（%）"


def test_a_value_of_the_wrong_type_is_refused_and_control_characters_are_dropped() -> None:
    with pytest.raises(TypeError, match="change"):
        cell_of(Column("change", "Change", lambda row: row, "decimal"), "12", "en")
    assert cell_of(Column("name", "Name", lambda row: row), "a\x00b\ud800c", "en") == "ab?c"


def test_very_long_text_fits_an_xlsx_cell() -> None:
    review = samples.review()
    review = replace(review, flags=(replace(review.flags[0], reason="长" * 40_000),))
    cell = sheet(purchasing_review_xlsx(review, "en"), "Red flags")[1][5]
    assert len(cell) == 32_767 and cell.endswith("…")
