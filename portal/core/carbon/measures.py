"""Reduction measures: what a supplier does to emit less, with figures before and after. Reads one from form text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.core.carbon import cells
from portal.core.errors import Invalid
from portal.core.problems import Problem

STATUSES = ("planned", "running", "done")
LONGEST = {"title": 200, "description": 4000, "figure": 120, "unit": 40}
NUMBERS = ("value_before", "value_after", "tco2e_year", "kwh_year", "cost")
FIELDS = ("title", "description", "status", "figure", "unit", *NUMBERS, "currency", "start_on")


@dataclass(frozen=True)
class MeasureFacts:
    """One measure: `figure` goes from `value_before` to `value_after` in `unit`; savings a year; `cost` in `currency`."""

    title: str
    description: str
    status: str
    figure: str
    value_before: Decimal | None
    value_after: Decimal | None
    unit: str
    tco2e_year: Decimal | None
    kwh_year: Decimal | None
    cost: Decimal | None
    currency: str
    start_on: date | None


def read_measure(given: Mapping[str, str]) -> MeasureFacts:
    """A measure from form text by field name. Raises Invalid with `where` naming the field.

    Codes: those of `portal.core.carbon.cells`, measure_text_too_long, measure_status_unknown, measure_effect_missing,
    measure_currency_missing, measure_unit_missing, measure_before_after.
    """
    row = cells.Row({**given, "description": ""})
    title = cells.text(row, "title", required=True)
    description = given.get("description", "").replace("\r\n", "\n").strip()
    status = cells.text(row, "status", required=True)
    for name, most in LONGEST.items():
        if len((given.get(name) or "").strip()) > most:
            row.problems.append(Problem("measure_text_too_long", name, {"most": most}))
    if status and status not in STATUSES:
        row.problems.append(Problem("measure_status_unknown", "status"))
    zero = Decimal(0)
    before, after, tonnes, kwh, cost = (cells.number(row, name, least=zero) for name in NUMBERS)
    currency = cells.currency(row, "currency")
    start = cells.day(row, "start_on")
    figure, unit = cells.text(row, "figure"), cells.text(row, "unit")
    if cost is not None and not (given.get("currency") or "").strip():
        row.problems.append(Problem("measure_currency_missing", "currency"))
    if (before is None) != (after is None) and not row.problems:
        row.problems.append(
            Problem("measure_before_after", "value_after" if after is None else "value_before")
        )
    if before is not None and not unit:
        row.problems.append(Problem("measure_unit_missing", "unit"))
    effects = [(given.get(name) or "").strip() for name in ("value_before", "tco2e_year", "kwh_year")]
    if not any(effects):
        row.problems.append(Problem("measure_effect_missing", "tco2e_year"))
    if row.problems:
        raise Invalid(row.problems)
    return MeasureFacts(
        title, description, status, figure, before, after, unit, tonnes, kwh, cost, currency, start
    )
