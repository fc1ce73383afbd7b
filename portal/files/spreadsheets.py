"""Reads a table file (CSV or XLSX) into rows of cells with addresses. XLSX is read in a child process."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from portal.core.errors import Invalid
from portal.core.problems import Problem
from portal.files.boxes import ask_child
from portal.files.delimited_text import decode_text, delimiter_of, split_hint
from portal.files.office_packages import inspect_package
from portal.files.uploads import LIMIT, TABLES, judge_upload

CHILD = Path(__file__).with_name("spreadsheet_child.py")
LIMITS = {
    "input": LIMIT,
    "unpacked": 100_000_000,
    "rows": 20_000,
    "row_elements": 200_000,
    "columns": 200,
    "cells": 500_000,
    "text": 4_000,
    "memory": 768 * 1024 * 1024,
    "seconds": 15,
    "output": 64 * 1024 * 1024,
}


@dataclass(frozen=True)
class Cell:
    """`address` such as B7; `text` exactly what the cell holds; `kind` says how to take it.

    Kinds: text, number (decimal text), percent (as shown, "45%"), scaled (a number shown in thousands or
    similar; text is what the cell holds), date (ISO), datetime, time, duration, boolean ("true"/"false"),
    formula (text is the last computed value), error (text such as "#REF!").
    Every CSV cell is text.
    """

    address: str
    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Row:
    """One line of the sheet that holds anything; `number` as the program shows it, cells by column letter."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Table:
    """One visible sheet: the first filled row is the header, the rest are rows. `sheet` is "" for CSV."""

    sheet: str
    header: tuple[Cell, ...]
    rows: tuple[Row, ...]
    merged: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """All tables of a file. `notes` do not hinder reading but a person should see them before accepting."""

    tables: tuple[Table, ...]
    notes: tuple[Problem, ...] = field(default=())


def read_table(data: bytes, name: str) -> Reading:
    """Read CSV or XLSX bytes; the content decides which, `name` serves the sentences.

    Raises Invalid with codes upload_*, csv_*, sheet_*. Limits are in LIMITS: 20,000 rows, 200 columns,
    500,000 cells, 4,000 characters per cell.
    """
    upload = judge_upload(name, data, allowed=TABLES)
    return _read_csv(data, upload.name) if upload.kind == "csv" else _read_xlsx(data, upload.name)


def column_letters(index: int) -> str:
    """Column letters of a zero-based index: 0 is A, 26 is AA."""
    text, rest = "", index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(65 + digit) + text
    return text


def _read_csv(data: bytes, where: str) -> Reading:
    decoded = decode_text(data, where)
    text, hint = split_hint(decoded.text)
    delimiter = hint or delimiter_of(text, where)
    notes = decoded.notes
    if delimiter != ",":
        shown = "TAB" if delimiter == "\t" else delimiter
        notes += (Problem("csv_delimiter_used", where, {"delimiter": shown}),)
    table = _table("", _csv_rows(text, delimiter, where))
    return Reading((table,), notes)


def _csv_rows(text: str, delimiter: str, where: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    cells_seen, number = 0, 0
    while True:
        try:
            record = next(reader, None)
        except csv.Error:
            raise Invalid([Problem("csv_quotes", where, {"row": number + 1})])
        if record is None:
            return rows
        number += 1
        cells = {
            column_letters(i): Cell(f"{column_letters(i)}{number}", value)
            for i, value in enumerate(record)
            if value.strip()
        }
        if not cells:
            continue
        cells_seen += len(cells)
        _check_csv_size(cells, len(record), number, cells_seen, where)
        rows.append(Row(number, cells))


def _check_csv_size(cells: Mapping[str, Cell], width: int, number: int, cells_seen: int, where: str) -> None:
    if number > LIMITS["rows"] + 1:
        raise Invalid([Problem("sheet_too_many_rows", where, {"limit": LIMITS["rows"]})])
    if width > LIMITS["columns"]:
        far = f"{column_letters(width - 1)}{number}"
        raise Invalid([Problem("sheet_cell_far_away", far, {"limit": LIMITS["rows"]})])
    if cells_seen > LIMITS["cells"]:
        raise Invalid([Problem("sheet_too_many_cells", where, {"limit": LIMITS["cells"]})])
    for cell in cells.values():
        if len(cell.text) > LIMITS["text"]:
            raise Invalid([Problem("sheet_text_too_long", cell.address, {"limit": LIMITS["text"]})])


def _read_xlsx(data: bytes, where: str) -> Reading:
    inspect_package(io.BytesIO(data), size=len(data), where=where, max_unpacked=LIMITS["unpacked"])
    answer = ask_child(CHILD, data, LIMITS, where, heavy="sheet_too_heavy", damaged="sheet_damaged")
    problems = [Problem(p["code"], p["where"] or where, p["values"]) for p in answer["problems"]]
    if problems:
        raise Invalid(problems)
    tables, notes = [], []
    several = sum(1 for s in answer["sheets"] if not s["hidden"]) > 1
    for sheet in answer["sheets"]:
        place = f"{sheet['name']}!" if several else ""
        if sheet["hidden"]:
            notes.append(Problem("sheet_hidden", sheet["name"]))
            continue
        notes += [Problem("sheet_row_hidden", f"{place}{n}") for n in sheet["hidden_rows"]]
        notes += [Problem("sheet_column_hidden", f"{place}{c}") for c in sheet["hidden_columns"]]
        rows = [
            Row(
                number,
                {
                    column_letters(i): Cell(f"{column_letters(i)}{number}", text, kind)
                    for i, kind, text in cells
                },
            )
            for number, cells in sheet["rows"]
        ]
        tables.append(_table(sheet["name"], rows, tuple(sheet["merged"])))
    return Reading(tuple(tables), tuple(notes))


def _table(sheet: str, rows: list[Row], merged: tuple[str, ...] = ()) -> Table:
    header = tuple(rows[0].cells.values()) if rows else ()
    return Table(sheet, header, tuple(rows[1:]), merged)
