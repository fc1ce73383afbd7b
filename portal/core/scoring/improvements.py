"""Which better answers an indicator has: values that earn more points than the present one, the smallest step first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from portal.core.questionnaire.model import Band, Indicator, is_scored
from portal.core.questionnaire.reading import Value
from portal.core.scoring.rules import ZERO, points_of

_STAND_INS = {"number": "0", "percentage": "0", "year": "2000", "yes_no": "yes", "text": "–"}


@dataclass(frozen=True)
class Better:
    """One better answer. `kind`: choose (the options `keys`), add (tick `keys` too), reach (`band`, or 100 % where it
    is None), fill (every column of every row), list (a first row with every column)."""

    value: Value
    points: Fraction
    kind: str
    keys: tuple[str, ...] = ()
    band: Band | None = None


def better_answers(indicator: Indicator, value: Value | None) -> tuple[Better, ...]:
    """Every answer worth naming that earns more than `value` (None for no answer: 0 points), by points."""
    if not is_scored(indicator):
        return ()
    present = ZERO if value is None else points_of(indicator, value).points or ZERO
    found = [one for one in _candidates(indicator, value) if one.points > present]
    return tuple(sorted(found, key=lambda one: one.points))


def _candidates(indicator: Indicator, value: Value | None) -> Iterator[Better]:
    if indicator.kind == "multiple":
        yield from _several(indicator, value if isinstance(value, tuple) else ())
    elif indicator.rule == "option":
        for option in indicator.options:
            yield _better(indicator, option.key, "choose", keys=(option.key,))
    elif indicator.rule == "bands":
        for number, band in enumerate(indicator.bands):
            if band.bound is not None:
                yield _better(indicator, value_in_band(indicator, number), "reach", band=band)
    elif indicator.kind == "table":
        yield from _rows(indicator, value)
    else:
        yield _better(indicator, indicator.maximum or Decimal(100), "reach")


def _better(
    indicator: Indicator, value: Value, kind: str, *, keys: tuple[str, ...] = (), band: Band | None = None
) -> Better:
    return Better(value, points_of(indicator, value).points or ZERO, kind, keys, band)


def _several(indicator: Indicator, chosen: tuple[object, ...]) -> Iterator[Better]:
    """Each option still open on its own, and all of them together."""
    missing = [o.key for o in indicator.options if o.key not in chosen and o.points]
    wanted = [(key,) for key in missing] + ([tuple(missing)] if len(missing) > 1 else [])
    for keys in wanted:
        value = tuple(o.key for o in indicator.options if o.key in chosen or o.key in keys)
        yield _better(indicator, value, "add", keys=keys)


def _rows(indicator: Indicator, value: Value | None) -> Iterator[Better]:
    """Every column filled; what stands in the cells does not matter for the points."""
    full = {column.key: _STAND_INS[column.kind] for column in indicator.columns}
    rows = tuple(row for row in value if isinstance(row, dict)) if isinstance(value, tuple) else ()
    if rows:
        yield _better(indicator, tuple({**full, **row} for row in rows), "fill")
    else:
        yield _better(indicator, (full,), "list")


def value_in_band(indicator: Indicator, number: int) -> Decimal:
    """A value for which the band at `number` is the first that holds: its bound, or half way to the next mark."""
    band = indicator.bands[number]
    assert band.bound is not None
    if band.op in {"<=", ">="}:
        return band.bound
    if indicator.whole:
        return band.bound + (1 if band.op == ">" else -1)
    marks = {b.bound for b in indicator.bands} | {indicator.minimum, indicator.maximum}
    known = sorted(mark for mark in marks if mark is not None)
    for low, high in pairwise(known):
        if band.op == ">" and low == band.bound:
            return (low + high) / 2
        if band.op == "<" and high == band.bound:
            return (low + high) / 2
    return band.bound + (1 if band.op == ">" else -1)
