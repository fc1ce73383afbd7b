"""Which indicators are in play. Nobody else decides this; everybody else receives it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.core.questionnaire.model import ROLES, Condition, Indicator, Questionnaire, indicators_of


@dataclass(frozen=True)
class ClosedBy:
    """Why an indicator is not in play: `reason` "role", or "condition" with the `indicator` it depends on."""

    reason: str
    indicator: str | None = None


@dataclass(frozen=True)
class Path:
    """The indicators in play (`open`) and, for every other one, why it is closed."""

    open: frozenset[str]
    closed: Mapping[str, ClosedBy]


def walk(questionnaire: Questionnaire, roles: Collection[str], answers: Mapping[str, object]) -> Path:
    """Follow roles and conditions through the questionnaire once, in order.

    `answers` are canonical values by code. A condition looks only at open indicators: the answer of a closed
    one counts for nothing, so its children are closed too. Conditions never point forward: one pass does.
    """
    opened: set[str] = set()
    closed: dict[str, ClosedBy] = {}
    for indicator in indicators_of(questionnaire):
        condition = indicator.depends_on
        if not _concerns(indicator, roles):
            closed[indicator.code] = ClosedBy("role")
        elif condition and not (
            condition.indicator in opened and _holds(condition, answers.get(condition.indicator))
        ):
            closed[indicator.code] = ClosedBy("condition", condition.indicator)
        else:
            opened.add(indicator.code)
    return Path(frozenset(opened), MappingProxyType(closed))


def _concerns(indicator: Indicator, roles: Collection[str]) -> bool:
    return indicator.applies_to.issuperset(ROLES) or not indicator.applies_to.isdisjoint(roles)


def _holds(condition: Condition, answer: object) -> bool:
    chosen = answer if isinstance(answer, tuple) else (answer,)
    return any(key in condition.any_of for key in chosen)
