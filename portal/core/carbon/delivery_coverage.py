"""The share of a year's deliveries that product carbon footprints cover.

share = covered deliveries ÷ all deliveries, in the first of these in which all of them can be told: the class of units
they share; mass, where the footprints that match a delivery state the mass of their declared unit; the value in one
currency ("use purchase value if the goods have no common unit", as the question asks). A delivery that names a product
is covered by a footprint of that product only; one that names none by a footprint of its material.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.core.carbon.candidates import ratio
from portal.core.carbon.deliveries import Delivery, product_key
from portal.core.units import unit_class

VALUE = "value"
MASS_UNIT = "kg"


@dataclass(frozen=True)
class Made:
    """A footprint that is valid on the day asked about: of `product_id`, per `amount` of `unit`, which weighs `mass_kg`
    (None where not stated)."""

    key: str
    product_id: str
    material: str
    unit: str
    amount: Decimal
    mass_kg: Decimal | None = None


@dataclass(frozen=True)
class Line:
    """One delivery in a coverage: `amount` in its unit, and the keys of the footprints that cover it, if any."""

    delivery: Delivery
    amount: Fraction
    footprints: tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    """Deliveries covered and in all. `basis` is the class of units (mass, area …) or VALUE, `unit` a unit or currency;
    `weighed` says whether masses of footprints were used to bring them to one unit."""

    basis: str
    unit: str
    weighed: bool
    lines: tuple[Line, ...]

    @property
    def total(self) -> Fraction:
        return sum((line.amount for line in self.lines), Fraction(0))

    @property
    def covered(self) -> Fraction:
        return sum((line.amount for line in self.lines if line.footprints), Fraction(0))

    @property
    def share(self) -> Fraction:
        """0..1."""
        return self.covered / self.total

    @property
    def by_material(self) -> int:
        """Deliveries covered without a product number, by a footprint of their material."""
        return sum(1 for line in self.lines if line.footprints and not line.delivery.product_id)


def matching(delivery: Delivery, made: Sequence[Made]) -> tuple[Made, ...]:
    """The footprints that cover a delivery."""
    if delivery.product_id:
        wanted = product_key(delivery.product_id)
        return tuple(one for one in made if product_key(one.product_id) == wanted)
    return tuple(one for one in made if one.material == delivery.material)


def kilograms(delivery: Delivery, made: Sequence[Made]) -> Fraction | None:
    """The mass of a delivery: of its own unit, else by the mass that the footprints matching it agree on, else None."""
    if unit_class(delivery.unit) == "mass":
        return Fraction(delivery.quantity) * ratio(delivery.unit, MASS_UNIT)
    weights = {
        Fraction(one.mass_kg) / Fraction(one.amount) * ratio(delivery.unit, one.unit)
        for one in matching(delivery, made)
        if one.mass_kg is not None and unit_class(one.unit) == unit_class(delivery.unit)
    }
    return Fraction(delivery.quantity) * weights.pop() if len(weights) == 1 else None


def coverage(deliveries: Sequence[Delivery], made: Sequence[Made]) -> Coverage | None:
    """The coverage of some deliveries; None where there are none or nothing brings them to one unit."""
    if not deliveries:
        return None
    unit = deliveries[0].unit
    basis = unit_class(unit) or ""
    amounts: list[Fraction | None]
    if {unit_class(one.unit) for one in deliveries} == {basis}:
        amounts, weighed = [Fraction(one.quantity) * ratio(one.unit, unit) for one in deliveries], False
    else:
        basis, unit, weighed = "mass", MASS_UNIT, True
        amounts = [kilograms(one, made) for one in deliveries]
    if None in amounts and len({one.currency for one in deliveries}) == 1:
        basis, unit, weighed = VALUE, deliveries[0].currency, False
        amounts = [None if one.value is None else Fraction(one.value) for one in deliveries]
    lines = tuple(
        Line(one, amount, tuple(sorted(found.key for found in matching(one, made))))
        for one, amount in zip(deliveries, amounts, strict=True)
        if amount is not None
    )
    return Coverage(basis, unit, weighed, lines) if len(lines) == len(deliveries) else None
