"""What a carbon file says: rows as they would be stored, every problem at its cell, and doubts worth a look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from portal.core.carbon.inventory_record import InventoryRecord, read_inventory_record, same_inventory
from portal.core.carbon.pcf import Footprint, read_footprint
from portal.core.carbon.plausibility import doubts
from portal.core.errors import Invalid
from portal.core.problems import Problem
from portal.files.carbon_workbooks import RawRow, locate, read_footprints, read_inventories

# What the database's columns hold; longer text is refused before it gets there.
LONGEST = {"footprint_id": 120, "product_id": 120, "material": 60, "geography": 12}

Value = TypeVar("Value", Footprint, InventoryRecord)


@dataclass(frozen=True)
class Taken(Generic[Value]):
    """One row that can be stored: its `value`, and for each column the `cells` address and the text `typed` there."""

    number: int
    value: Value
    cells: Mapping[str, str]
    typed: Mapping[str, str]
    doubts: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class CarbonFile:
    """A carbon file as read. With any of `problems` nothing can be taken over; `notes` and doubts only warn."""

    footprints: tuple[Taken[Footprint], ...]
    inventories: tuple[Taken[InventoryRecord], ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]

    @property
    def count(self) -> int:
        return len(self.footprints) + len(self.inventories)


def read_carbon_file(data: bytes, name: str, *, kind: str, supplier_code: str) -> CarbonFile:
    """Read a file of `kind` ("footprints" or "inventory") for the supplier with this code; never raises Invalid.

    Each problem's `where` is the address of its cell (B7) where it has one.
    """
    footprints: list[Taken[Footprint]] = []
    inventories: list[Taken[InventoryRecord]] = []
    try:
        if kind == "footprints":
            raw = read_footprints(data, name)
            problems = _take(raw.rows, supplier_code, read_footprint, _footprint_key, doubts, footprints)
        else:
            raw = read_inventories(data, name)
            problems = _take(
                raw.rows, supplier_code, read_inventory_record, _inventory_key, _no_doubts, inventories
            )
            problems += _same_twice(inventories)
    except Invalid as invalid:
        return CarbonFile((), (), invalid.problems, ())
    return CarbonFile(tuple(footprints), tuple(inventories), (*raw.problems, *problems), raw.notes)


def _take(
    rows: tuple[RawRow, ...],
    supplier_code: str,
    read: Callable[[Mapping[str, str]], tuple[Value | None, list[Problem]]],
    key: Callable[[Value], tuple[str, str]],
    doubt: Callable[[Value], list[Problem]],
    taken: list[Taken[Value]],
) -> list[Problem]:
    """Read each row into `taken`; every problem is placed at its cell, columns refused by the reader are skipped."""
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for row in rows:
        value, wrong = read({**row.values, "supplier_id": supplier_code})
        wrong += [
            Problem("carbon_text_too_long", column, {"column": column, "most": most})
            for column, most in LONGEST.items()
            if len(row.values.get(column, "")) > most
        ]
        problems += [locate(p, row) for p in wrong if p.values.get("column") not in row.refused]
        if value is None or wrong:
            continue
        column, text = key(value)
        here = row.addresses.get(column, str(row.number))
        if text in seen:
            problems.append(Problem("carbon_row_twice", here, {"found": text, "first": seen[text]}))
        seen.setdefault(text, here)
        filled = {c: t for c, t in row.values.items() if t}
        cells = {c: row.addresses[c] for c in filled}
        warnings = tuple(locate(p, row) for p in doubt(value))
        taken.append(Taken(row.number, value, cells, filled, warnings))
    return problems


def _footprint_key(footprint: Footprint) -> tuple[str, str]:
    return "footprint_id", footprint.footprint_id


def _inventory_key(inventory: InventoryRecord) -> tuple[str, str]:
    return "year", f"{inventory.figures.year} {inventory.boundary}".strip()


def _same_twice(taken: list[Taken[InventoryRecord]]) -> list[Problem]:
    """Rows of one year of which one does not state its boundary: nobody could tell which is meant."""
    problems = []
    for number, later in enumerate(taken):
        year, boundary = later.value.figures.year, later.value.boundary
        for earlier in taken[:number]:
            known = earlier.value.boundary
            if earlier.value.figures.year == year and boundary != known and same_inventory(boundary, known):
                first = earlier.cells["year"]
                problems.append(
                    Problem("inventory_boundary_unclear", later.cells["year"], {"first": first, "year": year})
                )
    return problems


def _no_doubts(_inventory: InventoryRecord) -> list[Problem]:
    return []
