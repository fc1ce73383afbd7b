"""Which cells an answer takes in a workbook, one rule for writing and reading.

An answer takes the row keyed with its code (and, what a site answers, CODE@SITE) and, below it, rows keyed
CODE/option/KEY (one per option of a multiple choice), CODE/none (none of these, nothing to list) and CODE/row (one
per row of a table). Columns are counted from the answer column on: 0 the answer, 1 its unit; in the rows of a table one per column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal.core.problems import Problem
from portal.core.questionnaire.model import Column, Indicator
from portal.core.questionnaire.reading import is_blank, shown
from portal.core.questionnaire.tables import MOST_ROWS
from portal.core.workbook.words import (
    cell_value,
    cell_words,
    mark_of,
    mark_word,
    option_key,
    option_words,
    unit_key,
    unit_words,
)

LONGEST = 32_000
SAFE_DIGITS = 15
FIRST_DAY = date(1900, 3, 1)  # before it spreadsheets disagree about days
_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d+)?", re.ASCII)
_IN_TABLE = re.compile(r"\S+ row (\d+)(?:, column (\w+))?", re.ASCII)


@dataclass(frozen=True)
class Entry:
    """One cell: `kind` is text, number (decimal text), date (ISO), and on reading also percent, scaled, datetime,
    time, duration, boolean, formula, error. `address` names sheet and cell where it was read."""

    text: str
    kind: str = "text"
    address: str = ""


Cells = Mapping[int, Entry]


@dataclass(frozen=True)
class Taken:
    """What the cells of one answer say: `raw` and `unit` as a form would give them. `problems` are those of cells
    that cannot be taken at their word; `places` are addresses by row number and column key of a table, else by
    (0, "")."""

    raw: Any
    unit: str | None
    problems: tuple[Problem, ...] = ()
    places: Mapping[tuple[int, str], str] = field(default_factory=dict)


def site_key(code: str, site: str) -> str:
    """The key of what one site answers; `site` is its number in the portal."""
    return f"{code}@{site}"


def code_of(key: str) -> str:
    """The indicator's code in a row key of any form."""
    return key.partition("/")[0].partition("@")[0]


def site_of(key: str) -> str:
    """The site's number in a row key; "" where the company answers."""
    return key.partition("/")[0].partition("@")[2]


def at_site(indicator: Indicator, site: str) -> Indicator:
    """The indicator as one site answers it: its rows are keyed with the site behind the code."""
    return replace(indicator, code=site_key(indicator.code, site))


def option_row(code: str, option: str) -> str:
    """The key of the row of one option."""
    return f"{code}/option/{option}"


def none_row(code: str) -> str:
    """The key of the row that says: none of these, nothing to list."""
    return f"{code}/none"


def table_row(code: str) -> str:
    """The key of every row of a table."""
    return f"{code}/row"


def company_row(code: str) -> str:
    """The key of the row that shows the company's answer above those of sites; it is never read."""
    return f"{code}/company"


def fixed_rows(indicator: Indicator) -> tuple[str, ...]:
    """The keys of the rows that an answer needs, each once, in their order on the sheet."""
    code = indicator.code
    if indicator.kind == "multiple":
        return (code, *(option_row(code, o.key) for o in indicator.options), none_row(code))
    return (code, none_row(code)) if indicator.kind == "table" else (code,)


def entries_of(indicator: Indicator, raw: Any, unit: str | None, locale: str) -> dict[str, list[Cells]]:
    """The filled cells of a raw answer by row key; rows of a table in order, all others single.

    What does not fit the kind is left out: it was never an answer.
    """
    code = indicator.code
    none: dict[str, list[Cells]] = (
        {none_row(code): [{0: Entry(mark_word("yes", locale))}]} if raw == [] else {}
    )
    if indicator.kind == "multiple":
        chosen = [key for key in raw if isinstance(key, str)] if isinstance(raw, list | tuple) else []
        yes = {0: Entry(mark_word("yes", locale))}
        return none | {option_row(code, o.key): [yes] for o in indicator.options if o.key in chosen}
    if indicator.kind == "table":
        rows = [row for row in raw if isinstance(row, Mapping)] if isinstance(raw, list | tuple) else []
        filled = [cells for row in rows if (cells := _row_cells(indicator, row, locale))]
        return none | ({table_row(code): filled[: MOST_ROWS + 1]} if filled else {})
    if is_blank(raw) or not isinstance(raw, str):
        return {}
    cells = {0: _entry(indicator, raw, locale)}
    if indicator.units:
        cells[1] = Entry(unit_words(indicator, locale).get(unit or indicator.unit, unit or ""))
    return {code: [cells]}


def _entry(indicator: Indicator, raw: str, locale: str) -> Entry:
    if indicator.kind in {"yes_no", "single"}:
        return Entry(option_words(indicator, locale).get(raw.strip(), raw))
    if indicator.kind in {"number", "percentage"}:
        return number_entry(raw)
    if indicator.kind == "date":
        return _day_entry(raw)
    return Entry(raw[:LONGEST])


def number_entry(text: str) -> Entry:
    """A number cell where a spreadsheet gives back exactly this text, else a text cell."""
    if not _PLAIN_NUMBER.fullmatch(text) or len(text.strip("-").replace(".", "")) > SAFE_DIGITS:
        return Entry(text[:LONGEST])
    same = format(Decimal(text).normalize(), "f") == text != "-0"
    return Entry(text, "number" if same else "text")


def _day_entry(text: str) -> Entry:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Entry(text[:LONGEST])
    plain = day.isoformat() == text and day >= FIRST_DAY
    return Entry(text, "date" if plain else "text")


def _row_cells(indicator: Indicator, row: Mapping[str, Any], locale: str) -> Cells:
    cells: dict[int, Entry] = {}
    for at, column in enumerate(indicator.columns):
        text = row.get(column.key)
        if is_blank(text) or not isinstance(text, str):
            continue
        if column.kind in {"number", "percentage", "year"}:
            cells[at] = number_entry(text)
        else:
            cells[at] = Entry(cell_words(column, locale).get(text, text)[:LONGEST])
    return cells


def taken_of(indicator: Indicator, found: Mapping[str, Sequence[Cells]]) -> Taken:
    """What cells say, by row key as `entries_of` gives them. Problems name the cell in `where`: cell_formula,
    cell_error, cell_scaled, cell_became_date, cell_is_time, cell_digits_lost, workbook_day_as_number,
    workbook_option_unknown, workbook_mark_unknown, workbook_unit_unknown, workbook_none_and_some."""
    if indicator.kind == "multiple":
        return _several(indicator, found)
    if indicator.kind == "table":
        return _rows(indicator, found)
    return _one(indicator, next(iter(found.get(indicator.code, ())), {}))


def _one(indicator: Indicator, cells: Cells) -> Taken:
    cell = cells.get(0)
    if cell is None or is_blank(cell.text):
        return Taken(None, None)
    places = {(0, ""): cell.address}
    form = {"yes_no": "choice", "single": "choice", "percentage": "number"}.get(
        indicator.kind, indicator.kind
    )
    text = _word_of(cell, form, indicator.code)
    if isinstance(text, Problem):
        return Taken(None, None, (text,), places)
    if form == "choice":
        key = option_key(indicator, text)
        if key is None:
            wrong = Problem("workbook_option_unknown", cell.address, {"found": shown(text)})
            return Taken(text, None, (wrong,), places)
        return Taken(key, None, (), places)
    unit = None
    if indicator.units and 1 in cells and not is_blank(cells[1].text):
        unit = unit_key(indicator, cells[1].text)
        if unit is None or cells[1].kind == "formula":
            wrong = Problem("workbook_unit_unknown", cells[1].address, {"found": shown(cells[1].text)})
            return Taken(text, None, (wrong,), places)
    return Taken(text, unit, (), places)


def _several(indicator: Indicator, found: Mapping[str, Sequence[Cells]]) -> Taken:
    code = indicator.code
    marks: dict[str, str] = {}
    problems: list[Problem] = []
    places: dict[tuple[int, str], str] = {}
    for key in (*(o.key for o in indicator.options), ""):
        row = option_row(code, key) if key else none_row(code)
        cell = next(iter(found.get(row, ())), {}).get(0)
        if cell is None or is_blank(cell.text):
            continue
        places.setdefault((0, ""), cell.address)
        mark = _mark(cell, code)
        if isinstance(mark, Problem):
            problems.append(mark)
        else:
            marks[key] = mark
    chosen = [o.key for o in indicator.options if marks.get(o.key) == "yes"]
    none = marks.get("") == "yes"
    if none and chosen:
        where = next(iter(found[none_row(code)]))[0].address
        problems.append(Problem("workbook_none_and_some", where))
    refused_all = all(marks.get(o.key) == "no" for o in indicator.options)
    raw = chosen or ([] if none or refused_all else None)
    return Taken(raw, None, tuple(problems), places)


def _rows(indicator: Indicator, found: Mapping[str, Sequence[Cells]]) -> Taken:
    code = indicator.code
    rows: list[dict[str, str]] = []
    problems: list[Problem] = []
    places: dict[tuple[int, str], str] = {}
    for cells in found.get(table_row(code), ()):
        filled = {at: c for at, c in cells.items() if at < len(indicator.columns) and not is_blank(c.text)}
        if not filled:
            continue
        row: dict[str, str] = {}
        places[(len(rows) + 1, "")] = next(iter(filled.values())).address
        for at, cell in sorted(filled.items()):
            column = indicator.columns[at]
            places[(len(rows) + 1, column.key)] = cell.address
            text = _cell_text(column, cell)
            if isinstance(text, Problem):
                problems.append(text)
            else:
                row[column.key] = text
        rows.append(row)
    none = next(iter(found.get(none_row(code), ())), {}).get(0)
    mark = _mark(none, code) if none is not None and not is_blank(none.text) else "no"
    if isinstance(mark, Problem):
        problems.append(mark)
    elif mark == "yes" and rows and none is not None:
        problems.append(Problem("workbook_none_and_some", none.address))
    if places or none is not None:
        places[(0, "")] = places.get((1, ""), none.address if none else "")
    return Taken(rows or ([] if mark == "yes" else None), None, tuple(problems), places)


def _cell_text(column: Column, cell: Entry) -> str | Problem:
    form = "number" if column.kind in {"number", "percentage", "year"} else "text"
    if column.kind == "yes_no":
        mark = _mark(cell, column.key)
        return cell.text if isinstance(mark, Problem) and mark.code == "workbook_mark_unknown" else mark
    text = _word_of(cell, form, column.key)
    return text if isinstance(text, Problem) else cell_value(column, text)


def _mark(cell: Entry, column: str) -> str | Problem:
    text = _word_of(cell, "choice", column)
    if isinstance(text, Problem):
        return text
    return mark_of(text) or Problem("workbook_mark_unknown", cell.address, {"found": shown(text)})


def _word_of(cell: Entry, form: str, column: str) -> str | Problem:
    """The text of a cell, or why it cannot be taken at its word. `form`: text, number, date or choice."""
    values = {"column": column, "found": shown(cell.text)}
    code = {"formula": "cell_formula", "error": "cell_error", "scaled": "cell_scaled"}.get(cell.kind)
    if cell.kind in {"date", "datetime"}:
        if form == "date":
            return cell.text[:10]
        code = "cell_became_date"
    elif cell.kind in {"time", "duration"}:
        code = "cell_is_time"
    elif cell.kind == "number" and form == "date":
        return _day_as_number(cell)
    elif (
        cell.kind == "number"
        and form != "number"
        and len(cell.text.strip("-").partition(".")[0]) > SAFE_DIGITS
    ):
        code = "cell_digits_lost"
    return Problem(code, cell.address, values) if code else cell.text


def _day_as_number(cell: Entry) -> Problem:
    """A spreadsheet's count of days where a date is asked: told with the day it might mean, never guessed."""
    number = Decimal(cell.text)
    if number == int(number) and 61 <= number <= 109_000:
        day = date(1899, 12, 30) + timedelta(days=int(number))
        return Problem("workbook_day_as_number", cell.address, {"found": cell.text, "day": day})
    return Problem("date_expected", cell.address, {"found": cell.text})


def placed(problem: Problem, taken: Taken) -> Problem:
    """The same problem at the cell it speaks of."""
    match = _IN_TABLE.fullmatch(problem.where)
    row, column = (int(match[1]), match[2] or "") if match else (0, "")
    where = taken.places.get((row, column)) or taken.places.get((row, "")) or taken.places.get((0, ""))
    return replace(problem, where=where) if where else problem
