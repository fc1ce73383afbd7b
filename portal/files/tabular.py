"""Matches the header of a read table against named columns and hands out rows of text with cell addresses."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from portal.core.problems import Problem
from portal.files.spreadsheets import Cell, Row, Table, read_table
from portal.files.uploads import clean_name
from portal.language import LOCALES, say

HEADER_ROWS = 10
SAFE_DIGITS = 15


@dataclass(frozen=True)
class Column:
    """One column of a table form: its stable `key`, and for people a `label` and a `note` (message ids).

    `form`: text, number, year, date or choice (one of `choices`). `other_key` is accepted in headers too.
    """

    key: str
    label: str
    note: str
    required: bool = False
    form: str = "text"
    choices: tuple[str, ...] = ()
    other_key: str = ""


@dataclass(frozen=True)
class RawRow:
    """One row as text. `values` and `addresses` by column key, an absent or empty cell is "".

    `refused` names columns already reported (formula, error value, not in the file, …): checkers need not repeat them.
    """

    number: int
    values: Mapping[str, str]
    addresses: Mapping[str, str]
    refused: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True)
class RawRows:
    """`problems` hinder acceptance; `notes` are to be seen before it (hidden rows, encoding used)."""

    rows: tuple[RawRow, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def read_rows(data: bytes, name: str, columns: Sequence[Column], *, keep_others: bool = False) -> RawRows:
    """Rows of the sheet or sheets whose header fits `columns`, with every problem of header and cells.

    Header cells may be keys or labels in either language, in any order, a trailing * is ignored; it is looked
    for in the first ten rows. With `keep_others` further columns are kept under the text of their header, else
    each is a problem. Raises Invalid where the file itself cannot be read.
    """
    reading = read_table(data, name)
    fitting = [found for table in reading.tables if (found := _find_header(table, columns))]
    if not fitting:
        wanted = ", ".join(c.key for c in columns if c.required)
        return RawRows(
            (), (Problem("header_not_found", clean_name(name), {"columns": wanted}),), reading.notes
        )
    rows: list[RawRow] = []
    problems: list[Problem] = []
    for table in fitting:
        place = f"{table.sheet}!" if len(fitting) > 1 else ""
        fitted = [*columns, *_other_columns(table, columns)] if keep_others else columns
        _read_fitting(table, fitted, place, table.sheet or clean_name(name), rows, problems)
    if not rows and not problems:
        problems.append(Problem("table_empty", clean_name(name)))
    return RawRows(tuple(rows), tuple(problems), reading.notes)


def _other_columns(table: Table, columns: Sequence[Column]) -> list[Column]:
    """Columns of a found header that the form does not name; one that stands twice is told like any other."""
    known = _aliases(columns)
    others: dict[str, Column] = {}
    for cell in table.header:
        if _plain(cell.text) not in known:
            others.setdefault(_plain(cell.text), Column(cell.text.strip(), cell.text.strip(), ""))
    return list(others.values())


def locate(problem: Problem, row: RawRow) -> Problem:
    """The same problem placed in the file: at the cell of `values["column"]`; as 2:column where row 2 of a table has no
    such column, and at the row's first cell where the problem is about none."""
    column = str(problem.values.get("column", ""))
    first = next(iter(row.addresses.values()), str(row.number))
    in_table = not first.startswith("/")
    absent = f"{row.number}:{column}" if column and in_table else first
    return replace(problem, where=row.addresses.get(column) or absent)


def _find_header(table: Table, columns: Sequence[Column]) -> Table | None:
    """The table from its header down, or None when no early row holds half of the required columns."""
    required = {c.key for c in columns if c.required}
    lines = [table.header, *(tuple(row.cells.values()) for row in table.rows[: HEADER_ROWS - 1])]
    known = _aliases(columns)
    best, best_count = -1, 0
    for index, line in enumerate(lines):
        keys = {known[plain] for cell in line if (plain := _plain(cell.text)) in known}
        count = len(keys & required)
        if count > best_count and len(keys) > 1:
            best, best_count = index, count
    if best_count * 2 < len(required):
        return None
    return replace(table, header=lines[best], rows=table.rows[best:])


def _read_fitting(
    table: Table,
    columns: Sequence[Column],
    place: str,
    title: str,
    rows: list[RawRow],
    problems: list[Problem],
) -> None:
    placed = _place_columns(table.header, columns, place, problems)
    missing = [column.key for column in columns if column.required and column not in placed.values()]
    problems += [Problem("column_missing", title, {"column": key}) for key in missing]
    first = _row_number(table.header[0].address)
    for area in table.merged:
        if _row_number(area.partition(":")[2] or area) >= first:
            problems.append(Problem("sheet_merged", f"{place}{area}"))
    headed = {_letters(cell.address) for cell in table.header}
    for row in table.rows:
        problems += [
            Problem("cell_without_header", f"{place}{cell.address}", {"found": cell.text})
            for letter, cell in row.cells.items()
            if letter not in headed
        ]
        rows.append(_raw_row(row, placed, place, problems, missing))


def _place_columns(
    header: Sequence[Cell], columns: Sequence[Column], place: str, problems: list[Problem]
) -> dict[str, Column]:
    """Column letter → column, in the order of the sheet."""
    known, by_key = _aliases(columns), {c.key: c for c in columns}
    placed: dict[str, Column] = {}
    for cell in header:
        key = known.get(_plain(cell.text))
        where = f"{place}{cell.address}"
        if key is None:
            problems.append(Problem("column_unknown", where, {"found": cell.text}))
        elif by_key[key] in placed.values():
            problems.append(Problem("column_twice", where, {"column": key}))
        else:
            placed[_letters(cell.address)] = by_key[key]
    return placed


def _raw_row(
    row: Row,
    placed: Mapping[str, Column],
    place: str,
    problems: list[Problem],
    missing: Sequence[str],
) -> RawRow:
    values, addresses, refused = {}, {}, set(missing)
    for letter, column in placed.items():
        address = f"{place}{letter}{row.number}"
        cell = row.cells.get(letter, Cell(address, ""))
        code = _cell_trouble(cell, column)
        if code:
            problems.append(Problem(code, address, {"column": column.key, "found": cell.text}))
            refused.add(column.key)
        values[column.key] = cell.text.strip()
        addresses[column.key] = address
    return RawRow(row.number, values, addresses, frozenset(refused))


def _cell_trouble(cell: Cell, column: Column) -> str:
    """Why the value of a cell cannot be taken at its word, as a problem code; "" when it can."""
    if cell.kind == "formula":
        return "cell_formula"
    if cell.kind == "error":
        return "cell_error"
    if cell.kind == "scaled":
        return "cell_scaled"
    if cell.kind in {"date", "datetime"} and column.form != "date":
        return "cell_became_date"
    if cell.kind in {"time", "duration"}:
        return "cell_is_time"
    if cell.kind == "number" and column.form == "text" and len(cell.text.partition(".")[0]) > SAFE_DIGITS:
        return "cell_digits_lost"
    return ""


def _aliases(columns: Sequence[Column]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        for text in (column.key, column.other_key, *(say(locale, column.label) for locale in LOCALES)):
            if text:
                found.setdefault(_plain(text), column.key)
    return found


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("*", " ").split())


def _letters(address: str) -> str:
    return address.rstrip("0123456789")


def _row_number(address: str) -> int:
    return int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0)
