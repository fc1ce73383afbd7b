"""inventories.csv: company figures for allocation."""

from __future__ import annotations

from pathlib import Path

from portal.core.carbon.inventory import INVENTORY_REQUIRED, Inventory, read_inventory
from portal.core.problems import Problem
from portal.files.tables import Source, read_table


def read_inventories(path: Path) -> tuple[list[Inventory], Source | None, list[Problem]]:
    """All inventories of a file with every problem found; one per supplier and year."""
    table, problems = read_table(path, INVENTORY_REQUIRED)
    if table is None:
        return [], None, problems
    found: dict[tuple[str, int], Inventory] = {}
    for row in table.rows:
        where = f"{table.source.name}:{row.line}"
        inventory, wrong = read_inventory(row.values, where)
        problems += wrong
        if inventory is None:
            continue
        key = (inventory.supplier_id, inventory.year)
        if key in found:
            values = {"column": "year", "found": f"{key[0]} {key[1]}"}
            problems.append(Problem("row_id_twice", f"{where}:year", values))
        found[key] = inventory
    return list(found.values()), table.source, problems
