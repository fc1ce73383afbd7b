"""Deliveries to the buyer: what a supplier delivered of a material or product in a year. Reads one from form text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.core.carbon import cells
from portal.core.problems import Problem

FIELDS = ("material", "product_id", "quantity", "unit", "value", "currency")
UNITS = ("kg", "t", "g", "m2", "m3", "l", "piece", "Wp", "kWp", "MWp", "kWh", "MWh", "MJ", "t.km")
LONGEST_PRODUCT = 120


@dataclass(frozen=True)
class Delivery:
    """What was delivered to the buyer in `year`: `quantity` of `unit`, above zero.

    `product_id` is the supplier's own number, "" for the material as a whole; `value` is what the buyer was charged for
    it in `currency`, None where not given. `key` names the record, "" for one that is not kept yet.
    """

    year: int
    material: str
    product_id: str
    quantity: Decimal
    unit: str
    value: Decimal | None = None
    currency: str = ""
    key: str = ""


def read_delivery(
    values: Mapping[str, str], materials: Collection[str], where: str = ""
) -> tuple[Delivery | None, list[Problem]]:
    """One row of text cells as Delivery, or None with every problem (places as in `portal.core.carbon.cells`).

    `values` holds FIELDS and `year`, `materials` the keys that may be chosen. Codes beyond those of cells:
    delivery_material_unknown, delivery_text_too_long (most), row_missing_beside (other).
    """
    row = cells.Row(values, where)
    year = cells.year(row, "year", required=True)
    material = cells.text(row, "material", required=True)
    if material and material not in materials:
        cells.add_problem(row, "material", "delivery_material_unknown")
    product = " ".join(cells.text(row, "product_id").split())
    if len(product) > LONGEST_PRODUCT:
        cells.add_problem(row, "product_id", "delivery_text_too_long", most=LONGEST_PRODUCT)
    quantity = cells.positive(row, "quantity", required=True)
    unit = cells.unit(row, "unit", required=True)
    value = cells.positive(row, "value")
    currency = cells.currency(row, "currency")
    for given, missing in (("value", "currency"), ("currency", "value")):
        if (values.get(given) or "").strip() and not (values.get(missing) or "").strip():
            cells.add_problem(row, missing, "row_missing_beside", other=given)
    if row.problems or year is None or quantity is None:
        return None, row.problems
    return Delivery(year, material, product, quantity, unit, value, currency), []


def judge_year(year: int, today: date) -> list[Problem]:
    """A year that has not begun cannot have deliveries: delivery_year_ahead at "year"."""
    return [Problem("delivery_year_ahead", "year", {"found": str(year)})] if year > today.year else []


def product_key(product_id: str) -> str:
    """A product number as it is compared: blanks and capitals carry no meaning."""
    return "".join(product_id.split()).casefold()


def identity(one: Delivery) -> tuple[int, str, str]:
    """What may stand once only: year, material and product."""
    return one.year, one.material, product_key(one.product_id)


def twice(rows: Iterable[tuple[str, Delivery]]) -> list[Problem]:
    """`rows` are (place, delivery). delivery_twice at every place whose year, material and product stood before (`first`)."""
    seen: dict[tuple[int, str, str], str] = {}
    problems = []
    for place, one in rows:
        first = seen.setdefault(identity(one), place)
        if first != place:
            problems.append(Problem("delivery_twice", place, {"first": first}))
    return problems
