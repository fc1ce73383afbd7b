"""The buyer's own corporate inventory: its figures, how they add up, and whether stated totals agree with their parts.

Two classifications stand side by side: the scopes and the fifteen scope 3 categories of the GHG Protocol, and
the six classes of ISO 14064-1:2018. Every item belongs to exactly one class, so the two always add up to the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.core.exact import decimal_of

CATEGORIES = tuple(f"category_{number}" for number in range(1, 16))
# Market-based first: the rule for suppliers' inventories (docs/formats.md) holds for our own as well.
SCOPE_2 = ("scope2_market", "scope2_location", "scope2_unstated")
PARTS = ("scope1", "scope2_location", "scope2_market", "scope2_unstated", *CATEGORIES)
ISO_CLASSES = (1, 2, 3, 4, 5, 6)
STATED_ISO = tuple(f"stated_iso_{number}" for number in ISO_CLASSES)
STATED = ("stated_scope_1_2", "stated_scope_3", "stated_total", *STATED_ISO)
SHARES = ("share_scope_1", "share_scope_2", "share_scope_3")
PRODUCTION = "production"
ITEMS = (*PARTS, *STATED, *SHARES, PRODUCTION)

# ISO 14064-1:2018, clause 5.2.4 and annex B: 1 direct, 2 imported energy, 3 transportation, 4 products used by the
# organisation, 5 use of the organisation's products, 6 other. Fuel- and energy-related activities (category 3) are
# class 4, because class 2 leaves the upstream of imported energy out. Nothing of the GHG Protocol falls into class 6.
_ISO_OF_CATEGORY = {3: (4, 6, 7, 9), 4: (1, 2, 3, 5, 8), 5: (10, 11, 12, 13, 14, 15)}
ISO_OF: dict[str, int] = {
    "scope1": 1,
    **dict.fromkeys(SCOPE_2, 2),
    **{f"category_{n}": number for number, members in _ISO_OF_CATEGORY.items() for n in members},
}

EMISSION_UNITS = {
    "tCO2e": Decimal(1),
    "kgCO2e": Decimal("0.001"),
    "ktCO2e": Decimal(1000),
    "万tCO2e": Decimal(10_000),
    "MtCO2e": Decimal(1_000_000),
}
POWER_UNITS = {"MWp": Decimal(1), "kWp": Decimal("0.001"), "GWp": Decimal(1000)}
SHARE_UNITS = {"%": Decimal(1)}


@dataclass(frozen=True)
class Printed:
    """A figure as printed: `value` in tCO2e, MWp or per cent; `step` is the unit of its last printed digit, 0 when exact.

    It stands for anything within half a step of `value`.
    """

    value: Decimal
    step: Decimal = Decimal(0)


@dataclass(frozen=True)
class Totals:
    """Sums in tCO2e over the figures given; None where not one part is given. `scope2_item` is the basis that counts."""

    scope1: Decimal | None
    scope2: Decimal | None
    scope2_item: str | None
    scope12: Decimal | None
    scope3: Decimal | None
    total: Decimal | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class IsoClass:
    """One class of ISO 14064-1 with the items that make it up and their sum in tCO2e (None: no figure given)."""

    number: int
    parts: tuple[str, ...]
    total: Decimal | None


@dataclass(frozen=True)
class Check:
    """A stated figure beside what its parts give.

    `difference` is stated − computed, `explains` the most that rounding can explain. `state`: equal, rounding (the
    difference is no more than that), differs. `missing` are parts without a figure, which may be the difference.
    """

    item: str
    parts: tuple[str, ...]
    missing: tuple[str, ...]
    computed: Decimal
    stated: Decimal
    difference: Decimal
    explains: Decimal
    state: str


def units_of(item: str) -> Mapping[str, Decimal]:
    """The units a figure of `item` may be given in, each with its size in the base unit; the base unit first."""
    if item == PRODUCTION:
        return POWER_UNITS
    return SHARE_UNITS if item in SHARES else EMISSION_UNITS


def printed(text: str, size: Decimal) -> Printed:
    """A plain number as printed in a unit of `size` base units: "24.4" in Mt is 24 400 000 t with a step of 100 000 t."""
    number = Decimal(text)
    exponent = number.as_tuple().exponent
    step = Fraction(10) ** (exponent if isinstance(exponent, int) else 0)
    return Printed(_times(number, size), decimal_of(step * Fraction(size)))


def total_of(values: Iterable[Decimal]) -> Decimal:
    """The exact sum, with as many digits as it takes."""
    return decimal_of(sum(map(Fraction, values), Fraction(0)))


def scope2_item(figures: Mapping[str, Printed]) -> str | None:
    """The scope 2 figure that counts: market-based, else location-based, else the one whose basis is not stated."""
    return next((item for item in SCOPE_2 if item in figures), None)


def totals_of(figures: Mapping[str, Printed]) -> Totals:
    """Scope 1, 2, 3 and all together. A missing category counts for nothing and is named in `missing`."""
    counted = scope2_item(figures)
    scope1 = figures["scope1"].value if "scope1" in figures else None
    scope2 = figures[counted].value if counted else None
    scope3 = _sum_of(figures, CATEGORIES)
    given = [value for value in (scope1, scope2) if value is not None]
    every = [value for value in (scope1, scope2, scope3) if value is not None]
    missing = [item for item in ("scope1", *CATEGORIES) if item not in figures]
    if counted is None:
        missing.insert(1 if "scope1" in missing else 0, "scope2_market")
    return Totals(
        scope1=scope1,
        scope2=scope2,
        scope2_item=counted,
        scope12=total_of(given) if given else None,
        scope3=scope3,
        total=total_of(every) if every else None,
        missing=tuple(missing),
    )


def iso_classes(figures: Mapping[str, Printed]) -> tuple[IsoClass, ...]:
    """The six classes of ISO 14064-1, in order. Of the scope 2 figures only the one that counts is in class 2."""
    return tuple(
        IsoClass(number, parts, _sum_of(figures, parts))
        for number in ISO_CLASSES
        for parts in (_members(figures, number),)
    )


def checks_of(figures: Mapping[str, Printed]) -> tuple[Check, ...]:
    """Every stated total and share beside what its parts give, where at least one part is given.

    A sum of n figures, each printed to its last digit, may differ from its printed total by half a step of every
    part and half a step of the total itself; that is what rounding explains, and not a tonne more.
    """
    counted = scope2_item(figures) or "scope2_market"
    of_scopes = ("scope1", counted)
    sums = {
        "stated_scope_1_2": of_scopes,
        "stated_scope_3": CATEGORIES,
        "stated_total": (*of_scopes, *CATEGORIES),
        **{f"stated_iso_{number}": _members(figures, number) for number in ISO_CLASSES},
    }
    found = [check for item, parts in sums.items() if (check := _check_sum(figures, item, parts)) is not None]
    shares = {"share_scope_1": ("scope1",), "share_scope_2": (counted,), "share_scope_3": CATEGORIES}
    whole = (*of_scopes, *CATEGORIES)
    found += [
        check
        for item, parts in shares.items()
        if (check := _check_share(figures, item, parts, whole)) is not None
    ]
    return tuple(found)


def _members(figures: Mapping[str, Printed], number: int) -> tuple[str, ...]:
    counted = scope2_item(figures) or "scope2_market"
    return tuple(
        item for item in PARTS if ISO_OF[item] == number and (item not in SCOPE_2 or item == counted)
    )


def _sum_of(figures: Mapping[str, Printed], items: Iterable[str]) -> Decimal | None:
    given = [figures[item].value for item in items if item in figures]
    return total_of(given) if given else None


def _check_sum(figures: Mapping[str, Printed], item: str, parts: tuple[str, ...]) -> Check | None:
    given = [part for part in parts if part in figures]
    if item not in figures or (parts and not given):
        return None
    stated = figures[item]
    computed = total_of(figures[part].value for part in given)
    steps = [figures[part].step for part in given] + [stated.step]
    explains = decimal_of(sum(map(Fraction, steps), Fraction(0)) / 2)
    return _check(item, parts, given, computed, stated.value, explains)


def _check_share(
    figures: Mapping[str, Printed], item: str, parts: tuple[str, ...], whole: tuple[str, ...]
) -> Check | None:
    """A stated percentage. What rounding explains: half its own step, and what half a step of every part moves."""
    given = [part for part in parts if part in figures]
    everything = [part for part in whole if part in figures]
    together = sum((Fraction(figures[part].value) for part in everything), Fraction(0))
    if item not in figures or not given or together <= 0:
        return None
    stated = figures[item]
    share = 100 * sum((Fraction(figures[part].value) for part in given), Fraction(0)) / together
    own = sum((Fraction(figures[part].step) for part in given), Fraction(0)) / 2
    every = sum((Fraction(figures[part].step) for part in everything), Fraction(0)) / 2
    moved = 100 * (own + every) / together
    explains = decimal_of(Fraction(stated.step) / 2 + moved)
    return _check(item, parts, given, decimal_of(share), stated.value, explains)


def _check(
    item: str, parts: tuple[str, ...], given: list[str], computed: Decimal, stated: Decimal, explains: Decimal
) -> Check:
    difference = decimal_of(Fraction(stated) - Fraction(computed))
    if difference == 0:
        state = "equal"
    else:
        state = "rounding" if abs(difference) <= explains else "differs"
    missing = tuple(part for part in parts if part not in given)
    return Check(item, parts, missing, computed, stated, difference, explains, state)


def _times(number: Decimal, size: Decimal) -> Decimal:
    return decimal_of(Fraction(number) * Fraction(size))
