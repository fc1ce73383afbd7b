"""Whether carry.yaml accounts for every indicator of both versions, and whether what it promises can be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.core.problems import Problem
from portal.core.questionnaire.model import (
    CHOICE_KINDS,
    CarryRule,
    Indicator,
    Questionnaire,
    indicators_of,
)
from portal.core.units import unit_class


def carry_problems(newer: Questionnaire, older: Questionnaire) -> list[Problem]:
    """Everything wrong with the carry rules of `newer`, which inherits from `older`. `where` is "carry.CODE".

    carry_unaccounted, carry_older_unaccounted, carry_code_unknown, carry_not_in_both, carry_source_unknown,
    carry_still_there, carry_dropped_used, carry_kind_differs, carry_unit_differs, carry_options_gone,
    carry_columns_gone.
    """
    now = {i.code: i for i in indicators_of(newer)}
    before = {i.code: i for i in indicators_of(older)}
    found: list[Problem] = []
    for rule in newer.carry:
        found += _rule(rule, now, before)
    named = {rule.code for rule in newer.carry}
    sources = {rule.source for rule in newer.carry}
    for code in now:
        if code in named:
            continue
        if newer.carry_others and code in before:
            found += _fits(now[code], before[code], "others")
        else:
            found.append(Problem("carry_unaccounted", "carry", {"indicator": code}))
    for code in before:
        if code not in now and code not in named and code not in sources:
            found.append(Problem("carry_older_unaccounted", "carry", {"indicator": code}))
    dropped = {rule.code for rule in newer.carry if rule.way == "dropped"}
    for rule in newer.carry:
        if rule.way == "renamed_from" and rule.source in dropped:
            found.append(Problem("carry_dropped_used", f"carry.{rule.source}", {"indicator": rule.source}))
    return found


def _rule(rule: CarryRule, now: Mapping[str, Indicator], before: Mapping[str, Indicator]) -> list[Problem]:
    path, values = f"carry.{rule.code}", {"indicator": rule.code}
    if rule.code not in now and rule.code not in before:
        return [Problem("carry_code_unknown", path, values)]
    if rule.way == "dropped":
        return [Problem("carry_still_there", path, values)] if rule.code in now else []
    if rule.code not in now or (rule.way == "same" and rule.code not in before):
        return [Problem("carry_not_in_both", path, values)]
    if rule.source and rule.source not in before:
        return [Problem("carry_source_unknown", path, {"indicator": rule.code, "found": rule.source})]
    if rule.way == "ask_again":
        return []
    return list(_fits(now[rule.code], before[rule.source or rule.code], path))


def _fits(new: Indicator, old: Indicator, path: str) -> Iterator[Problem]:
    """Whether every answer to `old` can stand as an answer to `new`."""
    if new.kind != old.kind:
        values = {"indicator": new.code, "kind": new.kind, "was": old.kind}
        yield Problem("carry_kind_differs", path, values)
        return
    if new.kind in {"number", "percentage"} and unit_class(new.unit) != unit_class(old.unit):
        yield Problem("carry_unit_differs", path, {"indicator": new.code, "unit": new.unit, "was": old.unit})
    if new.kind in CHOICE_KINDS:
        gone = [o.key for o in old.options if o.key not in {n.key for n in new.options}]
        if gone:
            yield Problem("carry_options_gone", path, {"indicator": new.code, "gone": ", ".join(gone)})
    if new.kind == "table":
        gone = [c.key for c in old.columns if c.key not in {n.key for n in new.columns}]
        if gone:
            yield Problem("carry_columns_gone", path, {"indicator": new.code, "gone": ", ".join(gone)})
