"""footprints.csv: product carbon footprints in the short form."""

from __future__ import annotations

from pathlib import Path

from portal.core.carbon.pcf import FOOTPRINT_REQUIRED, Footprint, read_footprint
from portal.core.problems import Problem
from portal.files.tables import Source, read_table


def read_footprints(path: Path) -> tuple[list[Footprint], Source | None, list[Problem]]:
    """All footprints of a file with every problem found; ids must be unique."""
    table, problems = read_table(path, FOOTPRINT_REQUIRED)
    if table is None:
        return [], None, problems
    found: dict[str, Footprint] = {}
    for row in table.rows:
        where = f"{table.source.name}:{row.line}"
        footprint, wrong = read_footprint(row.values, where)
        problems += wrong
        if footprint is None:
            continue
        if footprint.footprint_id in found:
            values = {"column": "footprint_id", "found": footprint.footprint_id}
            problems.append(Problem("row_id_twice", f"{where}:footprint_id", values))
        found[footprint.footprint_id] = footprint
    return list(found.values()), table.source, problems
