"""Points of one answer, by the scoring rule of its indicator. Exact fractions, 0..1.

option: the points of the chosen key; several keys: min(1, Σ points of the chosen keys).
ratio: percentage: value / 100 clipped to 0..1. Table: row = Σ points of filled columns, answer = mean of
rows, no rows = 0.
bands: the points of the first band whose condition holds.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.core.questionnaire.model import Band, Indicator, is_scored
from portal.core.scoring.sheet import Quantity, Reason, ReasonValue

ZERO, ONE = Fraction(0), Fraction(1)
_HOLDS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}


@dataclass(frozen=True)
class Earned:
    """`points` 0..1 of one answer and the reason; None for an indicator that is not scored."""

    points: Fraction | None
    reason: Reason


def points_of(indicator: Indicator, value: object) -> Earned:
    """What a canonical value earns. `value` must not be None: a missing answer is not an answer."""
    if not is_scored(indicator):
        return Earned(None, Reason("reason_unscored", {}))
    if indicator.rule == "bands":
        assert isinstance(value, Decimal)
        return _banded(indicator, value)
    if indicator.rule == "option":
        return _several(indicator, value) if isinstance(value, tuple) else _one(indicator, str(value))
    if isinstance(value, Decimal):
        return _ratio(indicator, value)
    assert isinstance(value, tuple)
    return _rows(indicator, value)


def claims_points(indicator: Indicator, value: object) -> bool:
    """Whether an answer (None for none) claims more than zero points, so that evidence can be asked for it."""
    return value is not None and (points_of(indicator, value).points or ZERO) > 0


def _one(indicator: Indicator, key: str) -> Earned:
    chosen = next(option for option in indicator.options if option.key == key)
    points = Fraction(chosen.points)
    return Earned(points, Reason("reason_option", {"option": chosen.label, "points": points}))


def _several(indicator: Indicator, keys: tuple[object, ...]) -> Earned:
    chosen = [option for option in indicator.options if option.key in keys]
    values: dict[str, ReasonValue] = {"count": len(chosen), "offered": len(indicator.options)}
    if not chosen:
        return Earned(ZERO, Reason("reason_none_chosen", values))
    together = sum((Fraction(option.points) for option in chosen), ZERO)
    values |= {"chosen": tuple(option.label for option in chosen), "points": together}
    if together > ONE:
        return Earned(ONE, Reason("reason_chosen_capped", values))
    return Earned(together, Reason("reason_chosen", values))


def _ratio(indicator: Indicator, value: Decimal) -> Earned:
    points = min(ONE, max(ZERO, Fraction(value) / 100))
    return Earned(
        points, Reason("reason_ratio", {"value": Quantity(value, indicator.unit), "points": points})
    )


def _banded(indicator: Indicator, value: Decimal) -> Earned:
    band = next(band for band in indicator.bands if _meets(value, band))
    points = Fraction(band.points)
    values: dict[str, ReasonValue] = {"value": Quantity(value, indicator.unit), "points": points}
    if band.bound is None:
        return Earned(points, Reason("reason_band_else", values))
    values |= {"sign": _SIGNS[band.op], "bound": Quantity(band.bound, indicator.unit)}
    return Earned(points, Reason("reason_band", values))


def _meets(value: Decimal, band: Band) -> bool:
    return band.bound is None or bool(_HOLDS[band.op](value, band.bound))


def _rows(indicator: Indicator, rows: tuple[Mapping[str, str], ...]) -> Earned:
    if not rows:
        return Earned(ZERO, Reason("reason_no_rows", {}))
    filled = sum(
        (Fraction(column.points) for row in rows for column in indicator.columns if row.get(column.key)), ZERO
    )
    points = filled / len(rows)
    gaps = tuple(c.label for c in indicator.columns if c.points and not all(row.get(c.key) for row in rows))
    values: dict[str, ReasonValue] = {"rows": len(rows), "points": points, "columns": gaps}
    return Earned(points, Reason("reason_rows_gaps" if gaps else "reason_rows", values))
