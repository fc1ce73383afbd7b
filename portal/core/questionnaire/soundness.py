"""Whether a questionnaire makes sense: the second half of the compiler, on the model alone.

Every problem carries in `where` the model path with the keys of the files ("topics[0].indicators[2].weight");
the loader turns it into file, line and key.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from portal.core.problems import Problem
from portal.core.questionnaire.model import CHOICE_KINDS, Indicator, Questionnaire, Topic, is_scored
from portal.core.questionnaire.short import short_codes
from portal.core.questionnaire.soundness_hints import hint_problems
from portal.core.questionnaire.soundness_indicators import indicator_problems
from portal.core.questionnaire.soundness_register import register_problems
from portal.core.questionnaire.soundness_texts import text_problems

_TOPIC_CODE = re.compile(r"[A-Z]{3}")
_INDICATOR_CODE = re.compile(r"([A-Z]{3})-\d{2}", re.ASCII)


def soundness_problems(questionnaire: Questionnaire) -> list[Problem]:
    """Everything that contradicts itself, can never happen or is left out; empty for a sound questionnaire."""
    found = [*_weights(questionnaire), *_grades(questionnaire), *_codes(questionnaire)]
    found += _conditions(questionnaire)
    found += _short_set(questionnaire)
    for path, indicator in _places(questionnaire):
        found += indicator_problems(indicator, path)
    found += hint_problems(questionnaire)
    found += register_problems(questionnaire)
    found += text_problems(questionnaire)
    return found


def repeated(items: Iterable[tuple[str, Hashable]]) -> Iterator[tuple[str, Hashable]]:
    """The path and value of each item whose value has occurred before."""
    seen: set[Hashable] = set()
    for path, value in items:
        if value in seen:
            yield path, value
        seen.add(value)


def _places(questionnaire: Questionnaire) -> Iterator[tuple[str, Indicator]]:
    for t, topic in enumerate(questionnaire.topics):
        for i, indicator in enumerate(topic.indicators):
            yield f"topics[{t}].indicators[{i}]", indicator


def _topics(questionnaire: Questionnaire) -> Iterator[tuple[str, Topic]]:
    for t, topic in enumerate(questionnaire.topics):
        yield f"topics[{t}]", topic


def _weights(questionnaire: Questionnaire) -> Iterator[Problem]:
    together = sum(topic.weight for topic in questionnaire.topics)
    if together != 100:
        yield Problem("topic_weights_sum", "topics", {"sum": together})
    for path, topic in _topics(questionnaire):
        if topic.weight < 1:
            yield Problem("weight_not_positive", f"{path}.weight", {"found": topic.weight})
        if not topic.indicators:
            yield Problem("topic_empty", f"{path}.indicators")


def _grades(questionnaire: Questionnaire) -> Iterator[Problem]:
    grades = questionnaire.grades
    if not grades:
        yield Problem("grades_missing", "grades")
        return
    for number, (better, grade) in enumerate(pairwise(grades), 1):
        if grade.from_score >= better.from_score:
            yield Problem("grades_not_descending", f"grades[{number}].from", {"letter": grade.letter})
    if grades[0].from_score > 100:
        yield Problem("grade_unreachable", "grades[0].from", {"letter": grades[0].letter})
    if grades[-1].from_score != Decimal(0):
        yield Problem("grades_not_down_to_zero", f"grades[{len(grades) - 1}].from")
    letters = [(f"grades[{n}].letter", grade.letter) for n, grade in enumerate(grades)]
    for path, letter in repeated(letters):
        yield Problem("grade_twice", path, {"letter": letter})
    if questionnaire.red_flag_grade not in {letter for _, letter in letters}:
        yield Problem("red_flag_grade_unknown", "red_flag_grade", {"found": questionnaire.red_flag_grade})


def _codes(questionnaire: Questionnaire) -> Iterator[Problem]:
    topics, indicators = list(_topics(questionnaire)), list(_places(questionnaire))
    for path, topic in topics:
        if not _TOPIC_CODE.fullmatch(topic.code):
            yield Problem("topic_code_form", f"{path}.code", {"found": topic.code})
    for path, indicator in indicators:
        form = _INDICATOR_CODE.fullmatch(indicator.code)
        if form is None or form[1] != indicator.topic:
            values = {"found": indicator.code, "topic": indicator.topic}
            yield Problem("indicator_code_form", f"{path}.code", values)
    for path, code in repeated((f"{path}.code", topic.code) for path, topic in topics):
        yield Problem("topic_code_twice", path, {"code": code})
    for path, number in repeated((f"{path}.number", topic.number) for path, topic in topics):
        yield Problem("number_twice", path, {"number": number})
    for path, code in repeated((f"{path}.code", indicator.code) for path, indicator in indicators):
        yield Problem("indicator_code_twice", path, {"code": code})
    for path, number in repeated((f"{path}.number", indicator.number) for path, indicator in indicators):
        yield Problem("number_twice", path, {"number": number})


def _conditions(questionnaire: Questionnaire) -> Iterator[Problem]:
    everyone = {indicator.code: indicator for _, indicator in _places(questionnaire)}
    earlier: set[str] = set()
    for path, indicator in _places(questionnaire):
        if indicator.depends_on is not None:
            yield from _condition(indicator, f"{path}.depends_on", everyone, earlier)
        earlier.add(indicator.code)


def _short_set(questionnaire: Questionnaire) -> Iterator[Problem]:
    """A short set that picks nothing that is scored, or everything, is none."""
    rule = questionnaire.short_set
    if rule is None:
        return
    everyone = [indicator for _, indicator in _places(questionnaire)]
    codes = short_codes(questionnaire)
    if not any(i.code in codes and is_scored(i) for i in everyone):
        yield Problem("short_set_empty", "short_set")
    elif len(codes) == len(everyone):
        yield Problem("short_set_whole", "short_set", {"count": len(everyone)})


def _condition(
    indicator: Indicator, path: str, everyone: Mapping[str, Indicator], earlier: set[str]
) -> Iterator[Problem]:
    condition = indicator.depends_on
    assert condition is not None
    code = condition.indicator
    target = everyone.get(code)
    if target is None:
        yield Problem("condition_indicator_unknown", f"{path}.indicator", {"indicator": code})
        return
    if code not in earlier:
        yield Problem("condition_points_forward", f"{path}.indicator", {"indicator": code})
    if target.kind not in CHOICE_KINDS:
        values = {"indicator": code, "kind": target.kind}
        yield Problem("condition_not_a_choice", f"{path}.indicator", values)
        return
    if not condition.any_of:
        yield Problem("condition_empty", f"{path}.any_of")
    keys = {option.key for option in target.options}
    for number, key in enumerate(condition.any_of):
        if key not in keys:
            values = {"indicator": code, "found": key, "options": ", ".join(sorted(keys))}
            yield Problem("condition_option_unknown", f"{path}.any_of[{number}]", values)
    if indicator.applies_to.isdisjoint(target.applies_to):
        yield Problem("condition_never_holds", f"{path}.indicator", {"indicator": code})
