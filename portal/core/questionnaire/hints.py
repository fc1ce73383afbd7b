"""Which contradiction hints a set of answers raises, and what they say. A hint never blocks anything.

Logic with three values: a missing answer, a closed question or an unknown fact makes a test unknown, and a hint
is raised only by a rule that is certainly true. "is answered" is always certain.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from portal.core.questionnaire.facts import FACTS, Facts
from portal.core.questionnaire.hint_rule import (
    Amount,
    Answered,
    AnyRow,
    Chosen,
    Compare,
    Day,
    Every,
    Named,
    Not,
    Rule,
    Term,
    Total,
    is_code,
    names_in,
)
from portal.core.questionnaire.kinds import day_text, show
from portal.core.questionnaire.model import Hint, Indicator, Questionnaire, Text, indicators_of, text_in
from portal.core.questionnaire.unit_words import quantity_text
from portal.core.units import CLASSES, unit_class

PLACE = re.compile(r"\{([^{}]*)\}")
_OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True)
class _Scene:
    """What a rule looks at: open answers, facts, the indicators by code, and the row inside "any row of"."""

    answers: Mapping[str, object]
    facts: Facts
    indicators: Mapping[str, Indicator]
    table: Indicator | None = None
    row: Mapping[str, str] | None = None


def raised(
    questionnaire: Questionnaire, open_codes: Collection[str], answers: Mapping[str, object], facts: Facts
) -> tuple[Hint, ...]:
    """The hints whose rule certainly holds, in the order of the file. Answers of closed questions count for nothing."""
    scene = _scene(questionnaire, open_codes, answers, facts)
    return tuple(hint for hint in questionnaire.hints if _holds(hint.rule, scene))


def certain(
    questionnaire: Questionnaire,
    rules: Sequence[Rule],
    open_codes: Collection[str],
    answers: Mapping[str, object],
    facts: Facts,
) -> tuple[bool, ...]:
    """Of each rule whether it certainly holds. Answers of closed questions count for nothing."""
    scene = _scene(questionnaire, open_codes, answers, facts)
    return tuple(_holds(rule, scene) is True for rule in rules)


def _scene(
    questionnaire: Questionnaire, open_codes: Collection[str], answers: Mapping[str, object], facts: Facts
) -> _Scene:
    return _Scene(
        {code: value for code, value in answers.items() if code in open_codes and value is not None},
        facts,
        {i.code: i for i in indicators_of(questionnaire)},
    )


def facts_used(hint: Hint) -> frozenset[str]:
    """The facts a hint looks at or names in its text."""
    named = {*names_in(hint.rule), *PLACE.findall(hint.text.en), *PLACE.findall(hint.text.zh)}
    return frozenset(name for name in named if name in FACTS)


def hint_text(
    questionnaire: Questionnaire, hint: Hint, answers: Mapping[str, object], facts: Facts, locale: str
) -> str:
    """What a raised hint says, with the figures it names; "–" for one that is not known."""
    return with_figures(questionnaire, hint.text, answers, facts, locale)


def with_figures(
    questionnaire: Questionnaire, text: Text, answers: Mapping[str, object], facts: Facts, locale: str
) -> str:
    """A text with the answers and facts it names in braces; "–" for one that is not known."""
    by_code = {i.code: i for i in indicators_of(questionnaire)}

    def figure(match: re.Match[str]) -> str:
        name = match[1]
        value = answers.get(name) if is_code(name) else facts.get(name)
        if value is None:
            return "–"
        if is_code(name):
            return show(by_code[name], _readable(value), locale)  # type: ignore[arg-type]  # answers are canonical values
        if isinstance(value, Decimal):
            return quantity_text(value, FACTS[name].unit, locale)
        return day_text(value, locale) if isinstance(value, date) else str(value)

    return PLACE.sub(figure, text_in(text, locale))


def _readable(value: object) -> object:
    """A figure of a sentence to two places: a mean of sites may have many more, which the answer itself shows."""
    return round(value, 2) if isinstance(value, Decimal) and value != round(value, 2) else value


def _holds(rule: Rule, scene: _Scene) -> bool | None:
    if isinstance(rule, Compare):
        left, right = _measure(rule.left, scene), _measure(rule.right, scene)
        return None if left is None or right is None else bool(_OPERATORS[rule.op](left, right))
    if isinstance(rule, Chosen):
        value = _value(rule.name, scene)
        if value is None:
            return None
        return any(key in rule.keys for key in (value if isinstance(value, tuple) else (value,)))
    if isinstance(rule, Answered):
        return _value(rule.name, scene) is not None
    if isinstance(rule, Not):
        part = _holds(rule.part, scene)
        return None if part is None else not part
    if isinstance(rule, AnyRow):
        return _any_row(rule, scene)
    found = [_holds(part, scene) for part in rule.parts]
    decides = not isinstance(rule, Every)
    if decides in found:
        return decides
    return None if None in found else not decides


def _any_row(rule: AnyRow, scene: _Scene) -> bool | None:
    rows = scene.answers.get(rule.table)
    if not isinstance(rows, tuple):
        return None
    table = scene.indicators[rule.table]
    found = [
        _holds(rule.test, _Scene(scene.answers, scene.facts, scene.indicators, table, row)) for row in rows
    ]
    return True if True in found else None if None in found else False


def _value(name: str, scene: _Scene) -> object:
    if is_code(name):
        return scene.answers.get(name)
    return scene.facts.get(name) if name in FACTS else (scene.row or {}).get(name)


def _measure(term: Term, scene: _Scene) -> Fraction | date | None:
    """A value in the smallest common measure of its class, so that MWh and kWh compare."""
    of = term.of
    if isinstance(of, Day):
        return of.on
    if isinstance(of, Amount):
        return _scaled(of.number, of.unit) * Fraction(term.factor)
    if isinstance(of, Total):
        return _total(of, term.factor, scene)
    value, unit = _value(of.name, scene), _unit(of, scene)
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        value = Decimal(value)
    return _scaled(value, unit) * Fraction(term.factor) if isinstance(value, Decimal) else None


def _total(of: Total, factor: Decimal, scene: _Scene) -> Fraction | None:
    rows = scene.answers.get(of.table)
    if not isinstance(rows, tuple):
        return None
    if not of.column:
        return len(rows) * Fraction(factor)
    cells = [row[of.column] for row in rows if row.get(of.column)]
    unit = next(c.unit for c in scene.indicators[of.table].columns if c.key == of.column)
    return sum((_scaled(Decimal(cell), unit) for cell in cells), Fraction(0)) * Fraction(factor)


def _unit(of: Named, scene: _Scene) -> str:
    if is_code(of.name):
        return scene.indicators[of.name].unit
    if of.name in FACTS:
        return FACTS[of.name].unit
    columns = scene.table.columns if scene.table else ()
    return next((c.unit for c in columns if c.key == of.name), "")


def _scaled(number: Decimal, unit: str) -> Fraction:
    name = unit_class(unit)
    return Fraction(number) * (Fraction(CLASSES[name][unit]) if name else 1)
