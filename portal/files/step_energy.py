"""The electricity PV materials need at least, and the grids it may come from, out of the shipped tables."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from portal.core.carbon.footprint_doubts import Floor, Grid
from portal.core.carbon.geography import COUNTRIES, canonical
from portal.files.tables import Row, read_table
from portal.settings import shipped

# The steps behind one kilogram, each by the least electric way known, and the electric share of a step's energy.
# Silicon is passed on without loss: what comes out is less than any factory needs.
_WHOLE = Decimal(1)
_STEPS: dict[str, tuple[tuple[str, Decimal], ...]] = {
    "mg_silicon": (("PVE-MGSI-EU", _WHOLE),),
    "polysilicon": (("PVE-POLY-FBR", _WHOLE),),
    "ingot": (("PVE-POLY-FBR", _WHOLE), ("PVE-INGOT-MC", _WHOLE)),
    "wafer": (("PVE-POLY-FBR", _WHOLE), ("PVE-INGOT-MC", _WHOLE), ("PVE-WAFER", Decimal("0.825"))),
    "cell": (
        ("PVE-POLY-FBR", _WHOLE),
        ("PVE-INGOT-MC", _WHOLE),
        ("PVE-WAFER", Decimal("0.825")),
        ("PVE-CELL", Decimal("0.86")),
    ),
}


@cache
def floors() -> dict[str, Floor]:
    """kWh per kg by material."""
    steps = {row.values["activity_id"]: Decimal(row.values["value"]) for row in _rows("pv_stage_energy.csv")}
    return {
        material: Floor(
            sum((steps[step] * share for step, share in parts), Decimal(0)),
            "PV_ICE " + " + ".join(step for step, _ in parts),
        )
        for material, parts in _STEPS.items()
    }


@cache
def grids() -> dict[str, Grid]:
    """Life-cycle intensity of generation by country, the newest year of each."""
    found: dict[str, Grid] = {}
    for row in _rows("grid_world_ember.csv"):
        country, year = canonical(row.values["geography"]), int(row.values["year"])
        if country in COUNTRIES and (country not in found or found[country].year < year):
            found[country] = Grid(Decimal(row.values["value"]), year, row.values["factor_id"])
    return found


def _rows(name: str) -> tuple[Row, ...]:
    table, _problems = read_table(shipped("factors") / name, ("value",))
    return table.rows if table else ()
