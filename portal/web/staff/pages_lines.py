"""What the lists of an estimate's lines show, with the part of the total they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal.core.carbon.category1 import METHODS, UNREACHED
from portal.files.vault import Vault
from portal.operations.estimate_lines import choices_of
from portal.operations.estimating import page_of_lines
from portal.store.estimates import Estimate
from portal.web.staff.pages_estimates import NONE_GIVEN, method_word, places_for, reason_words
from portal.web.staff.pages_part import Chosen, Part, part_of, value_of
from portal.web.words import material_word

PAGE = 50
# Below a part of the total the lines are one step further, not the list itself.
PAGE_OF_PART = 20
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
    """A page of lines with the filter in force, the choices of each filter, and the part of the total it stands for."""

    lines: Sequence[Line]
    count: int
    page: int
    last: int
    sort: str
    descending: bool
    material: str
    material_words: str
    supplier: str
    method: str
    materials: Sequence[tuple[str, str]]
    suppliers: Sequence[tuple[str, str]]
    methods: Sequence[tuple[str, str]]
    part: Part | None
    places: int


def lines_page(
    session: Session,
    vault: Vault,
    folder: Path,
    estimate: Estimate,
    names: Mapping[str, str],
    args: Mapping[str, str],
    locale: str,
) -> Listed:
    """The lines asked for by `args`: material, supplier, method, sort (tonnes or ledger), order, page."""
    material, supplier, method = (args.get(name, "") for name in ("material", "supplier", "method"))
    method = method if method in (*METHODS, UNREACHED) else ""
    sort = "ledger" if args.get("sort") == "ledger" else "tonnes"
    descending = sort == "tonnes" and args.get("order", "down") == "down"
    asked = args.get("page", "1")
    number = max(int(asked[:6]), 1) if asked.isascii() and asked.isdigit() else 1
    size = PAGE_OF_PART if material or supplier else PAGE
    wanted: dict[str, Any] = {
        "material": value_of(material),
        "supplier_id": value_of(supplier),
        "method": method or None,
        "order": "ledger" if sort == "ledger" else "tonnes" if descending else "tonnes_up",
        "limit": size,
    }
    found = page_of_lines(folder, **wanted, offset=(number - 1) * size)
    last = max(1, -(-found.count // size))
    if number > last:
        number = last
        found = page_of_lines(folder, **wanted, offset=(number - 1) * size)
    materials, suppliers = choices_of(folder)
    chosen = Chosen(material, supplier, method)
    return Listed(
        lines=[line_of_row(row, names, locale) for row in found.lines],
        count=found.count,
        page=number,
        last=last,
        sort=sort,
        descending=descending,
        material=material,
        material_words=material_word(locale, value_of(material) or ""),
        supplier=supplier,
        method=method,
        materials=[(key or NONE_GIVEN, material_word(locale, key)) for key in materials],
        suppliers=[(key or NONE_GIVEN, names.get(key, key)) for key in suppliers],
        methods=[(key, method_word(locale, key)) for key in (*METHODS, UNREACHED)],
        part=part_of(session, vault, estimate, chosen, names, locale) if material or supplier else None,
        places=places_for(Decimal(estimate.summary["total_tco2e"])),
    )


def unreached_lines(folder: Path, names: Mapping[str, str], locale: str) -> list[Line]:
    """The first lines no method reached, in ledger order."""
    found = page_of_lines(folder, method=UNREACHED, limit=MOST_UNREACHED)
    return [line_of_row(row, names, locale) for row in found.lines]


def line_of_row(row: Mapping[str, Any], names: Mapping[str, str], locale: str) -> Line:
    """A line as the engine gives it, for people."""
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
