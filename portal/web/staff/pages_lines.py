"""What the pages on the lines of an estimate show: lists of lines, and one line with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal.core.carbon.category1 import METHODS, UNREACHED
from portal.core.carbon.factors import Factor
from portal.core.errors import NotFound
from portal.files.ledger_rules import LEDGER_COLUMNS
from portal.files.vault import Vault
from portal.language import say
from portal.operations.estimate_lines import (
    choices_of,
    footprint_behind,
    inventory_behind,
    ledger_line,
    line_of,
    parts_of,
    shipped_factors,
    supplier_names,
)
from portal.operations.estimates import inventory_of
from portal.operations.estimating import page_of_lines
from portal.operations.line_sums import Term, shipped_money, sum_of_line
from portal.store.carbon import FootprintRow, InventoryRow
from portal.store.estimates import Estimate
from portal.web.staff.pages_estimates import (
    NONE_GIVEN,
    Share,
    method_word,
    percent_of,
    places_for,
    reason_words,
)
from portal.web.words import material_word

PAGE = 50
MOST_UNREACHED = 20


@dataclass(frozen=True)
class Line:
    """One line of a run for people; `kgco2e` is None when no method reached it."""

    line_id: str
    supplier_id: str
    supplier: str
    material: str
    method: str
    method_words: str
    kgco2e: Decimal | None
    source_id: str
    geography: str
    quality: Decimal | None
    sigma_ln: Decimal | None
    reasons: Sequence[str]


@dataclass(frozen=True)
class Listed:
    """A page of lines with the filter in force, the choices of each filter, and the suppliers of a chosen material."""

    lines: Sequence[Line]
    count: int
    page: int
    last: int
    sort: str
    descending: bool
    material: str
    supplier: str
    method: str
    materials: Sequence[tuple[str, str]]
    suppliers: Sequence[tuple[str, str]]
    methods: Sequence[tuple[str, str]]
    parts: Sequence[Share]
    places: int


@dataclass(frozen=True)
class SumRow:
    """One figure of a line's sum: its sign ("", "×" or "÷"), its unit, and what it is in the reader's words."""

    sign: str
    figure: Decimal
    unit: str
    words: str


@dataclass(frozen=True)
class LinePage:
    """One line with the purchase as loaded and the footprint, inventory or factor behind it (at most one of them).

    `ledger_row` is the line number in the ledger file; `purchase` its cells in the order of the form; `terms` the
    figures whose product the line is, none where the sum cannot be repeated.
    """

    line: Line
    ledger_row: int | None
    purchase: Sequence[tuple[str, str]]
    footprint: FootprintRow | None
    inventory: InventoryRow | None
    factor: Factor | None
    table: str
    cells: Sequence[tuple[str, str, str]]
    terms: Sequence[SumRow]


def lines_page(
    folder: Path, estimate: Estimate, names: Mapping[str, str], args: Mapping[str, str], locale: str
) -> Listed:
    """The lines asked for by `args`: material, supplier, method, sort (tonnes or ledger), order, page."""
    material, supplier, method = (args.get(name, "") for name in ("material", "supplier", "method"))
    method = method if method in (*METHODS, UNREACHED) else ""
    sort = "ledger" if args.get("sort") == "ledger" else "tonnes"
    descending = sort == "tonnes" and args.get("order", "down") == "down"
    asked = args.get("page", "1")
    number = max(int(asked[:6]), 1) if asked.isascii() and asked.isdigit() else 1
    wanted: dict[str, Any] = {
        "material": _value(material),
        "supplier_id": _value(supplier),
        "method": method or None,
        "order": "ledger" if sort == "ledger" else "tonnes" if descending else "tonnes_up",
        "limit": PAGE,
    }
    found = page_of_lines(folder, **wanted, offset=(number - 1) * PAGE)
    last = max(1, -(-found.count // PAGE))
    if number > last:
        number = last
        found = page_of_lines(folder, **wanted, offset=(number - 1) * PAGE)
    materials, suppliers = choices_of(folder)
    return Listed(
        lines=[_line(row, names, locale) for row in found.lines],
        count=found.count,
        page=number,
        last=last,
        sort=sort,
        descending=descending,
        material=material,
        supplier=supplier,
        method=method,
        materials=[(key or NONE_GIVEN, material_word(locale, key)) for key in materials],
        suppliers=[(key or NONE_GIVEN, names.get(key, key)) for key in suppliers],
        methods=[(key, method_word(locale, key)) for key in (*METHODS, UNREACHED)],
        parts=_suppliers_of(folder, material, names) if material and not supplier and not method else [],
        places=places_for(Decimal(estimate.summary["total_tco2e"])),
    )


def _value(given: str) -> str | None:
    """A filter as the engine wants it: None for all, "" for lines that give nothing there."""
    return None if not given else "" if given == NONE_GIVEN else given


def _suppliers_of(folder: Path, material: str, names: Mapping[str, str]) -> list[Share]:
    parts = parts_of(folder, "supplier_id", material=_value(material) or "")
    total = sum((part.tco2e for part in parts), Decimal(0))
    return [
        Share(
            key=part.key,
            words=names.get(part.key, part.key),
            lines=part.lines,
            tco2e=part.tco2e,
            percent=percent_of(part.tco2e, total),
            filters={"material": material, "supplier": part.key},
        )
        for part in parts
    ]


def unreached_lines(folder: Path, names: Mapping[str, str], locale: str) -> list[Line]:
    """The first lines no method reached, in ledger order."""
    found = page_of_lines(folder, method=UNREACHED, limit=MOST_UNREACHED)
    return [_line(row, names, locale) for row in found.lines]


def _line(row: Mapping[str, Any], names: Mapping[str, str], locale: str) -> Line:
    return Line(
        line_id=row["line_id"],
        supplier_id=row["supplier_id"],
        supplier=names.get(row["supplier_id"], row["supplier_id"]),
        material=row["material"],
        method=row["method"],
        method_words=method_word(locale, row["method"]),
        kgco2e=row["kgco2e"],
        source_id=row["source_id"] or "",
        geography=row["geography_used"] or "",
        quality=row["quality"],
        sigma_ln=row["sigma_ln"],
        reasons=reason_words(locale, row["reason"]),
    )


def line_page(
    session: Session, vault: Vault, folder: Path, estimate: Estimate, line_id: str, locale: str
) -> LinePage:
    """One line and everything it rests on. Raises NotFound when the run has no such line."""
    row = line_of(folder, line_id)
    if row is None:
        raise NotFound
    line = _line(row, supplier_names(session, locale), locale)
    bought = ledger_line(vault, estimate.ledger, line_id)
    footprint = inventory = factor = None
    table = ""
    if line.method == "supplier_specific":
        footprint = footprint_behind(session, estimate, line.supplier_id, line.source_id)
    elif line.method == "hybrid":
        inventory = inventory_behind(session, estimate, line.supplier_id)
    elif line.source_id in shipped_factors():
        factor, table = shipped_factors()[line.source_id]
    behind = footprint or inventory
    return LinePage(
        line=line,
        ledger_row=bought[0] if bought else None,
        purchase=[(c, bought[1].get(c, "")) for c in LEDGER_COLUMNS] if bought else [],
        footprint=footprint,
        inventory=inventory,
        factor=factor,
        table=table,
        cells=_cells(behind.cells, behind.typed) if behind else [],
        terms=[
            SumRow(term.sign, term.figure, term.unit, say(locale, term.what, **term.values))
            for term in (_terms(row, bought[1], behind or factor, estimate.year) if bought else ())
        ],
    )


def _terms(
    row: Mapping[str, Any],
    purchase: Mapping[str, str],
    behind: FootprintRow | InventoryRow | Factor | None,
    year: int,
) -> Sequence[Term]:
    if behind is None or row["kgco2e"] is None:
        return ()
    return sum_of_line(
        purchase,
        inventory_of(behind) if isinstance(behind, InventoryRow) else behind,
        year=year,
        by_revenue="by_revenue" in row["reason"],
        kgco2e=row["kgco2e"],
        money=shipped_money(),
    )


def _cells(cells: Mapping[str, str] | None, typed: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
    """Column, cell address and what the cell held, as the supplier's file had it."""
    said = typed or {}
    return [(column, address, str(said.get(column, ""))) for column, address in (cells or {}).items()]
