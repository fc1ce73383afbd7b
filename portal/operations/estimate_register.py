"""The carbon register as it stood when a run was made: what its figures rest on, long after newer ones replaced them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.core.carbon.candidates import inventory_id
from portal.core.carbon.inventory import scope2, upstream
from portal.core.carbon.quality_roll_up import SourceQuality
from portal.core.exact import rounded
from portal.operations.estimates import footprint_names, inventory_of
from portal.store.carbon import FootprintRow, InventoryRow
from portal.store.estimates import Estimate


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


def inventories_at(session: Session, moment: datetime) -> list[InventoryRow]:
    """Inventories in force at a moment, with their suppliers. One query."""
    return list(
        session.scalars(
            select(InventoryRow)
            .options(joinedload(InventoryRow.supplier))
            .where(InventoryRow.accepted_at <= moment)
            .where(or_(InventoryRow.replaced_at.is_(None), InventoryRow.replaced_at > moment))
            .order_by(InventoryRow.supplier_id, InventoryRow.year.desc(), InventoryRow.id)
        )
    )


def source_qualities(session: Session, estimate: Estimate) -> dict[str, SourceQuality]:
    """What each footprint and inventory of the register said of its own quality when the run was made.

    Keyed as the run names its sources. Factors are not in it: they carry no primary data.
    """
    rows = footprints_at(session, estimate.run_at)
    names = footprint_names(rows)
    found = {names[row.id]: SourceQuality(row.primary_data_share, ratings_of(row.details)) for row in rows}
    for row in inventories_at(session, estimate.run_at):
        inventory = inventory_of(row)
        electricity = scope2(inventory)
        if electricity is not None:
            own = Fraction(inventory.scope1) + Fraction(electricity)
            whole = own + Fraction(upstream(inventory) or 0)
            share = rounded(100 * own / whole, 6) if whole else Decimal(100)
            found[inventory_id(inventory)] = SourceQuality(share)
    return found


# PACT's ratings by the key the register keeps them under, with the name of the scale shown beside every score.
PACT_SCALES = {
    "technological_dqr": "technological",
    "temporal_dqr": "temporal",
    "geographical_dqr": "geographical",
    "completeness_dqr": "completeness",
    "reliability_dqr": "reliability",
}


def ratings_of(details: Mapping[str, Any] | None) -> dict[str, Decimal]:
    """PACT data quality ratings of a footprint, raw, by the full name of their scale."""
    return {}
