"""Emission factors: one row of a factor table, by material (average-data) or by sector (spend-based)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from portal.core.carbon import cells
from portal.core.carbon.geography import canonical
from portal.core.problems import Problem

FACTOR_REQUIRED = ("factor_id", "name_en", "geography", "year", "value", "unit", "source")
FACTOR_COLUMNS = (
    "factor_id",
    "name_en",
    "name_zh",
    "category",
    "material",
    "sector",
    "geography",
    "year",
    "value",
    "unit",
    "gas_basis",
    "boundary",
    "source",
    "source_version",
    "licence",
    "url",
)
_SPEND_UNIT = re.compile(r"kgCO2e/USD-([0-9]{4})(?: .*)?")
_GOODS_UNIT = re.compile(r"kgCO2e/(\S+)")


@dataclass(frozen=True)
class Factor:
    """kgCO2e per `unit` of goods, or, when `base_year` is set, per US dollar of that year's prices (`unit` empty).

    `geography` is the published text, `place` its canonical key; `material` is the key purchase lines use (a factor
    without one answers to its own id); `proxy` marks a factor that stands in for another material.
    """

    factor_id: str
    name_en: str
    material: str
    sector: str
    geography: str
    place: str
    year: int
    value: Decimal
    unit: str
    base_year: int | None
    source: str
    proxy: bool = False
    name_zh: str = ""
    category: str = ""
    gas_basis: str = ""
    boundary: str = ""
    source_version: str = ""
    licence: str = ""
    url: str = ""


def read_unit(text: str) -> tuple[str, int | None] | None:
    """`kgCO2e/kg` → ("kg", None); `kgCO2e/USD-2022 purchaser price` → ("", 2022); None when neither."""
    if spend := _SPEND_UNIT.fullmatch(text):
        return "", int(spend[1])
    goods = _GOODS_UNIT.fullmatch(text)
    if goods and cells.is_product_unit(goods[1]):
        return goods[1], None
    return None


def read_factor(values: Mapping[str, str], where: str = "") -> tuple[Factor | None, list[Problem]]:
    """One row of factors.csv as Factor, or None with every problem of the row (places as in `read_footprint`).

    The column `naics_2017` is read as `sector` where `sector` is empty; `proxy` (yes/no) is optional.
    """
    row = cells.Row(values, where)
    factor_id = cells.text(row, "factor_id", required=True)
    name = cells.text(row, "name_en", required=True)
    geography = cells.text(row, "geography", required=True)
    year = cells.year(row, "year", required=True)
    value = cells.number(row, "value", required=True, least=Decimal(0))
    unit_text = cells.text(row, "unit", required=True)
    source = cells.text(row, "source", required=True)
    unit = read_unit(unit_text) if unit_text else None
    if unit_text and unit is None:
        cells.add_problem(row, "unit", "factor_unit_unknown")
    material = cells.text(row, "material")
    sector = cells.text(row, "sector") or cells.text(row, "naics_2017")
    proxy = cells.yes_no(row, "proxy")
    if row.problems or year is None or value is None or unit is None:
        return None, row.problems
    factor = Factor(
        factor_id=factor_id,
        name_en=name,
        material=material,
        sector=sector,
        geography=geography,
        place=canonical(geography),
        year=year,
        value=value,
        unit=unit[0],
        base_year=unit[1],
        source=source,
        proxy=proxy,
        name_zh=cells.text(row, "name_zh"),
        category=cells.text(row, "category"),
        gas_basis=cells.text(row, "gas_basis"),
        boundary=cells.text(row, "boundary"),
        source_version=cells.text(row, "source_version"),
        licence=cells.text(row, "licence"),
        url=cells.text(row, "url"),
    )
    return factor, row.problems
