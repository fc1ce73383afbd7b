"""Whether one indicator makes sense: kind and rule fit, full marks can be reached, bands cover every value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from portal.core.problems import Problem
from portal.core.questionnaire.model import CHOICE_KINDS, Band, Indicator, is_scored
from portal.core.units import unit_class

_KEY = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_KINDS_OF_RULE = {
    "option": CHOICE_KINDS,
    "ratio": ("percentage", "table"),
    "bands": ("number", "percentage"),
}
ZERO, ONE, HALF = Decimal(0), Decimal(1), Decimal("0.5")


def indicator_problems(indicator: Indicator, path: str) -> list[Problem]:
    """The problems of one indicator that need no look at the others; `path` is its model path."""
    found = [*_parts(indicator, path), *_points(indicator, path), *_units(indicator, path)]
    found += _evidence_and_roles(indicator, path)
    if not found:
        # only a well-formed indicator can be asked whether its marks are within reach
        found += [*_bands(indicator, path), *_full_marks(indicator, path)]
    return found


def _parts(indicator: Indicator, path: str) -> Iterator[Problem]:
    rule, kind = indicator.rule, indicator.kind
    if is_scored(indicator) and kind not in _KINDS_OF_RULE[rule]:
        yield Problem("rule_does_not_fit", f"{path}.rule", {"rule": rule, "kind": kind})
    for part, belongs in (
        ("options", kind in CHOICE_KINDS),
        ("columns", kind == "table"),
        ("bands", rule == "bands"),
    ):
        given = bool(getattr(indicator, part))
        if belongs and not given:
            yield Problem("part_missing", path, {"part": part})
        if given and not belongs:
            yield Problem("part_not_used", f"{path}.{part}", {"part": part, "kind": kind, "rule": rule})
    if kind in CHOICE_KINDS and len(indicator.options) == 1:
        yield Problem("options_too_few", f"{path}.options")
    if kind == "yes_no" and indicator.options and {o.key for o in indicator.options} != {"yes", "no"}:
        yield Problem("yes_no_keys", f"{path}.options")
    yield from _keys([o.key for o in indicator.options], f"{path}.options")
    yield from _keys([c.key for c in indicator.columns], f"{path}.columns")


def _keys(keys: Sequence[str], path: str) -> Iterator[Problem]:
    for number, key in enumerate(keys):
        if not _KEY.fullmatch(key):
            yield Problem("key_form", f"{path}[{number}].key", {"found": key})
        if key in keys[:number]:
            yield Problem("key_twice", f"{path}[{number}].key", {"key": key})


def _points(indicator: Indicator, path: str) -> Iterator[Problem]:
    for part, given in (
        ("options", [o.points for o in indicator.options]),
        ("columns", [c.points for c in indicator.columns]),
        ("bands", [b.points for b in indicator.bands]),
    ):
        for number, points in enumerate(given):
            where = f"{path}.{part}[{number}].points"
            if not ZERO <= points <= ONE:
                yield Problem("points_out_of_range", where, {"found": f"{points:f}"})
            elif points and not is_scored(indicator):
                yield Problem("points_of_unscored", where, {"found": f"{points:f}"})
    if indicator.weight < 1:
        yield Problem("weight_not_positive", f"{path}.weight", {"found": indicator.weight})
    if indicator.minutes < 1:
        yield Problem("minutes_not_positive", f"{path}.minutes")
    if indicator.gating and not is_scored(indicator):
        yield Problem("gating_not_scored", f"{path}.gating")


def _units(indicator: Indicator, path: str) -> Iterator[Problem]:
    numeric = indicator.kind in {"number", "percentage"}
    if numeric and not indicator.unit:
        yield Problem("unit_missing", path)
    if indicator.kind == "percentage" and indicator.unit not in {"", "%"}:
        yield Problem("percentage_unit", f"{path}.unit", {"unit": indicator.unit})
    if indicator.unit and unit_class(indicator.unit) is None:
        yield Problem("unit_not_known", f"{path}.unit", {"unit": indicator.unit})
    for number, unit in enumerate(indicator.units):
        where = f"{path}.units[{number}]"
        if unit_class(unit) is None:
            yield Problem("unit_not_known", where, {"unit": unit})
        elif unit_class(unit) != unit_class(indicator.unit):
            yield Problem("unit_of_other_class", where, {"unit": unit, "own": indicator.unit})
        elif unit == indicator.unit or unit in indicator.units[:number]:
            yield Problem("unit_twice", where, {"unit": unit})
    for number, column in enumerate(indicator.columns):
        where = f"{path}.columns[{number}]"
        if column.kind == "number" and not column.unit:
            yield Problem("unit_missing", where)
        if column.unit and unit_class(column.unit) is None:
            yield Problem("unit_not_known", f"{where}.unit", {"unit": column.unit})
        yield from _range(column.minimum, column.maximum, where)
    yield from _range(indicator.minimum, indicator.maximum, path)


def _range(minimum: Decimal | None, maximum: Decimal | None, path: str) -> Iterator[Problem]:
    if minimum is not None and maximum is not None and minimum >= maximum:
        yield Problem(
            "range_empty", f"{path}.maximum", {"minimum": f"{minimum:f}", "maximum": f"{maximum:f}"}
        )


def _evidence_and_roles(indicator: Indicator, path: str) -> Iterator[Problem]:
    if indicator.evidence != "none" and indicator.evidence_help is None:
        yield Problem("evidence_help_missing", path)
    if indicator.evidence == "none" and indicator.evidence_help is not None:
        yield Problem("evidence_help_not_used", f"{path}.evidence_help")
    if not indicator.applies_to:
        yield Problem("roles_missing", f"{path}.applies_to")


def _bands(indicator: Indicator, path: str) -> Iterator[Problem]:
    bands = indicator.bands
    if not bands:
        return
    if bands[-1].op != "else":
        yield Problem("band_else_missing", f"{path}.bands[{len(bands) - 1}]")
    for number, band in enumerate(bands[:-1]):
        if band.op == "else":
            yield Problem("band_else_not_last", f"{path}.bands[{number}]")
            return
    bounded = [band for band in bands if band.bound is not None]
    for number in range(1, len(bounded)):
        if not _follows(bounded[number - 1], bounded[number]):
            yield Problem("bands_not_ordered", f"{path}.bands[{number}]")
            return
    for number in sorted(set(range(len(bands))) - reached_bands(indicator)):
        yield Problem("band_unreachable", f"{path}.bands[{number}]")


def _follows(earlier: Band, later: Band) -> bool:
    assert earlier.bound is not None and later.bound is not None
    if earlier.op[0] != later.op[0]:
        return False
    return earlier.bound < later.bound if earlier.op[0] == "<" else earlier.bound > later.bound


def reached_bands(indicator: Indicator) -> set[int]:
    """The numbers of the bands that some allowed value falls into.

    Between two neighbouring bounds or limits nothing changes, so it is enough to try each bound, each limit
    and one value in every gap between them; for whole numbers the nearest whole ones.
    """
    marks = sorted(
        {
            mark
            for mark in (indicator.minimum, indicator.maximum, *(b.bound for b in indicator.bands))
            if mark is not None
        }
    )
    tries = {*marks, marks[0] - 1, marks[-1] + 1} if marks else {ZERO}
    tries |= {(low + high) / 2 for low, high in pairwise(marks)}
    if indicator.whole:
        tries = {mark.to_integral_value(way) for mark in tries for way in (ROUND_FLOOR, ROUND_CEILING)}
    allowed = [
        value
        for value in tries
        if (indicator.minimum is None or value >= indicator.minimum)
        and (indicator.maximum is None or value <= indicator.maximum)
    ]
    return {_first(indicator.bands, value) for value in allowed} - {-1}


def _first(bands: Sequence[Band], value: Decimal) -> int:
    for number, band in enumerate(bands):
        if band.bound is None or _meets(value, band.op, band.bound):
            return number
    return -1


def _meets(value: Decimal, op: str, bound: Decimal) -> bool:
    if value == bound:
        return op in {"<=", ">="}
    return (value < bound) == (op[0] == "<")


def _full_marks(indicator: Indicator, path: str) -> Iterator[Problem]:
    if not is_scored(indicator):
        return
    if indicator.kind == "table":
        together = sum((c.points for c in indicator.columns), ZERO)
        if together != ONE:
            yield Problem("column_points_sum", f"{path}.columns", {"sum": f"{together:f}"})
        return
    if indicator.rule == "bands":
        best, part = max(b.points for b in indicator.bands), "bands"
    elif indicator.kind == "multiple":
        best, part = sum((o.points for o in indicator.options), ZERO), "options"
    elif indicator.rule == "option":
        best, part = max(o.points for o in indicator.options), "options"
    else:
        best, part = (indicator.maximum or Decimal(100)) / 100, "maximum"
    if best < ONE:
        yield Problem("full_marks_unreachable", f"{path}.{part}", {"best": f"{best:f}"})
    if indicator.gating and indicator.rule == "option" and all(o.points for o in indicator.options):
        yield Problem("gating_never_zero", f"{path}.gating")
