"""What becomes of earlier answers in an assessment: carried to be confirmed, shown beside the empty field, or dropped.

One decision for both uses: starting a round from an earlier one (measured results are never carried), and moving a
draft to a newer version (results of the same period stay).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal
from itertools import pairwise

from portal.core.questionnaire.diff import asks_otherwise
from portal.core.questionnaire.kinds import read, to_json
from portal.core.questionnaire.model import Indicator, Questionnaire, find_indicator, indicators_of
from portal.core.questionnaire.path import is_never_asked, walk
from portal.core.questionnaire.reading import Value
from portal.core.units import convert, unit_class

OUTCOMES = ("carried", "beside", "dropped")
_EXACT = Context(prec=40)


@dataclass(frozen=True)
class Past:
    """Earlier answers: JSON form of docs/formats.md by code, in `units` where not the indicator's own, and the roles
    they were given under; `short` when only the short set was asked. `opening` are the answers that decided which
    questions were open where it was not these: of a site, those that counted for the company."""

    roles: tuple[str, ...]
    answers: Mapping[str, object]
    units: Mapping[str, str] = field(default_factory=dict)
    short: bool = False
    opening: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Step:
    """What becomes of one earlier answer.

    `code` is the indicator now, for one without a successor the earlier one, which `source` always names. `value` is
    in the form and unit of the indicator now, None unless carried; `past` and `past_unit` are what was answered.
    `reason` is a key of the sentence catalogue; `changed` says that the question asks otherwise than before.
    """

    code: str
    source: str
    outcome: str
    reason: str
    value: Value | None
    past: Value | None
    past_unit: str
    changed: bool


@dataclass(frozen=True)
class Origin:
    """Where the answer to an indicator comes from: the earlier code, whether it is asked again or otherwise."""

    source: str
    again: bool
    changed: bool


def origins(versions: Sequence[Questionnaire]) -> dict[str, Origin]:
    """The origin of each indicator of the last version in the first; each version inherits from the one before.

    New questions have none.
    """
    found = {i.code: Origin(i.code, False, False) for i in indicators_of(versions[0])}
    for older, newer in pairwise(versions):
        step = _one_step(older, newer)
        found = {
            code: Origin(
                found[one.source].source,
                one.again or found[one.source].again,
                one.changed or found[one.source].changed,
            )
            for code, one in step.items()
            if one.source in found
        }
    return found


def _one_step(older: Questionnaire, newer: Questionnaire) -> dict[str, Origin]:
    before = {i.code: i for i in indicators_of(older)}
    rules = {rule.code: rule for rule in newer.carry}
    found = {}
    for indicator in indicators_of(newer):
        rule = rules.get(indicator.code)
        source = (rule.source if rule else "") or indicator.code
        if source in before:
            again = rule is not None and rule.way == "ask_again"
            changed = source != indicator.code or asks_otherwise(before[source], indicator)
            found[indicator.code] = Origin(source, again, changed)
    return found


def decide(
    versions: Sequence[Questionnaire],
    past: Past,
    roles: Collection[str],
    *,
    short: bool = False,
    same_period: bool = False,
) -> tuple[Step, ...]:
    """What becomes of each earlier answer that was in play, in the order of the newest version.

    `versions` lead from the one the answers were given to up to the one they are wanted in; `roles` and
    `short` are those of the assessment now. Answers to questions that were closed are passed over. With `same_period` results stay too.
    """
    older, newer = versions[0], versions[-1]
    values, unreadable = _values(older, past)
    opening = values if past.opening is None else _values(older, replace(past, answers=past.opening))[0]
    in_play = walk(older, past.roles, opening, short=past.short).open
    asked = walk(newer, roles, {}, short=short)
    steps: list[Step] = []
    used: set[str] = set()
    sources = origins(versions)
    for indicator in indicators_of(newer):
        origin = sources.get(indicator.code)
        if origin is None or origin.source not in values or origin.source not in in_play:
            continue
        if is_never_asked(asked.closed.get(indicator.code)):
            continue
        used.add(origin.source)
        old = find_indicator(older, origin.source)
        assert old is not None
        steps.append(_step(indicator, old, origin, values[origin.source], same_period))
    for indicator in indicators_of(older):
        code = indicator.code
        if code in unreadable and code in in_play:
            steps.append(Step(code, code, "dropped", "carry_unreadable", None, None, "", False))
        elif code in values and code in in_play and code not in used:
            reason = "carry_role" if any(o.source == code for o in sources.values()) else "carry_retired"
            steps.append(Step(code, code, "dropped", reason, None, values[code], indicator.unit, False))
    known = {i.code for i in indicators_of(older)}
    for code in past.answers:
        if code not in known:
            steps.append(Step(code, code, "dropped", "carry_unknown", None, None, "", False))
    return tuple(steps)


def _values(older: Questionnaire, past: Past) -> tuple[dict[str, Value], set[str]]:
    values: dict[str, Value] = {}
    unreadable: set[str] = set()
    for indicator in indicators_of(older):
        raw = past.answers.get(indicator.code)
        reading = read(indicator, raw, past.units.get(indicator.code) or None)
        if reading.problems:
            unreadable.add(indicator.code)
        elif reading.value is not None:
            values[indicator.code] = reading.value
    return values, unreadable


def _step(new: Indicator, old: Indicator, origin: Origin, past: Value, same_period: bool) -> Step:
    def told(outcome: str, reason: str, value: Value | None = None) -> Step:
        return Step(new.code, old.code, outcome, reason, value, past, old.unit, origin.changed)

    if new.nature == "result" and not same_period:
        return told("beside", "carry_result")
    if origin.again:
        return told("beside", "carry_again")
    value = fitted(new, old, past)
    if value is None:
        return told("beside", "carry_unfit")
    if new.code != old.code:
        return told("carried", "carry_renamed", value)
    return told("carried", "carry_changed" if origin.changed else "carry_same", value)


def fitted(new: Indicator, old: Indicator, value: Value) -> Value | None:
    """`value`, an answer to `old`, as an answer to `new` in its unit; None where it does not fit."""
    if new.kind != old.kind:
        return None
    if isinstance(value, Decimal) and new.unit != old.unit:
        if unit_class(new.unit) is None or unit_class(new.unit) != unit_class(old.unit):
            return None
        value = convert(value, old.unit, new.unit)
    reading = read(new, to_json(old, value))
    return None if reading.problems else reading.value


def change_in_percent(now: Decimal, before: Decimal) -> Decimal | None:
    """By how many per cent `now` differs from `before`, both in one unit, to one place; None where before is 0."""
    if not before:
        return None
    return (_EXACT.divide((now - before) * 100, abs(before))).quantize(Decimal("0.1"), context=_EXACT)
