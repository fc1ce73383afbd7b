"""The supplier's carbon tables: templates that read back, every problem with its cell."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
import xlsxwriter

from portal.core.problems import Problem
from portal.files.carbon_workbooks import (
    FOOTPRINTS,
    INVENTORY,
    footprint_template,
    inventory_template,
    locate,
    read_footprint_rows,
    read_footprints,
    read_inventory_rows,
)
from portal.files.spreadsheets import read_table
from portal.files.template_books import TableForm
from portal.language import say
from portal.language.sentences import sentence

FOOTPRINT_KEYS = [
    *("footprint_id", "product_id", "material", "declared_unit", "declared_amount", "pcf_kgco2e"),
    *("period_start", "period_end", "valid_until", "primary_data_share", "verified", "geography"),
]
LINE = "F1,P1,glass,m2,1,9.85,2025-01-01,2025-12-31,,72,yes,CN"


def filled(form: TableForm, header: list[str], rows: list[list[object]], *, sheets: int = 1) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for number in range(sheets):
            sheet = book.add_worksheet(f"Part {number + 1}")
            sheet.write_row(0, 0, header)
            for index, row in enumerate(rows, 1):
                sheet.write_row(index, 0, row)
    return out.getvalue()


def codes(problems: list[Problem]) -> list[tuple[str, str]]:
    for problem in problems:
        assert sentence("en", problem) != sentence("zh", problem)
    return [(p.code, p.where) for p in problems]


@pytest.mark.parametrize("locale", ["en", "zh"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("template", "read", "form"),
    [
        (footprint_template, read_footprint_rows, FOOTPRINTS),
        (inventory_template, read_inventory_rows, INVENTORY),
    ],
)
def test_a_template_has_the_stable_keys_and_no_data(locale, file_format, template, read, form) -> None:
    data = template(locale, file_format)
    table = read_table(data, f"t.{file_format}").tables[0]
    assert [c.text for c in table.header] == [c.key for c in form.columns]
    assert table.rows == ()
    rows, problems = read(data, f"t.{file_format}")
    assert rows == []
    assert codes(problems) == [("table_empty", f"t.{file_format}")]


def test_the_footprint_columns_are_those_of_the_contract_without_the_supplier() -> None:
    keys = [c.key for c in FOOTPRINTS.columns]
    assert keys[: len(FOOTPRINT_KEYS)] == FOOTPRINT_KEYS
    assert not any(c.required for c in FOOTPRINTS.columns[len(FOOTPRINT_KEYS) :])
    assert set(FOOTPRINTS.example) <= set(keys)
    assert set(INVENTORY.example) <= {c.key for c in INVENTORY.columns}


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_the_workbook_explains_itself_in_the_readers_language(locale: str) -> None:
    data = footprint_template(locale, "xlsx")
    help_sheet = read_table(data, "t.xlsx").tables[1]
    shown = {c.text for row in help_sheet.rows for c in row.cells.values()}
    assert help_sheet.sheet == say(locale, "Help")
    assert {say(locale, c.label) for c in FOOTPRINTS.columns} <= shown
    assert {say(locale, c.note) for c in FOOTPRINTS.columns} <= shown
    assert set(FOOTPRINTS.example.values()) <= shown
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        comments = archive.read("xl/comments1.xml").decode()
    assert '"kg,t,g,m2' in sheet.replace("&quot;", '"')
    assert "<f>2100" not in sheet
    note = "Kilograms of CO2 equivalent for the declared amount, without biogenic uptake; not tonnes."
    assert say(locale, note) in comments


def test_every_text_of_the_forms_is_translated() -> None:
    for form in (FOOTPRINTS, INVENTORY):
        for text in [
            form.title,
            form.sheet,
            *(c.label for c in form.columns),
            *(c.note for c in form.columns),
        ]:
            assert say("zh", text) != text


def test_the_same_template_is_the_same_bytes() -> None:
    assert inventory_template("zh", "xlsx") == inventory_template("zh", "xlsx")


def test_rows_come_with_values_and_addresses() -> None:
    data = (",".join(FOOTPRINT_KEYS) + "\n" + LINE + "\n\n" + LINE.replace("F1", " F2 ") + "\n").encode()
    rows, problems = read_footprint_rows(data, "f.csv")
    assert problems == []
    assert [r.number for r in rows] == [2, 4]
    assert rows[0].values == dict(zip(FOOTPRINT_KEYS, LINE.split(","), strict=True))
    assert rows[1].values["footprint_id"] == "F2"
    assert rows[1].addresses["pcf_kgco2e"] == "F4"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_labels_in_either_language_and_any_order_are_headers(language: str) -> None:
    columns = FOOTPRINTS.columns[: len(FOOTPRINT_KEYS)]
    header = [say(language, c.label) + " *" * c.required for c in reversed(columns)]
    data = filled(FOOTPRINTS, header, [list(reversed(LINE.split(",")))])
    rows, problems = read_footprint_rows(data, "f.xlsx")
    assert problems == []
    assert rows[0].values["footprint_id"] == "F1"
    assert rows[0].addresses["footprint_id"] == "L2"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_columns_have_the_same_label(language: str) -> None:
    for form in (FOOTPRINTS, INVENTORY):
        labels = [say(language, c.label) for c in form.columns]
        assert len(labels) == len(set(labels))


def test_a_title_above_the_header_does_no_harm() -> None:
    data = ("Our footprints 2025,\n\n" + ",".join(FOOTPRINT_KEYS) + "\n" + LINE + "\n").encode()
    rows, problems = read_footprint_rows(data, "f.csv")
    assert problems == []
    assert rows[0].addresses["footprint_id"] == "A4"


def test_unknown_missing_and_repeated_columns_are_each_named() -> None:
    header = ["footprint_id", "footprint_id", *FOOTPRINT_KEYS[1:5], "pcf", *FOOTPRINT_KEYS[6:]]
    rows, problems = read_footprint_rows(filled(FOOTPRINTS, header, [["a"]]), "f.xlsx")
    assert codes(problems) == [
        ("column_twice", "B1"),
        ("column_unknown", "G1"),
        ("column_missing", "Part 1"),
    ]
    assert problems[2].values == {"column": "pcf_kgco2e"}
    assert len(rows) == 1


def test_a_file_without_any_known_header_says_what_is_wanted() -> None:
    rows, problems = read_footprint_rows(b"x,y\n1,2\n", "f.csv")
    assert rows == []
    assert codes(problems) == [("header_not_found", "f.csv")]
    assert "pcf_kgco2e" in sentence("en", problems[0])


def test_a_comma_inside_a_number_is_seen_not_shifted() -> None:
    data = (",".join(FOOTPRINT_KEYS) + "\n" + LINE.replace("9.85", "1,234.5") + "\n").encode()
    _, problems = read_footprint_rows(data, "f.csv")
    assert codes(problems) == [("cell_without_header", "M2")]


def test_cells_that_cannot_be_taken_at_their_word() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, FOOTPRINT_KEYS)
        sheet.write_row(1, 0, LINE.split(","))
        sheet.write_number(1, 0, 1234567890123456789)
        sheet.write_datetime(1, 1, datetime(2026, 2, 1), day)
        sheet.write_formula(1, 4, "=1", None, 1)
        sheet.write_formula(1, 5, "=1/0", None, "#DIV/0!")
        sheet.write_number(1, 6, 0.5, book.add_format({"num_format": "hh:mm"}))
        sheet.write_number(1, 9, 12000, book.add_format({"num_format": "#,##0,"}))
        sheet.merge_range("K2:L3", "x")
    rows, problems = read_footprint_rows(out.getvalue(), "f.xlsx")
    assert codes(problems) == [
        ("sheet_merged", "K2:L3"),
        ("cell_digits_lost", "A2"),
        ("cell_became_date", "B2"),
        ("cell_formula", "E2"),
        ("cell_error", "F2"),
        ("cell_is_time", "G2"),
        ("cell_scaled", "J2"),
    ]
    assert rows[0].refused == {p.values["column"] for p in problems[1:]}
    assert sentence("en", problems[3]).startswith("E2 holds a formula")


def test_several_filled_sheets_are_told_apart() -> None:
    data = filled(FOOTPRINTS, FOOTPRINT_KEYS, [LINE.split(",")], sheets=2)
    rows, problems = read_footprint_rows(data, "f.xlsx")
    assert problems == []
    assert [r.addresses["product_id"] for r in rows] == ["Part 1!B2", "Part 2!B2"]


def test_a_filled_template_is_addressed_without_sheet_names() -> None:
    data = filled(FOOTPRINTS, FOOTPRINT_KEYS, [LINE.split(",")])
    rows, _ = read_footprint_rows(data, "f.xlsx")
    placed = locate(Problem("cell_number_expected", "F2:pcf_kgco2e", {"column": "pcf_kgco2e"}), rows[0])
    assert placed.where == "F2"
    assert locate(Problem("cell_missing", "x", {"column": "absent"}), rows[0]).where == "2:absent"
    assert locate(Problem("whole_row"), rows[0]).where == "A2"


def test_scope_3_categories_are_known_by_their_short_names_too() -> None:
    rows, problems = read_inventory_rows(b"year,scope1_tco2e,scope3_c1_tco2e\n2025,5,7\n", "i.csv")
    assert problems == []
    assert rows[0].values == {"year": "2025", "scope1_tco2e": "5", "scope3_category_1_tco2e": "7"}


def test_a_file_that_is_no_table_is_a_problem_not_an_exception() -> None:
    rows, problems = read_inventory_rows(b"%PDF-1.7", "i.csv")
    assert rows == []
    assert codes(problems) == [("upload_disguised", "i.csv")]


def test_what_was_assumed_in_reading_is_noted() -> None:
    header = ";".join(FOOTPRINT_KEYS)
    read = read_footprints((header + "\n" + LINE.replace(",", ";") + "\n").encode(), "f.csv")
    assert [n.code for n in read.notes] == ["csv_delimiter_used"]
    assert read.problems == ()
