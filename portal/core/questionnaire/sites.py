"""From answers of sites to the one answer that counts. Path, validation, progress, score and hints see only that one.

worst: the answer with the least points by the scoring rule (unscored: the lowest or highest, as declared); equal points:
the first in the order of the written values, so that the order of the sites decides nothing.
sum: numbers are added; the rows of tables stand one below the other, in the order of the sites.
output_weighted_mean: Σ(value × output) / Σ(output), exact, rounded once half-even to 6 decimals and never outside the values.
weighted_mean: the same with the sites' answers to another indicator (`weighed_by`) in place of their output.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from portal.core.exact import decimal_of, rounded
from portal.core.problems import Problem
from portal.core.questionnaire.kinds import read, to_json
from portal.core.questionnaire.model import Indicator, Questionnaire, indicators_of, is_scored
from portal.core.questionnaire.reading import Value
from portal.core.scoring.rules import points_of

DECIMALS = 6
NOT_ADDED = ("worst", "output_weighted_mean", "weighted_mean")
NO_ANSWERS: Mapping[str, Value | None] = MappingProxyType({})


@dataclass(frozen=True)
class Site:
    """A site in an assessment; `output` is its production in the unit all sites share, None where it is not given."""

    key: str
    name: str
    output: Decimal | None = None


@dataclass(frozen=True)
class SitePart:
    """What one site brings: its own answer, or (`inherited`) the one of the group. `weight` is what it weighs in a mean:
    its output or its answer to another indicator, None where it is not known. `points` 0..1, None if unscored."""

    site: str
    value: Value | None
    inherited: bool
    weight: Decimal | None
    points: Fraction | None


@dataclass(frozen=True)
class RollUp:
    """How the answer to one indicator came about. `how` is one of ROLL_UPS.

    `value` is None where it cannot be told: `owing` names the sites without an answer, `unweighed` those whose weight
    is missing (all where together they weigh nothing), `problems` say why a result is no possible answer. `decided_by` is
    the site whose answer is the worst; `weighed_by` the indicator whose answers are the weights, "" for output.
    """

    how: str
    parts: tuple[SitePart, ...]
    value: Value | None
    decided_by: str = ""
    owing: tuple[str, ...] = ()
    unweighed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    weighed_by: str = ""


@dataclass(frozen=True)
class Effective:
    """The answers that count, by code, and how those came about that sites had a part in."""

    answers: Mapping[str, Value]
    roll_ups: Mapping[str, RollUp] = field(default_factory=dict)


def asked_per_site(indicator: Indicator) -> bool:
    """Whether each site answers the indicator itself, once an assessment is answered per site."""
    return indicator.level == "site"


def may_differ(indicator: Indicator) -> bool:
    """Whether a site may answer otherwise than the group."""
    return indicator.level == "group" and bool(indicator.roll_up)


def company_answer_fits(indicator: Indicator) -> bool:
    """Whether the company's answer, brought by each site that answers the indicator itself, makes that same answer
    again. A sum does not: it would count once per site."""
    return asked_per_site(indicator) and indicator.roll_up in NOT_ADDED


def effective_answers(
    questionnaire: Questionnaire,
    sites: Sequence[Site],
    group: Mapping[str, Value],
    at_sites: Mapping[str, Mapping[str, Value | None]],
) -> Effective:
    """The answers that count. `group` are canonical answers by code, `at_sites` those of sites by code and site key.

    None in `at_sites` is an answer that cannot be read. Without sites the group's answers count as they are. What the
    group answered to an indicator asked per site counts for nothing, and so does the answer of a site not in `sites`.
    """
    if not sites:
        return Effective(group)
    answers, roll_ups = dict(group), {}
    for indicator in indicators_of(questionnaire):
        parts = _parts(indicator, sites, group, at_sites)
        if not parts:
            continue
        found = roll_up(indicator, parts)
        roll_ups[indicator.code] = found
        answers.pop(indicator.code, None)
        if found.value is not None:
            answers[indicator.code] = found.value
    return Effective(MappingProxyType(answers), MappingProxyType(roll_ups))


def _parts(
    indicator: Indicator,
    sites: Sequence[Site],
    group: Mapping[str, Value],
    at_sites: Mapping[str, Mapping[str, Value | None]],
) -> tuple[SitePart, ...]:
    """What each site brings; nothing where the group's answer stands for all."""
    here, own = asked_per_site(indicator), at_sites.get(indicator.code, NO_ANSWERS)
    weights = {site.key: site.output for site in sites}
    if indicator.weighed_by:
        weights = weights_in(at_sites.get(indicator.weighed_by, NO_ANSWERS), weights)
    if not here and not (may_differ(indicator) and any(site.key in own for site in sites)):
        return ()
    found = []
    for site in sites:
        inherited = not here and site.key not in own
        value = group.get(indicator.code) if inherited else own.get(site.key)
        points = None if value is None else points_of(indicator, value).points
        found.append(SitePart(site.key, value, inherited, weights[site.key], points))
    return tuple(found)


def weights_in(answers: Mapping[str, Value | None], sites: Collection[str]) -> dict[str, Decimal | None]:
    """The weight of each of `sites` by the answers to the indicator that weighs; None without a number."""
    return {
        key: value if isinstance(value := answers.get(key), Decimal) and value >= 0 else None for key in sites
    }


def roll_up(indicator: Indicator, parts: Sequence[SitePart]) -> RollUp:
    """One answer of the answers of sites; none while one is missing, for nothing is guessed."""
    how, given = indicator.roll_up, tuple(parts)
    values = [part.value for part in given if part.value is not None]
    if len(values) < len(given):
        owing = tuple(part.site for part in given if part.value is None and not part.inherited)
        return RollUp(how, given, None, owing=owing)
    if how == "worst":
        worst = min(given, key=lambda part: _badness(indicator, part))
        return RollUp(how, given, worst.value, decided_by=worst.site)
    if how == "sum":
        return _checked(indicator, RollUp(how, given, _sum(values)))
    weigher = indicator.weighed_by
    unweighed = tuple(part.site for part in given if part.weight is None)
    if not unweighed and not any(part.weight for part in given):
        unweighed = tuple(part.site for part in given)
    if unweighed and len(given) > 1:
        return RollUp(how, given, None, unweighed=unweighed, weighed_by=weigher)
    return _checked(indicator, RollUp(how, given, _mean(given), weighed_by=weigher))


def all_alike(made: RollUp) -> bool:
    """Whether every site brings the same answer, its own or the group's, so that none is worse than another."""
    first, *others = (part.value for part in made.parts)
    return first is not None and bool(others) and all(value == first for value in others)


def _badness(indicator: Indicator, part: SitePart) -> tuple[Fraction | int, str]:
    """Sorts the worst answer first; among equally bad ones by the answer as written, never by the site."""
    assert part.value is not None
    written = json.dumps(to_json(indicator, part.value), sort_keys=True)
    if is_scored(indicator):
        assert part.points is not None
        return part.points, written
    rank = Fraction(part.value) if isinstance(part.value, Decimal) else Fraction(_day_number(part.value))
    return (rank if indicator.worst_end == "lowest" else -rank), written


def _day_number(value: Value) -> int:
    return value.toordinal() if hasattr(value, "toordinal") else 0


def _sum(values: Sequence[Value]) -> Value:
    if all(isinstance(value, Decimal) for value in values):
        return decimal_of(sum((Fraction(v) for v in values if isinstance(v, Decimal)), Fraction(0)))
    return tuple(
        dict(row) for rows in values if isinstance(rows, tuple) for row in rows if isinstance(row, dict)
    )


def _mean(parts: Sequence[SitePart]) -> Decimal:
    values = [part.value for part in parts if isinstance(part.value, Decimal)]
    if len(parts) == 1:
        return values[0]
    weights = [Fraction(part.weight) for part in parts if part.weight is not None]
    weighed = sum((Fraction(v) * w for v, w in zip(values, weights, strict=True)), Fraction(0))
    return min(max(rounded(weighed / sum(weights), DECIMALS), min(values)), max(values))


def _checked(indicator: Indicator, found: RollUp) -> RollUp:
    """A result is an answer like any other: one outside what may be answered is refused with the reason."""
    assert found.value is not None
    reading = read(indicator, to_json(indicator, found.value))
    return replace(found, value=reading.value, problems=reading.problems)
