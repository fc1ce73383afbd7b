"""rates.csv and prices.csv: yearly average exchange rates and the US price level."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from portal.core.carbon import cells
from portal.core.carbon.money import PRICE_REQUIRED, RATE_REQUIRED
from portal.core.problems import Problem
from portal.files.tables import Source, read_table


def read_rates(path: Path) -> tuple[dict[tuple[str, int], Decimal], Source | None, list[Problem]]:
    """Units of a currency per US dollar by (currency, year), with every problem found."""
    table, problems = read_table(path, RATE_REQUIRED)
    if table is None:
        return {}, None, problems
    found: dict[tuple[str, int], Decimal] = {}
    for line in table.rows:
        row = cells.Row(line.values, f"{table.source.name}:{line.line}")
        currency = cells.currency(row, "currency", required=True)
        year = cells.year(row, "year", required=True)
        per_usd = cells.positive(row, "per_usd", required=True)
        if currency and year and (currency, year) in found:
            cells.add_problem(row, "year", "row_id_twice")
        if currency == "USD" and per_usd not in (None, Decimal(1)):
            cells.add_problem(row, "per_usd", "rate_of_dollar_is_one")
        if currency and year and per_usd:
            found[currency, year] = per_usd
        problems += row.problems
    return found, table.source, problems


def read_prices(path: Path) -> tuple[dict[int, Decimal], Source | None, list[Problem]]:
    """The US price level by year, with every problem found."""
    table, problems = read_table(path, PRICE_REQUIRED)
    if table is None:
        return {}, None, problems
    found: dict[int, Decimal] = {}
    for line in table.rows:
        row = cells.Row(line.values, f"{table.source.name}:{line.line}")
        year = cells.year(row, "year", required=True)
        index = cells.positive(row, "index", required=True)
        if year and year in found:
            cells.add_problem(row, "year", "row_id_twice")
        if year and index:
            found[year] = index
        problems += row.problems
    return found, table.source, problems
