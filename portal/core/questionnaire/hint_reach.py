"""Whether a rule can ever hold: no part may ask for answers that the questionnaire itself rules out together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

from portal.core.problems import Problem
from portal.core.questionnaire.hint_rule import (
    Answered,
    AnyRow,
    Chosen,
    Compare,
    Every,
    Not,
    Rule,
    is_code,
    names_in,
)
from portal.core.questionnaire.model import Indicator, Questionnaire, indicators_of

MOST_WAYS = 256
_Leaf = Compare | Chosen | Answered | AnyRow
_Way = tuple[tuple[_Leaf, bool], ...]


@dataclass
class _Wanted:
    """What one way of making a rule true asks of the answers."""

    answered: set[str] = field(default_factory=set)
    empty: set[str] = field(default_factory=set)
    any_of: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    none_of: dict[str, set[str]] = field(default_factory=dict)


def dead_ends(questionnaire: Questionnaire, rule: Rule) -> list[Problem]:
    """What each way of making the rule true asks that cannot be: hint_option_unreachable, hint_answer_and_none; no `where`.

    Roles rule nothing out: a supplier can have all of them. hint_rule_too_wide for a rule with more than 256 ways, which nobody could read either.
    """
    known = {i.code: i for i in indicators_of(questionnaire)}
    ways = _ways(rule, True)
    if ways is None:
        return [Problem("hint_rule_too_wide", "", {"most": MOST_WAYS})]
    found: list[Problem] = []
    for way in ways:
        problem = _conflict(way, known)
        if problem is not None and problem not in found:
            found.append(problem)
    return found


def _ways(rule: Rule, wanted: bool) -> list[_Way] | None:
    """The rule as alternatives of tests that must come out as named; None when there are too many."""
    if isinstance(rule, Not):
        return _ways(rule.part, not wanted)
    if isinstance(rule, _Leaf):
        return [((rule, wanted),)]
    parts = [_ways(part, wanted) for part in rule.parts]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    if isinstance(rule, Every) != wanted:
        alternatives = [way for part in found for way in part]
        return alternatives if len(alternatives) <= MOST_WAYS else None
    size = 1
    for part in found:
        size *= len(part)
    if size > MOST_WAYS:
        return None
    return [tuple(leaf for way in chosen for leaf in way) for chosen in product(*found)]


def _conflict(way: _Way, known: Mapping[str, Indicator]) -> Problem | None:
    wanted = _Wanted()
    for leaf, positive in way:
        _want(leaf, positive, wanted)
    _open(wanted, known)
    for code in sorted(wanted.answered & wanted.empty):
        return Problem("hint_answer_and_none", "", {"indicator": code})
    for code, groups in wanted.any_of.items():
        left = _left(known[code], groups, wanted.none_of.get(code, set()))
        if not left:
            values = {"indicator": code, "options": ", ".join(sorted(groups[-1]))}
            return Problem("hint_option_unreachable", "", values)
    return None


def _want(leaf: _Leaf, positive: bool, wanted: _Wanted) -> None:
    codes = {name for name in names_in(leaf) if is_code(name)}
    if isinstance(leaf, Answered) and not positive:
        wanted.empty |= codes
        return
    wanted.answered |= codes
    if isinstance(leaf, Chosen) and is_code(leaf.name):
        if positive:
            wanted.any_of.setdefault(leaf.name, []).append(frozenset(leaf.keys))
        else:
            wanted.none_of.setdefault(leaf.name, set()).update(leaf.keys)


def _open(wanted: _Wanted, known: Mapping[str, Indicator]) -> None:
    """Everything that must be answered must be open, and so must what it depends on."""
    waiting = list(wanted.answered)
    while waiting:
        condition = known[waiting.pop()].depends_on
        if condition is None:
            continue
        wanted.any_of.setdefault(condition.indicator, []).append(frozenset(condition.any_of))
        if condition.indicator not in wanted.answered:
            wanted.answered.add(condition.indicator)
            waiting.append(condition.indicator)


def _left(one: Indicator, groups: list[frozenset[str]], refused: set[str]) -> bool:
    """Whether an answer exists: for one choice a key in every group, for several a key of each group."""
    keys = {option.key for option in one.options} - refused
    if one.kind == "multiple":
        return all(keys & group for group in groups)
    for group in groups:
        keys &= group
    return bool(keys)
