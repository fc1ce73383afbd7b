"""Product carbon footprints in the short form of docs/formats.md, and when one is valid for a purchase."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date
from decimal import Decimal

from portal.core.carbon import cells
from portal.core.problems import Problem

FOOTPRINT_REQUIRED = (
    "footprint_id",
    "supplier_id",
    "product_id",
    "declared_unit",
    "declared_amount",
    "pcf_kgco2e",
    "period_start",
    "period_end",
)
FOOTPRINT_COLUMNS = (
    "footprint_id",
    "supplier_id",
    "product_id",
    "material",
    "declared_unit",
    "declared_amount",
    "pcf_kgco2e",
    "period_start",
    "period_end",
    "valid_until",
    "primary_data_share",
    "verified",
    "geography",
)
VALIDITY_YEARS = 3


@dataclass(frozen=True)
class Footprint:
    """One product carbon footprint, cradle to gate.

    `pcf_kgco2e` is per `declared_amount` of `declared_unit`; `primary_data_share` in per cent (0..100), None when not
    stated; `geography` alpha-2 or a region as published, empty when not stated.
    """

    footprint_id: str
    supplier_id: str
    product_id: str
    declared_unit: str
    declared_amount: Decimal
    pcf_kgco2e: Decimal
    period_start: date
    period_end: date
    material: str = ""
    valid_until: date | None = None
    primary_data_share: Decimal | None = None
    verified: bool = False
    geography: str = ""


def read_footprint(values: Mapping[str, str], where: str = "") -> tuple[Footprint | None, list[Problem]]:
    """One row of text cells as Footprint, or None with every problem of the row.

    Each problem's `where` is `<where>:<column>` (the column alone when `where` is empty) and its values hold
    `column` and `found`, so that a caller can put a cell address in its place. Codes: those of
    `portal.core.carbon.cells`, footprint_period_order, footprint_valid_until_early, footprint_share_over_100.
    """
    row, long = cells.Row(values, where), cells.LONG_NUMBER_PATTERN
    ids = [cells.text(row, c, required=True) for c in ("footprint_id", "supplier_id", "product_id")]
    unit = cells.unit(row, "declared_unit", required=True)
    amount = cells.positive(row, "declared_amount", required=True, pattern=long)
    pcf = cells.number(row, "pcf_kgco2e", required=True, least=Decimal(0), pattern=long)
    start = cells.day(row, "period_start", required=True)
    end = cells.day(row, "period_end", required=True)
    until = cells.day(row, "valid_until")
    share = cells.number(row, "primary_data_share", least=Decimal(0), pattern=long)
    if start and end and start > end:
        cells.add_problem(row, "period_end", "footprint_period_order", start=start.isoformat())
    if end and until and until < end:
        cells.add_problem(row, "valid_until", "footprint_valid_until_early", end=end.isoformat())
    if share is not None and share > 100:
        cells.add_problem(row, "primary_data_share", "footprint_share_over_100")
    material, geography = cells.text(row, "material"), cells.text(row, "geography")
    verified = cells.yes_no(row, "verified")
    if row.problems or amount is None or pcf is None or start is None or end is None:
        return None, row.problems
    footprint = Footprint(
        ids[0], ids[1], ids[2], unit, amount, pcf, start, end, material, until, share, verified, geography
    )
    return footprint, []


def last_valid_day(footprint: Footprint) -> date:
    """The last purchase date the footprint may serve: `valid_until`, else three years after the period's end.

    The three years are the default validity of the PACT methodology. Some write 9999-12-31 for "without end".
    """
    if footprint.valid_until is not None:
        return footprint.valid_until
    end = footprint.period_end
    if end.year > MAXYEAR - VALIDITY_YEARS:
        return date.max
    try:
        return end.replace(year=end.year + VALIDITY_YEARS)
    except ValueError:  # 29 February
        return end.replace(year=end.year + VALIDITY_YEARS, day=28)


def precedence(footprint: Footprint) -> tuple[object, ...]:
    """Sort key: the footprint to prefer comes first (newer period, then verified, then the smaller id)."""
    end, start = footprint.period_end, footprint.period_start
    return (-end.toordinal(), -start.toordinal(), not footprint.verified, footprint.footprint_id)
