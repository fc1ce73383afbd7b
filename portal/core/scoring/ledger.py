"""The score ledger: every point of a sheet with its arithmetic, taken from the sheet and never worked out anew.

line: points × weight; topic: 100 × Σ(points × weight) / Σ(weight); total: Σ(topic × topic weight) / Σ(topic weight).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from portal.core.questionnaire.model import Questionnaire
from portal.core.scoring.sheet import Line, ScoreSheet, TopicScore

ZERO = Fraction(0)


@dataclass(frozen=True)
class LedgerLine:
    """One indicator: `product` is points × weight, `in_total` what that adds to the total, `at_most` what full marks
    would add; all None where it does not count."""

    code: str
    line: Line
    product: Fraction | None
    in_total: Fraction | None
    at_most: Fraction | None


@dataclass(frozen=True)
class LedgerTopic:
    """One topic: `in_total` is topic score × topic weight / Σ(topic weight), 0 where it drops out."""

    code: str
    topic: TopicScore
    product: Fraction
    in_total: Fraction
    lines: tuple[LedgerLine, ...]


def ledger(questionnaire: Questionnaire, sheet: ScoreSheet) -> tuple[LedgerTopic, ...]:
    """The steps of a sheet, topic by topic. Σ(in_total) of the lines of a topic is that of the topic; of the topics, the total."""
    found = []
    for topic in questionnaire.topics:
        score = sheet.topics[topic.code]
        lines = tuple(_line(i.code, sheet.lines[i.code], score) for i in topic.indicators)
        product = (score.score or ZERO) * score.weight
        found.append(
            LedgerTopic(
                topic.code, score, product, (score.score or ZERO) * score.weight_effective / 100, lines
            )
        )
    return tuple(found)


def _line(code: str, line: Line, topic: TopicScore) -> LedgerLine:
    if line.points is None or not topic.weights:
        return LedgerLine(code, line, None, None, None)
    at_most = topic.weight_effective * line.weight / topic.weights
    return LedgerLine(code, line, line.points * line.weight, line.points * at_most, at_most)
