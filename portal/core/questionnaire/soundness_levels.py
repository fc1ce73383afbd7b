"""Whether levels and roll-ups make sense: what is answered per site, and how answers of sites become one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from portal.core.problems import Problem
from portal.core.questionnaire.model import Indicator, Questionnaire, indicators_of, is_scored

_MEANS = ("output_weighted_mean", "weighted_mean")
_KINDS = {"sum": ("number", "table"), **dict.fromkeys(_MEANS, ("number", "percentage"))}
_ORDERED = ("number", "percentage", "date")


def level_problems(questionnaire: Questionnaire) -> list[Problem]:
    """Every problem with the levels; `where` is the path "levels.LAB-02.roll_up" of the file."""
    known = {indicator.code: indicator for indicator in indicators_of(questionnaire)}
    return [
        Problem(code, f"levels.{indicator.code}.{key}", {"indicator": indicator.code, **values})
        for indicator in known.values()
        if indicator.level
        for code, key, values in (*_of(indicator), *_weighed(indicator, known))
    ]


def default_roll_up(indicator: Indicator) -> str:
    """How a site's exception to a group's answer counts where the file does not say: worst, if that can be told."""
    return "worst" if is_scored(indicator) else ""


def _of(indicator: Indicator) -> Iterator[tuple[str, str, dict[str, str]]]:
    how, kind = indicator.roll_up, indicator.kind
    if indicator.level == "site" and not how:
        yield "roll_up_missing", "level", {}
    if how in _KINDS and kind not in _KINDS[how]:
        yield (
            "roll_up_does_not_fit",
            "roll_up",
            {"roll_up": how, "kind": kind, "fits": ", ".join(_KINDS[how])},
        )
    elif how in _MEANS and indicator.whole:
        yield "roll_up_not_whole", "roll_up", {}
    elif how in _KINDS and not _one_way(indicator):
        yield "roll_up_not_one_way", "roll_up", {"roll_up": how}
    if how == "sum" and indicator.level == "group":
        yield "roll_up_sums_inherited", "roll_up", {}
    if how == "worst" and not is_scored(indicator):
        if kind not in _ORDERED:
            yield "roll_up_no_order", "roll_up", {"kind": kind}
        elif not indicator.worst_end:
            yield "worst_end_missing", "roll_up", {}
    if indicator.worst_end and (how != "worst" or is_scored(indicator)):
        yield "worst_end_not_used", "worst_end", {}


def _weighed(
    indicator: Indicator, known: Mapping[str, Indicator]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Sites are weighed by an amount that each of them is asked for whenever the indicator itself is."""
    code = indicator.weighed_by
    if indicator.roll_up == "weighted_mean" and not code:
        yield "weigher_missing", "roll_up", {}
    elif code and indicator.roll_up != "weighted_mean":
        yield "weigher_not_used", "weighed_by", {}
    elif code and not (code in known and _weighs(known[code], indicator)):
        yield "weigher_unfit", "weighed_by", {"found": code[:20]}


def _weighs(weigher: Indicator, indicator: Indicator) -> bool:
    return (
        weigher.kind == "number"
        and weigher.minimum is not None
        and weigher.minimum >= 0
        and (weigher.level, weigher.roll_up) == ("site", "sum")
        and (weigher.depends_on is None or weigher.depends_on == indicator.depends_on)
        and weigher.applies_to >= indicator.applies_to
    )


def _one_way(indicator: Indicator) -> bool:
    """Whether points only rise or only fall with the value; else a better site could lower what all have together."""
    points: list[Decimal] = [band.points for band in indicator.bands]
    return points in (sorted(points), sorted(points, reverse=True))
