"""Page objects of the topic page: questions as people see them, built from a case. No internal scores or notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from portal.core.errors import Conflict
from portal.core.problems import Problem
from portal.core.questionnaire.kinds import LONGEST_TEXT, read, show
from portal.core.questionnaire.model import Column, Indicator, Topic, text_in
from portal.core.questionnaire.path import is_never_asked
from portal.core.questionnaire.progress import TopicProgress
from portal.core.questionnaire.tables import MOST_ROWS, YES_NO
from portal.core.questionnaire.unit_words import unit_text
from portal.language import N_, say
from portal.language.evidence_guidance import Guidance, guidance_for
from portal.language.sentences import sentence
from portal.operations.answering import Given, shown_raw
from portal.operations.scoring import Case, stored_problems
from portal.store.answers import AnswerChange
from portal.store.site_answers import AnyAnswer
from portal.web.site_words import RolledView
from portal.web.supplier.pages_both import BothRow, both_of
from portal.web.supplier.pages_carrying import CarriedMark
from portal.web.supplier.pages_hints import HintLine
from portal.web.supplier.pages_register import RegisterNote
from portal.web.supplier.pages_together import Debt, LookLine, Marks

_IN_TABLE = re.compile(r"[A-Z]{3}-\d{2} row (\d+)(?:, column (\w+))?", re.ASCII)


@dataclass(frozen=True)
class Choice:
    """One option, or one unit, with whether it is chosen."""

    key: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Head:
    """One column of a table: `name` is its key; `suggestions` are (value, words)."""

    name: str
    label: str
    unit: str
    help: str
    kind: str
    suggestions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Saved:
    """When and by whom the present answer was saved, in words."""

    words: str
    by: str


@dataclass(frozen=True)
class Clash:
    """A colleague's answer that was saved first: who, when and what, in words, and its version."""

    by: str
    saved: str
    shown: str
    version: int


@dataclass(frozen=True)
class File:
    """A file of the evidence library behind an answer, with what speaks against it and how it came here, in words."""

    name: str
    remarks: tuple[str, ...] = ()
    moved: str = ""


@dataclass(frozen=True)
class Question:
    """One question with its field. `raw` is what the field shows: text, keys or rows, as typed or as stored."""

    code: str
    kind: str
    subject: str
    question: str
    help: str
    hint: str
    evidence_rule: str
    evidence_help: str
    evidence: tuple[File, ...]
    evidence_url: str
    gating: bool
    open: bool
    depends_on: str
    any_of: tuple[str, ...]
    editable: bool
    reason: str
    text: str
    choices: tuple[Choice, ...]
    heads: tuple[Head, ...]
    rows: tuple[Mapping[str, str], ...]
    unit: str
    units: tuple[Choice, ...]
    none_chosen: bool
    shown: str
    version: int
    saved: Saved | None
    problems: tuple[str, ...]
    clash: Clash | None
    hints: tuple[HintLine, ...] = ()
    marks: Marks | None = None
    register: RegisterNote | None = None
    both: tuple[BothRow, ...] = ()
    carried: CarriedMark | None = None
    longest: int = LONGEST_TEXT
    per_site: PerSite | None = None
    guidance: Guidance | None = None


@dataclass(frozen=True)
class SiteField:
    """The field of one site within a question."""

    site: str
    question: Question


@dataclass(frozen=True)
class PerSite:
    """What sites have to do with a question: each is asked (`asked`), or may differ from the company's answer.

    `before` is the company's own answer that does not count while each site answers; `differing` counts the sites with
    an answer of their own, `wrong` says that one of the fields needs a look; `fill` that `before` can be entered at sites.
    """

    asked: bool
    fields: tuple[SiteField, ...]
    rolled: RolledView | None
    before: str
    differing: int
    wrong: bool
    fill: bool


@dataclass(frozen=True)
class NotAsked:
    """A question that is not in play because of an answer elsewhere."""

    code: str
    subject: str
    because: str
    because_topic: str


@dataclass(frozen=True)
class Asking:
    """How questions are to be built: for which reader, when words are said, what is editable, returned and clashing.

    `when(answer)` says when and by whom; `choose(code)` is the address for adding evidence, empty where there is
    none; `rows` asks for a number of table rows by code; `hints` are the contradiction hints by code, `files` what the
    portal says about the linked files by code (without it their names alone stand), `marks` what stands there for
    colleagues, `carried` what is said of earlier answers by code; `register(code)` says what the carbon register knows
    of an answer.
    """

    locale: str
    when: Callable[[AnyAnswer], str]
    choose: Callable[[str], str]
    editable: Callable[[str], bool]
    reasons: Mapping[str, str]
    clashes: Mapping[str, Conflict]
    rows: Mapping[str, int]
    hints: Mapping[str, tuple[HintLine, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[File, ...]] = field(default_factory=dict)
    marks: Mapping[str, Marks] = field(default_factory=dict)
    register: Callable[[str], RegisterNote | None] = lambda code: None
    carried: Mapping[str, CarriedMark] = field(default_factory=dict)


@dataclass(frozen=True)
class Neighbour:
    """The topic before or after."""

    code: str
    name: str


@dataclass(frozen=True)
class TopicPage:
    """A topic with its questions. `locked` says why nothing can be changed, empty when something can."""

    assessment_id: int
    round: str
    code: str
    number: int
    of: int
    name: str
    intro: str
    state: str
    progress: TopicProgress
    questions: tuple[Question, ...]
    not_asked: tuple[NotAsked, ...]
    before: Neighbour | None
    after: Neighbour | None
    locked: str
    trouble: tuple[tuple[str, str], ...]
    answers_url: str
    debt: Debt | None
    look: LookLine | None

    @property
    def to_confirm(self) -> int:
        return sum(1 for q in self.questions if q.open and q.carried is not None and q.carried.to_confirm)


def topic_questions(
    case: Case, topic: Topic, answers: Mapping[str, AnyAnswer], asking: Asking
) -> tuple[Question, ...]:
    """The questions of a topic that are open or can open on this very page. In a returned assessment only those
    that may be changed."""
    own = {i.code for i in topic.indicators}
    found = []
    for indicator in topic.indicators:
        closed = case.path.closed.get(indicator.code)
        if is_never_asked(closed):
            continue
        if _kept_closed_by(case, indicator, own) is not None:
            continue
        if case.assessment.state == "returned" and not asking.editable(indicator.code):
            continue
        found.append(question_of(case, indicator, answers.get(indicator.code), asking))
    return tuple(found)


def _kept_closed_by(case: Case, indicator: Indicator, own: set[str]) -> str | None:
    """The indicator of another topic that keeps this one closed; None where an answer on this page decides."""
    closed = case.path.closed.get(indicator.code)
    while closed is not None and closed.indicator in own:
        closed = case.path.closed.get(closed.indicator or "")
    return closed.indicator if closed is not None else None


def not_asked(case: Case, topic: Topic, locale: str) -> tuple[NotAsked, ...]:
    """The questions of a topic that an answer in another topic keeps closed."""
    own = {i.code for i in topic.indicators}
    topic_of = {i.code: t.code for t in case.questionnaire.topics for i in t.indicators}
    found = []
    for indicator in topic.indicators:
        because = _kept_closed_by(case, indicator, own)
        if because is not None:
            found.append(
                NotAsked(indicator.code, text_in(indicator.subject, locale), because, topic_of[because])
            )
    return tuple(found)


def question_of(case: Case, indicator: Indicator, answer: AnyAnswer | None, asking: Asking) -> Question:
    """One question with what stands in its field."""
    locale, code = asking.locale, indicator.code
    raw = shown_raw(answer) if answer else None
    unit = answer.unit if answer else None
    condition = indicator.depends_on
    value = case.answers.get(code)
    question = Question(
        code=code,
        kind=indicator.kind,
        subject=text_in(indicator.subject, locale),
        question=text_in(indicator.question, locale),
        help=text_in(indicator.help, locale),
        hint=text_in(indicator.hint, locale),
        evidence_rule=indicator.evidence,
        evidence_help=text_in(indicator.evidence_help, locale) if indicator.evidence_help else "",
        evidence=asking.files.get(code) or tuple(File(proof.name) for proof in case.evidence.get(code, ())),
        evidence_url=asking.choose(code) if indicator.evidence != "none" else "",
        gating=indicator.gating,
        open=code in case.path.open,
        depends_on=condition.indicator if condition else "",
        any_of=condition.any_of if condition else (),
        editable=asking.editable(code),
        reason=asking.reasons.get(code, ""),
        text="",
        choices=(),
        heads=tuple(_head(column, locale) for column in indicator.columns),
        rows=(),
        unit=unit_text(indicator.unit, locale),
        units=(),
        none_chosen=False,
        shown=show(indicator, value, locale) if value is not None else "",
        version=answer.version if answer else 0,
        saved=Saved(asking.when(answer), answer.changed_by.name) if answer else None,
        problems=problems_in_words(indicator, stored_problems(answer) if answer else (), locale),
        clash=None,
        hints=asking.hints.get(code, ()),
        marks=asking.marks.get(code),
        register=asking.register(code),
        both=both_of(indicator),
        carried=asking.carried.get(code),
        guidance=guidance_for(indicator.nature, locale),
    )
    question = filled(question, indicator, raw, unit, asking)
    clash = asking.clashes.get(code)
    return _clashing(question, indicator, clash, asking) if clash else question


def filled(question: Question, indicator: Indicator, raw: Any, unit: str | None, asking: Asking) -> Question:
    """The question with `raw` in its field, typed in `unit`, whatever shape it has: what does not fit the kind is left out."""
    locale = asking.locale
    ticked = raw if isinstance(raw, list) else [raw]
    keys = {key for key in ticked if isinstance(key, str)}
    rows = [row for row in raw if isinstance(row, dict)] if isinstance(raw, list) else []
    wanted = min(max(asking.rows.get(indicator.code, 0), len(rows), 1), MOST_ROWS)
    in_use = unit or indicator.unit
    return replace(
        question,
        text=raw if isinstance(raw, str) else "",
        choices=tuple(Choice(o.key, text_in(o.label, locale), o.key in keys) for o in indicator.options),
        rows=tuple(rows + [{}] * (wanted - len(rows))) if indicator.columns else (),
        units=tuple(
            Choice(u, unit_text(u, locale), u == in_use)
            for u in (indicator.unit, *indicator.units)
            if indicator.units
        ),
        none_chosen=raw == [],
    )


def _clashing(question: Question, indicator: Indicator, conflict: Conflict, asking: Asking) -> Question:
    """Mine stays in the field, theirs stands beside it; the version stays the old one until somebody chose."""
    mine, theirs = conflict.mine, conflict.theirs
    assert isinstance(mine, Given)
    kept = filled(question, indicator, mine.raw, mine.unit, asking)
    if not isinstance(theirs, AnyAnswer):
        return kept
    clash = Clash(
        theirs.changed_by.name,
        asking.when(theirs),
        answer_words(indicator, theirs, asking.locale),
        theirs.version,
    )
    problems = problems_in_words(indicator, read(indicator, mine.raw, mine.unit).problems, asking.locale)
    return replace(kept, version=mine.base, problems=problems, clash=clash)


def answer_words(indicator: Indicator, answer: AnyAnswer | AnswerChange, locale: str) -> str:
    """An answer as it stands or stood, in words; what cannot be read, as it was typed; empty where it was cleared."""
    raw = shown_raw(answer)
    reading = read(indicator, raw, answer.unit if answer.typed is not None else None)
    if reading.value is not None:
        return show(indicator, reading.value, locale)
    return str(raw) if raw is not None else ""


def trouble_of(
    questions: tuple[Question, ...], codes: Collection[str], locale: str
) -> tuple[tuple[str, str], ...]:
    """What the summary at the top of the page says about the questions `codes`: (sentence, anchor)."""
    found = []
    for q in questions:
        if q.code not in codes:
            continue
        if q.clash is not None:
            words = N_("{code}: {name} saved another answer first. Choose which one stands.")
            found.append((say(locale, words, code=q.code, name=q.clash.by), q.code))
        found += [(problem, q.code) for problem in q.problems]
    return tuple(found)


def problems_in_words(indicator: Indicator, problems: tuple[Problem, ...], locale: str) -> tuple[str, ...]:
    """Problems of one answer as sentences; places in a table are named as people see them."""
    return tuple(sentence(locale, replace(p, where=_place(indicator, p.where, locale))) for p in problems)


def _place(indicator: Indicator, where: str, locale: str) -> str:
    match = _IN_TABLE.fullmatch(where)
    if match is None:
        return where
    column = next((c for c in indicator.columns if c.key == match[2]), None)
    if column is None:
        return say(locale, N_("Row {row}"), row=match[1])
    return say(locale, N_("Row {row}, “{column}”"), row=match[1], column=text_in(column.label, locale))


def _head(column: Column, locale: str) -> Head:
    suggestions = tuple((s.value, text_in(s.label, locale)) for s in column.suggestions)
    if column.kind == "yes_no":
        suggestions = tuple((key, text_in(words, locale)) for key, words in YES_NO.items())
    return Head(
        name=column.key,
        label=text_in(column.label, locale),
        unit=unit_text(column.unit, locale),
        help=text_in(column.help, locale),
        kind=column.kind,
        suggestions=suggestions,
    )
