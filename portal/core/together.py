"""Work shared between a supplier's colleagues: whose each question is, and what changed since the lead looked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from portal.core.questionnaire.model import Questionnaire, Topic

Held = TypeVar("Held")


def held_by_indicator(questionnaire: Questionnaire, held: Mapping[str, Held]) -> dict[str, Held]:
    """Who or what holds each indicator: its own entry in `held` (by topic or indicator code), else its topic's."""
    found: dict[str, Held] = {}
    for topic in questionnaire.topics:
        for indicator in topic.indicators:
            one = held.get(indicator.code, held.get(topic.code))
            if one is not None:
                found[indicator.code] = one
    return found


def as_it_stands(topic: Topic, asked: Iterable[str], stands: Mapping[str, str]) -> dict[str, str]:
    """What a person who looks through a topic sees: the mark of each indicator in `asked`, empty where there is none.

    A mark names a state of the answer and its evidence (`stands`, by code); two marks that differ, differ in those.
    """
    wanted = set(asked)
    return {i.code: stands.get(i.code, "") for i in topic.indicators if i.code in wanted}


def changed_since(seen: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """The indicators of `now` that were not seen as they stand now. One no longer asked counts for nothing."""
    return tuple(code for code, mark in now.items() if seen.get(code) != mark)
