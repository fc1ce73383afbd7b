"""What the page on one line of an estimate shows: the sum, what it rests on, and what would improve it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal.core.carbon.factors import Factor
from portal.core.carbon.improving import improvements
from portal.core.carbon.money import Money
from portal.core.errors import NotFound
from portal.core.ledger.columns import LEDGER_COLUMNS
from portal.files.vault import Vault
from portal.language import N_, say
from portal.operations.estimate_lines import (
    footprint_behind,
    inventory_behind,
    ledger_line,
    line_of,
    supplier_names,
)
from portal.operations.estimate_register import library_at
from portal.operations.estimates import inventory_of
from portal.operations.factor_library import InUse
from portal.operations.factor_use import factors_of
from portal.operations.line_sums import Term, sum_of_line
from portal.store.carbon import FootprintRow, InventoryRow
from portal.store.carbon_doubts import doubts_about
from portal.store.estimates import Estimate
from portal.web.doubt_lines import AnsweredDoubt, answered
from portal.web.staff.pages_lines import Line, line_of_row

STEP_WORDS = {
    "have_footprint_verified": N_("Ask {supplier} to have its footprint verified by a third party."),
    "ask_footprint": N_("Ask {supplier} for a verified footprint of {product}."),
    "name_product_and_ask_footprint": N_(
        "Name the product in the ledger (product_id) and ask {supplier} for its verified footprint."
    ),
    "give_quantity_and_ask_footprint": N_(
        "Give quantity, unit and product in the ledger and ask {supplier} for a verified footprint."
    ),
    "give_quantity_in_footprint_unit": N_(
        "A footprint of {product} exists, in a unit this quantity cannot be converted to: give the quantity in that unit."
    ),
    "ask_footprint_valid_then": N_(
        "A footprint of {product} exists, not valid on {date}: ask {supplier} for the one of that time."
    ),
    "ask_inventory": N_("Ask {supplier} for its company inventory of {year}, with output and upstream."),
    "ask_inventory_of_year": N_("The inventory of {supplier} is of another year: ask for the one of {year}."),
    "ask_inventory_scope2": N_("The inventory of {supplier} states no scope 2: ask for it."),
    "ask_inventory_output": N_("The inventory of {supplier} states no output or revenue that fits: ask for it."),
    "check_inventory_output": N_(
        "The inventory of {supplier} would be used more than once over: check its output or revenue with the supplier."
    ),
    "ask_upstream": N_("Ask {supplier} for its upstream scope 3; the share has only its own emissions."),
    "find_factor_of_material": N_("Find a factor of the material itself; a stand-in is used."),
    "find_factor_of_country": N_("Find a factor of the country of production."),
    "give_quantity_in_factor_unit": N_("Factors of the material exist in another unit: give the quantity in it."),
    "give_quantity": N_("Give quantity and unit in the ledger: money says little about emission."),
    "give_sector": N_("Give the sector of the line (NAICS 2017) in the ledger."),
    "give_spend": N_("Give the spend of the line in the ledger."),
}  # fmt: skip


@dataclass(frozen=True)
class SumRow:
    """One figure of a line's sum: its sign ("", "×" or "÷"), its unit, and what it is in the reader's words."""

    sign: str
    figure: Decimal
    unit: str
    words: str


@dataclass(frozen=True)
class Step:
    """What would improve the line, and the spread it would have then (None where that cannot be said)."""

    words: str
    sigma_ln: Decimal | None


@dataclass(frozen=True)
class LinePage:
    """One line with the purchase as loaded and the footprint, inventory or factor behind it (at most one of them).

    `ledger_row` is the line number in the ledger file; `original_row` that in the file it was made from, "" where it
    was loaded as it is; `purchase` its cells in the order of the form; `terms` the figures whose product the line is,
    none where the sum cannot be repeated; `cells` (column, cell of the supplier's file, text in it); `doubts` those
    about the footprint or inventory, with the supplier's replies.
    """

    line: Line
    ledger_row: int | None
    original_row: str
    purchase: Sequence[tuple[str, str]]
    footprint: FootprintRow | None
    inventory: InventoryRow | None
    factor: Factor | None
    table: str
    table_version: int | None
    cells: Sequence[tuple[str, str, str]]
    terms: Sequence[SumRow]
    steps: Sequence[Step]
    doubts: Sequence[AnsweredDoubt] = ()


def line_page(
    session: Session, vault: Vault, folder: Path, estimate: Estimate, line_id: str, locale: str
) -> LinePage:
    """One line and everything it rests on. Raises NotFound when the run has no such line."""
    row = line_of(folder, line_id)
    if row is None:
        raise NotFound
    line = line_of_row(row, supplier_names(session, locale), locale)
    bought = ledger_line(vault, estimate.ledger, line_id)
    purchase = bought[1] if bought else {}
    library = library_at(session, estimate)
    footprint = inventory = factor = None
    table, number = "", None
    if line.method == "supplier_specific":
        footprint = footprint_behind(session, estimate, line.supplier_id, line.source_id)
    elif line.method == "hybrid":
        inventory = inventory_behind(session, estimate, line.supplier_id)
    elif line.source_id:
        factor = next((f for f in library.factors if f.factor_id == line.source_id), None)
        used = factors_of(session, estimate).get(line.source_id)
        table, number = (used.table, used.number) if used else ("", None)
    behind = footprint or inventory
    return LinePage(
        line=line,
        ledger_row=bought[0] if bought else None,
        original_row=purchase.get("source_row", ""),
        purchase=[(column, purchase[column]) for column in LEDGER_COLUMNS if purchase.get(column)],
        footprint=footprint,
        inventory=inventory,
        factor=factor,
        table=table,
        table_version=number,
        cells=_cells(behind.cells, behind.typed) if behind else [],
        terms=[
            SumRow(term.sign, term.figure, term.unit, say(locale, term.what, **term.values))
            for term in _terms(row, purchase, behind or factor, library, estimate.year)
        ],
        steps=_steps(row, line, purchase, estimate.year, locale),
        doubts=_doubts(session, footprint, inventory),
    )


def _doubts(
    session: Session, footprint: FootprintRow | None, inventory: InventoryRow | None
) -> Sequence[AnsweredDoubt]:
    """What was asked about the figure behind a line, with the supplier's replies."""
    if footprint is None and inventory is None:
        return ()
    subject, row_id = (
        ("footprint", footprint.id) if footprint else ("inventory", inventory.id if inventory else 0)
    )
    return answered(doubts_about(session, subject, [row_id]).get(row_id, []))


def _terms(
    row: Mapping[str, Any],
    purchase: Mapping[str, str],
    behind: FootprintRow | InventoryRow | Factor | None,
    library: InUse,
    year: int,
) -> Sequence[Term]:
    if behind is None or row["kgco2e"] is None or not purchase:
        return ()
    return sum_of_line(
        purchase,
        inventory_of(behind) if isinstance(behind, InventoryRow) else behind,
        year=year,
        by_revenue="by_revenue" in row["reason"],
        kgco2e=row["kgco2e"],
        money=Money(library.rates, library.prices),
    )


def _steps(
    row: Mapping[str, Any], line: Line, purchase: Mapping[str, str], year: int, locale: str
) -> list[Step]:
    product = purchase.get("product_id", "").strip()
    found = improvements(
        line.method,
        row["reason"].split("; "),
        has_product=bool(product),
        has_quantity=bool(purchase.get("quantity", "").strip()),
    )
    values = {"supplier": line.supplier, "product": product, "year": year, "date": purchase.get("date", "")}
    return [Step(say(locale, STEP_WORDS[step.code], **values), step.sigma_ln) for step in found]


def _cells(cells: Mapping[str, str] | None, typed: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
    """Column, cell address and what the cell held, as the supplier's file had it."""
    said = typed or {}
    return [(column, address, str(said.get(column, ""))) for column, address in (cells or {}).items()]
