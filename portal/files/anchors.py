"""Anchors for what-ifs: other ways of making a material, from the tables in factors/, each with its source and boundary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

from portal.core.exact import decimal_of
from portal.files.tables import Row, read_table
from portal.settings import shipped

# A published figure of one maker, or the electricity of the step times a grid: (material, way, prefix in each table).
_WAYS = (("polysilicon", "granular", "PV-POLY-FBR-", "PVE-POLY-FBR"),)
_GRIDS = (
    ("grid_cn_mee_2021_2024.csv", "MEE-PCF-CN-2024"),
    ("grid_world_ember.csv", "EMBER-REGION-World-2024"),
)


@dataclass(frozen=True)
class Anchor:
    """`value` kgCO2e per `unit` of `material` made in `way`. `formula` is the arithmetic where it was worked out.

    `partial` when the boundary leaves something out (only the electricity of the step, or no industrial silicon). No anchor is a default of the estimate.
    """

    id: str
    material: str
    way: str
    value: Decimal
    unit: str
    name_en: str
    name_zh: str
    source: str
    year: str
    boundary: str
    url: str
    formula: str = ""
    partial: bool = False


@cache
def anchors() -> tuple[Anchor, ...]:
    """Every anchor, those worked out from electricity first: they have the boundary of our own average factors."""
    found: list[Anchor] = []
    for material, way, published, energy in _WAYS:
        found += _worked_out(material, way, energy)
        found += _published(material, way, published)
    return tuple(found)


def anchor_by_id(anchor_id: str) -> Anchor | None:
    """One anchor."""
    return next((anchor for anchor in anchors() if anchor.id == anchor_id), None)


def _worked_out(material: str, way: str, energy: str) -> Iterator[Anchor]:
    for step in _rows("pv_stage_energy.csv"):
        if step.values["activity_id"] != energy:
            continue
        for table, grid_id in _GRIDS:
            for grid in _rows(table):
                if grid.values["factor_id"] != grid_id:
                    continue
                kwh, per_kwh = Decimal(step.values["value"]), Decimal(grid.values["value"])
                yield Anchor(
                    id=f"{energy} {grid_id}",
                    material=material,
                    way=way,
                    value=decimal_of(Fraction(kwh) * Fraction(per_kwh)),
                    unit="kg",
                    name_en=f"{step.values['name_en']}, electricity × {grid.values['name_en']}",
                    name_zh=f"{step.values['name_zh']}，电力 × {grid.values['name_zh'] or '世界平均电力 2024'}",
                    source=f"{step.values['source']}; {grid.values['source']}",
                    year=grid.values["year"],
                    boundary=step.values["boundary"],
                    url=step.values["url"],
                    formula=f"{kwh} kWh/kg × {per_kwh} kgCO2e/kWh",
                    partial=True,
                )


def _published(material: str, way: str, prefix: str) -> Iterator[Anchor]:
    for row in _rows("pv_reference_points.csv"):
        if row.values["factor_id"].startswith(prefix) and row.values["unit"] == "kgCO2e/kg":
            yield Anchor(
                id=row.values["factor_id"],
                material=material,
                way=way,
                value=Decimal(row.values["value"]),
                unit="kg",
                name_en=row.values["name_en"],
                name_zh=row.values["name_zh"],
                source=row.values["source"],
                year=row.values["year"],
                boundary=row.values["boundary"],
                url=row.values["url"],
                partial="partial" in row.values["boundary"].lower(),
            )


def _rows(name: str) -> tuple[Row, ...]:
    table, problems = read_table(shipped("factors") / name, ())
    if table is None:
        raise RuntimeError(f"{name} cannot be read: {problems}")
    return table.rows
