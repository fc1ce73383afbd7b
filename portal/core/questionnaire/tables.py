"""Answers that are rows: cells read by the kind of their column, kept as text in plain form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from portal.core.exact import decimal_text
from portal.core.problems import Problem
from portal.core.questionnaire.model import Column, Indicator, Text, text_in
from portal.core.questionnaire.reading import (
    Reading,
    Value,
    check_range,
    is_blank,
    plain,
    read_number,
    shown,
    unprintable,
)
from portal.core.questionnaire.unit_words import quantity_text

MOST_ROWS = 200
LONGEST_CELL = 500
YES_NO = {"yes": Text("yes", "是"), "no": Text("no", "否")}
_YES_NO_WORDS = {"yes": "yes", "no": "no", "true": "yes", "false": "no", "是": "yes", "否": "no"}


def holds_all(rows: Sequence[object]) -> bool:
    """Whether a table can hold these rows. More are never cut: what is left out would be missing unseen."""
    return len(rows) <= MOST_ROWS


def filled_rows(rows: Iterable[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """The rows with at least one filled cell; for doors whose form offers spare empty rows."""
    return [row for row in rows if not all(is_blank(cell) for cell in row.values())]


def read_table(indicator: Indicator, raw: object, unit: str | None = None) -> Reading:
    """Rows as objects by column key; an absent key, null or white space is an empty cell.

    The value is a tuple of rows, each a dict of the filled cells only; an empty list is an answer: no rows.
    Problems carry `where` "CDS-03 row 2, column year": table_expected, table_too_long, row_expected,
    cell_column_unknown, cell_text_expected, cell_too_long, year_expected, yes_no_expected and those of numbers.
    """
    if is_blank(raw):
        return Reading(None, "", ())
    if isinstance(raw, Mapping) or not isinstance(raw, Sequence) or isinstance(raw, str):
        return Reading(None, "", (Problem("table_expected", indicator.code, {"found": shown(raw)}),))
    if len(raw) > MOST_ROWS:
        values = {"rows": len(raw), "most": MOST_ROWS}
        return Reading(None, "", (Problem("table_too_long", indicator.code, values),))
    rows: list[dict[str, str]] = []
    problems: list[Problem] = []
    for number, row in enumerate(raw, 1):
        cells, wrong = _read_row(indicator, row, number)
        rows.append(cells)
        problems += wrong
    return Reading(None if problems else tuple(rows), "", tuple(problems))


def _read_row(indicator: Indicator, row: object, number: int) -> tuple[dict[str, str], list[Problem]]:
    if not isinstance(row, Mapping):
        where = f"{indicator.code} row {number}"
        return {}, [Problem("row_expected", where, {"found": shown(row)})]
    known = {column.key for column in indicator.columns}
    problems = [
        Problem(
            "cell_column_unknown",
            f"{indicator.code} row {number}",
            {"found": shown(key), "columns": ", ".join(column.key for column in indicator.columns)},
        )
        for key in row
        if key not in known
    ]
    cells: dict[str, str] = {}
    for column in indicator.columns:
        raw = row.get(column.key)
        if is_blank(raw):
            continue
        read = _read_cell(column, raw, f"{indicator.code} row {number}, column {column.key}")
        if isinstance(read, Problem):
            problems.append(read)
        else:
            cells[column.key] = read
    return cells, problems


def _read_cell(column: Column, raw: object, where: str) -> str | Problem:
    if column.kind in {"number", "percentage"}:
        number = read_number(raw, where, percent=column.kind == "percentage")
        if isinstance(number, Problem):
            return number
        return check_range(number, column.minimum, column.maximum, where) or decimal_text(number)
    if column.kind == "year":
        return _read_year(column, raw, where)
    if column.kind == "yes_no":
        word = _YES_NO_WORDS.get(raw.strip().lower()) if isinstance(raw, str) else None
        return word or Problem("yes_no_expected", where, {"found": shown(raw)})
    return _read_text(raw, where)


def _read_year(column: Column, raw: object, where: str) -> str | Problem:
    text = plain(raw).removesuffix("年") if isinstance(raw, str) else raw
    number = read_number(text, where)
    if isinstance(number, Problem) or number != int(number):
        return Problem("year_expected", where, {"found": shown(raw)})
    wrong = check_range(number, column.minimum, column.maximum, where)
    return Problem("year_expected", where, {"found": shown(raw)}) if wrong else str(int(number))


def _read_text(raw: object, where: str) -> str | Problem:
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        number = read_number(raw, where)
        return number if isinstance(number, Problem) else decimal_text(number)
    if not isinstance(raw, str):
        return Problem("cell_text_expected", where, {"found": shown(raw)})
    text = raw.strip()
    if unprintable(text):
        return Problem("text_unprintable", where)
    if len(text) > LONGEST_CELL:
        return Problem("cell_too_long", where, {"length": len(text), "most": LONGEST_CELL})
    return text


def show_cell(column: Column, cell: str, locale: str) -> str:
    """One filled cell as people read it: numbers with unit, yes and no in words, suggestions by label."""
    if column.kind in {"number", "percentage"}:
        return quantity_text(Decimal(cell), column.unit, locale)
    if column.kind == "yes_no":
        return text_in(YES_NO[cell], locale)
    label = next((s.label for s in column.suggestions if s.value == cell), None)
    return text_in(label, locale) if label else cell


def cells_meant(indicator: Indicator, rows: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """The rows with the value of a suggestion where its label, in either language, was written; the rest as it is."""
    meant = {column.key: _by_label(column) for column in indicator.columns if column.suggestions}
    return [
        {
            key: meant.get(key, {}).get(cell.strip(), cell) if isinstance(cell, str) else cell
            for key, cell in row.items()
        }
        for row in rows
    ]


def _by_label(column: Column) -> dict[str, str]:
    labels = {words: s.value for s in column.suggestions for words in (s.label.en, s.label.zh)}
    return {**labels, **{s.value: s.value for s in column.suggestions}}


def show_table(indicator: Indicator, value: Value, locale: str) -> str:
    """One line per row: "label: cell" of the filled cells, a label without its question mark; "–" for a table without rows."""
    between, colon = ("；", "：") if locale == "zh" else ("; ", ": ")
    lines = []
    for row in value if isinstance(value, tuple) else ():
        assert isinstance(row, dict)
        parts = [
            f"{text_in(column.label, locale).rstrip('?？')}{colon}{show_cell(column, row[column.key], locale)}"
            for column in indicator.columns
            if column.key in row
        ]
        lines.append(between.join(parts) or "–")
    return "\n".join(lines) or "–"
