"""What differs between two versions of a questionnaire, as the pages of both sides show it."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.questionnaire.diff import differences
from portal.core.questionnaire.model import find_topic, text_in
from portal.files.questionnaires import find_questionnaire
from portal.language.version_words import difference_sentence


@dataclass(frozen=True)
class DifferenceGroup:
    """What differs in one topic, "" for the whole questionnaire: (code, words)."""

    name: str
    lines: tuple[tuple[str, str], ...]


def changes_by_topic(older: str, newer: str, locale: str) -> tuple[DifferenceGroup, ...]:
    """Everything that differs between two versions, topic by topic."""
    before, now = find_questionnaire(older), find_questionnaire(newer)
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in differences(before, now):
        groups.setdefault(one.topic, []).append((one.indicator, difference_sentence(locale, one)))
    found = []
    for code, lines in groups.items():
        topic = find_topic(now, code) or find_topic(before, code)
        found.append(DifferenceGroup(text_in(topic.name, locale) if topic else "", tuple(lines)))
    return tuple(found)
