"""Company inventories: a supplier's yearly emissions, for allocation to what was bought from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from portal.core.carbon import cells
from portal.core.exact import decimal_of
from portal.core.problems import Problem

INVENTORY_REQUIRED = ("supplier_id", "year", "scope1_tco2e")
INVENTORY_COLUMNS = (
    "supplier_id",
    "year",
    "scope1_tco2e",
    "scope2_market_tco2e",
    "scope2_location_tco2e",
    "scope3_upstream_tco2e",
    "output_quantity",
    "output_unit",
    "revenue",
    "currency",
    "verified",
)
SCOPE3_COLUMNS = tuple(f"scope3_category_{number}_tco2e" for number in range(1, 16))
UPSTREAM_CATEGORIES = range(1, 9)


@dataclass(frozen=True)
class Inventory:
    """A supplier's emissions of one year, tCO2e; output in `output_unit`, revenue in `currency`.

    `scope3` holds the scope 3 categories given, by number 1..15. None means not given, which is not zero.
    """

    supplier_id: str
    year: int
    scope1: Decimal
    scope2_market: Decimal | None = None
    scope2_location: Decimal | None = None
    scope3_upstream: Decimal | None = None
    output_quantity: Decimal | None = None
    output_unit: str = ""
    revenue: Decimal | None = None
    currency: str = ""
    verified: bool = False
    scope3: Mapping[int, Decimal] = field(default_factory=dict)


def read_inventory(values: Mapping[str, str], where: str = "") -> tuple[Inventory | None, list[Problem]]:
    """One row of text cells as Inventory, or None with every problem of the row (places as in `read_footprint`).

    Beyond the columns of inventories.csv it reads `scope3_category_1_tco2e` … `scope3_category_15_tco2e`.
    """
    row = cells.Row(values, where)
    zero = Decimal(0)
    supplier = cells.text(row, "supplier_id", required=True)
    year = cells.year(row, "year", required=True)
    scope1 = cells.number(row, "scope1_tco2e", required=True, least=zero)
    market = cells.number(row, "scope2_market_tco2e", least=zero)
    location = cells.number(row, "scope2_location_tco2e", least=zero)
    upstream = cells.number(row, "scope3_upstream_tco2e", least=zero)
    output = cells.positive(row, "output_quantity")
    unit = cells.unit(row, "output_unit")
    revenue = cells.positive(row, "revenue")
    currency = cells.currency(row, "currency")
    verified = cells.yes_no(row, "verified")
    scope3 = {n: cells.number(row, c, least=zero) for n, c in enumerate(SCOPE3_COLUMNS, start=1)}
    if output is not None and not (values.get("output_unit") or "").strip():
        cells.add_problem(row, "output_unit", "row_missing_beside", other="output_quantity")
    if revenue is not None and not (values.get("currency") or "").strip():
        cells.add_problem(row, "currency", "row_missing_beside", other="revenue")
    if row.problems or year is None or scope1 is None:
        return None, row.problems
    given = {n: value for n, value in scope3.items() if value is not None}
    return (
        Inventory(
            supplier,
            year,
            scope1,
            market,
            location,
            upstream,
            output,
            unit,
            revenue,
            currency,
            verified,
            given,
        ),
        [],
    )


def scope2(inventory: Inventory) -> Decimal | None:
    """Scope 2 in tCO2e: market-based where given, else location-based, else None."""
    return inventory.scope2_location if inventory.scope2_market is None else inventory.scope2_market


def upstream(inventory: Inventory) -> Decimal | None:
    """Upstream scope 3 in tCO2e: as stated, else the sum of categories 1 to 8 given, else None."""
    if inventory.scope3_upstream is not None:
        return inventory.scope3_upstream
    parts = [inventory.scope3[n] for n in UPSTREAM_CATEGORIES if n in inventory.scope3]
    # fractions: a decimal sum would be cut to the digits of the context
    return decimal_of(sum(map(Fraction, parts), Fraction(0))) if parts else None
