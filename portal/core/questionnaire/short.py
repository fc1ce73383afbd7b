"""The short set for small suppliers: which indicators it asks, by the rule the questionnaire declares as data."""

from __future__ import annotations

from portal.core.questionnaire.model import Indicator, Questionnaire, ShortSet, indicators_of


def short_codes(questionnaire: Questionnaire) -> frozenset[str]:
    """The indicators of the short set; empty where the version declares none.

    An indicator is asked when it is gating (`gating`) or its weight in the topic is at least `weight_at_least`; what
    its condition depends on is asked too, however far back, so that the condition can be answered at all, and so is
    what weighs the sites in it.
    """
    rule = questionnaire.short_set
    if rule is None:
        return frozenset()
    everyone = {i.code: i for i in indicators_of(questionnaire)}
    found: set[str] = set()
    waiting = [i for i in everyone.values() if is_picked(rule, i)]
    while waiting:
        one = waiting.pop()
        if one.code in found:
            continue
        found.add(one.code)
        needed = [one.weighed_by, one.depends_on.indicator if one.depends_on is not None else ""]
        waiting += [everyone[code] for code in needed if code in everyone]
    return frozenset(found)


def is_picked(rule: ShortSet, indicator: Indicator) -> bool:
    """Whether the rule itself names the indicator, regardless of what others depend on."""
    return (rule.gating and indicator.gating) or indicator.weight >= rule.weight_at_least
