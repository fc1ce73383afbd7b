"""Page objects of answering per site: a field per site within a question, and how far each site is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.core.questionnaire.kinds import show
from portal.core.questionnaire.model import Indicator, indicator, indicators_of
from portal.core.questionnaire.sites import asked_per_site, may_differ
from portal.core.questionnaire.unit_words import quantity_text
from portal.operations.filling import fillable
from portal.operations.scoring import Case
from portal.store.site_answers import SiteAnswers
from portal.web.site_words import rolled_view
from portal.web.supplier.field_names import code_and_site, field_of
from portal.web.supplier.pages_answering import Asking, PerSite, Question, SiteField, question_of

NO_CHOICE = ""


@dataclass(frozen=True)
class SiteProgress:
    """How far a site is: `answered` of `open` questions asked per site, `differing` answers of its own beyond them."""

    name: str
    output: str
    answered: int
    open: int
    differing: int


def site_of_field(case: Case, field: str) -> str:
    """The name of the site a field belongs to; "" for one of the company."""
    site_id = code_and_site(field)[1]
    keys = [key for key, number in case.sites.ids.items() if number == site_id] if case.sites else []
    return case.sites.names[keys[0]] if case.sites and keys else ""


def site_fields(case: Case, indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """The fields sites can have on a page with these indicators, as indicators under the names of the fields."""
    if case.sites is None:
        return ()
    return tuple(
        replace(one, code=field_of(one.code, site_id))
        for one in indicators
        if asked_per_site(one) or may_differ(one)
        for site_id in case.sites.ids.values()
    )


def with_sites(
    questions: Iterable[Question], case: Case, at_sites: SiteAnswers, asking: Asking
) -> tuple[Question, ...]:
    """The questions, each with the fields of the sites that can answer it and with what counts."""
    if case.sites is None:
        return tuple(questions)
    fill = fillable(case)
    return tuple(_with_sites(one, case, at_sites, asking, one.code in fill) for one in questions)


def _with_sites(
    question: Question, case: Case, at_sites: SiteAnswers, asking: Asking, fill: bool
) -> Question:
    one = indicator(case.questionnaire, question.code)
    if case.sites is None or not (asked_per_site(one) or may_differ(one)):
        return question
    fields = tuple(
        SiteField(site.name, site_question(case, one, site.id, at_sites, asking)) for site in at_sites.sites
    )
    before = case.sites.group.get(one.code) if asked_per_site(one) else None
    return replace(
        question,
        per_site=PerSite(
            asked=asked_per_site(one),
            fields=fields,
            rolled=rolled_view(case, one.code, asking.locale),
            before="" if before is None else show(one, before, asking.locale),
            differing=sum(1 for field in fields if field.question.shown or field.question.problems),
            wrong=any(field.question.clash or field.question.problems for field in fields),
            fill=fill,
        ),
    )


def site_question(
    case: Case, one: Indicator, site_id: int, at_sites: SiteAnswers, asking: Asking
) -> Question:
    """The field of one site."""
    field = field_of(one.code, site_id)
    own = replace(
        asking,
        choose=lambda _: NO_CHOICE,
        clashes={one.code: asking.clashes[field]} if field in asking.clashes else {},
        rows={one.code: asking.rows[field]} if field in asking.rows else {},
        hints={},
        carried={one.code: asking.carried[field]} if field in asking.carried else {},
        marks={},
        register=lambda _: asking.register(field),
    )
    question = question_of(case, one, at_sites.rows.get(site_id, {}).get(one.code), own)
    return replace(
        question, code=field, shown=_shown(case, one, site_id, asking.locale), evidence=(), reason=""
    )


def _shown(case: Case, one: Indicator, site_id: int, locale: str) -> str:
    assert case.sites is not None
    made = case.sites.roll_ups.get(one.code)
    key = next(key for key, number in case.sites.ids.items() if number == site_id)
    part = next((p for p in made.parts if p.site == key), None) if made else None
    return show(one, part.value, locale) if part and part.value is not None and not part.inherited else ""


def flat(questions: Iterable[Question]) -> tuple[Question, ...]:
    """Questions with the fields of their sites, for what concerns every field of a page."""
    return tuple(
        one
        for q in questions
        for one in (q, *(field.question for field in (q.per_site.fields if q.per_site else ())))
    )


def site_progress(case: Case, locale: str) -> tuple[SiteProgress, ...]:
    """How far each site is; nothing in an assessment of the company as a whole."""
    if case.sites is None:
        return ()
    asked = [
        i.code for i in indicators_of(case.questionnaire) if asked_per_site(i) and i.code in case.path.open
    ]
    own: dict[str, set[str]] = {site.key: set() for site in case.sites.sites}
    keys = {number: key for key, number in case.sites.ids.items()}
    waiting = {
        (keys[row.site_id], code)
        for code, rows in case.sites.rows.items()
        for row in rows
        if not row.confirmed
    }
    for code, made in case.sites.roll_ups.items():
        for part in made.parts:
            if part.value is not None and not part.inherited and (part.site, code) not in waiting:
                own[part.site].add(code)
    return tuple(
        SiteProgress(
            name=site.name,
            output="" if site.output is None else quantity_text(site.output, case.sites.unit, locale),
            answered=sum(1 for code in asked if code in own[site.key]),
            open=len(asked),
            differing=sum(1 for code in own[site.key] if code in case.path.open and code not in asked),
        )
        for site in case.sites.sites
    )
