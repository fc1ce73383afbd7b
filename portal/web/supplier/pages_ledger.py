"""Page objects of the score ledger: every point of the supplier's own declared score with its arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from portal.core.exact import decimal_text, fraction_text, rounded
from portal.core.questionnaire.model import Questionnaire, Topic, text_in
from portal.core.scoring.ledger import LedgerLine, LedgerTopic, ledger
from portal.core.scoring.sheet import ScoreSheet, score_text
from portal.language.reasons import reason_sentence
from portal.web.site_words import after_reason
from portal.web.supplier.pages_hub import Flag, flag_lines

PLACES = 4
Told = Mapping[str, str]


@dataclass(frozen=True)
class PointLine:
    """One indicator that counts; numbers as text."""

    code: str
    subject: str
    points: str
    weight: int
    product: str
    in_total: str
    lost: str
    reason: str
    missing: bool
    flag: bool


@dataclass(frozen=True)
class LeftOut:
    """One indicator that does not count, and why."""

    code: str
    subject: str
    reason: str


@dataclass(frozen=True)
class TopicSum:
    """One topic: the sums of its lines, its score, and what it brings to the total; `open` False: it drops out."""

    code: str
    name: str
    weight: int
    open: bool
    earned: str
    weights: int
    score: str
    exact: str
    product: str
    in_total: str
    lines: tuple[PointLine, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class LedgerPage:
    """The whole ledger; `grades` are (letter, from), `rounds` says whether rounding changed the figure."""

    id: int
    round: str
    short: bool
    questionnaire: str
    method: str
    topics: tuple[TopicSum, ...]
    weighed: str
    open_weights: int
    exact: str
    total: str
    rounds: bool
    grade: str
    natural_grade: str
    capped: bool
    flag_grade: str
    grades: tuple[tuple[str, str], ...]
    flags: tuple[Flag, ...]
    left_out: int


def ledger_page(
    assessment_id: int,
    round_name: str,
    questionnaire: Questionnaire,
    sheet: ScoreSheet,
    told: Told,
    locale: str,
) -> LedgerPage:
    """The ledger of a declared sheet in the reader's language; `told` says how sites made answers, by code."""
    names = {topic.code: topic for topic in questionnaire.topics}
    topics = tuple(_topic(names[one.code], one, sheet, told, locale) for one in ledger(questionnaire, sheet))
    total = score_text(sheet.total) or ""
    exact = number(sheet.total, 6)
    return LedgerPage(
        id=assessment_id,
        round=round_name,
        short=sheet.short,
        questionnaire=sheet.questionnaire,
        method=sheet.method,
        topics=topics,
        weighed=number(sheet.weighed),
        open_weights=sheet.open_weights,
        exact=exact,
        total=total,
        rounds=Fraction(total) != sheet.total,
        grade=sheet.grade,
        natural_grade=sheet.natural_grade,
        capped=sheet.capped_by_red_flag,
        flag_grade=questionnaire.red_flag_grade,
        grades=tuple((g.letter, decimal_text(g.from_score)) for g in questionnaire.grades),
        flags=flag_lines(questionnaire, sheet, locale),
        left_out=sum(len(topic.left_out) for topic in topics),
    )


def _topic(topic: Topic, one: LedgerTopic, sheet: ScoreSheet, told: Told, locale: str) -> TopicSum:
    subjects = {i.code: text_in(i.subject, locale) for i in topic.indicators}
    return TopicSum(
        code=topic.code,
        name=text_in(topic.name, locale),
        weight=topic.weight,
        open=one.topic.open,
        earned=number(one.topic.earned),
        weights=one.topic.weights,
        score=score_text(one.topic.score) or "",
        exact=number(one.topic.score or Fraction(0)),
        product=number(one.product),
        in_total=number(one.in_total),
        lines=tuple(
            _line(line, subjects[line.code], sheet, told, locale)
            for line in one.lines
            if line.product is not None
        ),
        left_out=tuple(
            LeftOut(line.code, subjects[line.code], reason_sentence(locale, line.line.reason))
            for line in one.lines
            if line.product is None
        ),
    )


def _line(line: LedgerLine, subject: str, sheet: ScoreSheet, told: Told, locale: str) -> PointLine:
    assert line.product is not None and line.in_total is not None and line.at_most is not None
    return PointLine(
        code=line.code,
        subject=subject,
        points=number(line.line.points or Fraction(0)),
        weight=line.line.weight,
        product=number(line.product),
        in_total=number(line.in_total),
        lost=number(line.at_most - line.in_total),
        reason=after_reason(reason_sentence(locale, line.line.reason), told.get(line.code, ""), locale),
        missing=line.line.state == "missing",
        flag=line.code in sheet.red_flags,
    )


def number(value: Fraction, places: int = PLACES) -> str:
    """A number as exact text where it has at most `places` decimals, else rounded with "≈" before it."""
    text = fraction_text(value)
    return text if len(text.partition(".")[2]) <= places else f"≈\u202f{decimal_text(rounded(value, places))}"
