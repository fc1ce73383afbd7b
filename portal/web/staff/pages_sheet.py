"""The score sheet as a page: total, topics and every indicator, declared and verified side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.core.questionnaire.model import Indicator, text_in
from portal.core.scoring.sheet import score_text
from portal.operations.judging import Review
from portal.web.site_words import after_reason, told_of_sites
from portal.web.staff.pages_review import Past, PointsView, Side, past, points_view, side_of, verified_view


@dataclass(frozen=True)
class SheetLine:
    """One indicator: weight within its topic, points and reason of both sides, the decision between them."""

    code: str
    subject: str
    weight: int
    declared: PointsView
    verified: PointsView
    flagged: bool
    decision: Past | None

    @property
    def differs(self) -> bool:
        return self.verified.state != "open" and self.declared.points != self.verified.points


@dataclass(frozen=True)
class SheetTopic:
    """One topic: its weight, the weight after scaling, scores of both sides (None: dropped out), its lines."""

    code: str
    name: str
    weight: int
    effective: str
    declared: str | None
    verified: str | None
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True)
class SheetPage:
    """The full score sheet, always naming questionnaire and method version.

    `verified` is None and topics have no verified score as long as something in them needs a judgement.
    """

    declared: Side
    verified: Side | None
    decided: int
    to_judge: int
    topics: tuple[SheetTopic, ...]
    questionnaire: str
    method: str
    number: int
    sha256: str


def sheet_page(review: Review, locale: str) -> SheetPage:
    """The score sheet of a review, in the reader's language."""
    topics = tuple(
        SheetTopic(
            code=topic.code,
            name=text_in(topic.name, locale),
            weight=topic.weight,
            effective=score_text(review.verified.topics[topic.code].weight_effective) or "",
            declared=score_text(review.declared.topics[topic.code].score),
            verified=None
            if any(i.code in review.undecided for i in topic.indicators)
            else score_text(review.verified.topics[topic.code].score),
            lines=tuple(_line(review, indicator, locale) for indicator in topic.indicators),
        )
        for topic in review.case.questionnaire.topics
    )
    return SheetPage(
        declared=side_of(review.declared),
        verified=None if review.undecided else side_of(review.verified),
        decided=len(review.to_judge) - len(review.undecided),
        to_judge=len(review.to_judge),
        topics=topics,
        questionnaire=review.declared.questionnaire,
        method=review.declared.method,
        number=review.submission.number,
        sha256=review.submission.sha256,
    )


def _line(review: Review, indicator: Indicator, locale: str) -> SheetLine:
    seen = points_view(review.declared, indicator.code, locale)
    told = told_of_sites(review.case, locale)
    return SheetLine(
        code=indicator.code,
        subject=text_in(indicator.subject, locale),
        weight=indicator.weight,
        declared=replace(seen, reason=after_reason(seen.reason, told.get(indicator.code, ""), locale)),
        verified=verified_view(review, indicator.code, locale),
        flagged=indicator.code in review.verified.red_flags,
        decision=past(review.decisions.get(indicator.code)),
    )
