"""How answers of sites became the one that counts, as people read it; the same words for supplier and buyer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from portal.core.exact import fraction_text
from portal.core.questionnaire.kinds import show
from portal.core.questionnaire.model import Indicator, find_indicator
from portal.core.questionnaire.model import indicator as indicator_of
from portal.core.questionnaire.sites import RollUp, SitePart, all_alike
from portal.core.questionnaire.unit_words import number_text, quantity_text, unit_text
from portal.core.questionnaire.validate import Gap
from portal.language import N_, say
from portal.language.roll_ups import answer_with_roll_up, names_text, roll_up_words
from portal.operations.scoring import Case

MOST_TERMS = 8
LONGEST = 6


@dataclass(frozen=True)
class SiteLine:
    """One site's part: `shown` "" where it has no answer; `inherited` where the company's answer holds; `points` and
    `output` (its weight in a mean) as text, "" where there are none; `decides` where this answer is the one that counts."""

    name: str
    shown: str
    inherited: bool
    output: str
    points: str
    decides: bool


@dataclass(frozen=True)
class RolledView:
    """What counts and how it came about. `shown` is "" where nothing counts; `words` then say what is missing.
    `weighed` names what weighs the sites in a mean, "" in anything else."""

    shown: str
    words: str
    arithmetic: str
    weighed: str
    lines: tuple[SiteLine, ...]


def rolled_view(case: Case, code: str, locale: str) -> RolledView | None:
    """How the sites' answers to an indicator became one; None where sites had no part in it."""
    made = case.sites.roll_ups.get(code) if case.sites else None
    indicator = find_indicator(case.questionnaire, code)
    if case.sites is None or made is None or indicator is None:
        return None
    names, unit = case.sites.names, case.sites.unit
    if indicator.weighed_by:
        unit = indicator_of(case.questionnaire, indicator.weighed_by).unit
    return RolledView(
        shown="" if made.value is None else show(indicator, made.value, locale),
        words=roll_up_words(made, names, locale),
        arithmetic=_arithmetic(indicator, made, unit, locale),
        weighed=_weigher(indicator, made, locale),
        lines=tuple(_line(indicator, part, made, names, unit, locale) for part in made.parts),
    )


def answer_with_sites(case: Case, code: str, shown: str, locale: str) -> str:
    """An answer as text, followed by how sites made it where they did."""
    made = case.sites.roll_ups.get(code) if case.sites else None
    return (
        shown
        if case.sites is None or made is None
        else answer_with_roll_up(shown, made, case.sites.names, locale)
    )


def told_of_sites(case: Case, locale: str) -> dict[str, str]:
    """How sites made the answers, in words by code; only of those they had a part in."""
    if case.sites is None:
        return {}
    return {code: roll_up_words(made, case.sites.names, locale) for code, made in case.sites.roll_ups.items()}


def after_reason(reason: str, told: str, locale: str) -> str:
    """A reason of the score with how sites made the answer behind it."""
    if not told:
        return reason
    return f"{reason}{'' if locale == 'zh' else ' '}{told}{'。' if locale == 'zh' else '.'}"


def owed_by_sites(case: Case, gap: Gap, locale: str) -> str:
    """What of a gap sites owe, as a sentence to follow the gap's own; "" where none does."""
    if case.sites is None or not (gap.sites or gap.unweighed):
        return ""
    names = case.sites.names
    if gap.sites:
        said = say(locale, N_("Still without an answer: {sites}"), sites=names_text(gap.sites, names, locale))
    elif gap.weighed_by:
        said = say(
            locale,
            N_("{code}, which weighs the sites, is missing or zero: {sites}"),
            code=gap.weighed_by,
            sites=names_text(gap.unweighed, names, locale),
        )
    else:
        said = say(
            locale,
            N_("Their output is not given yet: {sites}"),
            sites=names_text(gap.unweighed, names, locale),
        )
    return f"{said}。" if locale == "zh" else f" {said}."


def _arithmetic(indicator: Indicator, made: RollUp, unit: str, locale: str) -> str:
    """The sum or the weighted mean written out: "100.5 + 20 = 120.5 m³"; "" where there is nothing to work out."""
    values = [part.value for part in made.parts]
    numbers = [value for value in values if isinstance(value, Decimal)]
    if made.how == "worst" or not isinstance(made.value, Decimal) or not 1 < len(numbers) <= MOST_TERMS:
        return ""
    result = quantity_text(made.value, indicator.unit, locale)
    if made.how == "sum":
        return f"{' + '.join(number_text(n) for n in numbers)} = {result}"
    weights = [part.weight for part in made.parts if part.weight is not None]
    terms = " + ".join(f"{number_text(n)} × {number_text(w)}" for n, w in zip(numbers, weights, strict=True))
    together = number_text(sum(weights, Decimal(0)))
    return f"({terms}) ÷ {together} {unit_text(unit, locale)} = {result}"


def _weigher(indicator: Indicator, made: RollUp, locale: str) -> str:
    if indicator.weighed_by:
        return indicator.weighed_by
    return say(locale, N_("Output")) if made.how == "output_weighted_mean" else ""


def _line(
    indicator: Indicator, part: SitePart, made: RollUp, names: Mapping[str, str], unit: str, locale: str
) -> SiteLine:
    points = "" if part.points is None else fraction_text(part.points)
    return SiteLine(
        name=names[part.site],
        shown="" if part.value is None else show(indicator, part.value, locale),
        inherited=part.inherited,
        output="" if part.weight is None else quantity_text(part.weight, unit, locale),
        points=points if len(points) <= LONGEST else f"≈{round(float(part.points or 0), 4):g}",
        decides=made.decided_by == part.site and made.value is not None and not all_alike(made),
    )
