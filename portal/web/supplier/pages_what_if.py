"""Page objects of the what-if: a scratch copy of the answers beside the real ones, and what it would score."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.core.questionnaire.kinds import read, show, to_json
from portal.core.questionnaire.model import (
    Indicator,
    Questionnaire,
    find_indicator,
    indicators_of,
    is_scored,
    text_in,
)
from portal.core.questionnaire.path import is_never_asked
from portal.core.scoring.sheet import ScoreSheet, score_text
from portal.core.scoring.what_if import Scratch
from portal.operations.scoring import Case
from portal.web.supplier.pages_answering import Asking, Question, filled, problems_in_words, question_of
from portal.web.supplier.pages_hub import ScoreLine, score_line
from portal.web.supplier.pages_ledger import number
from portal.web.supplier.pages_steps import signed

Edits = dict[str, tuple[Any, str | None]]
LARGEST = 400_000


@dataclass(frozen=True)
class Tried:
    """One question on the scratch copy: its field, points before and after, whether it was changed."""

    question: Question
    before: str
    after: str
    weight: int
    changed: bool


@dataclass(frozen=True)
class ChangedAnswer:
    """One answer of the scratch copy that differs from the real one, both in words."""

    code: str
    topic: str
    subject: str
    was: str
    now: str


@dataclass(frozen=True)
class TopicMove:
    """One topic with its score before and after; `moved` is the signed difference, empty for none."""

    code: str
    name: str
    before: str
    after: str
    moved: str
    changed: int


@dataclass(frozen=True)
class FlagMove:
    """A red flag that the scratch copy raises (`raised`) or clears."""

    code: str
    subject: str
    raised: bool


@dataclass(frozen=True)
class WhatIfPage:
    """The what-if page: `scratch` is the state that travels in the form; `topic` the one whose questions are shown."""

    id: int
    round: str
    short: bool
    topic: str
    topic_name: str
    intro: str
    scratch: str
    before: ScoreLine
    after: ScoreLine
    moved: str
    flags_before: tuple[str, ...]
    flags_after: tuple[str, ...]
    flags: tuple[FlagMove, ...]
    topics: tuple[TopicMove, ...]
    changed: tuple[ChangedAnswer, ...]
    unreadable: tuple[str, ...]
    questions: tuple[Tried, ...]


def read_scratch(questionnaire: Questionnaire, text: str) -> Edits:
    """The edits that travelled in the form; whatever is no edit of a known question is left out."""
    if len(text) > LARGEST:
        return {}
    try:
        given = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    found: Edits = {}
    for code, edit in given.items() if isinstance(given, dict) else ():
        if find_indicator(questionnaire, code) is None or not isinstance(edit, dict):
            continue
        unit = edit.get("unit")
        found[code] = (edit.get("value"), unit if isinstance(unit, str) else None)
    return found


def write_scratch(edits: Edits) -> str:
    """Edits as the text that travels in the form."""
    return json.dumps(
        {code: {"value": raw, "unit": unit} for code, (raw, unit) in edits.items()}, ensure_ascii=False
    )


def is_edit(indicator: Indicator, raw: object, unit: str | None, value: object) -> bool:
    """Whether what stands in a field differs from the real answer `value`."""
    reading = read(indicator, raw, unit)
    return bool(reading.problems) or reading.value != value


def what_if_page(
    case: Case,
    before: ScoreSheet,
    tried: Scratch,
    edits: Edits,
    topic_code: str,
    rows: Mapping[str, int],
    locale: str,
) -> WhatIfPage:
    """The page for the edits of a case."""
    topic = next(t for t in case.questionnaire.topics if t.code == topic_code)
    after = tried.sheet
    scratch = replace(case, answers=tried.answers, path=tried.path)
    shown = [i for i in topic.indicators if not _never_asked(tried, i.code)]
    return WhatIfPage(
        id=case.assessment.id,
        round=case.assessment.round.name,
        short=case.short,
        topic=topic.code,
        topic_name=text_in(topic.name, locale),
        intro=text_in(topic.intro, locale),
        scratch=write_scratch(edits),
        before=score_line(before),
        after=score_line(after),
        moved=signed(after.total - before.total) if after.total != before.total else "",
        flags_before=before.red_flags,
        flags_after=after.red_flags,
        flags=_flags(case.questionnaire, before, after, locale),
        topics=_moves(case.questionnaire, before, after, edits, locale),
        changed=_changed(case, tried, edits, locale),
        unreadable=tuple(tried.problems),
        questions=tuple(_tried(case, scratch, i, before, tried, edits, rows, locale) for i in shown),
    )


def _never_asked(tried: Scratch, code: str) -> bool:
    return is_never_asked(tried.path.closed.get(code))


def _tried(
    case: Case,
    scratch: Case,
    one: Indicator,
    before: ScoreSheet,
    tried: Scratch,
    edits: Edits,
    rows: Mapping[str, int],
    locale: str,
) -> Tried:
    asking = Asking(
        locale=locale,
        when=lambda _answer: "",
        choose=lambda _code: "",
        editable=lambda _code: True,
        reasons={},
        clashes={},
        rows=rows,
    )
    real = case.answers.get(one.code)
    raw, unit = edits.get(one.code, (None if real is None else to_json(one, real), None))
    question = filled(question_of(scratch, one, None, asking), one, raw, unit, asking)
    problems = problems_in_words(one, tried.problems.get(one.code, ()), locale)
    return Tried(
        question=replace(question, problems=problems),
        before=_points(before, one.code),
        after=_points(tried.sheet, one.code),
        weight=one.weight if is_scored(one) else 0,
        changed=one.code in edits,
    )


def _points(sheet: ScoreSheet, code: str) -> str:
    points = sheet.lines[code].points
    return "–" if points is None else number(points)


def _flags(
    questionnaire: Questionnaire, before: ScoreSheet, after: ScoreSheet, locale: str
) -> tuple[FlagMove, ...]:
    moved = set(before.red_flags) ^ set(after.red_flags)
    return tuple(
        FlagMove(i.code, text_in(i.subject, locale), i.code in after.red_flags)
        for i in indicators_of(questionnaire)
        if i.code in moved
    )


def _moves(
    questionnaire: Questionnaire, before: ScoreSheet, after: ScoreSheet, edits: Edits, locale: str
) -> tuple[TopicMove, ...]:
    found = []
    for topic in questionnaire.topics:
        was, now = before.topics[topic.code].score, after.topics[topic.code].score
        found.append(
            TopicMove(
                code=topic.code,
                name=text_in(topic.name, locale),
                before=score_text(was) or "–",
                after=score_text(now) or "–",
                moved=signed((now or 0) - (was or 0)) if now != was else "",  # type: ignore[arg-type]
                changed=sum(1 for i in topic.indicators if i.code in edits),
            )
        )
    return tuple(found)


def _changed(case: Case, tried: Scratch, edits: Edits, locale: str) -> tuple[ChangedAnswer, ...]:
    found = []
    for one in indicators_of(case.questionnaire):
        if one.code not in edits:
            continue
        real, value = case.answers.get(one.code), tried.answers.get(one.code)
        found.append(
            ChangedAnswer(
                code=one.code,
                topic=one.topic,
                subject=text_in(one.subject, locale),
                was=show(one, real, locale) if real is not None else "",
                now=show(one, value, locale) if value is not None else "",
            )
        )
    return tuple(found)
