"""Tables as XLSX: typed cells, frozen and filtered headers, nothing that a spreadsheet would run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.language import say
from portal.reports.columns import Cell, Column, cell_of, header_of, plain

LONGEST = 32_767  # characters an XLSX cell can hold
NUMBER_FORMATS = {
    "integer": "#,##0",
    "number": "General",
    "decimal": "#,##0.00",
    "percent": "0.0",
    "date": "yyyy-mm-dd",
}
GREEN = "#0B5D3B"
LINE = "#D6DCD9"


@dataclass(frozen=True)
class Sheet:
    """One sheet with a table. `name` is a msgid; the first `frozen` columns stay when scrolling."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[object]
    frozen: int = 1


@dataclass(frozen=True)
class FactSheet:
    """One sheet of named facts. `name` and the first of each pair are msgids; `heading` is text."""

    name: str
    heading: str
    facts: tuple[tuple[str, str], ...]


def xlsx_bytes(
    title: str, author: str, made_at: datetime, sheets: Sequence[Sheet | FactSheet], locale: str
) -> bytes:
    """A workbook with the sheets in order. Numbers keep about 15 significant digits, as spreadsheets do."""
    stream = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(stream, options) as book:
        book.set_properties(
            {"title": plain(title), "author": plain(author), "created": made_at.replace(tzinfo=None)}
        )
        styles = _styles(book)
        for sheet in sheets:
            page = book.add_worksheet(say(locale, sheet.name))
            page.hide_gridlines(2)
            page.set_paper(9)
            page.set_landscape()
            page.fit_to_pages(1, 0)
            if isinstance(sheet, FactSheet):
                _write_facts(page, sheet, styles, locale)
            else:
                _write_table(page, sheet, styles, locale)
    return stream.getvalue()


def _styles(book: Workbook) -> dict[str, Format]:
    cell = {"valign": "top", "bottom": 1, "bottom_color": LINE}
    styles = {kind: book.add_format({**cell, "num_format": form}) for kind, form in NUMBER_FORMATS.items()}
    styles["text"] = styles["word"] = book.add_format({**cell, "text_wrap": True})
    head = {"bold": True, "font_color": "#FFFFFF", "bg_color": GREEN, "text_wrap": True, "valign": "vcenter"}
    styles["head"] = book.add_format({**head, "align": "left"})
    styles["head_number"] = book.add_format({**head, "align": "right"})
    styles["heading"] = book.add_format({"bold": True, "font_size": 16, "font_color": GREEN})
    styles["fact"] = book.add_format({**cell, "bold": True})
    return styles


def _write_table(page: Worksheet, sheet: Sheet, styles: dict[str, Format], locale: str) -> None:
    page.set_row(0, 32)
    for at, column in enumerate(sheet.columns):
        numeric = column.type in {"integer", "number", "decimal", "percent"}
        page.set_column(at, at, column.width)
        page.write_string(0, at, header_of(column, locale), styles["head_number" if numeric else "head"])
    for line, row in enumerate(sheet.rows, start=1):
        for at, column in enumerate(sheet.columns):
            _write_cell(page, line, at, cell_of(column, row, locale), styles[column.type])
    page.freeze_panes(1, sheet.frozen)
    page.repeat_rows(0)
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)


def _write_cell(page: Worksheet, line: int, at: int, value: Cell, style: Format) -> None:
    if value is None:
        page.write_blank(line, at, None, style)
    elif isinstance(value, str):
        text = value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
        page.write_string(line, at, text, style)
    elif isinstance(value, date):
        page.write_datetime(line, at, value, style)
    else:
        page.write_number(line, at, Decimal(value), style)


def _write_facts(page: Worksheet, sheet: FactSheet, styles: dict[str, Format], locale: str) -> None:
    page.set_column(0, 0, 32)
    page.set_column(1, 1, 90)
    page.write_string(0, 0, plain(sheet.heading), styles["heading"])
    for line, (name, text) in enumerate(sheet.facts, start=2):
        page.write_string(line, 0, say(locale, name), styles["fact"])
        page.write_string(line, 1, plain(text)[:LONGEST], styles["text"])
