"""Page objects of the list and the hub. What the buyer keeps to itself has no field here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.core.lifecycle import EDITABLE, is_expired
from portal.core.problems import Problem
from portal.core.questionnaire.model import Indicator, Questionnaire, find_indicator, indicators_of, text_in
from portal.core.questionnaire.progress import Progress, TopicProgress, progress
from portal.core.questionnaire.sites import asked_per_site
from portal.core.questionnaire.unanswered import Unanswered
from portal.core.questionnaire.validate import Gap
from portal.core.scoring.sheet import ScoreSheet, score_text
from portal.language import N_, say
from portal.language.sentences import sentence
from portal.operations.scoring import Case, gaps_of
from portal.operations.sites_of_case import SitesOfCase
from portal.store.answers import Answer
from portal.store.assessments import Assessment
from portal.store.evidence import EvidenceLink
from portal.store.site_answers import AnyAnswer
from portal.web.site_words import owed_by_sites
from portal.web.supplier.carrying_panel import Panel
from portal.web.supplier.pages_confirming import waiting_by_topic
from portal.web.supplier.pages_evidence import Ending
from portal.web.supplier.pages_sites import SiteProgress
from portal.web.supplier.pages_together import Debt, Holders, LookLine, Todo


@dataclass(frozen=True)
class Deadline:
    """The last day, and how far it is in words; `late` when it has passed and the assessment is still open."""

    on: date
    words: str
    late: bool


@dataclass(frozen=True)
class AssessmentLine:
    """One assessment in the list."""

    id: int
    round: str
    period_start: date
    period_end: date
    state: str
    deadline: Deadline
    sent_at: datetime | None
    short: bool


@dataclass(frozen=True)
class TopicLine:
    """One topic of the task list. `state` is a key of STATE_WORDS; `blocking` counts what blocks sending there,
    `unconfirmed` the carried answers that wait."""

    code: str
    number: int
    name: str
    state: str
    answered: int
    open: int
    minutes_left: int
    blocking: int
    unconfirmed: int


@dataclass(frozen=True)
class Owed:
    """Something still owed: which question, why, who is to do it, and who touched it last (empty: nobody yet)."""

    code: str
    topic: str
    subject: str
    words: str
    owner: str
    debt: Debt | None


@dataclass(frozen=True)
class Flag:
    """A red flag with what to do about it."""

    code: str
    topic: str
    subject: str
    advice: str


@dataclass(frozen=True)
class ReturnedLine:
    """A question the buyer returned, with the reason."""

    code: str
    topic: str
    subject: str
    reason: str
    changed: bool


@dataclass(frozen=True)
class ScoreLine:
    """A score in words: total with two places, grade, whether a red flag caps it."""

    total: str
    grade: str
    capped: bool


@dataclass(frozen=True)
class CarbonLine:
    """How far the carbon register is: files to be accepted and to be corrected, inventories by year, footprints."""

    waiting: int
    to_correct: int
    years: tuple[int, ...]
    footprints: int


@dataclass(frozen=True)
class Sending:
    """One time the assessment was sent."""

    number: int
    at: datetime
    by: str
    sha256: str


@dataclass(frozen=True)
class HubPage:
    """The assessment at a glance. `verified` is None before release; `short`: it asks the short set only."""

    id: int
    round: str
    period_start: date
    period_end: date
    questionnaire: str
    version: str
    state: str
    locked: str
    deadline: Deadline
    valid_until: date | None
    expired: bool
    topics: tuple[TopicLine, ...]
    overall: TopicProgress
    declared: ScoreLine
    verified: ScoreLine | None
    flags: tuple[Flag, ...]
    blocking: tuple[Owed, ...]
    left: Unanswered
    returned: tuple[ReturnedLine, ...]
    leads: tuple[str, ...]
    carbon: CarbonLine
    carrying: Panel
    sent: tuple[Sending, ...]
    endings: tuple[Ending, ...]
    yours: Todo
    holders: Mapping[str, Holders]
    looks: Mapping[str, LookLine]
    open_threads: int
    short: bool
    sites: tuple[SiteProgress, ...] = ()
    sites_choosable: bool = False
    as_a_whole: bool = False

    @property
    def unseen(self) -> tuple[str, ...]:
        """The topics a lead has not looked through as they stand."""
        return tuple(code for code, look in self.looks.items() if look.state != "same")

    @property
    def unchanged(self) -> int:
        return sum(1 for line in self.returned if not line.changed)


def deadline_of(on: date, today: date, state: str, locale: str) -> Deadline:
    """The deadline in words. Nothing is closed or deleted when it passes."""
    days = (on - today).days
    if state not in EDITABLE:
        return Deadline(on, "", False)
    if days > 1:
        words = say(locale, N_("{days} days left"), days=days)
    elif days == 1:
        words = say(locale, N_("until tomorrow"))
    elif days == 0:
        words = say(locale, N_("today is the last day"))
    elif days == -1:
        words = say(locale, N_("one day overdue; it can still be sent"))
    else:
        words = say(locale, N_("{days} days overdue; it can still be sent"), days=-days)
    return Deadline(on, words, days < 0)


def assessment_line(assessment: Assessment, today: date, locale: str) -> AssessmentLine:
    """One assessment for the list."""
    round_ = assessment.round
    return AssessmentLine(
        id=assessment.id,
        round=round_.name,
        period_start=round_.period_start,
        period_end=round_.period_end,
        state="expired" if is_expired(assessment.state, assessment.valid_until, today) else assessment.state,
        deadline=deadline_of(round_.deadline_on, today, assessment.state, locale),
        sent_at=assessment.submitted_at,
        short=assessment.short,
    )


def progress_of(case: Case) -> Progress:
    """Progress of a case, topic by topic."""
    return progress(case.questionnaire, case.path, case.answers, case.unconfirmed)


def topic_lines(case: Case, blocking: Sequence[Gap], locale: str) -> tuple[TopicLine, ...]:
    """The topics as a task list; one with everything answered is complete only when nothing in it blocks sending."""
    counted = progress_of(case).topics
    topic_of = {i.code: i.topic for i in indicators_of(case.questionnaire)}
    waiting = {code: count for code, _name, count in waiting_by_topic(case, locale)}
    found = []
    for topic in case.questionnaire.topics:
        own = counted[topic.code]
        owing = sum(1 for gap in blocking if topic_of[gap.indicator] == topic.code)
        state = own.state
        if state == "done":
            state = "in_progress" if owing else "done_topic"
        name = text_in(topic.name, locale)
        found.append(
            TopicLine(
                topic.code,
                topic.number,
                name,
                state,
                own.answered,
                own.open,
                own.minutes_left,
                owing,
                waiting.get(topic.code, 0),
            )
        )
    return tuple(found)


def owed(
    case: Case, gaps: Iterable[Gap], answers: Mapping[str, Answer], debts: Mapping[str, Debt], locale: str
) -> tuple[Owed, ...]:
    """Gaps as lines: what, why, who is to do it, and who answered last."""
    found = []
    for gap in gaps:
        indicator = find_indicator(case.questionnaire, gap.indicator)
        assert indicator is not None
        found.append(
            Owed(
                code=gap.indicator,
                topic=indicator.topic,
                subject=text_in(indicator.subject, locale),
                words=sentence(locale, Problem(gap.code, gap.indicator)) + owed_by_sites(case, gap, locale),
                owner=_answered_last(case, indicator, answers),
                debt=debts.get(gap.indicator),
            )
        )
    return tuple(found)


def _answered_last(case: Case, indicator: Indicator, answers: Mapping[str, Answer]) -> str:
    """Who saved last what counts here: where sites answer for themselves, what the company said before does not."""
    rows: list[AnyAnswer] = list(case.sites.rows.get(indicator.code, ())) if case.sites else []
    if indicator.code in answers and not (case.sites and asked_per_site(indicator)):
        rows.append(answers[indicator.code])
    return max(rows, key=lambda row: row.changed_at).changed_by.name if rows else ""


def split_gaps(case: Case) -> tuple[list[Gap], list[Gap]]:
    """Gaps that block sending, and those that only count 0 or are merely asked for."""
    found = gaps_of(case)
    return [g for g in found if g.blocking], [g for g in found if not g.blocking]


def flag_lines(questionnaire: Questionnaire, sheet: ScoreSheet, locale: str) -> tuple[Flag, ...]:
    """The red flags of a sheet, each with the questionnaire's advice."""
    found = []
    for code in sheet.red_flags:
        indicator = find_indicator(questionnaire, code)
        assert indicator is not None
        found.append(
            Flag(code, indicator.topic, text_in(indicator.subject, locale), text_in(indicator.hint, locale))
        )
    return tuple(found)


def returned_lines(
    questionnaire: Questionnaire,
    reasons: Mapping[str, str],
    touched_at: Mapping[str, datetime],
    sent_at: datetime,
    locale: str,
) -> tuple[ReturnedLine, ...]:
    """The returned questions in the order they are asked, and whether answer or evidence changed since the sending."""
    return tuple(
        ReturnedLine(
            code=i.code,
            topic=i.topic,
            subject=text_in(i.subject, locale),
            reason=reasons[i.code],
            changed=i.code in touched_at and touched_at[i.code] > sent_at,
        )
        for i in indicators_of(questionnaire)
        if i.code in reasons
    )


def touched_at(
    answers: Mapping[str, Answer],
    links: Mapping[str, Sequence[EvidenceLink]],
    sites: SitesOfCase | None,
) -> dict[str, datetime]:
    """When each question was last worked on: its answer or that of a site changed, or a file was added."""
    times = {code: answer.changed_at for code, answer in answers.items()}
    for code, own in (sites.rows if sites else {}).items():
        times[code] = max([row.changed_at for row in own] + ([times[code]] if code in times else []))
    for code, rows in links.items():
        times[code] = max([row.linked_at for row in rows] + ([times[code]] if code in times else []))
    return times


def score_line(sheet: ScoreSheet) -> ScoreLine:
    """Total and grade of a sheet."""
    return ScoreLine(score_text(sheet.total) or "", sheet.grade, sheet.capped_by_red_flag)


def leads_of(people: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The names of those who may send: (name, role) pairs in, names of leads out."""
    return tuple(name for name, role in people if role == "lead")
