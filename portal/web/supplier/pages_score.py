"""Page objects of the supplier's own score sheet. Verified points exist here only from release on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from portal.core.questionnaire.model import Questionnaire, text_in
from portal.core.scoring.sheet import ScoreSheet, points_text, score_text
from portal.language.reasons import reason_sentence
from portal.web.supplier.pages_hub import Flag, ScoreLine


@dataclass(frozen=True)
class PointsLine:
    """One indicator of a score sheet; `verified` fields are empty before release."""

    code: str
    subject: str
    weight: int
    state: str
    declared: str
    declared_reason: str
    verified: str
    verified_reason: str
    flag: bool


@dataclass(frozen=True)
class TopicPoints:
    """One topic of a score sheet, scores on 0..100 with two places, empty where nothing is scored."""

    code: str
    name: str
    weight: int
    declared: str
    verified: str
    lines: tuple[PointsLine, ...]


@dataclass(frozen=True)
class ScorePage:
    """The supplier's own score sheet. `verified` stays None until the result is released."""

    id: int
    round: str
    state: str
    questionnaire: str
    method: str
    short: bool
    declared: ScoreLine
    verified: ScoreLine | None
    released_at: datetime | None
    valid_until: date | None
    flags: tuple[Flag, ...]
    topics: tuple[TopicPoints, ...]


def topic_points(
    questionnaire: Questionnaire, declared: ScoreSheet, verified: ScoreSheet | None, locale: str
) -> tuple[TopicPoints, ...]:
    """The sheet topic by topic; indicators that are not in play are left out."""
    return tuple(
        TopicPoints(
            code=topic.code,
            name=text_in(topic.name, locale),
            weight=topic.weight,
            declared=score_text(declared.topics[topic.code].score) or "",
            verified=(score_text(verified.topics[topic.code].score) or "") if verified else "",
            lines=tuple(
                _points_line(i.code, text_in(i.subject, locale), declared, verified, locale)
                for i in topic.indicators
                if declared.lines[i.code].state != "not_applicable"
            ),
        )
        for topic in questionnaire.topics
    )


def _points_line(
    code: str, subject: str, declared: ScoreSheet, verified: ScoreSheet | None, locale: str
) -> PointsLine:
    mine = declared.lines[code]
    theirs = verified.lines[code] if verified else None
    return PointsLine(
        code=code,
        subject=subject,
        weight=mine.weight,
        state=mine.state,
        declared=_points(mine.points),
        declared_reason=reason_sentence(locale, mine.reason),
        verified=_points(theirs.points) if theirs else "",
        verified_reason=reason_sentence(locale, theirs.reason) if theirs else "",
        flag=code in (verified or declared).red_flags,
    )


def _points(points: Fraction | None) -> str:
    """Points for the page, at most four places."""
    text = points_text(points)
    return "" if text is None else text if len(text) <= 6 else f"{float(text):.4f}"
