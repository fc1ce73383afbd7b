"""What a check finds in a mapped ledger (table `raw`): duplicates, credit notes, years, totals, the first lines."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from portal.core.ledger.columns import LEDGER_COLUMNS
from portal.files.ledger_plain import UNREADABLE
from portal.files.ledger_rules import count_of

EXAMPLES = 20
PREVIEW = 12
_AMOUNT = "TRY_CAST(nullif({}, '') AS DECIMAL(33, 18))"
_Q, _S = _AMOUNT.format("quantity"), _AMOUNT.format("spend")
# Lines that agree in all this are suspected to be one purchase written twice.
_SAME = f"date, supplier_id, product_id, material, {_Q}, unit, {_S}, currency"
_SHOWN = (
    "row",
    "line_id",
    "date",
    "supplier_id",
    "product_id",
    "material",
    "quantity",
    "unit",
    "spend",
    "currency",
)


def find_duplicates(connection: duckdb.DuckDBPyConnection) -> int:
    """Fill `twins` with the rows that repeat an earlier line, and return how many there are."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE twins AS SELECT row, first FROM (SELECT row, min(row) OVER (PARTITION BY {_SAME}) AS first "  # noqa: S608
        f"FROM raw WHERE (quantity <> '' OR spend <> '') AND '{UNREADABLE}' NOT IN (date, quantity, spend)) WHERE row > first"
    )
    return count_of(connection, "SELECT count(*) FROM twins")


def duplicate_examples(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The first suspected duplicates with the row of the line they repeat."""
    return _rows(
        connection,
        f"SELECT {', '.join('raw.' + c for c in _SHOWN)}, first FROM twins JOIN raw USING (row) ORDER BY row LIMIT {EXAMPLES}",  # noqa: S608
    )


def credits(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Credit notes (negative lines): how many, what they come to, and those no purchase in the file stands for.

    A purchase stands for a credit note when the same supplier, product and material was bought for at least as much.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE credit AS SELECT row, supplier_id, product_id, material, "  # noqa: S608
        f"{_Q} AS q, {_S} AS s FROM raw WHERE {_Q} < 0 OR {_S} < 0"
    )
    count = count_of(connection, "SELECT count(*) FROM credit")
    if not count:
        return {"lines": 0, "alone": 0, "mixed": 0, "examples": []}
    bought = (
        f"SELECT supplier_id, product_id, material, max({_Q}) AS q, max({_S}) AS s FROM raw "  # noqa: S608
        f"WHERE {_Q} > 0 OR {_S} > 0 GROUP BY ALL"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE alone AS SELECT credit.row FROM credit LEFT JOIN ({bought}) AS bought "  # noqa: S608
        "USING (supplier_id, product_id, material) WHERE bought.supplier_id IS NULL "
        "OR coalesce(-credit.q > bought.q, false) OR coalesce(-credit.s > bought.s, false)"
    )
    return {
        "lines": count,
        "alone": count_of(connection, "SELECT count(*) FROM alone"),
        # one amount negative, the other not: a slipped sign rather than a credit note
        "mixed": count_of(connection, "SELECT count(*) FROM credit WHERE (q < 0) <> (s < 0)"),
        "examples": _rows(
            connection,
            f"SELECT {', '.join('raw.' + c for c in _SHOWN)} FROM alone JOIN raw USING (row) ORDER BY row LIMIT {EXAMPLES}",  # noqa: S608
        ),
    }


def zeros(connection: duckdb.DuckDBPyConnection, left_out: bool) -> int:
    """Lines that were paid for but say 0 of something was bought: where their quantity serves, they come to nothing."""
    return count_of(
        connection,
        f"SELECT count(*) FROM raw WHERE {_Q} = 0 AND {_S} <> 0 {_without(left_out)}",  # noqa: S608 (own text)
    )


def years(connection: duckdb.DuckDBPyConnection, left_out: bool) -> dict[str, int]:
    """Lines by year of purchase; readable dates only."""
    rows = connection.execute(
        "SELECT date[1:4], count(*) FROM raw WHERE regexp_matches(date, '^[0-9]{4}-') "  # noqa: S608
        f"{_without(left_out)} GROUP BY ALL ORDER BY 1"
    ).fetchall()
    return dict(rows)


def totals(connection: duckdb.DuckDBPyConnection, amount: str, word: str, left_out: bool) -> dict[str, str]:
    """Exact sum of `amount` (quantity, spend) by `word` (unit, currency): what a person compares with their own system."""
    value = _AMOUNT.format(amount)
    rows = connection.execute(
        f"SELECT {word}, CAST(sum({value}) AS VARCHAR) FROM raw WHERE {value} IS NOT NULL "  # noqa: S608
        f"{_without(left_out)} GROUP BY ALL ORDER BY 1 LIMIT 60"
    ).fetchall()
    return {unit: _short(text) for unit, text in rows}


def preview(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The first lines: `row`, `told` as in the file and `plain` as read, by field."""
    columns = [f"t_{c}" for c in LEDGER_COLUMNS] + list(LEDGER_COLUMNS)
    rows = connection.execute(
        f"SELECT row, {', '.join(columns)} FROM raw ORDER BY row LIMIT {PREVIEW}"  # noqa: S608
    ).fetchall()
    wide = len(LEDGER_COLUMNS)
    return [{"row": r[0], "told": list(r[1 : wide + 1]), "plain": list(r[wide + 1 :])} for r in rows]


def changed_lines(connection: duckdb.DuckDBPyConnection) -> int:
    """Lines of which the plain form differs from what the file says."""
    differs = " OR ".join(f"{c} IS DISTINCT FROM t_{c}" for c in LEDGER_COLUMNS)
    return count_of(connection, f"SELECT count(*) FROM raw WHERE {differs}")  # noqa: S608


def write_plain(connection: duckdb.DuckDBPyConnection, target: Path, left_out: bool) -> int:
    """Write the ledger in the plain form with the row of the original beside each line; returns its lines."""
    columns = ", ".join([*(f"nullif({c}, '') AS {c}" for c in LEDGER_COLUMNS), "row AS source_row"])
    where = _without(left_out)
    path = str(target).replace("'", "''")
    connection.execute(
        f"COPY (SELECT {columns} FROM raw WHERE true {where} ORDER BY row) TO '{path}' (FORMAT csv, HEADER true)"  # noqa: S608
    )
    return count_of(connection, f"SELECT count(*) FROM raw WHERE true {where}")  # noqa: S608


def _without(left_out: bool) -> str:
    return "AND row NOT IN (SELECT row FROM twins)" if left_out else ""


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    result = connection.execute(sql)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _short(text: str) -> str:
    value = format(Decimal(text), "f")
    return value.rstrip("0").rstrip(".") if "." in value else value
