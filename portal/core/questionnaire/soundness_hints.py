"""Whether the hints of a questionnaire make sense: names, kinds, units, limits, texts; and the effort of indicators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.core.problems import Problem
from portal.core.questionnaire.facts import FACTS, SITE, SITES
from portal.core.questionnaire.hint_reach import dead_ends
from portal.core.questionnaire.hint_rule import (
    Amount,
    Answered,
    AnyRow,
    Chosen,
    Compare,
    Day,
    Named,
    Not,
    Rule,
    Term,
    Total,
    is_code,
    names_in,
)
from portal.core.questionnaire.hints import PLACE
from portal.core.questionnaire.model import Column, Hint, Indicator, Questionnaire, Text, indicators_of
from portal.core.units import CLASSES, unit_class

_ID = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_NUMBERS = ("number", "percentage")


@dataclass(frozen=True)
class _Measure:
    """What one side of a comparison is: `kind` quantity or date; limits where the questionnaire sets them."""

    kind: str
    unit: str = ""
    literal: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True)
class _Known:
    indicators: Mapping[str, Indicator]
    columns: Mapping[str, Column]


def hint_problems(questionnaire: Questionnaire) -> list[Problem]:
    """Every problem with the hints; `where` is the model path "hints[3].when"."""
    known = _Known({i.code: i for i in indicators_of(questionnaire)}, {})
    found: list[Problem] = []
    seen: set[str] = set()
    for number, hint in enumerate(questionnaire.hints):
        path = f"hints[{number}]"
        if not _ID.fullmatch(hint.id):
            found.append(Problem("hint_id_form", f"{path}.id", {"found": hint.id[:60]}))
        if hint.id in seen:
            found.append(Problem("hint_id_twice", f"{path}.id", {"id": hint.id}))
        seen.add(hint.id)
        found += _concerned(hint, path, known)
        found += _places(hint.text, f"{path}.text", known)
        found += _of_sites(hint, path)
        wrong = [Problem(p.code, f"{path}.when", p.values) for p in _rule(hint.rule, known)]
        # only a well-formed rule can be asked whether it can ever hold
        found += wrong or [
            Problem(p.code, f"{path}.when", p.values) for p in dead_ends(questionnaire, hint.rule)
        ]
    return found


def _of_sites(hint: Hint, path: str) -> Iterator[Problem]:
    """A hint looks at the company: what is known of one site only is never known to it."""
    named = {"when": set(names_in(hint.rule)), "text": set(PLACE.findall(hint.text.en))}
    for key, names in named.items():
        for name in sorted(name for name in names if name.startswith((SITE, SITES))):
            yield Problem("register_site_unknown_here", f"{path}.{key}", {"found": name[:60]})


def _concerned(hint: Hint, path: str, known: _Known) -> Iterator[Problem]:
    if not hint.indicators:
        yield Problem("hint_indicators_missing", f"{path}.indicators")
    for number, code in enumerate(hint.indicators):
        where = f"{path}.indicators[{number}]"
        if code not in known.indicators:
            yield Problem("hint_code_unknown", where, {"indicator": code})
        elif code in hint.indicators[:number]:
            yield Problem("hint_indicator_twice", where, {"indicator": code})


def rule_problems(questionnaire: Questionnaire, rule: Rule, path: str) -> list[Problem]:
    """Every problem with one rule standing at the model path `path`."""
    known = _Known({i.code: i for i in indicators_of(questionnaire)}, {})
    wrong = list(_rule(rule, known)) or dead_ends(questionnaire, rule)
    return [Problem(p.code, path, p.values) for p in wrong]


def figure_problems(questionnaire: Questionnaire, text: Text, path: str) -> list[Problem]:
    """Figures named by a text at `path` that do not exist or stand in one language only."""
    known = _Known({i.code: i for i in indicators_of(questionnaire)}, {})
    return list(_places(text, path, known))


def _places(text: Text, path: str, known: _Known) -> Iterator[Problem]:
    english, chinese = set(PLACE.findall(text.en)), set(PLACE.findall(text.zh))
    for language, named in (("en", english), ("zh", chinese)):
        for name in sorted(named):
            if name not in known.indicators and name not in FACTS:
                yield Problem("hint_figure_unknown", f"{path}.{language}", {"found": name[:60]})
    if english != chinese:
        names = ", ".join(sorted(english ^ chinese))
        yield Problem("hint_figures_differ", path, {"names": names})


def _rule(rule: Rule, known: _Known) -> Iterator[Problem]:
    if isinstance(rule, Compare):
        yield from _compare(rule, known)
    elif isinstance(rule, Chosen):
        yield from _chosen(rule, known)
    elif isinstance(rule, Answered):
        yield from _name(rule.name, known)
    elif isinstance(rule, Not):
        yield from _rule(rule.part, known)
    elif isinstance(rule, AnyRow):
        yield from _any_row(rule, known)
    else:
        for part in rule.parts:
            yield from _rule(part, known)


def _name(name: str, known: _Known) -> Iterator[Problem]:
    if is_code(name) and name not in known.indicators:
        yield Problem("hint_code_unknown", "", {"indicator": name})
    elif not is_code(name) and "." in name and name not in FACTS:
        yield Problem("hint_fact_unknown", "", {"found": name[:60], "known": ", ".join(FACTS)})
    elif not is_code(name) and "." not in name and name not in known.columns:
        columns = ", ".join(known.columns) or "–"
        yield Problem("hint_column_unknown", "", {"found": name[:60], "columns": columns})


def _table(code: str, known: _Known) -> Iterator[Problem]:
    wrong = list(_name(code, known))
    yield from wrong
    if not wrong and known.indicators[code].kind != "table":
        values = {"name": code, "kind": known.indicators[code].kind, "fits": "table"}
        yield Problem("hint_wrong_kind", "", values)


def _any_row(rule: AnyRow, known: _Known) -> Iterator[Problem]:
    wrong = list(_table(rule.table, known))
    yield from wrong
    if known.columns:
        yield Problem("hint_row_in_row", "", {"indicator": rule.table})
    elif not wrong:
        columns = {c.key: c for c in known.indicators[rule.table].columns}
        yield from _rule(rule.test, _Known(known.indicators, columns))


def _chosen(rule: Chosen, known: _Known) -> Iterator[Problem]:
    wrong = list(_name(rule.name, known))
    yield from wrong
    if wrong:
        return
    kind, options = _choices(rule.name, known)
    fits = "has" if kind == "multiple" else "is" if kind in {"single", "yes_no"} else ""
    if fits != rule.verb:
        allowed = "single, yes_no" if rule.verb == "is" else "multiple"
        yield Problem("hint_wrong_kind", "", {"name": rule.name, "kind": kind, "fits": allowed})
        return
    for number, key in enumerate(rule.keys):
        if key not in options:
            values = {"name": rule.name, "found": key[:60], "options": ", ".join(options)}
            yield Problem("hint_option_unknown", "", values)
        elif key in rule.keys[:number]:
            yield Problem("hint_option_twice", "", {"name": rule.name, "key": key})


def _choices(name: str, known: _Known) -> tuple[str, tuple[str, ...]]:
    if is_code(name):
        one = known.indicators[name]
        return one.kind, tuple(option.key for option in one.options)
    kind = FACTS[name].kind if name in FACTS else known.columns[name].kind
    return kind, ("yes", "no") if kind == "yes_no" else ()


def _compare(rule: Compare, known: _Known) -> Iterator[Problem]:
    wrong = [*_term(rule.left, known), *_term(rule.right, known)]
    yield from wrong
    if wrong:
        return
    left, right = _measure(rule.left, known), _measure(rule.right, known)
    if left.kind != right.kind:
        yield Problem("hint_kinds_differ", "", {"left": left.kind, "right": right.kind})
    elif left.literal is not None and right.literal is not None:
        yield Problem("hint_compares_constants", "")
    elif left.kind == "quantity":
        yield from _units(left, right)
        yield from _limits(rule, left, right)


def _term(term: Term, known: _Known) -> Iterator[Problem]:
    of = term.of
    if isinstance(of, Total):
        yield from _total(of, known)
    elif isinstance(of, Amount):
        if of.unit and unit_class(of.unit) is None:
            yield Problem("hint_unit_unknown", "", {"unit": of.unit})
    elif isinstance(of, Named):
        wrong = list(_name(of.name, known))
        yield from wrong
        if not wrong and _measured(of, known).kind not in {"quantity", "date"}:
            values = {"name": of.name, "kind": _measured(of, known).kind, "fits": "number, percentage, date"}
            yield Problem("hint_wrong_kind", "", values)
    if term.factor != 1 and (isinstance(of, Day) or (isinstance(of, Named) and _is_date(of, known))):
        yield Problem("hint_date_scaled", "")


def _is_date(of: Named, known: _Known) -> bool:
    return not list(_name(of.name, known)) and _measured(of, known).kind == "date"


def _total(of: Total, known: _Known) -> Iterator[Problem]:
    wrong = list(_table(of.table, known))
    yield from wrong
    if wrong or not of.column:
        return
    columns = {c.key: c for c in known.indicators[of.table].columns}
    if of.column not in columns:
        values = {"found": of.column[:60], "columns": ", ".join(columns)}
        yield Problem("hint_column_unknown", "", values)
    elif columns[of.column].kind not in _NUMBERS:
        values = {"name": of.column, "kind": columns[of.column].kind, "fits": ", ".join(_NUMBERS)}
        yield Problem("hint_wrong_kind", "", values)


def _measure(term: Term, known: _Known) -> _Measure:
    of = term.of
    if isinstance(of, Day):
        return _Measure("date", literal=Decimal(0))
    if isinstance(of, Amount):
        return _Measure("quantity", of.unit, literal=of.number * term.factor)
    if isinstance(of, Total):
        columns = {c.key: c for c in known.indicators[of.table].columns}
        return _Measure("quantity", columns[of.column].unit if of.column else "count")
    found = _measured(of, known)
    # limits belong to the value itself, not to a multiple of it
    return found if term.factor == 1 else _Measure(found.kind, found.unit)


def _measured(of: Named, known: _Known) -> _Measure:
    if of.name in FACTS:
        return _Measure(FACTS[of.name].kind, FACTS[of.name].unit)
    one: Indicator | Column = known.indicators[of.name] if is_code(of.name) else known.columns[of.name]
    if one.kind in {*_NUMBERS, "year"}:
        unit = one.unit or ("%" if one.kind == "percentage" else "")
        return _Measure("quantity", unit, None, one.minimum, one.maximum)
    return _Measure(one.kind)


def _units(left: _Measure, right: _Measure) -> Iterator[Problem]:
    one, other = (unit_class(m.unit) or "plain" for m in (left, right))
    plain = {"plain", "count"}
    zero = 0 in (left.literal, right.literal)
    if one == other or zero or {one, other} == plain:
        return
    missing = next((m for m in (left, right) if m.literal is not None and not m.unit), None)
    if missing is not None:
        needed = right.unit if missing is left else left.unit
        yield Problem("hint_unit_missing", "", {"found": f"{missing.literal:f}", "unit": needed})
    else:
        yield Problem("hint_unit_differs", "", {"left": left.unit or "–", "right": right.unit or "–"})


def _limits(rule: Compare, left: _Measure, right: _Measure) -> Iterator[Problem]:
    """A constant outside the limits of the answer it is compared with makes the test always or never true."""
    flipped = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
    op = rule.op
    if left.literal is not None:
        left, right, op = right, left, flipped.get(op, op)
    if right.literal is None or (unit_class(left.unit) != unit_class(right.unit) and right.literal != 0):
        return
    bound = _scaled(right.literal, right.unit)
    low = None if left.minimum is None else _scaled(left.minimum, left.unit)
    high = None if left.maximum is None else _scaled(left.maximum, left.unit)
    below = low is not None and (bound < low or (bound == low and op in {"<", ">="}))
    above = high is not None and (bound > high or (bound == high and op in {">", "<="}))
    if below or above:
        yield Problem(
            "hint_bound_outside", "", {"found": f"{right.literal:f}", "unit": right.unit or left.unit}
        )


def _scaled(number: Decimal, unit: str) -> Fraction:
    name = unit_class(unit)
    return Fraction(number) * (Fraction(CLASSES[name][unit]) if name else 1)
