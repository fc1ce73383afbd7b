"""Whether every text of a questionnaire is there in both languages, and each in its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.core.problems import Problem
from portal.core.questionnaire.model import Indicator, Questionnaire, Text

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


def text_problems(questionnaire: Questionnaire) -> list[Problem]:
    """language_missing, text_not_english, text_not_chinese; `where` is the model path of the text in its language.

    A name or formula that is the same in both languages ("1 kg", "CMRT") may stand without Chinese characters.
    """
    found: list[Problem] = []
    for path, text in _texts(questionnaire):
        found += _problems(path, text)
    return found


def _problems(path: str, text: Text) -> Iterator[Problem]:
    if not text.en.strip():
        yield Problem("language_missing", f"{path}.en", {"language": "en"})
    elif _CHINESE.search(text.en) or (not _LATIN.search(text.en) and text.en != text.zh):
        yield Problem("text_not_english", f"{path}.en")
    if not text.zh.strip():
        yield Problem("language_missing", f"{path}.zh", {"language": "zh"})
    elif not _CHINESE.search(text.zh) and text.en != text.zh:
        yield Problem("text_not_chinese", f"{path}.zh")


def _texts(questionnaire: Questionnaire) -> Iterator[tuple[str, Text]]:
    yield "title", questionnaire.title
    for t, topic in enumerate(questionnaire.topics):
        yield f"topics[{t}].name", topic.name
        yield f"topics[{t}].dimension", topic.dimension
        yield f"topics[{t}].intro", topic.intro
        for i, indicator in enumerate(topic.indicators):
            yield from _texts_of(indicator, f"topics[{t}].indicators[{i}]")
    for number, hint in enumerate(questionnaire.hints):
        yield f"hints[{number}].text", hint.text
    for number, entry in enumerate(questionnaire.register):
        yield f"register[{number}].text", entry.text
        if entry.note:
            yield f"register[{number}].note", entry.note


def _texts_of(indicator: Indicator, path: str) -> Iterator[tuple[str, Text]]:
    yield f"{path}.subject", indicator.subject
    yield f"{path}.question", indicator.question
    yield f"{path}.help", indicator.help
    yield f"{path}.hint", indicator.hint
    if indicator.evidence_help is not None:
        yield f"{path}.evidence_help", indicator.evidence_help
    for number, option in enumerate(indicator.options):
        yield f"{path}.options[{number}]", option.label
    for number, column in enumerate(indicator.columns):
        yield f"{path}.columns[{number}].label", column.label
        yield f"{path}.columns[{number}].help", column.help
        for s, suggestion in enumerate(column.suggestions):
            yield f"{path}.columns[{number}].suggestions[{s}]", suggestion.label
