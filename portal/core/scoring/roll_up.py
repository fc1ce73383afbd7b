"""From answers to the score sheet. One pure function serves preview, release, report and command line.

topic = 100 × Σ(weight × points) / Σ(weight) over its open scored indicators; a missing answer counts 0.
total = Σ(topic weight × topic) / Σ(weights of open topics). Closed indicators leave numerator and
denominator; a topic without an open scored indicator drops out and the others scale up. Fractions throughout,
nothing is rounded before printing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from portal.core.errors import Invalid
from portal.core.problems import Problem
from portal.core.questionnaire.model import (
    Indicator,
    Questionnaire,
    Topic,
    indicators_of,
    is_scored,
    questionnaire_id,
)
from portal.core.questionnaire.path import ClosedBy, Path, walk
from portal.core.scoring.rules import ZERO, claims_points, points_of
from portal.core.scoring.sheet import METHOD, SHORT_METHOD, Judgement, Line, Reason, ScoreSheet, TopicScore

HUNDRED = Fraction(100)


def score(
    questionnaire: Questionnaire,
    roles: Collection[str],
    answers: Mapping[str, object],
    judgements: Mapping[str, Judgement] | None = None,
    *,
    short: bool = False,
) -> ScoreSheet:
    """The score sheet of a set of canonical answers by code (absent or None: no answer).

    Without `judgements` it is the declared score; with those of `verified_judgements` the verified one.
    A judgement of a closed or unscored indicator changes nothing. `short`: only the short set was asked.
    Raises Invalid (judged_points_out_of_range).
    """
    judgements = judgements or {}
    _check(judgements)
    path = walk(questionnaire, roles, answers, short=short)
    lines = {i.code: _line(i, path, answers, judgements.get(i.code)) for i in indicators_of(questionnaire)}
    topics = _topics(questionnaire, lines)
    weighed = sum((t.score * t.weight for t in topics.values() if t.score is not None), ZERO)
    open_weights = sum(t.weight for t in topics.values() if t.open)
    total = weighed / open_weights if open_weights else ZERO
    red_flags = tuple(code for code, line in lines.items() if is_red_flag(line))
    natural = _grade(questionnaire, total)
    grade = _capped(questionnaire, natural) if red_flags else natural
    return ScoreSheet(
        questionnaire=questionnaire_id(questionnaire),
        method=SHORT_METHOD if short else METHOD,
        total=total,
        weighed=weighed,
        open_weights=open_weights,
        grade=grade,
        natural_grade=natural,
        capped_by_red_flag=grade != natural,
        red_flags=red_flags,
        topics=MappingProxyType(topics),
        lines=MappingProxyType(lines),
        short=short,
    )


def is_red_flag(line: Line) -> bool:
    """A gating indicator, open and answered, with zero points, unless a reviewer closed the flag with proof.

    A missing answer is no flag (it blocks submission), nor is a claim that merely lacks accepted evidence:
    that costs its points in the verified score, but nobody has said that the rule is broken.
    """
    return (
        line.gating
        and line.state == "scored"
        and line.points == 0
        and line.judged not in {"flag_closed", "unsupported"}
    )


def verified_judgements(
    questionnaire: Questionnaire,
    path: Path,
    answers: Mapping[str, object],
    evidence_by_code: Mapping[str, Collection[object]],
    decisions: Mapping[str, Judgement],
) -> dict[str, Judgement]:
    """The judgements behind a verified score.

    `evidence_by_code` names the evidence linked to each answer, `decisions` what the reviewer decided. Where
    evidence is required and the answer claims points, the claim stands only with linked evidence that the
    reviewer accepted; else it is unsupported. Every other answer stands as declared unless adjusted.
    """
    judged: dict[str, Judgement] = {}
    for indicator in indicators_of(questionnaire):
        code, decision = indicator.code, decisions.get(indicator.code)
        if code not in path.open:
            continue
        if decision is not None and decision.kind in {"adjusted", "flag_closed", "unsupported"}:
            judged[code] = decision
            continue
        accepted = decision is not None and decision.kind == "accepted"
        needs_proof = indicator.evidence == "required" and claims_points(indicator, answers.get(code))
        if needs_proof and not (accepted and evidence_by_code.get(code)):
            judged[code] = Judgement("unsupported")
        elif accepted:
            judged[code] = Judgement("accepted")
    return judged


def _check(judgements: Mapping[str, Judgement]) -> None:
    problems = [
        Problem("judged_points_out_of_range", code, {"found": str(judgement.points)})
        for code, judgement in judgements.items()
        if judgement.kind == "adjusted" and not _within(judgement.points)
    ]
    if problems:
        raise Invalid(problems)


def _within(points: Decimal | None) -> bool:
    return points is not None and points.is_finite() and 0 <= points <= 1


def _line(
    indicator: Indicator, path: Path, answers: Mapping[str, object], judgement: Judgement | None
) -> Line:
    value = answers.get(indicator.code)
    if indicator.code in path.closed:
        reason = _closed_reason(path.closed[indicator.code])
        return Line("not_applicable", None, indicator.weight, reason, indicator.gating, None)
    if not is_scored(indicator):
        reason = Reason("reason_unscored", {})
        return Line("unscored", None, indicator.weight, reason, indicator.gating, None)
    if value is None:
        reason = Reason("reason_no_answer", {})
        declared = Line("missing", ZERO, indicator.weight, reason, indicator.gating, None)
    else:
        earned = points_of(indicator, value)
        declared = Line("scored", earned.points, indicator.weight, earned.reason, indicator.gating, None)
    return _judged(declared, judgement) if judgement else declared


def _closed_reason(closed: ClosedBy) -> Reason:
    if closed.reason == "short":
        return Reason("reason_short", {})
    if closed.indicator is None:
        return Reason("reason_role", {})
    return Reason("reason_condition", {"indicator": closed.indicator})


def _judged(line: Line, judgement: Judgement) -> Line:
    declared = line.points or ZERO
    state, points, reason = line.state, line.points, line.reason
    if judgement.kind == "adjusted":
        assert judgement.points is not None
        state, points = "scored", Fraction(judgement.points)
        reason = Reason("reason_adjusted", {"points": points, "declared": declared, "text": judgement.reason})
    elif judgement.kind == "unsupported":
        points, reason = ZERO, Reason("reason_unsupported", {"declared": declared})
    elif judgement.kind == "flag_closed":
        reason = Reason("reason_flag_closed", {"points": declared, "text": judgement.reason})
    return Line(state, points, line.weight, reason, line.gating, judgement.kind)


def _topics(questionnaire: Questionnaire, lines: Mapping[str, Line]) -> dict[str, TopicScore]:
    sums = {topic.code: _sums(topic, lines) for topic in questionnaire.topics}
    open_weights = sum(t.weight for t in questionnaire.topics if sums[t.code][1])
    return {t.code: _topic_score(t, *sums[t.code], open_weights) for t in questionnaire.topics}


def _sums(topic: Topic, lines: Mapping[str, Line]) -> tuple[Fraction, int]:
    """Σ(weight × points) and Σ(weight) of what is open and scored in a topic."""
    counted = [(lines[i.code].weight, lines[i.code].points) for i in topic.indicators]
    earned = sum((w * points for w, points in counted if points is not None), ZERO)
    return earned, sum(w for w, points in counted if points is not None)


def _topic_score(topic: Topic, earned: Fraction, weights: int, open_weights: int) -> TopicScore:
    return TopicScore(
        score=HUNDRED * earned / weights if weights else None,
        weight=topic.weight,
        open=bool(weights),
        weight_effective=HUNDRED * topic.weight / open_weights if weights else ZERO,
        earned=earned,
        weights=weights,
    )


def _grade(questionnaire: Questionnaire, total: Fraction) -> str:
    return next(grade.letter for grade in questionnaire.grades if total >= Fraction(grade.from_score))


def _capped(questionnaire: Questionnaire, grade: str) -> str:
    letters = [g.letter for g in questionnaire.grades]
    return letters[max(letters.index(grade), letters.index(questionnaire.red_flag_grade))]
