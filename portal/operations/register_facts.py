"""What the carbon register of a supplier says about a reporting period: facts by name, rows, and the records behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.carbon.inventory import Inventory, scope2
from portal.core.carbon.inventory_record import for_allocation
from portal.core.exact import decimal_of, decimal_text
from portal.core.questionnaire.facts import FactValue, Row, Rows
from portal.operations.register_deliveries import deliveries_known
from portal.operations.register_electricity import electricity_known
from portal.operations.register_footprints import footprints_known
from portal.operations.register_judging import figures_of
from portal.operations.register_sites import KnownSite, sites_known
from portal.store.assessments import Assessment
from portal.store.carbon import InventoryRow, footprints_in_force, inventories_in_force
from portal.store.electricity import certificates_of, electricity_of
from portal.store.suppliers import SupplierMaterial

# A record of the register: its kind (inventory, footprint, electricity, certificate, delivery) and its id.
Record = tuple[str, int]


@dataclass(frozen=True)
class Known:
    """All that is known: `facts` and `rows` by their names in `portal.core.questionnaire.facts`, and by the same names
    the `records` each rests on. What is not known is absent. `sites` says the same of each site by its key."""

    facts: Mapping[str, FactValue]
    rows: Rows
    records: Mapping[str, tuple[Record, ...]]
    sites: Mapping[str, KnownSite] = field(default_factory=dict)


def register_facts(session: Session, supplier_id: int, start: date, end: date) -> dict[str, FactValue]:
    """The facts alone. Queries as in `register_known`."""
    return dict(register_known(session, supplier_id, start, end).facts)


def known_for(session: Session, assessment: Assessment) -> Known:
    """What the register of an assessment's supplier says about its reporting period."""
    period = assessment.round
    return register_known(session, assessment.supplier_id, period.period_start, period.period_end)


def register_known(session: Session, supplier_id: int, start: date, end: date) -> Known:
    """Facts, rows and records of a reporting period. Six queries, two more with footprints and one with deliveries.

    Of several inventories of a year the one that allocation takes speaks. A period over two years looks at the newer
    one that the register knows.
    """
    years = range(end.year, start.year - 1, -1)
    whole = start == date(end.year, 1, 1) and end == date(end.year, 12, 31)
    facts: dict[str, FactValue] = {
        "period.start": start,
        "period.end": end,
        "period.first_year": Decimal(start.year),
        "period.last_year": Decimal(end.year),
        "period.calendar_year": "yes" if whole else "no",
    }
    rows: dict[str, tuple[Row, ...]] = {}
    records: dict[str, tuple[Record, ...]] = {}
    materials = set(
        session.scalars(select(SupplierMaterial.material).where(SupplierMaterial.supplier_id == supplier_id))
    )
    uses, held = electricity_of(session, supplier_id), certificates_of(session, supplier_id)
    inventories, footprints = (
        inventories_in_force(session, supplier_id),
        footprints_in_force(session, supplier_id),
    )
    parts = (
        _inventories(inventories, years),
        footprints_known(footprints, materials, end),
        electricity_known(uses, held, years),
        deliveries_known(session, supplier_id, footprints, inventories, years, end),
    )
    for own_facts, own_rows, own_records in parts:
        facts |= own_facts
        rows |= own_rows
        records |= own_records
    sites, beyond = sites_known(uses, held, years)
    return Known(facts | beyond, rows, records, sites)


def _inventories(
    in_force: Sequence[InventoryRow], years: range
) -> tuple[dict[str, FactValue], dict[str, tuple[Row, ...]], dict[str, tuple[Record, ...]]]:
    of_period = [row for row in in_force if row.year in years]
    facts: dict[str, FactValue] = {"register.inventories": Decimal(len(of_period))}
    chosen: list[InventoryRow] = for_allocation([(row.year, row.boundary, row) for row in of_period])
    chosen.sort(key=lambda row: -row.year)
    if not chosen:
        return facts, {}, {}
    newest = chosen[0]
    facts["register.inventory_year"] = Decimal(newest.year)
    facts["register.inventory_verified"] = "yes" if newest.verified else "no"
    intensity = _intensity(figures_of(newest))
    if intensity:
        facts["register.intensity"] = intensity
    for name, tonnes in _tonnes(newest).items():
        facts[f"register.{name}"] = tonnes
    rows: tuple[Row, ...] = tuple({"year": str(row.year), **_tonnes(row)} for row in chosen)
    with_scope2 = tuple(row for row in rows if "scope2_location" in row or "scope2_market" in row)
    one: tuple[Record, ...] = (("inventory", newest.id),)
    records = {name: one for name in facts if name != "register.inventories"}
    records["register.inventory_rows"] = tuple(("inventory", row.id) for row in chosen)
    return facts, {"register.inventory_rows": with_scope2}, records


def _tonnes(row: InventoryRow) -> dict[str, Decimal]:
    figures = {
        "scope1": row.scope1_tco2e,
        "scope2_location": row.scope2_location_tco2e,
        "scope2_market": row.scope2_market_tco2e,
    }
    return {name: tonnes for name, tonnes in figures.items() if tonnes is not None}


def _intensity(inventory: Inventory) -> str:
    """Scope 1 and 2 per unit of output, "1.24 tCO2e/t", to four significant digits; "" where it is not known."""
    second = scope2(inventory)
    if second is None or not inventory.output_quantity:
        return ""
    tonnes = (Fraction(inventory.scope1) + Fraction(second)) / Fraction(inventory.output_quantity)
    amount, unit = (tonnes, "tCO2e") if tonnes >= Fraction(1, 10) else (tonnes * 1000, "kgCO2e")
    short = Decimal(f"{decimal_of(amount):.4g}")
    return f"{decimal_text(short)}\u00a0{unit}/{inventory.output_unit}"
