"""The summary of a run in the form of estimate.json: totals, coverage, interval, warnings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Any

import duckdb

from portal.core.carbon.category1 import METHODS, UNREACHED
from portal.core.carbon.money import rate
from portal.core.carbon.plausibility import doubts
from portal.core.carbon.quality import QUALITY_SCALE, UNCERTAINTY_TABLE
from portal.core.carbon.uncertainty import interval_95
from portal.core.problems import Problem
from portal.files.ledgers import Ledger
from portal.language.sentences import sentence, sentences
from portal.operations.estimating.inputs import Tables

KG_PER_T = Decimal(1000)
MOST_LISTED = 100


def tonnes(kilograms: Decimal) -> str:
    """kgCO2e as tCO2e text with 6 places, rounded half-even at the very end."""
    return _fixed(kilograms / KG_PER_T, "0.000001")


def _fixed(value: Decimal, step: str) -> str:
    with localcontext(prec=60):
        text = format(value.quantize(Decimal(step), rounding=ROUND_HALF_EVEN), "f")
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def summarise(
    connection: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    tables: Tables,
    year: int,
    warnings: Sequence[Problem],
) -> dict[str, Any]:
    """Everything of estimate.json but run, year, engine, method and inputs, from the table `lines`."""
    methods = _by_method(connection, tables, year)
    total = sum((m["kg"] for m in methods.values()), Decimal(0))
    spreads = [
        row[0]
        for row in connection.execute(
            "SELECT sum(kgco2e * sigma_ln) FROM lines WHERE kgco2e IS NOT NULL GROUP BY source_id ORDER BY source_id"
        ).fetchall()
    ]
    low, high = interval_95(total, spreads)
    left = methods.pop(UNREACHED)
    told = [
        *warnings,
        *_zeros(connection, ledger),
        *_doubted(connection, tables),
        *_price_gaps(connection, tables, year),
    ]
    return {
        "total_tco2e": tonnes(total),
        "interval_95": [tonnes(low), tonnes(high)],
        "by_method": {
            name: {
                "lines": m["lines"],
                "spend_usd": _fixed(m["usd"], "0.01"),
                "tco2e": tonnes(m["kg"]),
                "kgco2e": _fixed(m["kg"], "0.000001"),
            }
            for name, m in methods.items()
        },
        "unreached": {
            "lines": left["lines"],
            "spend_usd": _fixed(left["usd"], "0.01"),
            "listed": _unreached(connection),
        },
        "by_material": _by(connection, "material"),
        "by_supplier": _by(connection, "supplier_id"),
        "primary_data_share": _primary_share(connection, total),
        "coverage": {"lines": sum(m["lines"] for m in methods.values()) + left["lines"]},
        "not_in_year": {
            "lines": sum(ledger.other_years.values()),
            "by_year": {str(y): n for y, n in ledger.other_years.items()},
        },
        "quality_scale": QUALITY_SCALE,
        "uncertainty_table": UNCERTAINTY_TABLE,
        "reasons": _reasons(connection),
        "warnings": [_warning(each) for each in told],
    }


def _by_method(connection: duckdb.DuckDBPyConnection, tables: Tables, year: int) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {
        name: {"lines": 0, "usd": Decimal(0), "kg": Decimal(0)} for name in (*METHODS, UNREACHED)
    }
    rows = connection.execute(
        "SELECT method, currency, count(*), sum(spend), sum(kgco2e) FROM lines GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    with localcontext(prec=60):
        for method, currency, lines, spend, kilograms in rows:
            entry = found[method]
            entry["lines"] += lines
            entry["kg"] += kilograms or Decimal(0)
            if spend is not None:
                entry["usd"] += spend / (rate(tables.money, currency, year) or Decimal(1))
    return found


def _by(connection: duckdb.DuckDBPyConnection, column: str) -> dict[str, Any]:
    """Lines and tonnes by material or supplier, most tonnes first; lines no method reached are not in them."""
    rows = connection.execute(
        f"SELECT {column}, count(*), sum(kgco2e) AS kg FROM lines WHERE kgco2e IS NOT NULL "  # noqa: S608 (own text)
        f"GROUP BY {column} ORDER BY kg DESC, {column}"
    ).fetchall()
    return {name: {"lines": lines, "tco2e": tonnes(kg)} for name, lines, kg in rows}


def _unreached(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "SELECT line_id FROM lines WHERE method = ? ORDER BY row LIMIT ?", [UNREACHED, MOST_LISTED]
    ).fetchall()
    return [row[0] for row in rows]


def _primary_share(connection: duckdb.DuckDBPyConnection, total: Decimal) -> str:
    """Per cent of the emission that rests on suppliers' own data, two places; 0.00 of an empty or negative total."""
    rows = connection.execute("SELECT sum(kgco2e * primary_share) FROM lines").fetchall()
    weighted = rows[0][0] or Decimal(0)
    return _fixed(weighted / total, "0.01") if total > 0 else "0.00"


def _reasons(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    rows = connection.execute("SELECT reason, count(*) FROM lines GROUP BY reason ORDER BY reason").fetchall()
    counted: dict[str, int] = {}
    for reason, lines in rows:
        for code in reason.split("; "):
            counted[code] = counted.get(code, 0) + lines
    texts = sentences()
    return {code: {"lines": counted[code], "text": texts[code]} for code in sorted(counted)}


def _zeros(connection: duckdb.DuckDBPyConnection, ledger: Ledger) -> Iterable[Problem]:
    """Lines that were paid for and come to nothing because their quantity is 0."""
    count = connection.execute(
        "SELECT count(*) FROM lines WHERE quantity = 0 AND spend <> 0 AND kgco2e = 0"
    ).fetchall()[0][0]
    if count:
        yield Problem("ledger_zero_quantities", ledger.source.name, {"count": count})


def _doubted(connection: duckdb.DuckDBPyConnection, tables: Tables) -> Iterable[Problem]:
    used = connection.execute("SELECT DISTINCT source_id FROM lines WHERE method = 'supplier_specific'")
    ids = {row[0] for row in used.fetchall()}
    for footprint in sorted(tables.footprints, key=lambda f: f.footprint_id):
        if footprint.footprint_id in ids:
            for doubt in doubts(footprint):
                yield Problem(doubt.code, footprint.footprint_id, doubt.values)


def _price_gaps(connection: duckdb.DuckDBPyConnection, tables: Tables, year: int) -> Iterable[Problem]:
    bases = {f.base_year for f in tables.factors if f.base_year is not None and f.base_year != year}
    missing = sorted(y for y in (bases | {year} if bases else set()) if y not in tables.money.index)
    left = connection.execute(
        "SELECT count(*) FROM lines WHERE method = ? AND spend IS NOT NULL", [UNREACHED]
    ).fetchall()[0][0]
    if missing and left:
        yield Problem("price_index_missing", values={"years": ", ".join(map(str, missing)), "lines": left})


def _warning(problem: Problem) -> dict[str, Any]:
    values = {name: str(value) for name, value in problem.values.items()}
    return {"code": problem.code, "where": problem.where, "values": values, "text": sentence("en", problem)}
