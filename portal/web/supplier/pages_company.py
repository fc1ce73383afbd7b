"""Page object of the carbon overview: years against kinds of data, open ends, and the one next step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from flask import url_for
from sqlalchemy.orm import Session

from portal.core.carbon.electricity import green_share
from portal.core.carbon.pcf import Footprint, last_valid_day
from portal.core.exact import rounded
from portal.language import N_
from portal.operations.register_judging import cover_of, use_of
from portal.store.carbon import (
    FootprintRow,
    InventoryRow,
    footprints_in_force,
    inventories_in_force,
    standing_of,
    uploads_of,
)
from portal.store.deliveries import deliveries_of
from portal.store.electricity import certificates_of, electricity_of, electricity_uploads_of
from portal.store.inventories import statements_of
from portal.store.measures import measures_of

YEARS = 3


@dataclass(frozen=True)
class YearLine:
    """What is there of one year: `inventory` and `electricity` are addresses, empty where missing.

    `green` 0..100 or None; `certificates` MWh entered; `deliveries` rows entered; `footprints` how many have their data in the year.
    """

    year: int
    inventory: str
    verified: bool
    statement: bool
    electricity: str
    sites: int
    green: Decimal | None
    certificates: Decimal
    deliveries: int
    footprints: int


@dataclass(frozen=True)
class Step:
    """The next step: what to do in words (with the year), and where."""

    words: str
    action: str
    year: int
    url: str


@dataclass(frozen=True)
class OverviewPage:
    """The carbon data at a glance. `waiting` files are something somebody began and left."""

    years: tuple[YearLine, ...]
    step: Step | None
    waiting: int
    waiting_url: str
    footprints: int
    expired: int
    measures: int
    saved: Decimal


def overview_page(session: Session, supplier_id: int, today: date) -> OverviewPage:
    """Everything of a supplier in a dozen queries; the last finished year comes first."""
    inventories = inventories_in_force(session, supplier_id)
    statements = statements_of(session, supplier_id)
    footprints = footprints_in_force(session, supplier_id)
    uses = [use_of(row) for row in electricity_of(session, supplier_id)]
    certificates = certificates_of(session, supplier_id)
    covers = [cover_of(row) for row in certificates]
    measures = measures_of(session, supplier_id)
    delivered = Counter(row.year for row in deliveries_of(session, supplier_id))
    by_year: dict[int, InventoryRow] = {row.year: row for row in reversed(inventories)}
    lines = []
    for year in range(today.year - 1, today.year - 1 - YEARS, -1):
        inventory = by_year.get(year)
        share = green_share(uses, covers, year).share
        lines.append(
            YearLine(
                year=year,
                inventory=url_for("supplier.inventories.inventory", inventory_id=inventory.id)
                if inventory
                else "",
                verified=bool(inventory and inventory.verified),
                statement=bool(inventory and inventory.id in statements),
                electricity=url_for("supplier.electricity.electricity", _anchor=f"year-{year}")
                if any(u.year == year for u in uses)
                else "",
                sites=len({u.site for u in uses if u.year == year}),
                green=None if share is None else rounded(share * 100, 1),
                certificates=sum((c.mwh for c in certificates if c.generation_year == year), Decimal(0)),
                deliveries=delivered[year],
                footprints=sum(1 for f in footprints if f.period_end.year == year),
            )
        )
    ended = sum(1 for row in footprints if _last_day(row) < today)
    files = [
        *(
            (u.id, "supplier.carbon.preview")
            for u in uploads_of(session, supplier_id)
            if standing_of(u) == "waiting"
        ),
        *(
            (u.id, "supplier.electricity_files.preview")
            for u in electricity_uploads_of(session, supplier_id)
            if u.state == "waiting"
        ),
    ]
    return OverviewPage(
        years=tuple(lines),
        step=_next_step(lines, len(footprints) - ended, by_year),
        waiting=len(files),
        waiting_url=url_for(files[0][1], upload_id=files[0][0]) if files else "",
        footprints=len(footprints),
        expired=ended,
        measures=len(measures),
        saved=_saved([m.tco2e_year for m in measures]),
    )


def _next_step(
    lines: Sequence[YearLine], valid_footprints: int, by_year: Mapping[int, InventoryRow]
) -> Step | None:
    """What helps most: inventory, then electricity, then a footprint, then the verification of the last year."""
    last = lines[0]
    if not last.inventory:
        return Step(
            N_("Your inventory of %(year)s is not here yet. Scope 1 and 2 are enough to begin with."),
            N_("Enter the inventory"),
            last.year,
            url_for("supplier.inventories.form"),
        )
    if not last.electricity:
        return Step(
            N_(
                "The electricity of %(year)s is missing; the green share and the check of scope 2 rest on it."
            ),
            N_("Enter the electricity"),
            last.year,
            url_for("supplier.electricity.form", year=last.year),
        )
    if not valid_footprints:
        return Step(
            N_("No product footprint is valid today, so the buyer calculates with averages."),
            N_("Bring in footprints"),
            last.year,
            url_for("supplier.carbon.register"),
        )
    if not last.statement:
        return Step(
            N_(
                "If the inventory of %(year)s was verified, add the statement; a verified figure weighs more."
            ),
            N_("Add the statement"),
            last.year,
            url_for(
                "supplier.inventories.inventory", inventory_id=by_year[last.year].id, _anchor="statement"
            ),
        )
    return None


def _last_day(row: FootprintRow) -> date:
    return last_valid_day(
        Footprint(
            row.footprint_id,
            "",
            row.product_id,
            row.declared_unit,
            row.declared_amount,
            row.pcf_kgco2e,
            row.period_start,
            row.period_end,
            valid_until=row.valid_until,
        )
    )


def _saved(tonnes: Sequence[Decimal | None]) -> Decimal:
    return rounded(sum((Fraction(t) for t in tonnes if t is not None), Fraction(0)), 1)
