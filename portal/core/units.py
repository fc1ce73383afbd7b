"""Units of measure and their exact conversion. Converted within a class, refused across classes.

Factors are exact by definition (1 kWh = 3.6 MJ); none is a measured or rounded quantity.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from portal.core.errors import Refused
from portal.core.exact import decimal_of

CLASSES: dict[str, dict[str, Decimal]] = {
    "mass": {"g": Decimal("0.001"), "kg": Decimal("1"), "t": Decimal("1000"), "kt": Decimal("1000000")},
    "volume": {"l": Decimal("0.001"), "m3": Decimal("1")},
    "area": {"m2": Decimal("1")},
    "energy": {
        "MJ": Decimal("1"),
        "GJ": Decimal("1000"),
        "kWh": Decimal("3.6"),
        "MWh": Decimal("3600"),
        "GWh": Decimal("3600000"),
    },
    "power": {
        "Wp": Decimal("0.001"),
        "kWp": Decimal("1"),
        "MWp": Decimal("1000"),
        "GWp": Decimal("1000000"),
    },
    "transport": {"t.km": Decimal("1")},
    "count": {"piece": Decimal("1"), "count": Decimal("1")},
    "emissions": {
        "kgCO2e": Decimal("1"),
        "tCO2e": Decimal("1000"),
        "ktCO2e": Decimal("1000000"),
    },
    "time": {"hours": Decimal("1")},
    "share": {"%": Decimal("1")},
    "injury_rate": {"cases per million hours": Decimal("1"), "cases per 200,000 hours": Decimal("5")},
    "footprint": {"kgCO2e per declared unit": Decimal("1")},
}

_CLASS_OF = {unit: name for name, units in CLASSES.items() for unit in units}


def unit_class(unit: str) -> str | None:
    """The class of a unit ("mass", "energy", …), None for an unknown unit. Case matters: kWh, t.km, tCO2e."""
    return _CLASS_OF.get(unit)


def units_of_class(name: str) -> tuple[str, ...]:
    """All units of a class, smallest first where the class has an order."""
    return tuple(sorted(CLASSES[name], key=lambda unit: CLASSES[name][unit]))


def convert(value: Decimal, from_unit: str, to_unit: str) -> Decimal:
    """`value` of `from_unit` expressed in `to_unit`.

    Exact wherever the result has a finite decimal form, otherwise (MJ to kWh) correct to 28 digits.
    Raises Refused: unit_unknown (unit), unit_class_differs (from_unit, to_unit).
    """
    for unit in (from_unit, to_unit):
        if unit not in _CLASS_OF:
            raise Refused("unit_unknown", unit=unit)
    if _CLASS_OF[from_unit] != _CLASS_OF[to_unit]:
        raise Refused("unit_class_differs", from_unit=from_unit, to_unit=to_unit)
    if from_unit == to_unit:
        return value
    factors = CLASSES[_CLASS_OF[from_unit]]
    return decimal_of(Fraction(value) * Fraction(factors[from_unit]) / Fraction(factors[to_unit]))
