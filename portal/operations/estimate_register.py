"""The carbon register as it stood when a run was made: what its figures rest on, long after newer ones replaced them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.core.carbon.candidates import inventory_id
from portal.core.carbon.inventory import scope2, upstream
from portal.core.carbon.money import Money
from portal.core.carbon.quality_roll_up import SourceQuality
from portal.core.exact import rounded
from portal.operations.estimates import Gathered, footprint_names, footprint_of, gather, inventory_of
from portal.operations.factor_library import InUse, in_use, in_use_then, library_of
from portal.store.carbon import FootprintRow
from portal.store.estimates import Estimate
from portal.store.inventories import inventories_for_allocation


def footprints_at(session: Session, moment: datetime) -> list[FootprintRow]:
    """Footprints in force at a moment, with their suppliers. One query."""
    return list(
        session.scalars(
            select(FootprintRow)
            .options(joinedload(FootprintRow.supplier))
            .where(FootprintRow.accepted_at <= moment)
            .where(or_(FootprintRow.replaced_at.is_(None), FootprintRow.replaced_at > moment))
            .order_by(FootprintRow.supplier_id, FootprintRow.product_id, FootprintRow.id)
        )
    )


def gathered_at(session: Session, estimate: Estimate) -> Gathered:
    """What the run was made from, taken from the store again: its ledger, the register and the library as they stood then."""
    rows = footprints_at(session, estimate.run_at)
    named = footprint_names(rows)
    footprints = sorted((footprint_of(row, named[row.id]) for row in rows), key=lambda f: f.footprint_id)
    inventories = sorted(
        (inventory_of(row) for row in inventories_for_allocation(session, estimate.run_at)),
        key=lambda i: (i.supplier_id, i.year),
    )
    today = gather(session, ledger_id=estimate.ledger_id, year=estimate.year)
    library = library_at(session, estimate)
    return replace(today, footprints=tuple(footprints), inventories=tuple(inventories), library=library)


def library_at(session: Session, estimate: Estimate) -> InUse:
    """The factor library as the run found it; of a run that noted none, the one in use today."""
    versions = library_of(session, estimate)
    return in_use_then(session, versions) if versions else in_use(session)


def money_at(session: Session, estimate: Estimate) -> Money:
    """Exchange rates and price levels as the run found them."""
    library = library_at(session, estimate)
    return Money(library.rates, library.prices)


def source_qualities(session: Session, estimate: Estimate) -> dict[str, SourceQuality]:
    """What each footprint and inventory of the register said of its own quality when the run was made.

    Keyed as the run names its sources. Factors are not in it: they carry no primary data.
    """
    rows = footprints_at(session, estimate.run_at)
    names = footprint_names(rows)
    found = {names[row.id]: SourceQuality(row.primary_data_share, ratings_of(row.details)) for row in rows}
    for row in inventories_for_allocation(session, estimate.run_at):
        inventory = inventory_of(row)
        electricity = scope2(inventory)
        if electricity is not None:
            own = Fraction(inventory.scope1) + Fraction(electricity)
            whole = own + Fraction(upstream(inventory) or 0)
            share = rounded(100 * own / whole, 6) if whole else Decimal(100)
            found[inventory_id(inventory)] = SourceQuality(share)
    return found


RATED = ("technological", "temporal", "geographical", "completeness", "reliability")


def ratings_of(details: Mapping[str, Any] | None) -> dict[str, Decimal]:
    """PACT data quality ratings of a footprint, raw, by scale and aspect: "pact-3/technological".

    A rating without its scale is left out: 2 is good on one scale and fair on another.
    """
    known = details or {}
    scale = known.get("rating_scale", "")
    return {
        f"{scale}/{aspect}": Decimal(str(known[f"rating_{aspect}"]))
        for aspect in RATED
        if scale and known.get(f"rating_{aspect}")
    }
