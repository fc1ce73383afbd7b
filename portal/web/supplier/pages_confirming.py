"""Page objects of confirming: what waits, topic by topic, and what opens only after a question is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core.questionnaire.carry import fitted
from portal.core.questionnaire.kinds import from_json, show
from portal.core.questionnaire.model import Indicator, find_indicator, indicator, text_in
from portal.core.questionnaire.reading import Value
from portal.core.questionnaire.sites import asked_per_site
from portal.core.questionnaire.waiting import opened_by
from portal.language import N_, say
from portal.language.sentences import sentences
from portal.operations.scoring import Case
from portal.store.answers import Answer
from portal.store.carrying import CarriedAnswer, CarriedSiteAnswer
from portal.web.supplier.pages_carrying import (
    CARRIED_AS_IT_WAS,
    FROM_COMPANY,
    NOT_GIVEN,
    CarriedMark,
    came_from,
    carried_marks,
    past_indicator,
    past_value,
)
from portal.web.supplier.pages_carrying_sites import WaitingSite, waiting_at_sites


@dataclass(frozen=True)
class SitesSay:
    """What one site says, or several alike: who in words, and each field with the version in which it was seen."""

    who: str
    said: str
    fields: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class WaitingLine:
    """One carried answer that waits: what the company said ("" where only sites did), in which version it was seen, what
    its sites say, its files. `then`
    is the answer as it was given, "" where it reads the same; `origin` where it comes from, "" where that is said for
    the whole page; `mark` is there only where the question is not simply the same as then."""

    code: str
    subject: str
    said: str
    version: int
    at_sites: tuple[SitesSay, ...]
    files: tuple[str, ...]
    then: str
    origin: str
    reasons: tuple[str, ...]
    changes: tuple[str, ...]
    changed_from: str


@dataclass(frozen=True)
class WaitingTopic:
    """The carried answers of a topic that wait."""

    code: str
    name: str
    lines: tuple[WaitingLine, ...]


@dataclass(frozen=True)
class FirstQuestion:
    """A question to be answered before `count` further carried answers open, if it is answered as it was then."""

    code: str
    topic: str
    subject: str
    past: str
    past_from: str
    count: int


@dataclass(frozen=True)
class ConfirmingPage:
    """Everything carried that waits. `origin` is where all of it comes from, "" where lines differ in that."""

    origin: str
    topics: tuple[WaitingTopic, ...]
    first: tuple[FirstQuestion, ...]

    @property
    def count(self) -> int:
        return sum(len(topic.lines) for topic in self.topics)


@dataclass(frozen=True)
class _Known:
    """What lines are made from, all by code."""

    answers: Mapping[str, Answer]
    carried: Mapping[str, CarriedAnswer]
    at_sites: Mapping[tuple[str, str], CarriedSiteAnswer]
    marks: Mapping[str, CarriedMark]
    sites: Mapping[str, tuple[WaitingSite, ...]]
    origin: str


def confirming_page(
    case: Case,
    answers: Mapping[str, Answer],
    carried: Mapping[str, CarriedAnswer],
    at_sites: Mapping[tuple[str, str], CarriedSiteAnswer],
    locale: str,
) -> ConfirmingPage:
    """What waits and is asked, by topic in the questionnaire's order."""
    waiting = case.unconfirmed & case.path.open
    marks = carried_marks(case, waiting, answers, carried, locale, at_sites)
    origins = {mark.origin for mark in marks.values()}
    one_earlier = (
        len(origins) == 1 and len(marks) == len(waiting) and say(locale, FROM_COMPANY) not in origins
    )
    origin = origins.pop() if one_earlier else ""
    known = _Known(answers, carried, at_sites, marks, waiting_at_sites(case, locale), origin)
    topics = []
    for topic in case.questionnaire.topics:
        lines = tuple(_line(case, one, known, locale) for one in topic.indicators if one.code in waiting)
        if lines:
            topics.append(WaitingTopic(topic.code, text_in(topic.name, locale), lines))
    return ConfirmingPage(origin, tuple(topics), first_questions(case, carried, locale))


def first_questions(
    case: Case, carried: Mapping[str, CarriedAnswer], locale: str
) -> tuple[FirstQuestion, ...]:
    """What has to be answered before further carried answers open, and how many would with the answer of then."""
    rows = {code: row for code, row in carried.items() if row.outcome == "beside"}
    earlier = {code: value for code, row in rows.items() if (value := _as_now(case, code, row)) is not None}
    opened = opened_by(
        case.questionnaire,
        case.assessment.roles,
        case.answers,
        earlier,
        case.unconfirmed,
        short=case.short,
    )
    found = []
    for code, codes in opened.items():
        one = indicator(case.questionnaire, code)
        found.append(
            FirstQuestion(
                code=code,
                topic=one.topic,
                subject=text_in(one.subject, locale),
                past=show(one, earlier[code], locale),
                past_from=came_from(rows[code], locale),
                count=len(codes),
            )
        )
    return tuple(found)


def _as_now(case: Case, code: str, row: CarriedAnswer) -> Value | None:
    """An earlier answer as one to the question of now; None where it does not fit."""
    new, old, value = find_indicator(case.questionnaire, code), past_indicator(row), past_value(row)
    return None if new is None or old is None or value is None else fitted(new, old, value)


def _line(case: Case, one: Indicator, known: _Known, locale: str) -> WaitingLine:
    code = one.code
    answer, row, mark = known.answers.get(code), known.carried.get(code), known.marks.get(code)
    said = _of_company(case, one, answer, locale)
    reasons = [] if row is None or row.outcome != "carried" else [row.reason]
    reasons += [s.reason for (_, at), s in known.at_sites.items() if at == code and s.outcome == "carried"]
    told = [
        say(locale, sentences()[reason]) for reason in dict.fromkeys(reasons) if reason != CARRIED_AS_IT_WAS
    ]
    return WaitingLine(
        code=code,
        subject=text_in(one.subject, locale),
        said=said,
        version=answer.version if answer else 0,
        at_sites=_sites_say(case, known.sites.get(code, ()), locale),
        files=tuple(file.name for file in case.evidence.get(code, ())),
        then=_then(row, said, locale),
        origin="" if known.origin or mark is None else mark.origin,
        reasons=tuple(told),
        changes=mark.changes if mark else (),
        changed_from=mark.changed_from if mark else "",
    )


def _sites_say(case: Case, sites: Sequence[WaitingSite], locale: str) -> tuple[SitesSay, ...]:
    """Sites that say the same stand in one line, in the order of the sites."""
    alike: dict[str, list[WaitingSite]] = {}
    for one in sites:
        alike.setdefault(one.said, []).append(one)
    return tuple(
        SitesSay(
            _who(case, [one.site for one in those], locale),
            said,
            tuple((one.field, one.version) for one in those),
        )
        for said, those in alike.items()
    )


def _who(case: Case, names: Sequence[str], locale: str) -> str:
    everywhere = case.sites is not None and len(names) == len(case.sites.sites) > 1
    if everywhere:
        return say(locale, N_("All {count} sites"), count=len(names))
    return say(locale, N_(", ")).join(names)


def _of_company(case: Case, one: Indicator, answer: Answer | None, locale: str) -> str:
    """What the company itself said, where that waits; "" where only sites did."""
    if answer is None or answer.confirmed or (case.sites is not None and asked_per_site(one)):
        return ""
    value = from_json(one, answer.value) if answer.value is not None else None
    return NOT_GIVEN if value is None else show(one, value, locale)


def _then(row: CarriedAnswer | None, said: str, locale: str) -> str:
    """The answer as it was given, where it reads otherwise than the one that waits."""
    if row is None or row.outcome != "carried" or not said:
        return ""
    old, past = past_indicator(row), past_value(row)
    words = show(old, past, locale) if old is not None and past is not None else ""
    return "" if words == said else words


def waiting_by_topic(case: Case, locale: str) -> tuple[tuple[str, str, int], ...]:
    """Topics with carried answers that wait for confirmation: code, name, how many."""
    waiting = case.unconfirmed & case.path.open
    counts = {t.code: sum(1 for i in t.indicators if i.code in waiting) for t in case.questionnaire.topics}
    return tuple(
        (t.code, text_in(t.name, locale), counts[t.code]) for t in case.questionnaire.topics if counts[t.code]
    )
