"""Carbon files: the portal's own template, filled wrong and right, uploaded, looked at and accepted."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import xlsxwriter
from playwright.sync_api import Page, expect
from python_calamine import load_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GLASS = {
    "footprint_id": "PCF-2025-01",
    "product_id": "GL-32-AR",
    "material": "glass",
    "declared_unit": "m2",
    "declared_amount": "1",
    "pcf_kgco2e": "9.85",
    "period_start": "2025-01-01",
    "period_end": "2025-12-31",
    "valid_until": "2027-12-31",
    "primary_data_share": "72",
    "verified": "yes",
    "geography": "CN",
}
INVENTORY = {
    "year": "2025",
    "scope1_tco2e": "1250.5",
    "scope2_market_tco2e": "8300",
    "scope2_location_tco2e": "10120.75",
    "scope3_upstream_tco2e": "45200",
    "scope3_category_1_tco2e": "41000",
    "output_quantity": "40000",
    "output_unit": "t",
    "verified": "no",
}
Row = Mapping[str, str]


def template(page: Page, kind: str, file_format: str) -> bytes:
    """The empty table as the page offers it."""
    link = page.locator(f"a[href$='/carbon/templates/{kind}.{file_format}']")
    with page.expect_download() as coming:
        link.click()
    return coming.value.path().read_bytes()


def filled_xlsx(empty: bytes, rows: Sequence[Row]) -> bytes:
    """The template with rows under its own header, as a spreadsheet program would save it."""
    book = load_workbook(io.BytesIO(empty))
    name = book.sheet_names[0]
    header = [str(cell) for cell in book.get_sheet_by_name(name).to_python()[0]]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet(name)
        sheet.write_row(0, 0, header)
        for line, row in enumerate(rows, 1):
            for place, key in enumerate(header):
                if key in row:
                    _write(sheet, line, place, row[key])
    return out.getvalue()


def filled_csv(empty: bytes, rows: Sequence[Row]) -> bytes:
    """The CSV template with rows under its own header."""
    header = next(csv.reader(io.StringIO(empty.decode("utf-8-sig"))))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def upload(page: Page, kind_words: str, name: str, content: bytes) -> None:
    """Choose what the file holds, give the file, and look at what was read."""
    page.goto("/carbon")
    page.get_by_label(kind_words).check()
    media = XLSX if name.endswith("xlsx") else "text/csv"
    page.get_by_label("File", exact=True).set_input_files(
        {"name": name, "mimeType": media, "buffer": content}
    )
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def accept(page: Page) -> None:
    """Take over what was read."""
    page.get_by_role("button", name="Take th").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Carbon data")


def _write(sheet: xlsxwriter.workbook.Worksheet, line: int, place: int, text: str) -> None:
    try:
        sheet.write_number(line, place, float(text))
    except ValueError:
        sheet.write_string(line, place, text)
