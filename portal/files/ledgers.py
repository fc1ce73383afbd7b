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
import pyarrow.parquet as pq

from portal.core.carbon.category1 import NUMBER, SHORT_LENGTH, SHORT_NUMBER, SHORT_PLACES
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
# what Python takes for blank at the edge of a cell, as the exact reader does; the engine's own trim knows half of it
_BLANKS = "".join(map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B))))
_BLANKS += "".join(map(chr, (0x2028, 0x2029, 0x202F, 0x205F, 0x3000)))
_TRIMMED = f"trim({{}}, '{_BLANKS}')"
# only the first and last character are looked at: trimming a million cells takes many times as long
_RAGGED = (
    f"{{0}} <> '' AND ({{0}} < '!' OR contains('{_BLANKS}', right({{0}}, 1)) "
    f"OR ({{0}} > '~' AND contains('{_BLANKS}', left({{0}}, 1))))"
)
_FEW_VALUES = ("material", "unit", "currency", "country", "sector")
_OF_AMOUNTS = (("quantity", "unit"), ("spend", "currency"))


@dataclass(frozen=True)
class Ledger:
    """What was read: the file, its lines in all, and lines of other years by year.

    `short`: every amount fits SHORT_NUMBER. `halves`: lines of the year whose quantity has no unit, or whose
    spend has no currency, beside a complete other amount; the incomplete one is not used.
    """

    source: tables.Source
    lines: int
    other_years: dict[int, int]
    short: bool
    halves: int


def load_ledger(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    name: str,
    year: int,
    rates: Collection[tuple[str, int]] | None,
) -> tuple[Ledger | None, list[Problem], int]:
    """Fill the table `ledger` of `connection` with the lines dated in `year`; columns as `category1.LEDGER_SCHEMA`, and `ledger_kinds`.

    `name` is what people call the file; `rates` are the (currency, year) pairs with an exchange rate; None does not ask for them,
    of a ledger that an estimate was made from. Returns the ledger, or None with the problems
    (at most MOST_PROBLEMS) and how many there are in all.
    """
    held = _is_parquet(path)
    scanned, problems = tables.fingerprint(path) if held else tables.scan(path)
    source = tables.Source(name, scanned.sha256)
    problems = [Problem(p.code, name, p.values) for p in problems]
    if not problems:
        header, problems = (
            _parquet_header(path, name) if held else tables.header_of(path, name, LEDGER_REQUIRED)
        )
    if problems:
        return None, problems, len(problems)
    rules = rules_of(year, rates)
    read = _read_parquet if held else _read_csv
    if not read(connection, path, header, rules):
        problems = [] if held else _read_exactly(connection, path, source.name, header)
        if held:
            connection.execute("CREATE OR REPLACE TEMP TABLE raw AS SELECT rowid + 1 AS row, * FROM raw")
        found, count = problems_of(connection, source.name, rules)
        if problems or found:
            every = sorted([*problems, *found], key=lambda problem: _line(problem, source.name))
            return None, every[:MOST_PROBLEMS], len(problems) + count
        _list_repeated(connection)
    other = connection.execute(
        "SELECT CAST(date AS INTEGER) AS y, CAST(sum(lines) AS BIGINT) FROM kinds WHERE date <> ? GROUP BY y ORDER BY y",
        [f"{year:04d}"],
    ).fetchall()
    lines = count_of(connection, "SELECT count(*) FROM raw")
    short = not any(_found(connection, "raw", condition) for condition in _LONG)
    halves = _type_columns(connection, year, first=1 if held else 2, number=SHORT_NUMBER if short else NUMBER)
    return Ledger(source, lines, dict(other), short, halves), [], 0


_LONG = [
    condition
    for amount in ("quantity", "spend")
    for condition in (
        f"length({amount}) > {SHORT_LENGTH}",
        f"{amount} LIKE '%.{'_' * (SHORT_PLACES + 1)}%'",
    )
]


def _is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(4) == b"PAR1"
    except OSError:
        return False


def _parquet_header(path: Path, name: str) -> tuple[tuple[str, ...], list[Problem]]:
    """The columns of a Parquet ledger. Problem: table_parquet_broken, and those of a header."""
    try:
        header = tuple(pq.read_schema(path).names)
    except (pa.ArrowException, OSError):
        return (), [Problem("table_parquet_broken", name)]
    return header, tables.header_problems(header, name, LEDGER_REQUIRED)


def _read_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, header: tuple[str, ...], rules: list[Rule]
) -> bool:
    """Read a Parquet ledger into `raw` as the text its values print as, so that the same rules judge both forms.

    False when anything is wrong.
    """
    moment = pq.read_schema(path).field("date").type
    # many tools keep days as moments; of one with a time zone the day depends on where it is read
    days = pa.types.is_timestamp(moment) and moment.tz is None
    typed = {"date": "CAST(date AS DATE)"} if days else {}
    select = ", ".join(
        f"coalesce({_TRIMMED.format(f'CAST({typed.get(column, column)} AS VARCHAR)')}, '') AS {column}"
        if column in header
        else f"'' AS {column}"
        for column in USED
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE raw AS SELECT {select} FROM read_parquet(?)",  # noqa: S608 (own text)
        [tables.literal_path(path)],
    )
    return not _any_wrong(connection, rules)


def _read_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, header: tuple[str, ...], rules: list[Rule]
) -> bool:
    """Read a CSV ledger as text into `raw`; False when anything is wrong.

    Cells are trimmed only where a file turns out to need it: few have blanks around their cells, and trimming all takes long.
    """
    return any(
        _read_cells(connection, path, header, cell) and not _any_wrong(connection, rules)
        for cell in ("{}", _TRIMMED)
    )


def _read_cells(
    connection: duckdb.DuckDBPyConnection, path: Path, header: tuple[str, ...], cell: str
) -> bool:
    """Read the whole file into `raw`, `cell` being what becomes of a cell; False when a record does not fit the header."""
    columns = {f"c{number}": "VARCHAR" for number in range(len(header))}
    select = ", ".join(
        (cell.format(f"c{header.index(name)}") if name in header else "''") + f" AS {name}" for name in USED
    )
    try:
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE raw AS SELECT "  # noqa: S608 (own text)
            + select
            + " FROM read_csv(?, columns=?, auto_detect=false, header=true, delim=',', quote='\"', escape='\"', "
            "strict_mode=true, compression='none', max_line_size=?, force_not_null=?)",
            [tables.literal_path(path), columns, LONGEST_LINE, list(columns)],
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


def _list_repeated(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `days` and `kinds`, what `raw` repeats: each date, and each combination of the columns of few values.

    In `kinds`, `date` is the year, an amount is only there or not, and `lines` counts. A rule over these columns judges some
    thousand rows there instead of a million.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE days AS SELECT DISTINCT date FROM raw")
    listed = ", ".join(_FEW_VALUES)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE kinds AS SELECT date[1:4] AS date, {listed}, "  # noqa: S608 (own text)
        "if(quantity = '', '', '1') AS quantity, if(spend = '', '', '1') AS spend, count(*) AS lines "
        "FROM raw GROUP BY ALL"
    )


def _any_wrong(connection: duckdb.DuckDBPyConnection, rules: list[Rule]) -> bool:
    """Whether `raw` has to be read again: something is wrong, or a key has a blank at its edge."""
    _list_repeated(connection)
    repeated = {"date": "days", **dict.fromkeys(_FEW_VALUES, "kinds")}
    ragged = [(c, _RAGGED.format(c)) for c in _KEYS]
    # one statement each: the engine skips what its column statistics rule out, and joined by OR it is twice as slow
    return any(
        _found(connection, repeated.get(column, "raw"), condition)
        for column, condition in [*((column, condition) for column, _, condition in rules), *ragged]
    ) or bool(count_of(connection, "SELECT count(*) - count(DISTINCT line_id) FROM raw"))


def _found(connection: duckdb.DuckDBPyConnection, table: str, condition: str) -> bool:
    """Whether the table has a row that meets the condition."""
    return bool(connection.execute(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1").fetchall())  # noqa: S608 (own text)


def _type_columns(connection: duckdb.DuckDBPyConnection, year: int, *, first: int, number: str) -> int:
    """Make `ledger`, the typed columns of `raw`, and `ledger_kinds`, its combinations of material, unit, currency, country and sector.

    An amount without its unit or currency is left empty, and so is a unit or currency without amount. Returns how many amounts were.
    """
    unit, currency = (f"CASE WHEN {amount} = '' THEN '' ELSE {of} END AS {of}" for amount, of in _OF_AMOUNTS)
    connection.execute(
        f"""CREATE OR REPLACE TEMP VIEW ledger AS SELECT rowid + {first} AS row, line_id, CAST(date AS DATE) AS date,
        supplier_id, product_id, material,
        CASE WHEN unit <> '' THEN CAST(nullif(quantity, '') AS {number}) END AS quantity, {unit},
        CASE WHEN currency <> '' THEN CAST(nullif(spend, '') AS {number}) END AS spend, {currency}, country, sector
        FROM raw WHERE date[1:4] = '{year:04d}'"""  # noqa: S608 (own text)
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW ledger_kinds AS SELECT material, {unit}, {currency}, country, sector "  # noqa: S608
        f"FROM kinds WHERE date = '{year:04d}'"
    )
    halves = " OR ".join(f"({amount} <> '' AND {of} = '')" for amount, of in _OF_AMOUNTS)
    return count_of(
        connection,
        f"SELECT coalesce(sum(lines), 0) FROM kinds WHERE date = '{year:04d}' AND ({halves})",  # noqa: S608 (own text)
    )
