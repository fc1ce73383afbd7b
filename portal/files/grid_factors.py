"""The grid factors shipped with Upstream: average grids of China's notices, generation of the world's countries."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from functools import cache

from portal.core.carbon.grid import GridFactor, place_of
from portal.settings import shipped

CHINA = "grid_cn_mee_2021_2024.csv"
WORLD = "grid_world_ember.csv"
# Average grids only: not the residual mix, fossil power, single technologies or the life-cycle footprint factors.
_AVERAGE = re.compile(r"MEE-CN(-[A-Z]{2})?-[0-9]{4}|EMBER-[A-Z]{3}-[0-9]{4}")


@cache
def grid_factors() -> tuple[GridFactor, ...]:
    """Every average grid factor, in kg per kWh."""
    found = []
    for name in (CHINA, WORLD):
        with (shipped("factors") / name).open(encoding="utf-8", newline="") as stream:
            found += [
                GridFactor(
                    row["factor_id"],
                    row["name_en"],
                    row["name_zh"] or row["name_en"],
                    place_of(row["geography"]),
                    int(row["year"]),
                    Decimal(row["value"]),
                    "CO2 only" if row["gas_basis"] == "CO2 only" else "life cycle",
                )
                for row in csv.DictReader(stream)
                if _AVERAGE.fullmatch(row["factor_id"])
            ]
    return tuple(found)


@cache
def chinese_regions() -> tuple[tuple[str, str, str], ...]:
    """Provinces of China with a grid factor: (CN-AH, Anhui, 安徽省), by code."""
    newest = {f.place: f for f in sorted(grid_factors(), key=lambda f: f.year) if f.place.startswith("CN-")}
    return tuple(
        (place, f.name_en.split(",")[1].strip(), f.name_zh.partition("电力")[0])
        for place, f in sorted(newest.items())
    )
