"""Asks whether figures of the company register are believable, with everything they can be compared with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.carbon.doubts import Doubt, doubt_of
from portal.core.carbon.electricity import Cover, Use, green_share, site_key
from portal.core.carbon.grid import GridFactor, grid_factor
from portal.core.carbon.inventory import Inventory
from portal.core.carbon.inventory_record import InventoryRecord, same_inventory
from portal.core.carbon.register_doubts import (
    Surroundings,
    electricity_doubts,
    intensity,
    inventory_doubts,
)
from portal.core.problems import Problem
from portal.files.grid_factors import grid_factors
from portal.operations.carbon_rows import Taken
from portal.store.carbon import InventoryRow, inventories_in_force
from portal.store.electricity import Certificate, ElectricityUse, certificates_of, electricity_of
from portal.store.inventories import inventories_for_allocation
from portal.store.suppliers import SupplierMaterial

# What another part of the register answers once it is there; nobody is held up by it.
LATER = frozenset({"scope2_without_electricity", "scope2_missing"})


def judge_inventory(session: Session, supplier_id: int, record: InventoryRecord) -> list[Doubt]:
    """Doubts about an inventory that want a reply before it enters the register."""
    found = _inventory_problems(session, supplier_id, record, ())
    return [doubt_of(str(record.figures.year), problem) for problem in found if problem.code not in LATER]


def later_doubts(session: Session, supplier_id: int, record: InventoryRecord) -> list[Doubt]:
    """Doubts about an inventory that may wait for their reply until it is in the register."""
    found = _inventory_problems(session, supplier_id, record, ())
    return [doubt_of(str(record.figures.year), problem) for problem in found if problem.code in LATER]


def judge_taken(
    session: Session, supplier_id: int, taken: Sequence[Taken[InventoryRecord]]
) -> tuple[Taken[InventoryRecord], ...]:
    """The inventories of a file, each with the doubts that want a reply, placed at their cells."""
    records = [one.value for one in taken]
    judged = []
    for one in taken:
        found = _inventory_problems(session, supplier_id, one.value, records)
        placed = tuple(
            replace(problem, where=one.cells.get(problem.where, problem.where))
            for problem in found
            if problem.code not in LATER
        )
        judged.append(replace(one, doubts=(*one.doubts, *placed)))
    return tuple(judged)


def _inventory_problems(
    session: Session, supplier_id: int, record: InventoryRecord, beside: Sequence[InventoryRecord]
) -> list[Problem]:
    """Warnings about an inventory; `beside` are inventories that come in with it."""
    figures = record.figures
    rows = inventories_in_force(session, supplier_id)
    last = [r.figures for r in beside if _year_before(r.figures.year, r.boundary, record)]
    last += [figures_of(r) for r in rows if _year_before(r.year, r.boundary, record)]
    uses = [use_of(row) for row in electricity_of(session, supplier_id, figures.year)]
    covers = [cover_of(row) for row in certificates_of(session, supplier_id)]
    own = intensity(figures)
    seen = Surroundings(
        grid=find_grid,
        before=last[0] if last else None,
        uses=uses,
        certificates=green_share(uses, covers, figures.year).counted,
        peers=_peers(session, supplier_id, own[1]) if own else (),
        peer_unit=own[1] if own else "",
    )
    return inventory_doubts(figures, seen)


def _year_before(year: int, boundary: str, record: InventoryRecord) -> bool:
    return year == record.figures.year - 1 and same_inventory(boundary, record.boundary)


def judge_electricity(session: Session, supplier_id: int, uses: Sequence[Use]) -> list[Doubt]:
    """Doubts about consumption before it enters the register, for each year it touches."""
    found = []
    stored = [use_of(row) for row in electricity_of(session, supplier_id)]
    inventories = {row.year: row for row in reversed(inventories_in_force(session, supplier_id))}
    touched = {(site_key(u.site), u.year) for u in uses}
    kept = [u for u in stored if (site_key(u.site), u.year) not in touched]
    for year in sorted({u.year for u in uses}):
        inventory = inventories.get(year)
        seen = Surroundings(
            grid=find_grid,
            last_uses=[u for u in [*kept, *uses] if u.year == year - 1],
            inventory=figures_of(inventory) if inventory else None,
        )
        whole = [u for u in [*kept, *uses] if u.year == year]
        warned = electricity_doubts(whole, year, seen)
        found += [doubt_of(str(year), problem) for problem in warned if problem.code not in LATER]
    return found


def find_grid(country: str, region: str, year: int) -> GridFactor | None:
    """The shipped grid factor of a place and year."""
    return grid_factor(grid_factors(), country, region, year)


def use_of(row: ElectricityUse) -> Use:
    """Stored consumption as the rules take it."""
    return Use(row.site, row.country, row.year, row.source, row.mwh, row.region, row.month)


def cover_of(row: Certificate) -> Cover:
    """Stored certificates as the rules take them; the key is the row's id."""
    return Cover(
        str(row.id),
        row.scheme,
        row.country,
        row.generation_year,
        row.mwh,
        row.retired_on is not None,
        row.backs,
        row.site,
    )


def figures_of(row: InventoryRow) -> Inventory:
    """A stored inventory's figures."""
    return Inventory(
        supplier_id="",
        year=row.year,
        scope1=row.scope1_tco2e,
        scope2_market=row.scope2_market_tco2e,
        scope2_location=row.scope2_location_tco2e,
        scope3_upstream=row.scope3_upstream_tco2e,
        output_quantity=row.output_quantity,
        output_unit=row.output_unit,
        revenue=row.revenue,
        currency=row.currency,
        verified=row.verified,
        scope3={int(number): Decimal(value) for number, value in (row.scope3 or {}).items() if value},
    )


def _peers(session: Session, supplier_id: int, unit: str) -> tuple[Fraction, ...]:
    """Intensities of other suppliers that deliver one of the same materials: the newest of each."""
    mine = select(SupplierMaterial.material).where(SupplierMaterial.supplier_id == supplier_id)
    others = set(
        session.scalars(
            select(SupplierMaterial.supplier_id).where(
                SupplierMaterial.material.in_(mine), SupplierMaterial.supplier_id != supplier_id
            )
        )
    )
    newest: dict[int, Fraction] = {}
    for row in _newest_first(inventories_for_allocation(session)):
        if row.supplier_id in others and row.supplier_id not in newest:
            found = intensity(figures_of(row))
            if found is not None and found[1] == unit:
                newest[row.supplier_id] = found[0]
    return tuple(sorted(newest.values()))


def _newest_first(rows: Iterable[InventoryRow]) -> list[InventoryRow]:
    return sorted(rows, key=lambda row: -row.year)
