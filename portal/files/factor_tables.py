"""Tables of factors, exchange rates and prices that a person brings in: their forms, and their rows with cell addresses.

The same rules as for the tables of the command line (`files/factors.py`, `files/rates.py`); what a value means is
judged by `portal.core.carbon`, here only where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from portal.core.carbon import cells
from portal.core.carbon.factor_records import Record, record_of
from portal.core.carbon.factors import read_factor
from portal.core.errors import Invalid
from portal.core.problems import Problem
from portal.files.tables import Source, read_table
from portal.files.tabular import Column, RawRow, locate, read_rows
from portal.files.template_books import TableForm, write_template
from portal.language import N_

LONGEST = {"factor_id": 120, "material": 60, "sector": 60, "geography": 60, "unit": 60}
LARGEST_TEXT = 500


@dataclass(frozen=True)
class MoneyRecord:
    """One exchange rate, or with an empty currency one price index, as text: `value` is checked decimal text."""

    currency: str
    year: int
    value: str
    source: str


@dataclass(frozen=True)
class Placed:
    """A record with the row of the file it stands in, the cell of its value, and the cell of what names it."""

    row: int
    cell: str
    record: Record | MoneyRecord
    named: str = ""


@dataclass(frozen=True)
class Brought:
    """A table as read. With any of `problems` it cannot be taken over; `notes` only tell."""

    rows: tuple[Placed, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


FACTORS = TableForm(
    sheet=N_("Factors"),
    title=N_("Emission factors"),
    columns=(
        Column("factor_id", N_("Factor number"), N_("Your own; each only once, and not one of another table."), True),
        Column("name_en", N_("Name in English"), N_("What the factor is of."), True),
        Column("name_zh", N_("Name in Chinese"), N_("Found by a search in Chinese.")),
        Column("category", N_("Category"), N_("Your own grouping.")),
        Column("material", N_("Material key"), N_("The key of purchase lines it serves, for example silver_paste.")),
        Column("sector", N_("Sector"), N_("NAICS 2017, six digits, for factors per money.")),
        Column("geography", N_("Geography"), N_("Two letters for a country, for example CN; EU, GLO for the world."), True),
        Column("year", N_("Year"), N_("The year the figure stands for."), True, "year"),
        Column("value", N_("Value"), N_("Kilograms of CO2 equivalent per unit."), True, "number"),
        Column("unit", N_("Unit"), N_("kgCO2e/kg, kgCO2e/m2, kgCO2e/piece …, or kgCO2e/USD-2022."), True),
        Column("gas_basis", N_("Gas basis"), N_("For example AR5, AR6 or CO2 only.")),
        Column("boundary", N_("Boundary"), N_("For example cradle-to-gate.")),
        Column("source", N_("Source"), N_("Who published it, or how you worked it out."), True),
        Column("source_version", N_("Source version"), N_("Edition, date or number of the source.")),
        Column("licence", N_("Licence"), N_("Under what terms you may use it.")),
        Column("url", N_("Address"), N_("Where it can be looked up.")),
        Column("proxy", N_("Stands in for another material"), N_("yes when it is not of the material itself."), form="choice", choices=("yes", "no")),
    ),
    example={
        "factor_id": "OWN-PASTE-2025", "name_en": "Silver paste, front side", "name_zh": "正面银浆", "material": "silver_paste",
        "geography": "CN", "year": "2025", "value": "95.5", "unit": "kgCO2e/kg", "gas_basis": "AR6", "boundary": "cradle-to-gate",
        "source": "Own study", "source_version": "2025-11", "licence": "internal", "proxy": "no",
    },
)  # fmt: skip

RATES = TableForm(
    sheet=N_("Rates"),
    title=N_("Exchange rates, yearly average"),
    columns=(
        Column("currency", N_("Currency"), N_("Three letters, for example CNY."), True),
        Column("year", N_("Year"), N_("Calendar year of the average."), True, "year"),
        Column("per_usd", N_("Units per US dollar"), N_("How many units buy one US dollar."), True, "number"),
        Column("source", N_("Source"), N_("Who published the rate.")),
    ),
    example={"currency": "MYR", "year": "2024", "per_usd": "4.5", "source": "Treasury, yearly average"},
)
PRICES = TableForm(
    sheet=N_("Prices"),
    title=N_("US price level by year"),
    columns=(
        Column("year", N_("Year"), N_("Calendar year of the average."), True, "year"),
        Column("index", N_("Index"), N_("All years on one base."), True, "number"),
        Column("source", N_("Source"), N_("Who published the index.")),
    ),
    example={"year": "2025", "index": "320.5", "source": "Statistics office, annual average"},
)
FORMS = {"factors": FACTORS, "rates": RATES, "prices": PRICES}


def template(kind: str, locale: str, file_format: str) -> bytes:
    """An empty table of `kind` (factors, rates, prices) as csv or xlsx."""
    return write_template(FORMS[kind], locale, file_format)


def read_brought(data: bytes, name: str, kind: str) -> Brought:
    """A file of `kind` as CSV or XLSX, with every problem at its cell (B7); never raises."""
    try:
        raw = read_rows(data, name, FORMS[kind].columns, keep_others=kind == "factors")
    except Invalid as invalid:
        return Brought((), invalid.problems, ())
    rows: list[Placed] = []
    problems = list(raw.problems)
    seen: dict[str, str] = {}
    for row in raw.rows:
        record, wrong = _factor(row) if kind == "factors" else _money(row, kind)
        problems += [locate(p, row) for p in wrong if p.values.get("column") not in row.refused]
        if record is None:
            continue
        column, key = key_of(record)
        place = row.addresses.get(column, str(row.number))
        if key in seen:
            problems.append(Problem("factor_row_twice", place, {"found": key, "first": seen[key]}))
            continue
        seen[key] = place
        rows.append(Placed(row.number, row.addresses.get(_VALUE[kind], ""), record, place))
    return Brought(tuple(rows), tuple(problems), raw.notes)


_VALUE = {"factors": "value", "rates": "per_usd", "prices": "index"}


def key_of(record: Record | MoneyRecord) -> tuple[str, str]:
    """The column that names a row, and its key, unique in one version: a factor's id, "MYR 2024", "2024"."""
    if isinstance(record, Record):
        return "factor_id", record.factor_id
    return "year", f"{record.currency} {record.year}".strip()


def _factor(row: RawRow) -> tuple[Record | None, list[Problem]]:
    factor, problems = read_factor(row.values)
    for column, text in row.values.items():
        most = LONGEST.get(column, LARGEST_TEXT)
        told = any(p.values.get("column") == column for p in problems)
        if len(text) > most and not told:
            problems.append(Problem("carbon_text_too_long", column, {"column": column, "most": most}))
    return (record_of(row.values) if factor is not None and not problems else None), problems


def _money(row: RawRow, kind: str) -> tuple[MoneyRecord | None, list[Problem]]:
    read = cells.Row(row.values)
    currency = cells.currency(read, "currency", required=True) if kind == "rates" else ""
    year = cells.year(read, "year", required=True)
    value = cells.positive(read, _VALUE[kind], required=True)
    if currency == "USD" and value not in (None, 1):
        cells.add_problem(read, "per_usd", "rate_of_dollar_is_one")
    source = cells.text(read, "source")
    if read.problems or year is None or value is None:
        return None, read.problems
    return MoneyRecord(currency, year, format(value, "f"), source), []


def read_shipped(path: Path, kind: str) -> tuple[Source, list[tuple[int, dict[str, str]]]]:
    """A table that comes with Upstream: its source, and rows with the line each stands in. Raises Invalid.

    A row named by `activity_id` (energy of production steps) is a record too; its carrier is kept as an extra column.
    """
    table, problems = read_table(path, ())
    if table is None or problems:
        raise Invalid(problems)
    rows = []
    for row in table.rows:
        values = dict(row.values)
        if kind == "factors" and "activity_id" in values:
            values["factor_id"] = values.pop("activity_id")
        rows.append((row.line, values))
    return table.source, rows
