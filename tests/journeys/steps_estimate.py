"""Category 1: load a ledger, run the estimate, take files out; and the arithmetic of this ledger worked out by hand."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader
from python_calamine import load_workbook

LEDGER = b"""line_id,date,supplier_id,product_id,material,quantity,unit,spend,currency,country,sector,description
M-001,2025-03-05,GL-77,GL-32-AR,glass,40000,m2,,,CN,,Front glass
M-002,2025-05-20,GL-77,GL-20-BK,glass,500,t,,,CN,,Back glass
M-003,2025-06-11,V-100,,aluminium_frame,2000,kg,,,CN,,Frames
M-004,2025-07-02,V-200,,,,,10000,USD,US,325520,Sealant
M-005,2025-08-15,V-300,,,,,500,CNY,CN,,Sundries without a sector
M-006,2024-12-30,V-100,,aluminium_frame,100,kg,,,CN,,Another year
"""
# Tonnes by line, worked out from the published figures, not by the program.
TONNES = {
    # 40 000 m2 at 9.85 kg, the supplier's own footprint.
    "M-001": Decimal("40000") * Decimal("9.85") / 1000,
    # 500 t of an output of 40 000 t; scope 1 + scope 2 by market + upstream.
    "M-002": (Decimal("1250.5") + Decimal("8300") + Decimal("45200")) * Decimal("500") / Decimal("40000"),
    # 2 000 kg at the world average of primary aluminium, 15.1 kg per kg.
    "M-003": Decimal("2000") * Decimal("15.1") / 1000,
    # 10 000 USD of 2025 at prices of 2022 (index 321.943 and 292.655), 0.531 kg per dollar.
    "M-004": Decimal("10000") / Decimal("321.943") * Decimal("292.655") * Decimal("0.531") / 1000,
}
TOTAL = sum(TONNES.values(), Decimal(0))
METHODS = {
    "Supplier's own footprint": TONNES["M-001"],
    "Share of the supplier's emissions": TONNES["M-002"],
    "Average factor of the material": TONNES["M-003"],
    "Factor per money spent": TONNES["M-004"],
}


def load_and_run(page: Page) -> None:
    """Load the ledger and run the estimate of its year."""
    page.get_by_role("link", name="Category 1").click()
    page.get_by_label("Ledger file").set_input_files(
        {"name": "purchases-2025.csv", "mimeType": "text/csv", "buffer": LEDGER}
    )
    page.get_by_role("button", name="Load the ledger").click()
    # the worker beside the server reads and checks it; the page follows by itself
    page.get_by_role("button", name="Accept 6 lines as a ledger").click()
    expect(page.locator(".notice")).to_contain_text("purchases-2025.csv is loaded: 6 lines")
    page.get_by_label("Ledger and year").select_option(label="2025 · purchases-2025.csv (5 lines)")
    page.get_by_role("button", name="Run the estimate").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Category 1, 2025")


def download(page: Page, button: Locator) -> bytes:
    """What pressing a button or link saves."""
    with page.expect_download() as coming:
        button.click()
    return coming.value.path().read_bytes()


def figure(page: Page, label: str) -> str:
    """The value of a figure by its label."""
    return (
        page.locator(".figure", has=page.locator("dt", has_text=label)).locator(".figure-value").inner_text()
    )


def number_in(text: str) -> Decimal:
    """The first number of a text, its thousands set apart by narrow spaces."""
    found = re.search(r"-?\d[\d\u202f\u00a0]*(?:\.\d+)?", text)
    assert found is not None, f"no number in {text!r}"
    return Decimal(re.sub(r"[\u202f\u00a0]", "", found[0]))


def as_shown(exact: Decimal, shown: Decimal) -> Decimal:
    """`exact` rounded to as many places as were shown."""
    return exact.quantize(Decimal(1).scaleb(int(shown.as_tuple().exponent)), ROUND_HALF_EVEN)


def sheet_rows(book: bytes, name: str, header: str) -> list[dict[str, object]]:
    """Rows of a sheet below its header line, which is the first with a cell that starts with `header`."""
    rows = load_workbook(io.BytesIO(book)).get_sheet_by_name(name).to_python()
    at = next(n for n, row in enumerate(rows) if any(str(cell).startswith(header) for cell in row))
    heads = [str(cell) for cell in rows[at]]
    return [dict(zip(heads, row, strict=True)) for row in rows[at + 1 :]]


def column(row: dict[str, object], start: str) -> object:
    """The cell whose header starts with these words."""
    return next(value for head, value in row.items() if head.startswith(start))


def pdf_text(content: bytes) -> str:
    """All words of a PDF, with single spaces."""
    pages: Sequence[str] = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return " ".join(" ".join(pages).split())
