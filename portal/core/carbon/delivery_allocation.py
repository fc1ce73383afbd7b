"""Emissions of a company inventory allocated to what was delivered to one buyer.

tonnes = (scope 1 + scope 2 + upstream, where stated) × share. The share of a delivery is its quantity ÷ the inventory's
output where both are of one class of units, or its mass ÷ the output where that is a mass and footprints state the
mass of the delivery's unit; only where no physical share exists its value ÷ the revenue in the same currency (GHG
Protocol Scope 3 Standard, chapter 8: physical before economic). Footprints of products are not used here:
they are a figure of their own and go before allocation in an estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.core.carbon.candidates import ratio
from portal.core.carbon.deliveries import Delivery
from portal.core.carbon.delivery_coverage import Made, kilograms
from portal.core.carbon.inventory import Inventory, scope2, upstream
from portal.core.units import unit_class

METHODS = ("mass", "output", "revenue")


@dataclass(frozen=True)
class Shared:
    """The deliveries of one material in one class of units: `quantity` of `unit`, `part` of `whole` in `whole_unit`."""

    material: str
    quantity: Fraction
    unit: str
    method: str
    part: Fraction
    whole: Decimal
    whole_unit: str
    tonnes: Fraction
    keys: tuple[str, ...]

    @property
    def share(self) -> Fraction:
        """0..1; above 1 where more was delivered than there is."""
        return self.part / Fraction(self.whole)


@dataclass(frozen=True)
class LeftOut:
    """Deliveries of a material without a share. `why`: no_output (nor revenue), unit_differs, value_missing (the unit
    fits no output and the value is not given), currency_differs."""

    material: str
    unit: str
    why: str


@dataclass(frozen=True)
class Allocation:
    """What `emitted` tonnes of an inventory, with upstream emissions or without, leave for the deliveries of a year."""

    emitted: Fraction
    with_upstream: bool
    rows: tuple[Shared, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def share(self) -> Fraction:
        """The shares of all rows together."""
        return sum((row.share for row in self.rows), Fraction(0))

    @property
    def exceeds(self) -> bool:
        """Whether the rows take more than everything, so that some figure must be wrong."""
        return self.share > 1


def emitted(inventory: Inventory) -> Fraction | None:
    """Scope 1, scope 2 and upstream where stated, in tCO2e; None where scope 2 is not given."""
    second, above = scope2(inventory), upstream(inventory)
    if second is None:
        return None
    return Fraction(inventory.scope1) + Fraction(second) + Fraction(above or 0)


def allocate(
    deliveries: Sequence[Delivery], inventory: Inventory, made: Sequence[Made] = ()
) -> Allocation | None:
    """The allocation of an inventory to deliveries of its year, one row a material and class of units.

    None where the inventory does not state scope 2. `made` are footprints that may know what a unit weighs.
    """
    tonnes = emitted(inventory)
    if tonnes is None:
        return None
    rows: list[Shared] = []
    left: list[LeftOut] = []
    for group in _groups(deliveries):
        found = _shared(group, inventory, made, tonnes)
        if isinstance(found, Shared):
            rows.append(found)
        else:
            left.append(found)
    return Allocation(tonnes, upstream(inventory) is not None, tuple(rows), tuple(left))


def _groups(deliveries: Sequence[Delivery]) -> list[list[Delivery]]:
    found: dict[tuple[str, str], list[Delivery]] = {}
    for one in deliveries:
        found.setdefault((one.material, unit_class(one.unit) or ""), []).append(one)
    return list(found.values())


def _shared(
    group: Sequence[Delivery], inventory: Inventory, made: Sequence[Made], tonnes: Fraction
) -> Shared | LeftOut:
    material, unit = group[0].material, group[0].unit
    quantity = sum((Fraction(one.quantity) * ratio(one.unit, unit) for one in group), Fraction(0))
    found = _physical(group, quantity, inventory, made) or _economic(group, inventory)
    if isinstance(found, str):
        return LeftOut(material, unit, found)
    method, part, whole, whole_unit = found
    keys = tuple(one.key for one in group)
    allocated = tonnes * part / Fraction(whole)
    return Shared(material, quantity, unit, method, part, whole, whole_unit, allocated, keys)


def _physical(
    group: Sequence[Delivery], quantity: Fraction, inventory: Inventory, made: Sequence[Made]
) -> tuple[str, Fraction, Decimal, str] | None:
    output, unit = inventory.output_quantity, inventory.output_unit
    if not output:
        return None
    kind = unit_class(unit)
    method = "mass" if kind == "mass" else "output"
    if kind == unit_class(group[0].unit):
        return method, quantity * ratio(group[0].unit, unit), output, unit
    masses = [kilograms(one, made) for one in group] if kind == "mass" else [None]
    known = [mass for mass in masses if mass is not None]
    if len(known) < len(masses):
        return None
    return method, sum(known, Fraction(0)) * ratio("kg", unit), output, unit


def _economic(group: Sequence[Delivery], inventory: Inventory) -> tuple[str, Fraction, Decimal, str] | str:
    if not inventory.revenue:
        return "unit_differs" if inventory.output_quantity else "no_output"
    values = [one.value for one in group if one.value is not None]
    if len(values) < len(group):
        return "value_missing"
    if any(one.currency != inventory.currency for one in group):
        return "currency_differs"
    total = sum((Fraction(value) for value in values), Fraction(0))
    return "revenue", total, inventory.revenue, inventory.currency
