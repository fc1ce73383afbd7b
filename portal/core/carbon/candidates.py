"""Candidates: for each key that occurs in a ledger, the one exact multiplier a method would apply to its lines.

Multipliers are kgCO2e per unit of quantity or of currency, worked out as exact fractions and rounded half-even to
20 decimal places. The engine that holds the ledger then only joins, multiplies and rounds decimals, so every
engine gives the same figures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from portal.core.carbon import choosing, geography, quality
from portal.core.carbon.category1 import ORDER
from portal.core.carbon.factors import Factor
from portal.core.carbon.inventory import Inventory, scope2, upstream
from portal.core.carbon.money import Money, base_dollars, rate
from portal.core.carbon.pcf import Footprint
from portal.core.errors import Refused
from portal.core.exact import decimal_of, rounded
from portal.core.units import CLASSES, unit_class

PLACES = 20
SHARE_PLACES = 12
LARGEST = Fraction(10**11)
KG_PER_T = 1000


@dataclass(frozen=True)
class Candidate:
    """What one method would do with the lines of one key.

    `key`: the values the line must have (see the makers below). `per_unit`: kgCO2e per unit of quantity or currency.
    `primary`: per cent of the result that rests on the supplier's own data. `reason`: code of the choice made.
    `steps`: the arithmetic that leads to `per_unit`, with every number and unit; `version`: of what the source is.
    """

    key: tuple[object, ...]
    per_unit: Decimal
    source_id: str
    place: str
    quality: Decimal
    sigma_ln: Decimal
    reason: str
    primary: Decimal
    steps: str
    version: str


def numbered(made: Mapping[str, Sequence[Candidate]]) -> Iterator[tuple[int, str, str, Candidate]]:
    """Every candidate with its number in the run, its key table and its method."""
    number = 0
    for name, method in ORDER:
        for candidate in made[name]:
            yield number, name, method, candidate
            number += 1


@dataclass(frozen=True)
class Keys:
    """The distinct values of a year's lines that candidates are made for."""

    year: int
    units: Sequence[str]
    currencies: Sequence[str]
    goods: Sequence[tuple[str, str, str]]  # material, unit, country
    spends: Sequence[tuple[str, str, str, str]]  # material, sector, country, currency


def _candidate(
    key: tuple[object, ...],
    per_unit: Fraction,
    source: tuple[str, str],
    grades: quality.Grades,
    reason: str,
    primary: Decimal = Decimal(0),
    *,
    steps: str,
    version: str,
) -> Candidate:
    if per_unit >= LARGEST:
        raise Refused("multiplier_too_large", source=source[0], whose=str(key[0]))
    return Candidate(
        key,
        rounded(per_unit, PLACES),
        *source,
        quality.quality_of(grades),
        quality.sigma_ln(grades),
        reason,
        primary,
        steps,
        version,
    )


def _alike(unit: str, units: Iterable[str]) -> list[str]:
    return [other for other in units if unit_class(other) == unit_class(unit)]


def footprint_candidates(footprints: Iterable[Footprint], keys: Keys) -> list[Candidate]:
    """Key: supplier_id, product_id, unit, first day, last day; the days of one product never overlap."""
    groups: dict[tuple[str, str, str], list[Footprint]] = {}
    for each in footprints:
        kind = unit_class(each.declared_unit) or ""
        groups.setdefault((each.supplier_id, each.product_id, kind), []).append(each)
    found = []
    for (supplier, product, _), group in sorted(groups.items()):
        for first, last, chosen in choosing.spans(group, date(keys.year, 1, 1), date(keys.year, 12, 31)):
            per_declared = Fraction(chosen.pcf_kgco2e) / Fraction(chosen.declared_amount)
            kind = "footprint_verified" if chosen.verified else "footprint"
            given = quality.grades(
                kind, temporal=quality.temporal_grade(chosen.period_end.year, keys.year), geographical=1
            )
            for unit in _alike(chosen.declared_unit, keys.units):
                per_unit = per_declared * ratio(unit, chosen.declared_unit)
                found.append(
                    _candidate(
                        (supplier, product, unit, first, last),
                        per_unit,
                        (chosen.footprint_id, chosen.geography),
                        given,
                        "footprint_of_product_verified" if chosen.verified else "footprint_of_product",
                        rounded(Fraction(chosen.primary_data_share or 0), SHARE_PLACES),
                        steps=f"{chosen.pcf_kgco2e} kgCO2e / {chosen.declared_amount} {chosen.declared_unit}"
                        + _converted(unit, chosen.declared_unit),
                        version=f"{chosen.period_start} to {chosen.period_end}",
                    )
                )
    return found


def _converted(unit: str, own_unit: str) -> str:
    factor = ratio(unit, own_unit)
    if factor == 1:
        return ""
    # a repeating decimal (kWh in MJ units of 3.6) is written as the fraction it is
    number = str(decimal_of(factor)) if Fraction(decimal_of(factor)) == factor else str(factor)
    return f" * {number} {own_unit}/{unit}"


def ratio(from_unit: str, to_unit: str) -> Fraction:
    """How many `to_unit` one `from_unit` is, exactly (both of one class)."""
    sizes = CLASSES[unit_class(from_unit) or ""]
    return Fraction(sizes[from_unit]) / Fraction(sizes[to_unit])


def inventory_id(inventory: Inventory) -> str:
    """How an inventory is named as a source: `<supplier>/<year>`."""
    return f"{inventory.supplier_id}/{inventory.year}"


def inventory_candidates(
    inventories: Iterable[Inventory], money: Money, keys: Keys, *, refused: Iterable[str] = ()
) -> tuple[list[Candidate], list[Candidate]]:
    """Allocation by physical share (key: supplier_id, unit) and by revenue share (key: supplier_id, currency).

    Only inventories of the purchase year that state scope 2; `refused` names sources not to use.
    """
    by_output: list[Candidate] = []
    by_revenue: list[Candidate] = []
    for each in sorted(inventories, key=inventory_id):
        electricity = scope2(each)
        if each.year != keys.year or electricity is None or inventory_id(each) in refused:
            continue
        own, above = Fraction(each.scope1) + Fraction(electricity), upstream(each)
        emitted = (own + Fraction(above or 0)) * KG_PER_T
        primary = rounded(100 * own * KG_PER_T / emitted, 6) if emitted else Decimal(100)
        source = (inventory_id(each), "")
        for unit in _alike(each.output_unit, keys.units) if each.output_quantity else ():
            per_unit = emitted / Fraction(each.output_quantity or 1) * ratio(unit, each.output_unit)
            code, given = _allocation("quantity", above is not None)
            steps = f"{_emitted(each)} / {each.output_quantity} {each.output_unit}" + _converted(
                unit, each.output_unit
            )
            key: tuple[object, ...] = (each.supplier_id, unit)
            by_output.append(
                _candidate(key, per_unit, source, given, code, primary, steps=steps, version=str(each.year))
            )
        own_rate = rate(money, each.currency, each.year) if each.revenue else None
        for currency in keys.currencies if own_rate else ():
            per_usd = rate(money, currency, each.year)
            if each.revenue and own_rate and per_usd:
                per_unit = emitted / Fraction(each.revenue) * Fraction(own_rate) / Fraction(per_usd)
                code, given = _allocation("revenue", above is not None)
                key = (each.supplier_id, currency)
                steps = f"{_emitted(each)} / {each.revenue} {each.currency}"
                if currency != each.currency:
                    steps += f" * {own_rate} {each.currency}/USD / {per_usd} {currency}/USD"
                by_revenue.append(
                    _candidate(
                        key, per_unit, source, given, code, primary, steps=steps, version=str(each.year)
                    )
                )
    return by_output, by_revenue


def _emitted(inventory: Inventory) -> str:
    parts = [inventory.scope1, scope2(inventory), upstream(inventory)]
    return "(" + " + ".join(str(part) for part in parts if part is not None) + f") tCO2e * {KG_PER_T}"


def _allocation(share: str, with_upstream: bool) -> tuple[str, quality.Grades]:
    kind = f"allocated_by_{share}" if with_upstream else "allocated_without_upstream"
    code = f"allocated_by_{share}" if with_upstream else f"allocated_by_{share}_own_emissions_only"
    return code, quality.grades(kind, temporal=1, geographical=1)


_REACH = {
    geography.COUNTRY_RANK: "country",
    geography.REGION_RANK: "region",
    geography.WORLD_RANK: "world",
    geography.OTHER_RANK: "other_geography",
}


def average_candidates(index: choosing.FactorIndex, keys: Keys) -> list[Candidate]:
    """Key: material, unit, country; `index` from `choosing.by_material`."""
    found = []
    for material, unit, country in keys.goods:
        choice = choosing.closest(index.get((material, unit_class(unit) or ""), ()), country, keys.year)
        if choice is None:
            continue
        factor, reach = choice
        given = quality.grades(
            "factor_proxy" if factor.proxy else "factor",
            temporal=quality.temporal_grade(factor.year, keys.year),
            geographical=reach,
        )
        code = f"factor_of_{_REACH[reach]}" + ("_proxy" if factor.proxy else "")
        per_unit = Fraction(factor.value) * ratio(unit, factor.unit)
        found.append(
            _candidate(
                (material, unit, country),
                per_unit,
                (factor.factor_id, factor.geography),
                given,
                code,
                steps=f"{factor.value} kgCO2e/{factor.unit}" + _converted(unit, factor.unit),
                version=_version(factor),
            )
        )
    return found


def spend_candidates(
    factors: Sequence[Factor],
    defaults: Mapping[str, str],
    money: Money,
    keys: Keys,
    mapping: Mapping[str, Collection[str]] | None = None,
) -> list[Candidate]:
    """Key: material, sector, country, currency; `defaults` names the sector of a material whose lines give none.

    The line's own sector first, then a spend factor that names the material, then the material's default sector.
    """
    materials, sectors = choosing.by_material(factors, mapping), choosing.by_sector(factors)
    # materials written as free text make a key of nearly every line: what they share is worked out, and held, once
    alike: dict[tuple[int, int, bool, str], Candidate | None] = {}
    found = []
    for key in keys.spends:
        material, sector, country, currency = key
        usual = sectors.get(defaults.get(material, ""), ())
        by_default = False
        choice = choosing.closest(sectors.get(sector, ()), country, keys.year)
        choice = choice or choosing.closest(materials.get((material, "spend"), ()), country, keys.year)
        if choice is None:
            by_default, choice = True, choosing.closest(usual, country, keys.year)
        if choice is None:
            continue
        factor, reach = choice
        shared = (id(factor), reach, by_default, currency)
        if shared not in alike:
            alike[shared] = _spent(key, factor, reach, by_default, money, keys.year)
        made = alike[shared]
        if made is not None:
            found.append(replace(made, key=key))
    return found


def _spent(
    key: tuple[str, str, str, str], factor: Factor, reach: int, by_default: bool, money: Money, year: int
) -> Candidate | None:
    """What the factor does with money spent; None where a rate or price level is missing."""
    currency = key[3]
    worth = base_dollars(money, currency, year, factor.base_year or year)
    if worth is None:
        return None
    given = quality.grades(
        "spend_factor_default_sector" if by_default else "spend_factor",
        temporal=quality.temporal_grade(factor.year, year),
        geographical=reach,
    )
    return _candidate(
        key,
        worth * Fraction(factor.value),
        (factor.factor_id, factor.geography),
        given,
        f"spend_factor_{'by_default_' if by_default else ''}of_{_REACH[reach]}",
        steps=_deflated(money, currency, year, factor),
        version=_version(factor),
    )


def _deflated(money: Money, currency: str, year: int, factor: Factor) -> str:
    """spend / rate / price level × factor, as in docs/formats.md."""
    steps = f"1 {currency}"
    if currency != "USD":
        steps += f" / {rate(money, currency, year)} {currency}/USD"
    base = factor.base_year or year
    if base != year:
        steps += f" / ({money.index[year]} / {money.index[base]})"
    return f"{steps} * {factor.value} kgCO2e/USD-{base}"


def _version(factor: Factor) -> str:
    return " ".join(part for part in (factor.source, factor.source_version, str(factor.year)) if part)
