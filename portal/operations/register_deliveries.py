"""What deliveries say about a reporting period: the share that footprints cover, and the emissions allocated to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from portal.core.carbon.deliveries import Delivery
from portal.core.carbon.delivery_allocation import Allocation, Shared, allocate
from portal.core.carbon.delivery_coverage import Coverage, Made, coverage
from portal.core.carbon.details import number_of, restored
from portal.core.carbon.inventory_record import for_allocation
from portal.core.exact import decimal_of, decimal_text, rounded
from portal.core.questionnaire.facts import FactValue, Row
from portal.core.questionnaire.tables import LONGEST_CELL, holds_all
from portal.core.questionnaire.unit_words import number_text
from portal.operations.deliveries import delivery_of
from portal.operations.factor_library import materials
from portal.operations.register_footprints import valid_on
from portal.operations.register_judging import figures_of
from portal.store.carbon import FootprintRow, InventoryRow
from portal.store.deliveries import deliveries_of

Found = tuple[dict[str, FactValue], dict[str, tuple[Row, ...]], dict[str, tuple[tuple[str, int], ...]]]
PLACES = 3
# Upstream is scope 3, categories 1 to 8.
SCOPES = {False: "1 + 2", True: "1 + 2 + 3.1–3.8"}


def deliveries_known(
    session: Session,
    supplier_id: int,
    footprints: Sequence[FootprintRow],
    inventories: Sequence[InventoryRow],
    years: range,
    end: date,
) -> Found:
    """Facts, rows and records of the newest of `years` with deliveries. One query, two where there are any."""
    rows = deliveries_of(session, supplier_id)
    year = next((year for year in years if any(row.year == year for row in rows)), None)
    if year is None:
        return {"register.deliveries": Decimal(0)}, {}, {}
    deliveries = [delivery_of(row) for row in rows if row.year == year]
    made = made_on(footprints, end)
    facts, records = _covered(deliveries, made)
    names = {one.key: f"{one.name_en} / {one.name_zh}" for one in materials(session)}
    own_facts, told, behind = _allocated(deliveries, made, inventory_of_year(inventories, year), year, names)
    return facts | own_facts | {"register.deliveries_year": Decimal(year)}, told, records | behind


def made_on(footprints: Sequence[FootprintRow], day: date) -> list[Made]:
    """The footprints valid on a day, as far as deliveries ask for them."""
    return [
        Made(
            str(row.id),
            row.product_id,
            row.material,
            row.declared_unit,
            row.declared_amount,
            number_of(restored(row.details or {}), "mass_kg"),
        )
        for row in footprints
        if valid_on(row, day)
    ]


def inventory_of_year(inventories: Sequence[InventoryRow], year: int) -> InventoryRow | None:
    """The inventory of a year that allocation takes, None without one."""
    chosen: list[InventoryRow] = for_allocation(
        [(row.year, row.boundary, row) for row in inventories if row.year == year]
    )
    return chosen[0] if chosen else None


def share_percent(share: Fraction) -> Decimal:
    """A share in per cent, to two places; never 0 or 100 unless it is exactly that, and above 100 where it is above."""
    found = rounded(share * 100, 2)
    if found == 100 and share != 1:
        return Decimal("99.99") if share < 1 else Decimal("100.01")
    return Decimal("0.01") if found == 0 and share > 0 else found


def _covered(
    deliveries: Sequence[Delivery], made: Sequence[Made]
) -> tuple[dict[str, FactValue], dict[str, tuple[tuple[str, int], ...]]]:
    facts: dict[str, FactValue] = {
        "register.deliveries": Decimal(len(deliveries)),
        "register.deliveries_units": ", ".join(dict.fromkeys(one.unit for one in deliveries)),
    }
    found: Coverage | None = coverage(deliveries, made)
    if found is None:
        return facts, {}
    facts |= {
        "register.pcf_coverage": share_percent(found.share),
        "register.deliveries_total": _told(found.total, found.unit),
        "register.deliveries_covered": _told(found.covered, found.unit),
        "register.deliveries_by_material": Decimal(found.by_material),
    }
    used = sorted({int(key) for line in found.lines for key in line.footprints})
    behind = _deliveries(one.key for one in deliveries) + tuple(("footprint", key) for key in used)
    return facts, {"register.pcf_coverage": behind}


def _allocated(
    deliveries: Sequence[Delivery],
    made: Sequence[Made],
    row: InventoryRow | None,
    year: int,
    names: Mapping[str, str],
) -> Found:
    found: Allocation | None = allocate(deliveries, figures_of(row), made) if row else None
    if row is None or found is None:
        return {"register.allocation_inventory": "no"}, {}, {}
    facts: dict[str, FactValue] = {
        "register.allocation_inventory": "yes",
        "register.allocation_scopes": SCOPES[found.with_upstream],
        "register.allocation_emitted": decimal_of(found.emitted),
        "register.allocation_share": share_percent(found.share),
        "register.allocation_left": Decimal(len({one.material for one in found.left_out})),
    }
    if found.exceeds or not found.rows or not holds_all(found.rows):
        return facts, {}, {}
    told = tuple(_row(one, year, names) for one in found.rows)
    keys = _deliveries(key for one in found.rows for key in one.keys)
    behind = (("inventory", row.id), *keys)
    return facts, {"register.allocation_rows": told}, {"register.allocation_rows": behind}


def _row(one: Shared, year: int, names: Mapping[str, str]) -> Row:
    return {
        "material": one.material,
        "material_name": names.get(one.material, one.material)[:LONGEST_CELL],
        "quantity": quantity(one.quantity, one.unit),
        "allocated": short(one.tonnes),
        "method": one.method,
        "year": str(year),
    }


def short(value: Fraction) -> Decimal:
    """A figure to three places (tonnes to the kilogram); below them to three significant digits."""
    return rounded(value, PLACES) if value >= Fraction(1, 1000) else Decimal(f"{decimal_of(value):.3g}")


def quantity(value: Fraction, unit: str) -> str:
    """A quantity with its unit as a cell of an answer: "1250 t"."""
    return f"{decimal_text(short(value))} {unit}"


def _told(value: Fraction, unit: str) -> str:
    """The same to be read, digits in groups."""
    return f"{number_text(short(value))}\u00a0{unit}"


def _deliveries(keys: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(("delivery", int(key)) for key in keys)
