"""The levels between a total and its lines: materials, suppliers, products, each with everything a person asks of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.core.carbon.money import Money
from portal.core.carbon.quality_roll_up import Portion, SourceQuality, total_of
from portal.core.exact import rounded
from portal.operations.estimate_analysis import interval_of
from portal.operations.estimate_cells import Cell, dollars

GRADES = "grades"


@dataclass(frozen=True)
class Level:
    """One part of a run: kg of CO2e with its 95 % interval, lines (and how many no method reached), spend, quality.

    `primary` is the primary data share in per cent, `grade` the mean GHG Protocol grade; both None without emission.
    `methods` are those its lines took, the one with most lines first.
    """

    key: str
    kg: Decimal
    low: Decimal
    high: Decimal
    lines: int
    unreached: int
    spend_usd: Decimal
    primary: Decimal | None
    grade: Decimal | None
    methods: tuple[str, ...]


def level(
    key: str, cells: Sequence[Cell], sources: Mapping[str, SourceQuality], money: Money, year: int
) -> Level:
    """These cells as one part."""
    rolled = total_of(
        [
            Portion(c.supplier_id, c.material, c.source_id, c.quality, c.kg, c.lines)
            for c in cells
            if c.kg is not None and c.quality is not None
        ],
        sources,
        grade_scale=GRADES,
    )
    low, high = interval_of(cells)
    counted: dict[str, int] = {}
    for cell in cells:
        counted[cell.method] = counted.get(cell.method, 0) + cell.lines
    return Level(
        key=key,
        kg=rolled.kg,
        low=low,
        high=high,
        lines=sum(cell.lines for cell in cells),
        unreached=sum(cell.lines for cell in cells if not cell.reached),
        spend_usd=rounded(sum((dollars(cell, money, year) for cell in cells), Fraction(0)), 2),
        primary=rolled.primary_share,
        grade=next((r.score for r in rolled.ratings if r.scale == GRADES), None),
        methods=tuple(sorted(counted, key=lambda method: (-counted[method], method))),
    )


def levels(
    cells: Sequence[Cell],
    by: Callable[[Cell], str],
    sources: Mapping[str, SourceQuality],
    money: Money,
    year: int,
) -> list[Level]:
    """The parts that `by` names, most emission first."""
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(by(cell), []).append(cell)
    found = [level(key, group, sources, money, year) for key, group in groups.items()]
    return sorted(found, key=lambda part: (-part.kg, part.key))
