"""Data quality of many lines together: emission-weighted, each scale for itself, never one mapped to another.

The primary data share weighs every line; a source that states none counts as nothing. A rating weighs only the
lines whose source states it on that very scale, and says how much of the emission that is: a mean of 1.4 that
speaks for 3 % of the tonnes must be seen to do so. Scores stay raw; the name of the scale stays with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext


@dataclass(frozen=True)
class SourceQuality:
    """What a source says of itself: primary data share in per cent (None: not stated), raw score by name of scale."""

    primary_share: Decimal | None = None
    ratings: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Portion:
    """Lines of one supplier and material that rest on one source with one grade; `kg` is signed."""

    supplier_id: str
    material: str
    source_id: str
    grade: Decimal
    kg: Decimal
    lines: int


@dataclass(frozen=True)
class Rating:
    """The emission-weighted mean of a scale, raw, and the per cent of the emission it speaks for."""

    scale: str
    score: Decimal
    covered: Decimal


@dataclass(frozen=True)
class Rolled:
    """Quality of one part: `primary_share` in per cent, None where the part has no emission above zero."""

    key: str
    kg: Decimal
    lines: int
    primary_share: Decimal | None
    ratings: tuple[Rating, ...]


def roll_up(
    portions: Iterable[Portion],
    sources: Mapping[str, SourceQuality],
    *,
    by: Callable[[Portion], str],
    grade_scale: str,
) -> list[Rolled]:
    """Portions by the key that `by` gives them, most emission first; `grade_scale` names the scale of their grades."""
    groups: dict[str, list[Portion]] = {}
    for each in portions:
        groups.setdefault(by(each), []).append(each)
    with localcontext(prec=34):
        found = [_rolled(key, group, sources, grade_scale) for key, group in groups.items()]
    return sorted(found, key=lambda part: (-part.kg, part.key))


def total_of(
    portions: Iterable[Portion], sources: Mapping[str, SourceQuality], *, grade_scale: str
) -> Rolled:
    """All portions as one part with an empty key; of none, a part without emission."""
    found = roll_up(portions, sources, by=lambda _portion: "", grade_scale=grade_scale)
    return found[0] if found else Rolled("", Decimal(0), 0, None, ())


def _rolled(key: str, group: list[Portion], sources: Mapping[str, SourceQuality], grade_scale: str) -> Rolled:
    kg = sum((each.kg for each in group), Decimal(0))
    own = primary = Decimal(0)
    weighed: dict[str, list[Decimal]] = {grade_scale: [Decimal(0), Decimal(0)]}
    for each in group:
        source = sources.get(each.source_id, SourceQuality())
        own += each.kg
        primary += each.kg * (source.primary_share or Decimal(0))
        for scale, score in {grade_scale: each.grade, **source.ratings}.items():
            sums = weighed.setdefault(scale, [Decimal(0), Decimal(0)])
            sums[0] += each.kg * score
            sums[1] += each.kg
    ratings = tuple(
        Rating(scale, scored / covered, 100 * covered / kg)
        for scale, (scored, covered) in weighed.items()
        if covered > 0 and kg > 0
    )
    lines = sum(each.lines for each in group)
    return Rolled(key, kg, lines, primary / own if own > 0 else None, ratings)
