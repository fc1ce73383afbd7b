"""What staff see of the short set: how many questions it asks of how many."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.questionnaire.model import indicators_of
from portal.core.questionnaire.short import short_codes
from portal.files.questionnaires import find_questionnaire


@dataclass(frozen=True)
class ShortRule:
    """The short set of a questionnaire version: `count` of `all` questions, for a supplier with every role."""

    count: int
    all: int


def short_rule(questionnaire: str) -> ShortRule | None:
    """The short set of a version; None where it declares none."""
    found = find_questionnaire(questionnaire)
    codes = short_codes(found)
    return ShortRule(len(codes), sum(1 for _ in indicators_of(found))) if codes else None
