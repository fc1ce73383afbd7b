"""The rules a purchase line must keep, as conditions over whole columns of a DuckDB table `raw` of text.

`raw` has `row` (the place in the file) and a text column per ledger column, "" for an empty cell. The same rules judge a
ledger in the plain form and one that a mapping has brought into it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import duckdb

from portal.core.carbon.cells import (
    CURRENCY_PATTERN,
    DATE_PATTERN,
    LONGEST_TEXT,
    NUMBER_PATTERN,
    PRODUCT_CLASSES,
    SECTOR_PATTERN,
)
from portal.core.carbon.geography import COUNTRIES
from portal.core.ledger.columns import LEDGER_COLUMNS
from portal.core.problems import Problem
from portal.core.units import units_of_class

LEDGER_REQUIRED = ("line_id", "date", "supplier_id")
USED = LEDGER_COLUMNS[:-1]
MOST_PROBLEMS = 1000
Rule = tuple[str, str, str]


def product_units() -> list[str]:
    """Every unit goods are bought in."""
    return sorted({unit for kind in PRODUCT_CLASSES for unit in units_of_class(kind)})


def quoted(values: Collection[str]) -> str:
    """Texts as a list of SQL literals."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values)) or "''"


def rules_of(year: int, rates: Collection[tuple[str, int]] | None) -> list[Rule]:
    """(column, problem code, SQL condition that is true of a wrong row); with None no exchange rate is asked for."""
    units = quoted(product_units())
    rules = [(c, "row_missing", f"{c} = ''") for c in LEDGER_REQUIRED]
    rules += [(c, "row_too_long", f"length({c}) > {LONGEST_TEXT}") for c in USED]
    rules += [
        (
            "date",
            "row_date_expected",
            f"date <> '' AND (NOT regexp_matches(date, '{DATE_PATTERN}') OR TRY_CAST(date AS DATE) IS NULL)",
        ),
        *[
            (c, "row_number_expected", f"{c} <> '' AND NOT regexp_matches({c}, '{NUMBER_PATTERN}')")
            for c in ("quantity", "spend")
        ],
        ("quantity", "line_without_amount", "quantity = '' AND spend = ''"),
        ("unit", "line_unit_missing", "quantity <> '' AND unit = '' AND (spend = '' OR currency = '')"),
        ("unit", "row_unit_unknown", f"unit <> '' AND unit NOT IN ({units})"),
        (
            "currency",
            "line_currency_missing",
            "spend <> '' AND currency = '' AND (quantity = '' OR unit = '')",
        ),
        (
            "currency",
            "row_currency_expected",
            f"currency <> '' AND NOT regexp_matches(currency, '{CURRENCY_PATTERN}')",
        ),
        *([] if rates is None else _rate_rules(year, rates)),
        (
            "country",
            "line_country_unknown",
            f"country <> '' AND country NOT IN (SELECT unnest([{quoted(COUNTRIES)}]))",
        ),
        (
            "sector",
            "line_sector_expected",
            f"sector <> '' AND NOT regexp_matches(sector, '{SECTOR_PATTERN}')",
        ),
    ]
    return rules


def _rate_rules(year: int, rates: Collection[tuple[str, int]]) -> list[Rule]:
    currencies = quoted({currency for currency, _ in rates} | {"USD"})
    this_year = quoted({currency for currency, rated in rates if rated == year} | {"USD"})
    return [
        (
            "currency",
            "line_currency_unknown",
            f"regexp_matches(currency, '{CURRENCY_PATTERN}') AND spend <> '' AND currency NOT IN ({currencies})",
        ),
        (
            "currency",
            "line_rate_missing",
            f"spend <> '' AND currency IN ({currencies}) AND currency NOT IN ({this_year}) "
            f"AND date[1:4] = '{year:04d}'",
        ),
    ]


DUPLICATES = (
    "SELECT row, line_id, min(row) OVER (PARTITION BY line_id) AS first FROM raw WHERE line_id IN "
    "(SELECT line_id FROM raw WHERE line_id <> '' GROUP BY line_id HAVING count(*) > 1)"
)


def count_of(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The one whole number a query returns."""
    return int(connection.execute(sql).fetchall()[0][0])


def problems_of(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    rules: list[Rule],
    *,
    written: Mapping[str, str] | None = None,
    most: int = MOST_PROBLEMS,
) -> tuple[list[Problem], int]:
    """The problems of `raw` by line, at most `most`, and how many there are.

    `written` names, for a ledger column, the column of `raw` that holds what the file has in its place.
    """
    shown = written or {}
    parts = [
        f"SELECT row, {place} AS place, '{column}' AS col, '{code}' AS code, {shown.get(column, column)} AS found, '' AS other "  # noqa: S608
        f"FROM raw WHERE {condition}"
        for place, (column, code, condition) in enumerate(rules)
    ]
    parts.append(
        f"SELECT row, 0, 'line_id', 'row_id_twice', line_id, CAST(first AS VARCHAR) FROM ({DUPLICATES}) "  # noqa: S608
        "WHERE row > first"
    )
    every = " UNION ALL ".join(parts)
    count = count_of(connection, f"SELECT count(*) FROM ({every})")  # noqa: S608 (own text)
    rows = connection.execute(
        f"SELECT * FROM ({every}) ORDER BY row, place LIMIT {most}"  # noqa: S608 (own text)
    ).fetchall()
    problems = [
        Problem(
            code, f"{name}:{row}:{column}", {"column": column, "found": (found or "")[:80], "other": other}
        )
        for row, _, column, code, found, other in rows
    ]
    return problems, count
