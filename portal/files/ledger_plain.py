"""From cells to the plain form: one SQL expression per field, made from the mapping. DuckDB does it for all lines at once.

Table `told`: `row`, and per field `t_<field>`, the text of the file, with `k_<field>`, the kind of its cell.
Table `raw`: `row`, every field in the plain form as `portal.files.ledger_rules` wants it, and the same `t_` and `k_`
columns beside it. A cell that cannot be read is UNREADABLE in `raw`, never another figure.
"""

from __future__ import annotations

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from portal.core.carbon.cells import NUMBER_PATTERN
from portal.core.ledger.columns import LEDGER_COLUMNS
from portal.core.ledger.forms import DATE_FORMS, NumberForm, signed_pattern, thousands_class
from portal.core.ledger.mapping import Mapping
from portal.core.ledger.words import Meaning
from portal.files.ledger_rules import Rule
from portal.files.tables import literal_path

UNREADABLE = "\ufffd"
TRANSLATED = {
    "unit": "unit",
    "currency": "currency",
    "country": "country",
    "supplier_id": "supplier",
    "material": "material",
}
NUMBERS = ("quantity", "spend")
# A figure in other units is multiplied exactly; longer ones would not fit the engine's decimals.
_SHORT = r"^-?[0-9]{1,10}(\.[0-9]{1,8})?$"


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def take_cells(connection: duckdb.DuckDBPyConnection, cells: Path, mapping: Mapping) -> None:
    """Fill `told` from a file of `portal.files.ledger_cells`."""
    parts = ["row"]
    for name in LEDGER_COLUMNS:
        place = mapping.columns.get(name)
        if place is not None:
            text, kind = f"c{place}", f"CASE WHEN kinds = '' THEN 't' ELSE kinds[{place + 1}] END"
        elif name == "line_id" and mapping.number_lines:
            text, kind = "'row-' || row", "'t'"
        else:
            text, kind = literal(mapping.fixed.get(name, "").strip()), "'t'"
        parts += [f"{text} AS t_{name}", f"{kind} AS k_{name}"]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE told AS SELECT {', '.join(parts)} FROM read_parquet(?) ORDER BY row",  # noqa: S608
        [literal_path(cells)],
    )


def written(connection: duckdb.DuckDBPyConnection, field: str, most: int) -> list[tuple[str, int]]:
    """The different texts of a field with their number of lines, most lines first."""
    rows = connection.execute(
        f"SELECT t_{field}, count(*) FROM told WHERE t_{field} <> '' "  # noqa: S608 (own name)
        f"GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT {most}"
    ).fetchall()
    return [(text, count) for text, count in rows]


def make_plain(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, words: Dict[str, Dict[str, Meaning]]
) -> None:
    """Fill `raw` from `told`. `words`: kind → text as written → what it means."""
    joins = []
    for field, kind in TRANSLATED.items():
        table = pa.table(
            {
                "written": pa.array(list(words.get(kind, {})), pa.string()),
                "meaning": pa.array([m.value for m in words.get(kind, {}).values()], pa.string()),
                "times": pa.array([m.times for m in words.get(kind, {}).values()], pa.decimal128(16, 8)),
            }
        )
        connection.register(f"arrow_{kind}", table)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE w_{kind} AS SELECT * FROM arrow_{kind}")  # noqa: S608
        connection.unregister(f"arrow_{kind}")
        joins.append(f"LEFT JOIN w_{kind} ON w_{kind}.written = t_{field}")
    fields = ", ".join(f"{_plain(name, mapping)} AS {name}" for name in LEDGER_COLUMNS)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE raw AS SELECT told.*, {fields} FROM told {' '.join(joins)} ORDER BY row"  # noqa: S608
    )


def _plain(name: str, mapping: Mapping) -> str:
    if name == "date":
        return _date(mapping)
    if name in NUMBERS:
        return _number(name, mapping)
    if name in TRANSLATED:
        return f"coalesce(w_{TRANSLATED[name]}.meaning, t_{name})"
    return f"t_{name}"


def _date(mapping: Mapping) -> str:
    pattern, order = DATE_FORMS[mapping.date_form or "ymd-"]
    part = {key: f"regexp_extract(t_date, {literal(pattern)}, {n})" for n, key in enumerate(order, start=1)}
    typed = "'d', 'm', 'f'" if mapping.take_formulas else "'d', 'm'"
    return (
        f"CASE WHEN t_date = '' AND k_date = 't' THEN '' WHEN k_date IN ({typed}) THEN t_date[1:10] "
        f"WHEN k_date = 't' AND regexp_matches(t_date, {literal(pattern)}) "
        f"THEN {part['y']} || '-' || lpad({part['m']}, 2, '0') || '-' || lpad({part['d']}, 2, '0') "
        f"ELSE '{UNREADABLE}' END"
    )


def _number(name: str, mapping: Mapping) -> str:
    form = mapping.numbers or NumberForm()
    text = f"t_{name}"
    digits = f"regexp_replace({text}, '[-()]', '', 'g')"
    if form.thousands:
        digits = f"regexp_replace({digits}, {literal(thousands_class(form))}, '', 'g')"
    if form.decimal != ".":
        digits = f"replace({digits}, {literal(form.decimal)}, '.')"
    negative = f"({text}[1] IN ('-', '(') OR {text}[-1] = '-')"
    read = f"CASE WHEN {negative} THEN '-' ELSE '' END || {digits}"
    typed = "'n', 'f'" if mapping.take_formulas else "'n'"
    plain = (
        f"CASE WHEN {text} = '' AND k_{name} = 't' THEN '' "
        f"WHEN k_{name} IN ({typed}) AND regexp_matches({text}, {literal(signed_pattern(NumberForm()))}) THEN {text} "
        f"WHEN k_{name} = 't' AND regexp_matches({text}, {literal(signed_pattern(form))}) THEN {read} "
        f"ELSE '{UNREADABLE}' END"
    )
    times = str(mapping.quantity_times if name == "quantity" else mapping.spend_times)
    if name == "quantity":
        times = f"coalesce(w_unit.times, 1) * {times}"
    return _multiplied(plain, f"CAST({times} AS DECIMAL(20, 8))")


def _multiplied(plain: str, times: str) -> str:
    """`plain` times an exact decimal, as text without idle zeros; left as it is where there is nothing to multiply."""
    product = f"CAST(CAST(({plain}) AS DECIMAL(18, 8)) * {times} AS VARCHAR)"
    short = f"regexp_replace({product}, '\\.?0+$', '')"
    return (
        f"CASE WHEN {times} = 1 OR ({plain}) IN ('', '{UNREADABLE}') THEN ({plain}) "
        f"WHEN regexp_matches(({plain}), {literal(_SHORT)}) AND regexp_matches({short}, {literal(NUMBER_PATTERN)}) "
        f"THEN {short} ELSE '{UNREADABLE}' END"
    )


def rules_for(mapping: Mapping, rules: Sequence[Rule]) -> list[Rule]:
    """The rules of the plain form, said in the words of this mapping, and what only cells of a sheet can be."""
    said = {
        "row_date_expected": "row_date_expected"
        if mapping.date_form == "ymd-"
        else "ledger_date_not_in_form",
        "row_number_expected": "row_number_expected"
        if mapping.numbers is None or mapping.numbers.is_plain
        else "ledger_number_not_in_form",
    }
    refused = {
        "e": "cell_error",
        "s": "cell_scaled",
        "p": "cell_in_percent",
        "z": "cell_is_time",
        "u": "cell_is_time",
        "l": "cell_digits_lost",
    }
    if not mapping.take_formulas:
        refused["f"] = "cell_formula"
    found: list[Rule] = []
    for column, code, condition in rules:
        if code in said:
            listed = ", ".join(f"'{kind}'" for kind in refused)
            condition = f"({condition}) AND k_{column} NOT IN ({listed})"
        found.append((column, said.get(code, code), condition))
    found.append(
        (
            "date",
            "ledger_year_odd",
            "regexp_matches(date, '^[0-9]{4}-') AND date[1:4] NOT BETWEEN '1990' AND '2100'",
        )
    )
    for column in LEDGER_COLUMNS:
        found += [(column, code, f"k_{column} = '{kind}'") for kind, code in refused.items()]
    for column in ("line_id", "supplier_id", "product_id"):
        found.append((column, "cell_became_date", f"k_{column} IN ('d', 'm')"))
    return found
