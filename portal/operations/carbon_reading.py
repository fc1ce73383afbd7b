"""What a carbon file says: rows as they would be stored, every problem at its cell, and doubts worth a look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.core.carbon.inventory_record import InventoryRecord, read_inventory_record, same_inventory
from portal.core.carbon.pcf import Footprint
from portal.core.errors import Invalid
from portal.core.problems import Problem
from portal.files.carbon_workbooks import RawRow, locate, read_inventories
from portal.files.supplier_column import other_supplier
from portal.operations.carbon_rows import Taken
from portal.operations.footprint_reading import Known, read_footprint_file

__all__ = ["CarbonFile", "Taken", "read_carbon_file"]


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


def read_carbon_file(
    data: bytes,
    name: str,
    *,
    kind: str,
    supplier_code: str,
    known: Known | None = None,
    today: date | None = None,
) -> CarbonFile:
    """Read a file of `kind` ("footprints" or "inventory") for the supplier with this code; never raises Invalid.

    Each problem's `where` is the address of its cell (B7) or its JSON pointer where it has one. `known` is what
    the portal knows besides; without it only the bands built in are there to doubt by. Without `today` no year of
    an inventory is too far ahead.
    """
    if kind == "footprints":
        read = read_footprint_file(data, name, supplier_code=supplier_code, known=known)
        return CarbonFile(read.taken, (), read.problems, read.notes)
    inventories: list[Taken[InventoryRecord]] = []
    try:
        raw = read_inventories(data, name)
        problems = _take(raw.rows, supplier_code, inventories, today)
        problems += _same_twice(inventories)
    except Invalid as invalid:
        return CarbonFile((), (), invalid.problems, ())
    return CarbonFile((), tuple(inventories), (*raw.problems, *problems), raw.notes)


def _take(
    rows: tuple[RawRow, ...], supplier_code: str, taken: list[Taken[InventoryRecord]], today: date | None
) -> list[Problem]:
    """Read each row into `taken`; every problem is placed at its cell, columns refused by the reader are skipped."""
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for row in rows:
        value, wrong = read_inventory_record({**row.values, "supplier_id": supplier_code}, today=today)
        wrong = [*wrong, *other_supplier(row, supplier_code)]
        problems += [locate(p, row) for p in wrong if p.values.get("column") not in row.refused]
        if value is None or wrong:
            continue
        text = _inventory_key(value)
        here = row.addresses.get("year", str(row.number))
        if text in seen:
            problems.append(Problem("carbon_row_twice", here, {"found": text, "first": seen[text]}))
        seen.setdefault(text, here)
        filled = {c: t for c, t in row.values.items() if t}
        cells = {c: row.addresses[c] for c in filled}
        taken.append(Taken(row.number, value, cells, filled, about=text))
    return problems


def _inventory_key(inventory: InventoryRecord) -> str:
    return f"{inventory.figures.year} {inventory.boundary}".strip()


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
