"""Which table speaks where two do: an organisation's own factors before those shipped with Upstream."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from portal.core.carbon.factor_records import SPEND, Record, kind_of


def take_precedence(own: Iterable[Record], shipped: Iterable[Record]) -> tuple[Record, ...]:
    """All records in use, by id; where an own one speaks, the shipped ones fall silent.

    An own factor speaks for its material in its unit class (kg of glass, not m2 of glass), an own factor per money
    also for its sector. A shipped factor then keeps its id but no longer names that material or sector; one with the
    id of an own factor is left out. Among the own tables, and among the shipped ones, nobody comes first: geography,
    year and id decide as in any estimate. The order in which rows or tables are given changes nothing.
    """
    own = tuple(own)
    spoken = {slot for record in own for slot in _slots(record)}
    mine = {record.factor_id for record in own}
    rest = [_silenced(record, spoken) for record in shipped if record.factor_id not in mine]
    return tuple(sorted((*own, *rest), key=lambda record: record.factor_id))


def _slots(record: Record) -> set[tuple[str, str, str]]:
    kind = kind_of(record)
    found = {("material", record.material, kind)} if record.material and kind else set()
    if kind == SPEND and record.sector:
        found.add(("sector", record.sector, kind))
    return found


def _silenced(record: Record, spoken: set[tuple[str, str, str]]) -> Record:
    lost = _slots(record) & spoken
    if not lost:
        return record
    which = {slot[0] for slot in lost}
    return replace(
        record,
        material="" if "material" in which else record.material,
        sector="" if "sector" in which else record.sector,
    )


def merged_rates(
    own: Mapping[tuple[str, int], Decimal], shipped: Mapping[tuple[str, int], Decimal]
) -> dict[tuple[str, int], Decimal]:
    """Exchange rates by (currency, year): the own rate where there is one, else the shipped."""
    merged = {**shipped, **own}
    return {key: merged[key] for key in sorted(merged)}


def gaps(rates: Iterable[tuple[str, int]], years: Iterable[int]) -> dict[str, tuple[int, ...]]:
    """For each currency of a rate table, the years without a rate; currencies without gaps are left out."""
    present = set(rates)
    wanted = sorted(years)
    found = {
        currency: tuple(year for year in wanted if (currency, year) not in present)
        for currency in sorted({currency for currency, _ in present})
    }
    return {currency: missing for currency, missing in found.items() if missing}
