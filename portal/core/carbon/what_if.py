"""What-ifs on an estimate: a supplier at its promised footprint, a material made another way, a material cut by a share.

The rule that makes several combine, whatever their order and never counting a tonne twice:

1. On the purchases of one supplier and material at most one new intensity acts: the supplier's own promise before a
   switch of the whole material. A switch touches only purchases that stand above it today.
2. Cuts in per cent then multiply on what remains: 20 % and 10 % leave 0.8 × 0.9.
3. Purchases with tonnes or a quantity at or below zero (net credit notes) stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.core.errors import Refused
from portal.core.exact import decimal_of
from portal.core.units import convert, unit_class


@dataclass(frozen=True)
class Slice:
    """Purchases of one supplier, material and unit within an estimate: kgCO2e, and the quantity bought (None: money only)."""

    supplier: str
    material: str
    unit: str
    kg: Decimal
    quantity: Decimal | None


@dataclass(frozen=True)
class Promise:
    """A supplier's material at `value` kgCO2e per `unit`, as it has promised; taken as told even where it is higher."""

    supplier: str
    material: str
    value: Decimal
    unit: str


@dataclass(frozen=True)
class Switch:
    """All of a material at `value` kgCO2e per `unit` where it stands above that today; `factor_id` names the anchor."""

    material: str
    value: Decimal
    unit: str
    factor_id: str


@dataclass(frozen=True)
class Cut:
    """`percent` (0..100) less of a material, whoever delivers it."""

    material: str
    percent: Decimal


Measure = Promise | Switch | Cut


@dataclass(frozen=True)
class Part:
    """One measure by itself: kgCO2e it acts on, kgCO2e it would avoid alone, kgCO2e it cannot reach (no fitting quantity)."""

    acts_on_kg: Decimal
    alone_kg: Decimal
    out_of_reach_kg: Decimal


@dataclass(frozen=True)
class Outcome:
    """All measures together: kgCO2e before and after, avoided by supplier and by material, and each measure alone.

    `acts_on_kg` are the purchases that any measure acts on; `avoided_kg` never exceeds them.
    """

    before_kg: Decimal
    after_kg: Decimal
    avoided_kg: Decimal
    acts_on_kg: Decimal
    by_supplier: dict[str, Decimal]
    by_material: dict[str, Decimal]
    parts: tuple[Part, ...]


def check_measures(measures: Sequence[Measure]) -> None:
    """Raise Refused("what_if_twice") when two measures would set the same thing."""
    seen: set[tuple[object, ...]] = set()
    for measure in measures:
        supplier = measure.supplier if isinstance(measure, Promise) else ""
        key = (type(measure), supplier, measure.material)
        if key in seen:
            raise Refused("what_if_twice", material=measure.material, supplier=supplier)
        seen.add(key)


def outcome_of(slices: Sequence[Slice], measures: Sequence[Measure]) -> Outcome:
    """What the estimate would be with all `measures`. Raises Refused("what_if_twice")."""
    check_measures(measures)
    before = sum((Fraction(s.kg) for s in slices), Fraction(0))
    suppliers: dict[str, Fraction] = {}
    materials: dict[str, Fraction] = {}
    acted = Fraction(0)
    for one in slices:
        if not any(_touches(measure, one) for measure in measures):
            continue
        acted += Fraction(one.kg)
        avoided = Fraction(one.kg) - _after(one, measures)
        suppliers[one.supplier] = suppliers.get(one.supplier, Fraction(0)) + avoided
        materials[one.material] = materials.get(one.material, Fraction(0)) + avoided
    avoided = sum(suppliers.values(), Fraction(0))
    return Outcome(
        before_kg=decimal_of(before),
        after_kg=decimal_of(before - avoided),
        avoided_kg=decimal_of(avoided),
        acts_on_kg=decimal_of(acted),
        by_supplier={name: decimal_of(kg) for name, kg in sorted(suppliers.items())},
        by_material={name: decimal_of(kg) for name, kg in sorted(materials.items())},
        parts=tuple(_part(slices, measure) for measure in measures),
    )


def _part(slices: Sequence[Slice], measure: Measure) -> Part:
    mine = [one for one in slices if _aims_at(measure, one)]
    reached = [one for one in mine if _touches(measure, one)]
    away = [
        one
        for one in mine
        if one.kg > 0 and not isinstance(measure, Cut) and _quantity(one, measure.unit) is None
    ]
    return Part(
        acts_on_kg=_kg(reached),
        alone_kg=decimal_of(
            sum((Fraction(one.kg) - _after(one, (measure,)) for one in reached), Fraction(0))
        ),
        out_of_reach_kg=_kg(away),
    )


def _aims_at(measure: Measure, one: Slice) -> bool:
    same = measure.material == one.material
    return same and (not isinstance(measure, Promise) or measure.supplier == one.supplier)


def _touches(measure: Measure, one: Slice) -> bool:
    if not _aims_at(measure, one) or one.kg <= 0 or (one.quantity is not None and one.quantity <= 0):
        return False
    if isinstance(measure, Cut):
        return True
    quantity = _quantity(one, measure.unit)
    if quantity is None:
        return False
    return isinstance(measure, Promise) or Fraction(one.kg) > quantity * Fraction(measure.value)


def _after(one: Slice, measures: Sequence[Measure]) -> Fraction:
    acting = [measure for measure in measures if _touches(measure, one)]
    left = Fraction(one.kg)
    promises = [m for m in acting if isinstance(m, Promise)]
    switches = [m for m in acting if isinstance(m, Switch)]
    for measure in (promises or switches)[:1]:
        left = (_quantity(one, measure.unit) or Fraction(0)) * Fraction(measure.value)
    for cut in acting:
        if isinstance(cut, Cut):
            left *= 1 - Fraction(cut.percent) / 100
    return left


def _quantity(one: Slice, unit: str) -> Fraction | None:
    """The quantity in `unit`; None where there is none above zero or it is of another class."""
    if one.quantity is None or one.quantity <= 0 or unit_class(one.unit) is None:
        return None
    if unit_class(one.unit) != unit_class(unit):
        return None
    return Fraction(convert(one.quantity, one.unit, unit))


def _kg(slices: Sequence[Slice]) -> Decimal:
    return decimal_of(sum((Fraction(one.kg) for one in slices), Fraction(0)))
