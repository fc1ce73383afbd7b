"""Facts by name for the rules of hints: what the carbon register of a supplier says about a reporting period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core.carbon.electricity import green_share
from portal.core.carbon.inventory_record import for_allocation
from portal.core.exact import decimal_of
from portal.core.questionnaire.facts import FactValue
from portal.operations.register_judging import cover_of, use_of
from portal.store.carbon import InventoryRow, footprints_in_force, inventories_in_force
from portal.store.electricity import certificates_of, electricity_of


def register_facts(session: Session, supplier_id: int, start: date, end: date) -> dict[str, FactValue]:
    """Values by the names of `portal.core.questionnaire.facts`; a fact that is not known is absent. Four queries.

    Of several inventories of a year the one that allocation takes speaks. A period over two years looks at the newer
    one that the register knows.
    """
    years = range(end.year, start.year - 1, -1)
    facts: dict[str, FactValue] = {
        "period.start": start,
        "period.end": end,
        "period.first_year": Decimal(start.year),
        "period.last_year": Decimal(end.year),
    }
    facts |= _inventory(session, supplier_id, years)
    footprints = footprints_in_force(session, supplier_id)
    facts["register.footprints"] = Decimal(len(footprints))
    facts["register.footprints_verified"] = Decimal(sum(1 for row in footprints if row.verified))
    return facts | _electricity(session, supplier_id, years)


def _inventory(session: Session, supplier_id: int, years: range) -> dict[str, FactValue]:
    rows = [row for row in inventories_in_force(session, supplier_id) if row.year in years]
    facts: dict[str, FactValue] = {"register.inventories": Decimal(len(rows))}
    chosen: list[InventoryRow] = for_allocation([(row.year, row.boundary, row) for row in rows])
    newest = max(chosen, key=lambda row: row.year, default=None)
    if newest is None:
        return facts
    facts["register.inventory_verified"] = "yes" if newest.verified else "no"
    for name, tonnes in (
        ("register.scope1", newest.scope1_tco2e),
        ("register.scope2_location", newest.scope2_location_tco2e),
        ("register.scope2_market", newest.scope2_market_tco2e),
    ):
        if tonnes is not None:
            facts[name] = tonnes
    return facts


def _electricity(session: Session, supplier_id: int, years: range) -> dict[str, FactValue]:
    uses = [use_of(row) for row in electricity_of(session, supplier_id)]
    covers = [cover_of(row) for row in certificates_of(session, supplier_id)]
    held = [cover for cover in covers if cover.year in years]
    facts: dict[str, FactValue] = {
        "register.certificates": sum((cover.mwh for cover in held), Decimal(0)),
        "register.certificates_retired": sum((cover.mwh for cover in held if cover.retired), Decimal(0)),
    }
    year = next((year for year in years if any(use.year == year for use in uses)), None)
    if year is not None:
        facts["register.electricity"] = sum((use.mwh for use in uses if use.year == year), Decimal(0))
        share = green_share(uses, covers, year).share
        if share is not None:
            facts["register.renewable_share"] = round(decimal_of(share * 100), 1)
    return facts
