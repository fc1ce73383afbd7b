"""Reading one row of text cells strictly: what is not exactly a number, a date or a known unit is a problem.

A number is ASCII digits with an optional sign and a decimal point; no thousand separators, decimal commas,
exponents or full-width digits, because each of those has been read as a different number by somebody. The
patterns are shared with the bulk reader of ledgers, which checks whole columns by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portal.core.problems import Problem
from portal.core.units import unit_class

NUMBER_PATTERN = r"^-?[0-9]{1,15}(\.[0-9]{1,18})?$"
# Footprints come from other systems too, which write binary numbers out to their last digit.
LONG_NUMBER_PATTERN = r"^-?[0-9]{1,15}(\.[0-9]{1,40})?$"
DATE_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
CURRENCY_PATTERN = r"^[A-Z]{3}$"
SECTOR_PATTERN = r"^[0-9]{6}$"
LONGEST_TEXT = 500

PRODUCT_CLASSES = ("mass", "volume", "area", "energy", "power", "transport", "count")
_YES = frozenset({"yes", "true", "1", "y", "是"})
NO = frozenset({"no", "false", "0", "n", "否", ""})


@dataclass(frozen=True)
class Row:
    """One row under reading: its cells by column name, the place it stands, and the problems found so far."""

    values: Mapping[str, str]
    where: str = ""
    problems: list[Problem] = field(default_factory=list)


def is_product_unit(unit: str) -> bool:
    """True for a unit in which goods are bought (kg, m2, kWp, piece …), not for percentages or emissions."""
    return unit_class(unit) in PRODUCT_CLASSES


def add_problem(row: Row, column: str, code: str, **values: object) -> None:
    """Note a problem at a column: `where` is `<row place>:<column>`, `values` name the column and what was found."""
    place = f"{row.where}:{column}" if row.where else column
    found = row.values.get(column, "") or ""
    row.problems.append(Problem(code, place, {"column": column, "found": found[:80], **values}))


def text(row: Row, column: str, *, required: bool = False) -> str:
    """The trimmed cell, empty when absent. Problem: row_missing, row_too_long."""
    value = (row.values.get(column) or "").strip()
    if required and not value:
        add_problem(row, column, "row_missing")
    if len(value) > LONGEST_TEXT:
        add_problem(row, column, "row_too_long", longest=LONGEST_TEXT)
    return value


def number(
    row: Row,
    column: str,
    *,
    required: bool = False,
    least: Decimal | None = None,
    pattern: str = NUMBER_PATTERN,
) -> Decimal | None:
    """The cell as Decimal, None when empty or not of `pattern`. Problems: row_missing, row_number_expected, row_too_small."""
    value = text(row, column, required=required)
    if not value:
        return None
    if not re.fullmatch(pattern, value):
        add_problem(row, column, "row_number_expected")
        return None
    read = Decimal(value)
    if least is not None and read < least:
        add_problem(row, column, "row_too_small", least=str(least))
        return None
    return read


def positive(
    row: Row, column: str, *, required: bool = False, pattern: str = NUMBER_PATTERN
) -> Decimal | None:
    """A number above zero. Problems as `number`, and row_not_above_zero."""
    read = number(row, column, required=required, pattern=pattern)
    if read is not None and read <= 0:
        add_problem(row, column, "row_not_above_zero")
        return None
    return read


def day(row: Row, column: str, *, required: bool = False) -> date | None:
    """An ISO date (2025-12-31). Problems: row_missing, row_date_expected."""
    value = text(row, column, required=required)
    if not value:
        return None
    try:
        if not re.fullmatch(DATE_PATTERN, value):
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError:
        add_problem(row, column, "row_date_expected")
        return None


def year(row: Row, column: str, *, required: bool = False) -> int | None:
    """A calendar year, 1990 to 2100. Problems: row_missing, row_year_expected."""
    value = text(row, column, required=required)
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{4}", value) or not 1990 <= int(value) <= 2100:
        add_problem(row, column, "row_year_expected")
        return None
    return int(value)


def unit(row: Row, column: str, *, required: bool = False) -> str:
    """A unit goods are bought in. Problems: row_missing, row_unit_unknown."""
    value = text(row, column, required=required)
    if value and not is_product_unit(value):
        add_problem(row, column, "row_unit_unknown")
        return ""
    return value


def currency(row: Row, column: str, *, required: bool = False) -> str:
    """A currency code of three capital letters (ISO 4217). Problems: row_missing, row_currency_expected."""
    value = text(row, column, required=required)
    if value and not re.fullmatch(CURRENCY_PATTERN, value):
        add_problem(row, column, "row_currency_expected")
        return ""
    return value


def yes_no(row: Row, column: str) -> bool:
    """yes/no, true/false, 1/0, 是/否 in any case; empty is no. Problem: row_yes_no_expected."""
    value = text(row, column).lower()
    if value not in _YES and value not in NO:
        add_problem(row, column, "row_yes_no_expected")
    return value in _YES
