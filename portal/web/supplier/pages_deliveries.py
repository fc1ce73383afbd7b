"""Page objects of deliveries to the buyer: what was delivered by year, what follows from it, and what was corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from flask import url_for
from sqlalchemy.orm import Session

from portal.core.carbon.delivery_allocation import Allocation, LeftOut, allocate
from portal.core.carbon.delivery_coverage import VALUE, Coverage, coverage, matching
from portal.core.carbon.inventory import Inventory, scope2, upstream
from portal.core.exact import decimal_of
from portal.core.questionnaire.unit_words import quantity_text
from portal.language import N_, say
from portal.operations.deliveries import delivery_of
from portal.operations.register_deliveries import inventory_of_year, made_on, share_percent, short
from portal.operations.register_judging import figures_of
from portal.store.carbon import FootprintRow, InventoryRow, footprints_in_force, inventories_in_force
from portal.store.deliveries import DeliveryRow, deliveries_ended, deliveries_of, replacements_of
from portal.web.words import material_word

METHOD_WORDS = {
    "mass": N_("share of mass"),
    "output": N_("share of output"),
    "revenue": N_("share of revenue"),
}
LEFT_WORDS = {
    "no_output": N_("the inventory states neither output nor revenue"),
    "unit_differs": N_(
        "the output is in another kind of unit, no footprint says what a unit weighs, and the inventory states no revenue"
    ),
    "value_missing": N_("the output is in another kind of unit, and the value of a delivery is not given"),
    "currency_differs": N_("the value is in another currency than the revenue of the inventory"),
}


@dataclass(frozen=True)
class DeliveryLine:
    """One delivery in force; `typed` is the quantity as given where it reads otherwise; `footprints` pairs the numbers of
    footprints that cover it with addresses."""

    material: str
    product: str
    quantity: str
    value: str
    typed: str
    footprints: tuple[tuple[str, str], ...]
    by: str
    at: datetime


@dataclass(frozen=True)
class EndedLine:
    """One figure that no longer counts: what it said, and what stands for it ("" where it was removed)."""

    year: int
    words: str
    typed: str
    entered_by: str
    entered_at: datetime
    became: str
    by: str
    at: datetime


@dataclass(frozen=True)
class SharedLine:
    """One row of an allocation with its sum in words; `tonnes` tCO2e."""

    material: str
    quantity: str
    method: str
    sum: str
    percent: Decimal
    tonnes: Decimal


@dataclass(frozen=True)
class AllocationView:
    """What an inventory leaves for a year's deliveries: `emitted` in words with its parts, rows, and what was left out."""

    inventory_url: str
    emitted: str
    rows: tuple[SharedLine, ...]
    left_out: tuple[str, ...]
    percent: Decimal
    exceeds: bool


@dataclass(frozen=True)
class DeliveryYear:
    """A year's deliveries; `percent` covered by footprints, None where it cannot be told; `covered` says how."""

    year: int
    lines: tuple[DeliveryLine, ...]
    percent: Decimal | None
    covered: str
    weighed: bool
    by_material: int
    allocation: AllocationView | None


@dataclass(frozen=True)
class DeliveriesPage:
    """Deliveries by year, newest first, and every figure corrected or removed."""

    years: tuple[DeliveryYear, ...]
    ended: tuple[EndedLine, ...]


def deliveries_page(session: Session, supplier_id: int, locale: str) -> DeliveriesPage:
    """Everything of a supplier's deliveries. Five queries."""
    rows = deliveries_of(session, supplier_id)
    footprints = footprints_in_force(session, supplier_id)
    inventories = inventories_in_force(session, supplier_id)
    years = dict.fromkeys(row.year for row in rows)
    after = replacements_of(session, supplier_id)
    return DeliveriesPage(
        tuple(
            _year(year, [row for row in rows if row.year == year], footprints, inventories, locale)
            for year in years
        ),
        tuple(_ended(row, after.get(row.id), locale) for row in deliveries_ended(session, supplier_id)),
    )


def _year(
    year: int,
    rows: Sequence[DeliveryRow],
    footprints: Sequence[FootprintRow],
    inventories: Sequence[InventoryRow],
    locale: str,
) -> DeliveryYear:
    made = made_on(footprints, date(year, 12, 31))
    numbers = {str(row.id): row.footprint_id for row in footprints}
    deliveries = [delivery_of(row) for row in rows]
    found = coverage(deliveries, made)
    inventory = inventory_of_year(inventories, year)
    allocation = allocate(deliveries, figures_of(inventory), made) if inventory else None
    lines = []
    for row, one in zip(rows, deliveries, strict=True):
        links = tuple(_footprint(each.key, numbers) for each in matching(one, made))
        lines.append(_line(row, links, locale))
    return DeliveryYear(
        year=year,
        lines=tuple(lines),
        percent=share_percent(found.share) if found else None,
        covered=_covered(found, locale) if found else "",
        weighed=bool(found and found.weighed),
        by_material=found.by_material if found else 0,
        allocation=_allocation(allocation, inventory, locale) if inventory and allocation else None,
    )


def _line(row: DeliveryRow, footprints: tuple[tuple[str, str], ...], locale: str) -> DeliveryLine:
    return DeliveryLine(
        material=material_word(locale, row.material),
        product=row.product_id,
        quantity=quantity_text(row.quantity, row.unit, locale),
        value=_value(row, locale),
        typed=_typed(row),
        footprints=footprints,
        by=row.entered_by.name,
        at=row.entered_at,
    )


def _footprint(key: str, numbers: Mapping[str, str]) -> tuple[str, str]:
    return numbers[key], url_for("supplier.footprints.footprint", footprint_id=int(key))


def _ended(row: DeliveryRow, after: DeliveryRow | None, locale: str) -> EndedLine:
    return EndedLine(
        year=row.year,
        words=_words(row, locale),
        typed=_typed(row),
        entered_by=row.entered_by.name,
        entered_at=row.entered_at,
        became=_words(after, locale) if after else "",
        by=row.ended_by.name if row.ended_by else "",
        at=row.ended_at or row.entered_at,
    )


def _words(row: DeliveryRow, locale: str) -> str:
    parts = [
        material_word(locale, row.material),
        row.product_id,
        quantity_text(row.quantity, row.unit, locale),
    ]
    return " · ".join(part for part in (*parts, _value(row, locale)) if part)


def _value(row: DeliveryRow, locale: str) -> str:
    return quantity_text(row.value, row.currency, locale) if row.value is not None else ""


def _typed(row: DeliveryRow) -> str:
    """The quantity as it was typed, where it is written otherwise than it is shown."""
    typed = str(row.typed.get("quantity", ""))
    return typed if typed and typed != format(row.quantity.normalize(), "f") else ""


def _covered(found: Coverage, locale: str) -> str:
    unit = found.unit
    words = (
        N_("{covered} of {total}, by value")
        if found.basis == VALUE
        else N_("{covered} of {total}, by quantity")
    )
    return say(
        locale, words, covered=_amount(found.covered, unit, locale), total=_amount(found.total, unit, locale)
    )


def _allocation(found: Allocation, row: InventoryRow, locale: str) -> AllocationView:
    return AllocationView(
        inventory_url=url_for("supplier.inventories.inventory", inventory_id=row.id),
        emitted=_emitted(figures_of(row), found, locale),
        rows=tuple(
            SharedLine(
                material=material_word(locale, one.material),
                quantity=_amount(one.quantity, one.unit, locale),
                method=say(locale, METHOD_WORDS[one.method]),
                sum=f"{_amount(one.part, one.whole_unit, locale)} ÷ {quantity_text(one.whole, one.whole_unit, locale)}",
                percent=share_percent(one.share),
                tonnes=short(one.tonnes),
            )
            for one in found.rows
        ),
        left_out=tuple(_left_out(one, locale) for one in found.left_out),
        percent=share_percent(found.share),
        exceeds=found.exceeds,
    )


def _emitted(inventory: Inventory, found: Allocation, locale: str) -> str:
    names = (N_("{figure} (scope 1)"), N_("{figure} (scope 2)"), N_("{figure} (upstream)"))
    figures = (inventory.scope1, scope2(inventory), upstream(inventory))
    parts = [
        say(locale, name, figure=quantity_text(figure, "", locale))
        for name, figure in zip(names, figures, strict=True)
        if figure is not None
    ]
    return f"{' + '.join(parts)} = {quantity_text(decimal_of(found.emitted), 'tCO2e', locale)}"


def _left_out(one: LeftOut, locale: str) -> str:
    return say(
        locale,
        N_("{material} in {unit}: {why}"),
        material=material_word(locale, one.material),
        unit=one.unit,
        why=say(locale, LEFT_WORDS[one.why]),
    )


def _amount(value: Fraction, unit: str, locale: str) -> str:
    return quantity_text(short(value), unit, locale)
