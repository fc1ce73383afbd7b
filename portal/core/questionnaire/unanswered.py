"""Why questions in play do not count as answered: one reason each, so that the parts add up to the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from portal.core.questionnaire.validate import Gap


@dataclass(frozen=True)
class Unanswered:
    """How many questions in play do not count as answered, in all and by reason.

    Without an answer: `red_flag` (has to be answered before sending), `zero` (counts 0 points), `unscored` (asked for
    without points). With one: `unreadable`, `unconfirmed` (carried over).
    """

    red_flag: int
    zero: int
    unscored: int
    unreadable: int
    unconfirmed: int

    @property
    def count(self) -> int:
        return self.red_flag + self.zero + self.unscored + self.unreadable + self.unconfirmed


def unanswered(gaps: Iterable[Gap]) -> Unanswered:
    """Count the gaps of `validate.gaps` that keep a question from counting as answered.

    The count equals `open` less `answered` of `progress` over the same answers; gaps of evidence do not count.
    """
    by = Counter(gap.code for gap in gaps)
    return Unanswered(
        red_flag=by["gap_gating_missing"],
        zero=by["gap_missing"],
        unscored=by["gap_missing_unscored"],
        unreadable=by["gap_unreadable"],
        unconfirmed=by["gap_unconfirmed"],
    )
