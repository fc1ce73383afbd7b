"""Answers chosen from options: yes/no, single choice, multiple choice."""

from __future__ import annotations

from portal.core.problems import Problem
from portal.core.questionnaire.model import Indicator, option_of, text_in
from portal.core.questionnaire.reading import Reading, Value, is_blank, shown


def _keys(indicator: Indicator) -> str:
    return ", ".join(option.key for option in indicator.options)


def read_one(indicator: Indicator, raw: object, unit: str | None = None) -> Reading:
    """The key of one option. Problems: option_expected (not a key at all), option_unknown."""
    if is_blank(raw):
        return Reading(None, "", ())
    if not isinstance(raw, str):
        values = {"found": shown(raw), "options": _keys(indicator)}
        return Reading(None, "", (Problem("option_expected", indicator.code, values),))
    key = raw.strip()
    if option_of(indicator, key) is None:
        values = {"found": shown(raw), "options": _keys(indicator)}
        return Reading(None, "", (Problem("option_unknown", indicator.code, values),))
    return Reading(key, "", ())


def read_several(indicator: Indicator, raw: object, unit: str | None = None) -> Reading:
    """Keys of the chosen options, in the questionnaire's order, each once.

    An empty list is an answer: none of these. Problems: list_expected, option_unknown for each unknown key.
    """
    if is_blank(raw):
        return Reading(None, "", ())
    if not isinstance(raw, list | tuple):
        return Reading(None, "", (Problem("list_expected", indicator.code, {"found": shown(raw)}),))
    chosen: set[str] = set()
    problems: list[Problem] = []
    for item in raw:
        if isinstance(item, str) and option_of(indicator, item.strip()) is not None:
            chosen.add(item.strip())
        else:
            values = {"found": shown(item), "options": _keys(indicator)}
            problems.append(Problem("option_unknown", indicator.code, values))
    if problems:
        return Reading(None, "", tuple(problems))
    return Reading(tuple(option.key for option in indicator.options if option.key in chosen), "", ())


def show_one(indicator: Indicator, value: Value, locale: str) -> str:
    """The label of the chosen option."""
    option = option_of(indicator, str(value))
    return text_in(option.label, locale) if option else str(value)


def show_several(indicator: Indicator, value: Value, locale: str) -> str:
    """The labels of the chosen options, "–" for none of these."""
    assert isinstance(value, tuple)
    labels = [text_in(option.label, locale) for option in indicator.options if option.key in value]
    return ("；" if locale == "zh" else "; ").join(labels) or "–"
