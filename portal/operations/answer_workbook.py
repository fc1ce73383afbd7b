"""An assessment as a workbook: what stands, in the reader's language, with whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from sqlalchemy.orm import Session

from portal.core.errors import Refused
from portal.core.lifecycle import EDITABLE, may_edit
from portal.core.questionnaire.kinds import show, to_json
from portal.core.questionnaire.model import (
    Indicator,
    find_indicator,
    indicators_of,
    questionnaire_id,
    text_in,
)
from portal.core.questionnaire.path import is_never_asked
from portal.core.questionnaire.sites import asked_per_site, may_differ
from portal.core.workbook.cells import at_site, site_key
from portal.core.workbook.identity import Identity
from portal.core.workbook.sheets import MOST_DIFFERING
from portal.language import N_, forms, say
from portal.language.sentences import sentence
from portal.operations.answering import reopened, returned_reasons, shown_raw
from portal.operations.scoring import Case, submitted_case
from portal.operations.sites_of_case import says_something
from portal.reports.answer_workbook import answer_workbook
from portal.reports.answer_workbook_content import AnswerBook, AnswerLine
from portal.store.answers import Answer, answers_of
from portal.store.site_answers import AnyAnswer, SiteAnswer, SiteAnswers, site_answers_of

CARRIED = N_("Carried over from an earlier answer: confirm it in the portal, or change it here.")


def workbook_bytes(
    session: Session, case: Case, *, organisation: str, locale: str, now: datetime, zone: tzinfo
) -> bytes:
    """The live answers of a case as XLSX, in "en" or "zh", at any state of the assessment; read with
    `portal.operations.answer_workbook_reading`."""
    book = answer_book(session, case, organisation=organisation, locale=locale, now=now, zone=zone)
    return answer_workbook(book, locale)


def identity_of(
    case: Case, answers: Mapping[str, Answer], at_sites: SiteAnswers, *, locale: str, now: datetime
) -> Identity:
    """Whose workbook this is and which version of each answer it shows; the outcome of sites is no answer and has none."""
    assessment = case.assessment
    versions: dict[str, str] = {}
    for indicator in indicators_of(case.questionnaire):
        if not concerns(case, indicator.code):
            continue
        if not answered_by_sites(case, indicator):
            versions[indicator.code] = _version(answers.get(indicator.code))
        for site in at_sites.sites:
            own = at_sites.rows[site.id].get(indicator.code)
            if _has_lines(case, indicator, own) or may_say_otherwise(case, indicator):
                versions[site_key(indicator.code, str(site.id))] = _version(own)
    return Identity(
        company=assessment.supplier.code,
        round=assessment.round.name,
        assessment=str(assessment.id),
        asked_at=_moment(assessment.invited_at),
        questionnaire=questionnaire_id(case.questionnaire),
        language=locale,
        made_at=_moment(now),
        versions=versions,
    )


def editable_codes(session: Session, case: Case) -> frozenset[str]:
    """The codes whose answers the supplier may change now, whether or not they are in play."""
    state = case.assessment.state
    reasons = returned_reasons(session, case.assessment)
    open_again = reopened(case, submitted_case(session, case.assessment), reasons) if reasons else frozenset()
    codes = (i.code for topic in case.questionnaire.topics for i in topic.indicators)
    return frozenset(code for code in codes if concerns(case, code) and may_edit(state, code, open_again))


def answered_by_sites(case: Case, indicator: Indicator) -> bool:
    """Whether the sites of this assessment answer, and no answer of the group counts: the workbook shows the outcome."""
    return case.sites is not None and asked_per_site(indicator)


def _has_lines(case: Case, indicator: Indicator, own: SiteAnswer | None) -> bool:
    """Whether a site has lines of its own: where it answers itself, and where it differs from the company's answer."""
    if answered_by_sites(case, indicator):
        return True
    return may_differ(indicator) and own is not None and says_something(own)


def may_say_otherwise(case: Case, indicator: Indicator) -> bool:
    """Whether the workbook lets the sites of this assessment differ from the company's answer on a sheet of its own."""
    few = case.sites is not None and len(case.sites.sites) <= MOST_DIFFERING
    return few and may_differ(indicator)


def concerns(case: Case, code: str) -> bool:
    """Whether the supplier can come to be asked this: what its roles rule out is not there at all."""
    closed = case.path.closed.get(code)
    return not is_never_asked(closed)


def _version(answer: AnyAnswer | None) -> str:
    return "0" if answer is None else str(answer.version)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def answer_book(
    session: Session, case: Case, *, organisation: str, locale: str, now: datetime, zone: tzinfo
) -> AnswerBook:
    """What the workbook of a case holds: every question asked of this supplier, with what stands; its head tells the
    time in `zone`, as the pages do."""
    answers = answers_of(session, case.assessment.id)
    assessment, asked = case.assessment, case.assessment.round
    at_sites = site_answers_of(session, assessment.id)
    reasons = returned_reasons(session, assessment)
    editable = editable_codes(session, case)
    topics = []
    for topic in case.questionnaire.topics:
        lines: list[AnswerLine] = []
        for indicator in topic.indicators:
            if not concerns(case, indicator.code):
                continue
            line = _line(case, indicator, answers.get(indicator.code), editable, reasons, locale)
            lines += (line, *_site_lines(case, indicator, at_sites, editable, locale))
        if lines:
            topics.append((topic, tuple(lines)))
    locked = (
        ""
        if assessment.state in EDITABLE
        else sentence(locale, Refused(f"locked_{assessment.state}").problem)
    )
    period = (asked.period_start, asked.period_end)
    return AnswerBook(
        identity=identity_of(case, answers, at_sites, locale=locale, now=now),
        organisation=organisation,
        company=f"{assessment.supplier.name} ({assessment.supplier.code})",
        round=asked.name,
        period=" – ".join(forms.show_date(day, locale) for day in period),
        questionnaire=f"{text_in(case.questionnaire.title, locale)} {case.questionnaire.version}",
        made=f"{forms.show_datetime(now, zone, locale)} ({zone})",
        made_at=now,
        locked=locked,
        sites=tuple(site.name for site in at_sites.sites),
        topics=tuple(topics),
        short=case.short,
        differing=_differing(case, at_sites, editable, locale),
    )


def _differing(
    case: Case, at_sites: SiteAnswers, editable: frozenset[str], locale: str
) -> tuple[AnswerLine, ...]:
    """Empty lines for the sites that say nothing else than the company, below its answer; of questions asked now."""
    found: list[AnswerLine] = []
    for one in indicators_of(case.questionnaire):
        if one.code not in case.path.open & editable or not may_say_otherwise(case, one):
            continue
        lines = [
            AnswerLine(at_site(one, str(site.id)), None, None, True, "", False, site.name)
            for site in at_sites.sites
            if not _has_lines(case, one, at_sites.rows[site.id].get(one.code))
        ]
        if lines:
            found += (_heading(case, one, locale), *lines)
    return tuple(found)


def _heading(case: Case, one: Indicator, locale: str) -> AnswerLine:
    assert case.sites is not None
    own = case.sites.group if one.code in case.sites.roll_ups else case.answers
    value = own.get(one.code)
    words = say(locale, N_("no answer yet")) if value is None else show(one, value, locale)
    note = say(locale, N_("The company’s answer; it is given on the sheet of its topic."))
    return AnswerLine(one, words, None, editable=False, note=note, waits=False, heading=True)


def _line(
    case: Case,
    indicator: Indicator,
    answer: Answer | None,
    editable: frozenset[str],
    reasons: Mapping[str, str],
    locale: str,
) -> AnswerLine:
    code = indicator.code
    if answered_by_sites(case, indicator):
        value = case.answers.get(code)
        made = None if value is None else to_json(indicator, value)
        words = say(locale, N_("Answered for each site below; what comes of it stands here."))
        note = "\n".join(part for part in (_note(case, indicator, reasons, locale), words) if part)
        return AnswerLine(indicator, made, None, editable=False, note=note, waits=False, outcome=True)
    waits = _waits(case, code)
    note = _note(case, indicator, reasons, locale)
    if not note and _carried(answer):
        note = say(locale, CARRIED)
    return AnswerLine(
        indicator=indicator,
        raw=shown_raw(answer) if answer else None,
        unit=answer.unit if answer else None,
        editable=code in editable and (code in case.path.open or waits),
        note=note,
        waits=waits,
    )


def _note(case: Case, indicator: Indicator, reasons: Mapping[str, str], locale: str) -> str:
    """Why a question is closed, or was returned; "" for neither."""
    code = indicator.code
    if code not in case.path.open:
        return _closed_words(case, indicator, _waits(case, code), locale)
    return say(locale, N_("Returned by the buyer: {reason}"), reason=reasons[code]) if code in reasons else ""


def _site_lines(
    case: Case, indicator: Indicator, at_sites: SiteAnswers, editable: frozenset[str], locale: str
) -> list[AnswerLine]:
    """What each site answers to a question that the company does not answer itself, or answers otherwise for the rest."""
    code = indicator.code
    waits = _waits(case, code)
    fillable = code in editable and (code in case.path.open or waits)
    lines = []
    for site in at_sites.sites:
        own = at_sites.rows[site.id].get(code)
        if not _has_lines(case, indicator, own):
            continue
        raw, unit = (shown_raw(own), own.unit) if own is not None else (None, None)
        note = say(locale, CARRIED) if _carried(own) and code in case.path.open else ""
        if not answered_by_sites(case, indicator):
            note = say(
                locale, N_("Differs at this site. If you clear it, the company's answer holds here too.")
            )
        lines.append(
            AnswerLine(at_site(indicator, str(site.id)), raw, unit, fillable, note, waits, site.name)
        )
    return lines


def _carried(answer: AnyAnswer | None) -> bool:
    return answer is not None and answer.value is not None and not answer.confirmed


def _waits(case: Case, code: str) -> bool:
    """Whether a closed question may still open by an answer that nobody has given: it stays fillable."""
    closed = case.path.closed.get(code)
    if closed is None or closed.reason != "condition" or closed.indicator is None:
        return False
    if closed.indicator in case.path.open:
        return closed.indicator not in case.answers
    return _waits(case, closed.indicator)


def _closed_words(case: Case, indicator: Indicator, waits: bool, locale: str) -> str:
    condition = indicator.depends_on
    assert condition is not None
    parent = find_indicator(case.questionnaire, condition.indicator)
    labels = [text_in(o.label, locale) for o in parent.options if o.key in condition.any_of] if parent else []
    values = {"code": condition.indicator, "answers": say(locale, N_(" / ")).join(labels)}
    if waits:
        return say(locale, N_("Only asked if {code} is answered with: {answers}."), **values)
    return say(
        locale,
        N_(
            "Not asked because of {code}; it would be with: {answers}. "
            "Once {code} is changed in the portal, download the workbook again."
        ),
        **values,
    )
