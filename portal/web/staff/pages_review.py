"""Page objects of the review: what was sent, what it earns, what was decided, what still needs a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from portal.core.exact import decimal_text, fraction_text
from portal.core.questionnaire.kinds import show
from portal.core.questionnaire.model import Column, Indicator, Topic, is_scored, text_in
from portal.core.questionnaire.tables import show_cell
from portal.core.questionnaire.unit_words import number_text
from portal.core.scoring.sheet import ScoreSheet, score_text
from portal.language.reasons import reason_sentence
from portal.operations.evidence_facts import CountedSites, sites_as_sent
from portal.operations.judging import Review
from portal.operations.reviewing import acceptable
from portal.store.assessments import Assessment, Decision
from portal.web.site_words import RolledView, rolled_view
from portal.web.staff.pages_hints import HintView, hint_views
from portal.web.staff.pages_proofs import ProofView, proof_views
from portal.web.staff.pages_register_review import RegisterSaid

ALL = "all"
Given = Mapping[str, str | None]


@dataclass(frozen=True)
class Side:
    """One side of the score, declared or verified. `total` is rounded text on 0..100."""

    total: str
    grade: str
    natural_grade: str
    capped: bool
    red_flags: tuple[str, ...]


@dataclass(frozen=True)
class PointsView:
    """Points of one indicator on one side, "–" where it carries none, and the reason in words.

    Before a person has decided about an indicator that needs it, its verified side is open: "–" and no reason.
    """

    points: str
    reason: str
    state: str


@dataclass(frozen=True)
class AnswerView:
    """An answer as people read it: a text, or rows under column heads; `given` is False where there is none."""

    given: bool
    text: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Past:
    """A decision as shown: kind, points text, reason, by whom, when."""

    kind: str
    points: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Typed:
    """What a refused decision form held, to be shown again with what is wrong with it."""

    indicator: str = ""
    kind: str = ""
    points: str = ""
    reason: str = ""
    proof: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """One indicator under review. `typed_as` is what the supplier typed where it was converted, with its unit."""

    code: str
    subject: str
    question: str
    nature: str
    weight: int
    evidence_rule: str
    answer: AnswerView
    typed_as: str
    carried: Mapping[str, str] | None
    proofs: tuple[ProofView, ...]
    declared: PointsView
    verified: PointsView
    flagged: bool
    flag_open: bool
    to_judge: bool
    scored: bool
    suggestions: tuple[str, ...]
    decision: Past | None
    earlier: Past | None
    typed: Typed | None
    hints: tuple[HintView, ...]
    rolled: RolledView | None
    register: RegisterSaid | None = None


@dataclass(frozen=True)
class Beside:
    """What a snapshot holds beside answers and files: values as typed, by code; hints that stood; what was carried; the sites files count against."""

    typed: Mapping[str, Given]
    hints: tuple[HintView, ...]
    sites: CountedSites
    carried: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Group:
    """The cards of one topic; `acceptable` counts those that can be accepted together."""

    code: str
    name: str
    cards: tuple[Card, ...]
    acceptable: int


@dataclass(frozen=True)
class TopicLine:
    """One topic in the list at the side: scores of both sides (verified once decided), and what is undecided."""

    code: str
    name: str
    weight: int
    declared: str | None
    verified: str | None
    to_judge: int
    undecided: int


@dataclass(frozen=True)
class ReviewPage:
    """Everything the review page shows. `show` is "judge" or "all"; `topic` a code or "all".

    `verified` is None until everything that needs a judgement is decided: half a review is no score.
    `next_one` is the first indicator nobody decided about yet, `next_topic` its topic.
    """

    declared: Side
    verified: Side | None
    topics: tuple[TopicLine, ...]
    groups: tuple[Group, ...]
    show: str
    topic: str
    to_judge: int
    undecided: tuple[str, ...]
    next_one: str
    next_topic: str
    returned: tuple[str, ...]
    came_back_undecided: tuple[str, ...]
    submitted_at: datetime
    submitted_by: str
    number: int
    sha256: str
    questionnaire: str
    method: str
    hints: tuple[HintView, ...]
    typed: Typed = field(default_factory=Typed)


def review_page(
    review: Review,
    locale: str,
    show_what: str,
    topic: str,
    typed: Typed,
    register: Mapping[str, RegisterSaid] | None = None,
) -> ReviewPage:
    """The review as one page, in the reader's language; `register` says by code what the carbon register holds."""
    topics = review.case.questionnaire.topics
    wanted = [t for t in topics if topic in (t.code, ALL)]
    pending = next_pending(review)
    sent = json.loads(review.submission.content)
    hints = hint_views(review.case, locale)
    beside = Beside(sent["typed"], hints, sites_as_sent(sent), sent.get("carried", {}))
    groups = [
        _with_register(_group(review, t, locale, show_what, typed, beside), register or {}) for t in wanted
    ]
    return ReviewPage(
        declared=side_of(review.declared),
        verified=None if review.undecided else side_of(review.verified),
        topics=tuple(_topic_line(review, t, locale) for t in topics),
        groups=tuple(g for g in groups if g.cards),
        show=show_what,
        topic=topic,
        to_judge=len(review.to_judge),
        undecided=review.undecided,
        next_one=pending,
        next_topic=topic_of(review, pending) if pending else "",
        returned=review.returned,
        came_back_undecided=tuple(sorted(review.came_back - set(review.decisions))),
        submitted_at=review.submission.submitted_at,
        submitted_by=review.submission.submitted_by.name,
        number=review.submission.number,
        sha256=review.submission.sha256,
        questionnaire=review.declared.questionnaire,
        method=review.declared.method,
        hints=hints,
        typed=typed,
    )


def next_pending(review: Review, topic: str = "") -> str:
    """The first indicator that needs a person and has no decision at all, of one topic or of all; "" of none."""
    pending = (code for code in review.to_judge if code not in review.decisions)
    return next((code for code in pending if not topic or topic_of(review, code) == topic), "")


def topic_of(review: Review, code: str) -> str:
    """The topic an indicator belongs to; "" for an unknown one."""
    topics = review.case.questionnaire.topics
    return next((t.code for t in topics if any(i.code == code for i in t.indicators)), "")


def side_of(sheet: ScoreSheet) -> Side:
    """A sheet in short."""
    return Side(
        total=score_text(sheet.total) or "",
        grade=sheet.grade,
        natural_grade=sheet.natural_grade,
        capped=sheet.capped_by_red_flag,
        red_flags=sheet.red_flags,
    )


def _topic_line(review: Review, topic: Topic, locale: str) -> TopicLine:
    codes = {i.code for i in topic.indicators}
    undecided = len(codes & set(review.undecided))
    return TopicLine(
        code=topic.code,
        name=text_in(topic.name, locale),
        weight=topic.weight,
        declared=score_text(review.declared.topics[topic.code].score),
        verified=None if undecided else score_text(review.verified.topics[topic.code].score),
        to_judge=len(codes & set(review.to_judge)),
        undecided=undecided,
    )


def _group(
    review: Review,
    topic: Topic,
    locale: str,
    show_what: str,
    typed: Typed,
    beside: Beside,
) -> Group:
    shown = [
        i
        for i in topic.indicators
        if i.code in review.case.path.open and (show_what == "all" or i.code in review.to_judge)
    ]
    return Group(
        code=topic.code,
        name=text_in(topic.name, locale),
        cards=tuple(card_of(review, i, locale, typed, beside) for i in shown),
        acceptable=len(acceptable(review, [i.code for i in shown])),
    )


def _with_register(group: Group, register: Mapping[str, RegisterSaid]) -> Group:
    return replace(
        group, cards=tuple(replace(card, register=register.get(card.code)) for card in group.cards)
    )


def card_of(
    review: Review,
    indicator: Indicator,
    locale: str,
    typed: Typed,
    beside: Beside,
) -> Card:
    """One indicator under review."""
    code = indicator.code
    return Card(
        code=code,
        subject=text_in(indicator.subject, locale),
        question=text_in(indicator.question, locale),
        nature=indicator.nature,
        weight=indicator.weight,
        evidence_rule=indicator.evidence,
        answer=answer_view(indicator, review.case.answers.get(code), locale),
        typed_as=_typed_as(review, indicator, beside.typed.get(code)),
        carried=beside.carried.get(indicator.code),
        proofs=proof_views(review, indicator, beside.sites),
        declared=points_view(review.declared, code, locale),
        verified=verified_view(review, code, locale),
        flagged=code in review.declared.red_flags,
        flag_open=code in review.verified.red_flags,
        to_judge=code in review.to_judge,
        scored=is_scored(indicator),
        suggestions=_suggestions(indicator),
        decision=past(review.decisions.get(code)),
        earlier=past(review.earlier.get(code)) if code not in review.decisions else None,
        typed=typed if typed.indicator == code else None,
        hints=tuple(hint for hint in beside.hints if code in hint.codes),
        rolled=rolled_view(review.case, code, locale),
    )


def answer_view(indicator: Indicator, value: object, locale: str) -> AnswerView:
    """A canonical answer as people read it."""
    if value is None:
        return AnswerView(False)
    if indicator.kind == "table" and isinstance(value, tuple):
        return AnswerView(
            True,
            heads=tuple(_with_unit(text_in(c.label, locale), c.unit) for c in indicator.columns),
            rows=tuple(
                tuple(_cell(c, row.get(c.key, ""), locale) for c in indicator.columns) for row in value
            ),
        )
    return AnswerView(True, text=show(indicator, value, locale))  # type: ignore[arg-type]


def points_view(sheet: ScoreSheet, code: str, locale: str) -> PointsView:
    """Points and reason of one indicator on one side."""
    line = sheet.lines[code]
    return PointsView(short_points(line.points), reason_sentence(locale, line.reason), line.state)


def verified_view(review: Review, code: str, locale: str) -> PointsView:
    """The verified side of one indicator; open as long as a person has to decide and has not."""
    if code in review.undecided:
        return PointsView("–", "", "open")
    return points_view(review.verified, code, locale)


def _typed_as(review: Review, indicator: Indicator, given: Given | None) -> str:
    """What was typed in another unit than the answer is kept in, for example "38.5 GWh"; "" where nothing was."""
    if given is None or indicator.code not in review.case.answers:
        return ""
    unit = given.get("unit") or ""
    return f"{given['typed']} {unit}" if unit and unit != indicator.unit else ""


def short_points(points: Fraction | None) -> str:
    """Points with at most four decimals for reading; the sheet keeps them exact."""
    if points is None:
        return "–"
    exact = fraction_text(points)
    return exact if len(exact) <= 6 else format(round(float(points), 4), "g")


def past(decision: Decision | None) -> Past | None:
    """A decision as shown."""
    if decision is None:
        return None
    return Past(
        decision.kind, decision.points or "", decision.reason, decision.decided_by.name, decision.decided_at
    )


def proof_ids(review: Review) -> set[int]:
    """The files that were sent with the assessment."""
    return {proof.id for files in review.case.evidence.values() for proof in files}


def may_review(assessment: Assessment) -> bool:
    """Whether anything was ever sent and is not open with the supplier again as a first draft."""
    return assessment.state not in {"invited", "in_progress"}


def _suggestions(indicator: Indicator) -> tuple[str, ...]:
    own = {o.points for o in indicator.options} | {b.points for b in indicator.bands}
    return tuple(decimal_text(p) for p in sorted(p for p in own if 0 <= p <= 1))


def _with_unit(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit else label


def _cell(column: Column, text: str, locale: str) -> str:
    """One cell; its unit stands in the head of the column."""
    if not text:
        return "–"
    return number_text(Decimal(text)) if column.unit else show_cell(column, text, locale)
