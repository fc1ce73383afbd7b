"""Which indicators are in play. Nobody else decides this; everybody else receives it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.core.questionnaire.model import ROLES, Condition, Indicator, Questionnaire, indicators_of
from portal.core.questionnaire.short import short_codes


@dataclass(frozen=True)
class ClosedBy:
    """Why an indicator is not in play: `reason` "role", "short" (not in the short set), or "condition" with the
    `indicator` it depends on."""

    reason: str
    indicator: str | None = None


def is_never_asked(closed: ClosedBy | None) -> bool:
    """Whether no answer of this supplier could open it: another role's, or outside its short set."""
    return closed is not None and closed.reason != "condition"


@dataclass(frozen=True)
class Path:
    """The indicators in play (`open`) and, for every other one, why it is closed."""

    open: frozenset[str]
    closed: Mapping[str, ClosedBy]


def walk(
    questionnaire: Questionnaire,
    roles: Collection[str],
    answers: Mapping[str, object],
    short: bool = False,
) -> Path:
    """Follow roles and conditions through the questionnaire once, in order.

    `answers` are canonical values by code. A condition looks only at open indicators: the answer of a closed
    one counts for nothing, so its children are closed too. Conditions never point forward: one pass does.
    `short` asks the short set alone; it never opens what the full set closes.
    """
    asked = short_codes(questionnaire) if short else None
    opened: set[str] = set()
    closed: dict[str, ClosedBy] = {}
    for indicator in indicators_of(questionnaire):
        condition = indicator.depends_on
        if not _concerns(indicator, roles):
            closed[indicator.code] = ClosedBy("role")
        elif asked is not None and indicator.code not in asked:
            closed[indicator.code] = ClosedBy("short")
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
