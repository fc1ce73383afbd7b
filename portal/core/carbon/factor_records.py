"""One row of a factor table as published, whether an estimate can use it or it only says where another comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from portal.core.carbon.factors import FACTOR_COLUMNS, Factor, read_unit
from portal.core.carbon.geography import canonical
from portal.core.units import unit_class

SPEND = "spend"
_YES = frozenset({"yes", "true", "1", "y", "是"})
_OWN_COLUMNS = frozenset((*FACTOR_COLUMNS, "proxy"))


@dataclass(frozen=True)
class Record:
    """A published row. `value` is per `unit` as printed; `extra` holds the columns of its table beyond the common ones."""

    factor_id: str
    name_en: str
    name_zh: str
    category: str
    material: str
    sector: str
    geography: str
    year: int
    value: Decimal
    unit: str
    gas_basis: str
    boundary: str
    source: str
    source_version: str
    licence: str
    url: str
    proxy: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


def record_of(values: Mapping[str, str]) -> Record:
    """A row of text cells that was checked before, as Record; `naics_2017` fills an empty `sector`."""
    cell = {name: (values.get(name) or "").strip() for name in _OWN_COLUMNS}
    return Record(
        factor_id=cell["factor_id"],
        name_en=cell["name_en"],
        name_zh=cell["name_zh"],
        category=cell["category"],
        material=cell["material"],
        sector=cell["sector"] or (values.get("naics_2017") or "").strip(),
        geography=cell["geography"],
        year=int(cell["year"]),
        value=Decimal(cell["value"]),
        unit=cell["unit"],
        gas_basis=cell["gas_basis"],
        boundary=cell["boundary"],
        source=cell["source"],
        source_version=cell["source_version"],
        licence=cell["licence"],
        url=cell["url"],
        proxy=cell["proxy"].lower() in _YES,
        extra={name: text.strip() for name, text in values.items() if name not in _OWN_COLUMNS and text},
    )


def texts_of(record: Record) -> dict[str, str]:
    """The filled cells of a record by column: two records with the same texts are the same row."""
    cells = {name: str(getattr(record, name)) for name in FACTOR_COLUMNS if name != "value"}
    cells |= {"value": format(record.value, "f"), "proxy": "yes" if record.proxy else "", **record.extra}
    return {name: text for name, text in cells.items() if text}


# A library has thousands of rows and a handful of units and places.
_unit = lru_cache(maxsize=1024)(read_unit)
_place = lru_cache(maxsize=1024)(canonical)


def kind_of(record: Record) -> str:
    """What a record is a factor of: a unit class ("mass", "area" …), "spend", or "" when no estimate can use it."""
    unit = _unit(record.unit)
    if unit is None:
        return ""
    return SPEND if unit[1] is not None else unit_class(unit[0]) or ""


def factor_of(record: Record, *, material: str, sector: str, proxy: bool) -> Factor | None:
    """The row an estimate computes with, serving `material` and `sector`; None when its unit fits no purchase."""
    unit = _unit(record.unit)
    if unit is None:
        return None
    return Factor(
        factor_id=record.factor_id,
        name_en=record.name_en,
        material=material,
        sector=sector,
        geography=record.geography,
        place=_place(record.geography),
        year=record.year,
        value=record.value,
        unit=unit[0],
        base_year=unit[1],
        source=record.source,
        proxy=proxy,
        name_zh=record.name_zh,
        category=record.category,
        gas_basis=record.gas_basis,
        boundary=record.boundary,
        source_version=record.source_version,
        licence=record.licence,
        url=record.url,
    )
