"""Which footprint or factor serves a purchase, when several could. Pure choice; the numbers follow in `candidates`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from portal.core.carbon import geography
from portal.core.carbon.factors import Factor
from portal.core.carbon.pcf import Footprint, last_valid_day, precedence
from portal.core.units import unit_class

FactorIndex = Mapping[tuple[str, str], Sequence[Factor]]
Span = tuple[date, date, Footprint]


def spans(footprints: Iterable[Footprint], first: date, last: date) -> list[Span]:
    """Disjoint spans of days between `first` and `last`, each with the footprint that serves it.

    All footprints are of one product. Where several are valid on a day, the newest wins (`pcf.precedence`).
    """
    ranked = sorted(footprints, key=precedence)
    edges = {first}
    for each in ranked:
        edges |= {day for day in (each.period_start, _after(last_valid_day(each))) if first < day <= last}
    starts = sorted(edges)
    found: list[Span] = []
    for start, end in zip(starts, [*(day - timedelta(days=1) for day in starts[1:]), last], strict=True):
        best = next((f for f in ranked if f.period_start <= start <= last_valid_day(f)), None)
        if best is not None:
            found.append((start, end, best))
    return found


def _after(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


def by_material(
    factors: Iterable[Factor], mapping: Mapping[str, Collection[str]] | None = None
) -> FactorIndex:
    """Goods factors by (material key, unit class); spend factors that name a material by (material key, "spend").

    Goods factors answer to their own id as well, where no material has that name. `mapping` names for a material
    the factor ids that alone may serve it, whatever material they name themselves.
    """
    chosen = mapping or {}
    every = list(factors)
    found: dict[tuple[str, str], list[Factor]] = {}
    for factor in every:
        kind = _kind(factor)
        if factor.material and factor.material not in chosen:
            found.setdefault((factor.material, kind), []).append(factor)
    by_id = {factor.factor_id: factor for factor in every}
    for material, ids in chosen.items():
        for factor in (by_id[each] for each in sorted(ids) if each in by_id):
            found.setdefault((material, _kind(factor)), []).append(factor)
    materials = {material for material, _ in found} | set(chosen)
    for factor in every:
        if factor.factor_id not in materials and factor.base_year is None:
            found.setdefault((factor.factor_id, _kind(factor)), []).append(factor)
    return found


def _kind(factor: Factor) -> str:
    return "spend" if factor.base_year is not None else unit_class(factor.unit) or ""


def by_sector(factors: Iterable[Factor]) -> Mapping[str, Sequence[Factor]]:
    """Spend factors by sector code."""
    found: dict[str, list[Factor]] = {}
    for factor in factors:
        if factor.base_year is not None and factor.sector:
            found.setdefault(factor.sector, []).append(factor)
    return found


def closest(factors: Sequence[Factor], country: str, purchase_year: int) -> tuple[Factor, int] | None:
    """The factor that stands closest to a purchase, with its geography rank (`geography.rank`), None of none.

    Geography first (country, region, world, any other); then the latest year not after the purchase, else the
    earliest after it; then the smaller id, so that the choice never depends on the order of a table.
    """
    if not factors:
        return None

    def distance(factor: Factor) -> tuple[object, ...]:
        later = factor.year > purchase_year
        return (
            geography.rank(country, factor.place),
            later,
            factor.year if later else -factor.year,
            factor.factor_id,
        )

    best = min(factors, key=distance)
    return best, geography.rank(country, best.place)[0]
