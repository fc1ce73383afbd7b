"""ledger.csv: purchase lines, read in bulk into an in-process DuckDB and checked there by whole columns.

A good file is read once by DuckDB. When anything is wrong the file is read again record by record, slower, so
that every problem names the line it stands on.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from portal.core.problems import Problem
from portal.files import tables
from portal.files.ledger_rules import (
    LEDGER_REQUIRED,
    MOST_PROBLEMS,
    USED,
    Rule,
    count_of,
    problems_of,
    rules_of,
)

LONGEST_LINE = 1 << 20
_KEYS = ("line_id", "supplier_id", "product_id", "material")
_NUMBER_TYPE = "DECIMAL(33, 18)"


@dataclass(frozen=True)
class Ledger:
    """What was read: the file, its lines in all, and lines of other years by year."""

    source: tables.Source
    lines: int
    other_years: dict[int, int]


def load_ledger(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    name: str,
    year: int,
    rates: Collection[tuple[str, int]],
) -> tuple[Ledger | None, list[Problem], int]:
    """Fill the table `ledger` of `connection` with the lines dated in `year`; columns as `category1.LEDGER_SCHEMA`.

    `name` is what people call the file; `rates` are the (currency, year) pairs with an exchange rate. Returns the ledger, or None with the problems
    (at most MOST_PROBLEMS) and how many there are in all.
    """
    scanned, problems = tables.scan(path)
    source = tables.Source(name, scanned.sha256)
    problems = [Problem(p.code, name, p.values) for p in problems]
    if not problems:
        header, problems = tables.header_of(path, source.name, LEDGER_REQUIRED)
    if problems:
        return None, problems, len(problems)
    rules = rules_of(year, rates)
    if not _read_fast(connection, path, header) or _any_wrong(connection, rules):
        problems = _read_exactly(connection, path, source.name, header)
        found, count = problems_of(connection, source.name, rules)
        if problems or found:
            every = sorted([*problems, *found], key=lambda problem: _line(problem, source.name))
            return None, every[:MOST_PROBLEMS], len(problems) + count
    other = connection.execute(
        "SELECT CAST(date[1:4] AS INTEGER) AS y, count(*) FROM raw WHERE date[1:4] <> ? GROUP BY y ORDER BY y",
        [f"{year:04d}"],
    ).fetchall()
    lines = count_of(connection, "SELECT count(*) FROM raw")
    _type_columns(connection, year)
    return Ledger(source, lines, dict(other)), [], 0


def _read_fast(connection: duckdb.DuckDBPyConnection, path: Path, header: tuple[str, ...]) -> bool:
    """Read the whole file as text into the table `raw`; False when a record does not fit the header."""
    columns = {f"c{number}": "VARCHAR" for number in range(len(header))}
    select = ", ".join(
        f"coalesce(trim(c{header.index(name)}), '') AS {name}" if name in header else f"'' AS {name}"
        for name in USED
    )
    try:
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE raw AS SELECT "  # noqa: S608 (own text)
            + select
            + " FROM read_csv(?, columns=?, auto_detect=false, header=true, delim=',', quote='\"', escape='\"', "
            "strict_mode=true, compression='none', max_line_size=?)",
            [tables.literal_path(path), columns, LONGEST_LINE],
        )
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return False
    return True


def _line(problem: Problem, name: str) -> int:
    return int(problem.where.removeprefix(f"{name}:").split(":")[0])


def _read_exactly(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, header: tuple[str, ...]
) -> list[Problem]:
    """Read record by record into `raw`, `row` being the line in the file; records of another width are problems."""
    kept: dict[str, list[Any]] = {"row": [], **{column: [] for column in USED}}
    places = {column: header.index(column) for column in USED if column in header}
    problems: list[Problem] = []
    last = 1
    try:
        rest = tables.records(path)
        next(rest, None)
        for line, cells in rest:
            last = line
            if len(cells) != len(header):
                problems.append(tables.cells_differ(name, line, len(cells), len(header)))
                continue
            kept["row"].append(line)
            for column in USED:
                kept[column].append(cells[places[column]] if column in places else "")
    except csv.Error:
        problems.append(Problem("table_quoting_broken", f"{name}:{last + 1}"))
    text = pa.table({c: pa.array(v, pa.int64() if c == "row" else pa.string()) for c, v in kept.items()})
    connection.register("raw_rows", text)
    connection.execute("CREATE OR REPLACE TEMP TABLE raw AS SELECT * FROM raw_rows")
    connection.unregister("raw_rows")
    return problems


def _any_wrong(connection: duckdb.DuckDBPyConnection, rules: list[Rule]) -> bool:
    """Whether `raw` needs the exact reader: something is wrong, or a key has a tab or line break at its edge."""
    # the engine's trim leaves tabs and line breaks at the edge of a cell, the exact reader takes them off
    ragged = [f"{c} <> '' AND ({c}[1] < '!' OR {c}[-1] < '!')" for c in _KEYS]
    wrong = " OR ".join(f"({condition})" for condition in [*(rule[2] for rule in rules), *ragged])
    if connection.execute(f"SELECT 1 FROM raw WHERE {wrong} LIMIT 1").fetchall():  # noqa: S608 (own text)
        return True
    return count_of(connection, "SELECT count(*) - count(DISTINCT line_id) FROM raw") > 0


def _type_columns(connection: duckdb.DuckDBPyConnection, year: int) -> None:
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE ledger AS SELECT rowid + 2 AS row, line_id, CAST(date AS DATE) AS date, supplier_id,
        product_id, material, CAST(nullif(quantity, '') AS {_NUMBER_TYPE}) AS quantity,
        CASE WHEN quantity = '' THEN '' ELSE unit END AS unit,
        CAST(nullif(spend, '') AS {_NUMBER_TYPE}) AS spend,
        CASE WHEN spend = '' THEN '' ELSE currency END AS currency, country, sector
        FROM raw WHERE date[1:4] = '{year:04d}'"""  # noqa: S608 (own text)
    )
    connection.execute("DROP TABLE raw")
