"""factors.csv and the tables shipped with Upstream: emission factors and default sectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from portal.core.carbon.factors import FACTOR_REQUIRED, Factor, read_factor
from portal.core.problems import Problem
from portal.files.tables import Source, read_table

SHIPPED_FACTORS = ("pv_materials.csv", "desnz_2024_material_use.csv", "epa_supply_chain_v1_3_naics6.csv")
SECTOR_REQUIRED = ("material", "sector")


def read_factors(paths: Sequence[Path]) -> tuple[list[Factor], list[Source], list[Problem]]:
    """All factors of one or several files with every problem found; ids are unique over all of them."""
    found: dict[str, Factor] = {}
    sources: list[Source] = []
    problems: list[Problem] = []
    for path in paths:
        table, wrong = read_table(path, FACTOR_REQUIRED)
        problems += wrong
        if table is None:
            continue
        sources.append(table.source)
        for row in table.rows:
            where = f"{table.source.name}:{row.line}"
            factor, wrong = read_factor(row.values, where)
            problems += wrong
            if factor is None:
                continue
            if factor.factor_id in found:
                values = {"column": "factor_id", "found": factor.factor_id}
                problems.append(Problem("row_id_twice", f"{where}:factor_id", values))
            found[factor.factor_id] = factor
    return list(found.values()), sources, problems


def read_sectors(path: Path) -> tuple[dict[str, str], Source | None, list[Problem]]:
    """The default NAICS 2017 sector of each material."""
    table, problems = read_table(path, SECTOR_REQUIRED)
    if table is None:
        return {}, None, problems
    return {row.values["material"]: row.values["sector"] for row in table.rows}, table.source, problems
