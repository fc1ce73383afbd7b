"""Tables are read with their addresses; hostile ones end as one clear sentence."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
import xlsxwriter

from portal.core.errors import Invalid
from portal.files import boxes, spreadsheets
from portal.files.spreadsheets import LIMITS, Reading, column_letters, read_table
from portal.language.sentences import sentence
from tests.files.workbook_by_hand import number_cell, text_cell, workbook

HEADER = f'<row r="1">{text_cell("A1", "name")}{text_cell("B1", "value")}</row>'


def trouble(data: bytes, name: str = "table.xlsx") -> tuple[str, str]:
    """Code and place of the one problem, once it can be said in both languages."""
    with pytest.raises(Invalid) as caught:
        read_table(data, name)
    (problem,) = caught.value.problems
    assert sentence("en", problem) != sentence("zh", problem)
    assert "{" not in sentence("en", problem) + sentence("zh", problem)
    return problem.code, problem.where


def texts(reading: Reading, table: int = 0) -> list[dict[str, str]]:
    return [{k: c.text for k, c in row.cells.items()} for row in reading.tables[table].rows]


def written(fill: object, **options: object) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, options) as book:
        fill(book)
    return out.getvalue()


def test_csv_cells_are_text_with_the_addresses_a_spreadsheet_shows() -> None:
    reading = read_table('\ufeffid,note,n\r\n1,"two\r\nlines",3\r\n\r\n4,,"1,5"\r\n'.encode(), "a.csv")
    (table,) = reading.tables
    assert [c.text for c in table.header] == ["id", "note", "n"]
    assert [(r.number, [c.address for c in r.cells.values()]) for r in table.rows] == [
        (2, ["A2", "B2", "C2"]),
        (4, ["A4", "C4"]),
    ]
    assert table.rows[1].cells["C"].text == "1,5"
    assert {c.kind for r in table.rows for c in r.cells.values()} == {"text"}
    assert reading.notes == ()


@pytest.mark.parametrize(
    ("data", "note", "said"),
    [
        ("名称,值\n玻璃,1\n".encode("gb18030"), "csv_encoding_used", "GB18030"),
        ("名称,值\n玻璃,1\n".encode("utf-16"), "csv_encoding_used", "UTF-16"),
        ("名称,值\n玻璃,1\n".encode("utf-16-be"), None, None),
        ("名称;值\n玻璃;1\n".encode(), "csv_delimiter_used", ";"),
        ("名称\t值\n玻璃\t1\n".encode(), "csv_delimiter_used", "TAB"),
        ("sep=;\r\n名称;值\r\n玻璃;1\r\n".encode(), "csv_delimiter_used", ";"),
    ],
)
def test_other_encodings_and_delimiters_are_read_and_told(
    data: bytes, note: str | None, said: str | None
) -> None:
    if note is None:
        assert trouble(data, "a.csv")[0] == "upload_disguised_unknown"
        return
    reading = read_table(data, "a.csv")
    assert texts(reading) == [{"A": "玻璃", "B": "1"}]
    assert [n.code for n in reading.notes] == [note]
    assert said is not None
    assert all(said in sentence(locale, reading.notes[0]) for locale in ("en", "zh"))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a,b\n1,\x002\n", "upload_disguised_unknown"),
        (b"a,b;c\n1,2;3\n", "csv_delimiter_unclear"),
        (b'a,b\n1,"2\n3,4\n', "csv_quotes"),
        (b'a,b\n1,"2"x\n', "csv_quotes"),
        (b"a,b\n" + b"1,2\n" * 20_001, "sheet_too_many_rows"),
        (b"a,b\n" + b"," * 300 + b"1\n", "sheet_cell_far_away"),
        (b"a,b\n1," + b"x" * 5_000, "sheet_text_too_long"),
        ("Name,Ort\nMüller,Köln\n".encode("cp1252"), "csv_encoding"),
    ],
)
def test_broken_csv_is_refused(data: bytes, code: str) -> None:
    assert trouble(data, "a.csv")[0] == code


def test_xlsx_values_come_as_what_the_page_shows() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["a", "b", "c", "d", "e", "f", "g", "h"])
        sheet.write_number(1, 0, 0.1)
        sheet.write_number(1, 1, 0.1 + 0.2)
        sheet.write_number(1, 2, 12345678.9)
        sheet.write_number(1, 3, 5)
        sheet.write_datetime(1, 4, datetime(2025, 12, 31), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_boolean(1, 5, True)
        sheet.write_number(1, 6, 0.45, book.add_format({"num_format": "0.0%"}))
        sheet.write_string(1, 7, "1,234")
        sheet.write_number(3, 0, 1e-7)
        sheet.write_number(3, 1, 1.5e21)

    (table,) = read_table(written(fill), "a.xlsx").tables
    cells = table.rows[0].cells
    assert {k: (c.kind, c.text) for k, c in cells.items()} == {
        "A": ("number", "0.1"),
        "B": ("number", "0.3"),
        "C": ("number", "12345678.9"),
        "D": ("number", "5"),
        "E": ("date", date(2025, 12, 31).isoformat()),
        "F": ("boolean", "true"),
        "G": ("percent", "45%"),
        "H": ("text", "1,234"),
    }
    assert table.rows[1].number == 4
    assert [c.text for c in table.rows[1].cells.values()] == ["0.0000001", "1500000000000000000000"]
    assert Decimal(table.rows[1].cells["B"].text) == Decimal("1.5e21")


def test_chinese_date_formats_are_dates() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        for column, shape in enumerate((31, 58, 'yyyy"年"m"月"d"日"')):
            style = book.add_format()
            style.set_num_format(shape)
            sheet.write_datetime(1, column, datetime(2025, 3, 1), style)

    assert texts(read_table(written(fill), "a.xlsx")) == [
        {"A": "2025-03-01", "B": "2025-03-01", "C": "2025-03-01"}
    ]


def test_formulas_and_errors_are_named_whatever_was_last_computed() -> None:
    rows = (
        HEADER
        + '<row r="2">'
        + number_cell("A2", "3", "<f>1+2</f>")
        + '<c r="B2" t="e"><v>#REF!</v></c><c r="C2" t="e"><f>1/0+LEFT(A2)</f><v>#DIV/0!</v></c></row>'
        + '<row r="9"><c r="C9"><f>NOW()</f></c></row>'
    )
    (table,) = read_table(workbook(rows), "a.xlsx").tables
    found = [(c.address, c.kind, c.text) for row in table.rows for c in row.cells.values()]
    assert found == [
        ("A2", "formula", "3"),
        ("B2", "error", "#REF!"),
        ("C2", "error", "#DIV/0!"),
        ("C9", "formula", ""),
    ]


def test_cells_without_addresses_are_counted_as_the_standard_says() -> None:
    rows = "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c><v>4</v></c><c><f>A1</f><v>1</v></c></row>"
    (table,) = read_table(workbook(rows), "a.xlsx").tables
    assert [(c.address, c.text) for c in table.header] == [("A1", "1"), ("C1", "3")]
    assert [(c.address, c.kind) for c in table.rows[0].cells.values()] == [
        ("A2", "number"),
        ("B2", "formula"),
    ]


def test_hidden_and_merged_parts_are_told() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Open")
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, [1, 2])
        sheet.write_row(2, 0, [3, 4])
        sheet.merge_range("A4:B4", "both")
        sheet.set_row(2, options={"hidden": True})
        sheet.set_column(1, 1, options={"hidden": True})
        sheet.set_column(5, 16383, options={"hidden": True})
        book.add_worksheet("Secret").hide()

    reading = read_table(written(fill), "a.xlsx")
    assert [t.sheet for t in reading.tables] == ["Open"]
    assert reading.tables[0].merged == ("A4:B4",)
    assert [(n.code, n.where) for n in reading.notes] == [
        ("sheet_row_hidden", "3"),
        ("sheet_column_hidden", "B"),
        ("sheet_hidden", "Secret"),
    ]
    assert len({sentence(locale, n) for n in reading.notes for locale in ("en", "zh")}) == 6


def test_one_cell_in_the_far_corner_is_a_sentence_not_a_crash() -> None:
    data = workbook(HEADER + f'<row r="1048576">{number_cell("XFD1048576", "1")}</row>')
    assert len(data) < 2_500
    assert trouble(data) == ("sheet_cell_far_away", "XFD1048576")


def test_the_box_holds_when_the_first_pass_is_deceived(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the checks of the first pass lifted the library itself aborts; that too is a sentence."""
    loose = LIMITS | {"rows": 2_000_000, "columns": 20_000}
    monkeypatch.setattr(spreadsheets, "LIMITS", loose)
    data = workbook(HEADER + f'<row r="1048576">{number_cell("XFD1048576", "1")}</row>')
    assert trouble(data) == ("sheet_too_heavy", "table.xlsx")


def test_too_slow_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "WALL_SECONDS", 0.001)
    assert trouble(workbook(HEADER))[0] == "sheet_too_heavy"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (HEADER + '<row r="30000">' + number_cell("A30000", "1") + "</row>", "sheet_too_many_rows"),
        (HEADER + '<row r="2">' + number_cell("ZZ2", "1") + "</row>", "sheet_cell_far_away"),
        (HEADER + '<row r="2">' + text_cell("A2", "x" * 5_000) + "</row>", "sheet_text_too_long"),
        (HEADER + "".join(f'<row r="{n}"/>' for n in range(2, 300_000)), "sheet_too_many_rows"),
        (HEADER + "<row><c", "sheet_damaged"),
        ('<row r="x"/>', "sheet_damaged"),
        ('<row><c r="A0"><v>1</v></c></row>', "sheet_damaged"),
    ],
)
def test_sheets_beyond_the_limits(rows: str, code: str) -> None:
    assert trouble(workbook(rows))[0] == code


def test_a_hundred_thousand_formatted_empty_rows_do_no_harm() -> None:
    rows = HEADER + f'<row r="2">{number_cell("A2", "1")}</row>' + '<row><c s="0"/></row>' * 100_000
    assert texts(read_table(workbook(rows), "a.xlsx")) == [{"A": "1"}]


def test_entities_that_multiply_are_refused() -> None:
    laughs = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
    )
    data = workbook('<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>', before=laughs + "]>")
    assert trouble(data)[0] == "sheet_damaged"


def test_a_package_that_unpacks_to_more_than_it_declares_is_refused() -> None:
    data = bytearray(workbook(HEADER + "<row/>" * 5_000))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    assert trouble(bytes(data))[0] == "sheet_damaged"


def test_a_zip_bomb_and_a_cut_file_are_refused_before_the_box() -> None:
    out = io.BytesIO(workbook(HEADER))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"\0" * 50_000_000)
    assert trouble(out.getvalue())[0] == "upload_unpacks_too_large"
    assert trouble(workbook(HEADER)[:-30])[0] == "upload_damaged"


def test_the_child_sees_neither_environment_nor_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    """A module of the same name in the folder or on PYTHONPATH must not run instead of the library."""
    folder = str(tmp_path)
    with open(os.path.join(folder, "python_calamine.py"), "w") as planted:  # noqa: PTH118, PTH123
        planted.write("raise SystemExit(7)")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", folder)
    assert texts(read_table(workbook(HEADER + f'<row r="2">{number_cell("A2", "1")}</row>'), "a.xlsx")) == [
        {"A": "1"}
    ]


def test_column_letters() -> None:
    assert [column_letters(i) for i in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ("#,##0", "number"),
        ("#,##0.00_);[Red](#,##0.00)", "number"),
        ('0.0" a, b"', "number"),
        ("#,##0,", "scaled"),
        ('0.0,,"M"', "scaled"),
        ('0\\.0,"万"', "scaled"),
        ('0"%"', "number"),
        ("0.0%", "percent"),
    ],
)
def test_formats_that_show_another_number_are_noticed(shape: str, kind: str) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_number(1, 0, 120000, book.add_format({"num_format": shape}))

    (cell,) = read_table(written(fill), "a.xlsx").tables[0].rows[0].cells.values()
    assert (cell.kind, cell.text) == (kind, "12000000%" if kind == "percent" else "120000")


def test_a_table_of_contents_behind_the_64_bit_mark_is_measured_too() -> None:
    """The reader would follow the large record, so the small one must not vouch for it."""
    data = workbook(HEADER)
    at = data.rfind(b"PK\x05\x06")
    large = b"PK\x06\x06" + (44).to_bytes(8, "little") + b"\0" * 20 + (600_000).to_bytes(8, "little") * 2
    locator = b"PK\x06\x07" + b"\0" * 4 + at.to_bytes(8, "little") + (1).to_bytes(4, "little")
    crafted = data[:at] + large + b"\0" * 8 + locator + data[at:]
    assert trouble(crafted)[0] == "upload_unpacks_too_large"
