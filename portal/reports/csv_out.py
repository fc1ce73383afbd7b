"""Tables as CSV that a spreadsheet opens without running anything found in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from portal.reports.columns import Cell, Column, cell_of, headers_of

# Full-width forms count too: some spreadsheets fold them into the plain signs.
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
RISKY = frozenset("=+-@\t\r\n＝＋－＠")


def csv_bytes(columns: Sequence[Column], rows: Iterable[object], locale: str, *, bom: bool = True) -> bytes:
    """UTF-8 CSV with one header line, decimal points and ISO dates.

    Texts and headers that a spreadsheet could take for a formula get an apostrophe in front; numbers stay
    numbers. `bom` puts the mark in front by which Excel knows UTF-8.
    """
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow([neutral(text) for text in headers_of(columns, locale)])
    for row in rows:
        writer.writerow([_written(cell_of(column, row, locale)) for column in columns])
    return stream.getvalue().encode("utf-8-sig" if bom else "utf-8")


def neutral_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table of texts as UTF-8 CSV, each cell neutralised; a negative number stays a number."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([neutral(text) for text in header])
    for row in rows:
        writer.writerow([text if NUMBER.fullmatch(text) else neutral(text) for text in row])
    return stream.getvalue().encode("utf-8")


def neutral(text: str) -> str:
    """`text`, with an apostrophe before it where it would start a formula."""
    visible = text.lstrip(" \u00a0\u3000")
    return f"'{text}" if visible and visible[0] in RISKY else text


def _written(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)
