"""Page objects of answers carried over: marks on questions, the offer to start, what a version changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from portal.core.questionnaire.carry import Step, change_in_percent
from portal.core.questionnaire.diff import Difference, differences, notable
from portal.core.questionnaire.kinds import from_json, show
from portal.core.questionnaire.model import (
    Indicator,
    Questionnaire,
    find_indicator,
    questionnaire_id,
    text_in,
)
from portal.core.questionnaire.reading import Value
from portal.core.questionnaire.sites import asked_per_site
from portal.core.units import convert, unit_class
from portal.files.questionnaires import find_questionnaire
from portal.language import N_, forms, say
from portal.language.sentences import sentences
from portal.language.version_words import difference_sentence
from portal.operations.filling import filled_from_company
from portal.operations.moving import Moved
from portal.operations.scoring import Case
from portal.store.answers import Answer
from portal.store.carrying import CarriedAnswer, CarriedSiteAnswer
from portal.store.site_answers import AnyAnswer

NOT_GIVEN = "–"
CARRIED_AS_IT_WAS = "carry_same"
NOT_ROLLED: Mapping[str, int] = MappingProxyType({})
NO_SITES: Mapping[tuple[str, str], CarriedSiteAnswer] = MappingProxyType({})

# Where an answer of a site comes from that is the company's.
FROM_COMPANY = N_("the company’s answer")


@dataclass(frozen=True)
class CarriedMark:
    """What a question says of earlier answers. `to_confirm`: a carried answer waits; `origin` says where it, or a
    confirmed one, comes from; `past` and `change` stand beside the field; `changes` tell how the question differs; `rolled`
    that `past` was made of the answers of sites."""

    code: str
    to_confirm: bool
    origin: str
    reason: str
    past_from: str
    past: str
    change: str
    changes: tuple[str, ...]
    changed_from: str
    rolled: str = ""


@dataclass(frozen=True)
class PreviewLine:
    """One earlier answer and what becomes of it; `topic` is where it will stand, "" where nowhere."""

    code: str
    topic: str
    subject: str
    past: str
    words: str
    notable: bool


def carried_marks(
    case: Case,
    codes: Iterable[str],
    answers: Mapping[str, Answer],
    carried: Mapping[str, CarriedAnswer],
    locale: str,
    at_sites: Mapping[tuple[str, str], CarriedSiteAnswer] = NO_SITES,
) -> dict[str, CarriedMark]:
    """Marks by code, only where there is something to say. `at_sites`: what became of earlier answers of sites."""
    changes = _changes(case.questionnaire)
    said = {code: row.carrying.said for (_site, code), row in at_sites.items()}
    earlier = {code for (_site, code), row in at_sites.items() if row.outcome == "carried"}
    filled = {code for _site, code in filled_from_company(case, at_sites)} - earlier
    found = {}
    for code in codes:
        indicator = find_indicator(case.questionnaire, code)
        row, answer = carried.get(code), answers.get(code)
        told = changes.get(code, ())
        if indicator is not None and (row or told or code in said or code in case.unconfirmed):
            mark = _mark(case, indicator, row, _standing(case, indicator, answer), told, locale)
            if row is None and mark.origin and code in said:
                mark = replace(mark, origin=said[code])
            if mark.origin and code in filled:
                mark = replace(mark, origin=say(locale, FROM_COMPANY))
            if mark.origin or mark.past or mark.changes:
                found[code] = mark
    return found


def _standing(case: Case, indicator: Indicator, answer: Answer | None) -> AnyAnswer | None:
    """The answer that is told where it comes from: where sites answer, one of theirs that was carried."""
    if case.sites is None:
        return answer
    rows = case.sites.rows.get(indicator.code, ())
    carried = next((row for row in rows if row.origin == "carried" and row.value is not None), None)
    if asked_per_site(indicator):
        return carried
    return carried if answer is None else answer


def _mark(
    case: Case,
    indicator: Indicator,
    row: CarriedAnswer | None,
    answer: AnyAnswer | None,
    told: tuple[Difference, ...],
    locale: str,
) -> CarriedMark:
    waiting = indicator.code in case.unconfirmed
    stands = waiting or (answer is not None and answer.origin == "carried" and answer.value is not None)
    past = past_value(row) if row is not None and row.outcome == "beside" else None
    old = past_indicator(row) if row is not None else None
    return CarriedMark(
        code=indicator.code,
        to_confirm=waiting,
        origin=came_from(row, locale) if stands else "",
        reason=_why(row, locale) if waiting and row is not None else "",
        past_from=came_from(row, locale) if past is not None else "",
        past=show(old, past, locale) if past is not None and old is not None else "",
        change=_change(indicator, old, case.answers.get(indicator.code), past, locale),
        changes=tuple(difference_sentence(locale, one) for one in told),
        changed_from=case.questionnaire.inherits,
        rolled=rolled_words(row.sites, locale) if row is not None and row.sites and past is not None else "",
    )


def rolled_words(count: int, locale: str) -> str:
    """That an answer was made of those of `count` sites."""
    return say(locale, N_("Rolled up from {count} sites."), count=count)


def _why(row: CarriedAnswer, locale: str) -> str:
    """Why to look closer at a carried answer; "" where the question is simply the same."""
    usual = row.outcome != "carried" or row.reason == CARRIED_AS_IT_WAS
    return "" if usual else say(locale, sentences()[row.reason])


def came_from(row: CarriedAnswer | None, locale: str) -> str:
    """Where an earlier answer comes from, in words."""
    if row is None:
        return say(locale, N_("an earlier answer"))
    if row.carrying.kind == "version":
        return say(locale, N_("version {version}"), version=row.carrying.said.rpartition("/")[2])
    return row.carrying.said


def past_indicator(row: CarriedAnswer) -> Indicator | None:
    """The indicator the earlier answer was given to."""
    return find_indicator(find_questionnaire(row.carrying.questionnaire), row.source_indicator)


def past_value(row: CarriedAnswer) -> Value | None:
    """The earlier answer as it was given, None where it could not be read."""
    old = past_indicator(row)
    return None if old is None or row.value is None else from_json(old, row.value)


def _change(new: Indicator, old: Indicator | None, now: Value | None, past: Value | None, locale: str) -> str:
    """The change from the earlier to the present number in words; "" where there is nothing to compare."""
    if old is None or not isinstance(now, Decimal) or not isinstance(past, Decimal):
        return ""
    if new.unit != old.unit:
        if unit_class(new.unit) is None or unit_class(new.unit) != unit_class(old.unit):
            return ""
        past = convert(past, old.unit, new.unit)
    if now == past:
        return say(locale, N_("unchanged"))
    percent = change_in_percent(now, past)
    if percent is None:
        return say(locale, N_("it was 0"))
    words = _signed(percent, locale) + ("\u00a0%" if locale == "en" else "%")
    if new.kind != "percentage":
        return words
    points = _signed(now - past, locale)
    return say(locale, N_("{points} percentage points ({percent})"), points=points, percent=words)


def _signed(number: Decimal, locale: str) -> str:
    return ("+" if number > 0 else "") + forms.show_number(number, locale, 1)


def _changes(questionnaire: Questionnaire) -> Mapping[str, tuple[Difference, ...]]:
    if not questionnaire.inherits:
        return {}
    return _changes_between(f"{questionnaire.name}/{questionnaire.inherits}", questionnaire_id(questionnaire))


@cache
def _changes_between(older: str, newer: str) -> Mapping[str, tuple[Difference, ...]]:
    found: dict[str, list[Difference]] = {}
    for one in notable(differences(find_questionnaire(older), find_questionnaire(newer))):
        found.setdefault(one.indicator, []).append(one)
    return {code: tuple(those) for code, those in found.items()}


def preview_lines(
    steps: Iterable[Step],
    older: Questionnaire,
    newer: Questionnaire,
    locale: str,
    rolled: Mapping[str, int] = NOT_ROLLED,
) -> dict[str, tuple[PreviewLine, ...]]:
    """What starting from earlier answers would do, by outcome; `rolled` says by earlier code from how many sites an
    answer was made."""
    found: dict[str, list[PreviewLine]] = {"carried": [], "beside": [], "dropped": []}
    for step in steps:
        words = say(locale, sentences()[step.reason])
        if count := rolled.get(step.source, 0):
            words += ("" if locale == "zh" else " ") + rolled_words(count, locale)
        line = _line(step.code, step.source, step.past, words, older, newer, locale)
        found[step.outcome].append(
            PreviewLine(
                line.code, line.topic, line.subject, line.past, words, step.reason not in _USUAL[step.outcome]
            )
        )
    return {outcome: tuple(lines) for outcome, lines in found.items()}


_USUAL = {"carried": (CARRIED_AS_IT_WAS,), "beside": ("carry_result", "carry_sites_own"), "dropped": ()}
MOVED_WORDS = {
    "kept": N_("stays as it is"),
    "to_confirm": N_("stays, to be confirmed: the question asks otherwise than before"),
    "renamed": N_("goes to {code}, to be confirmed"),
    "again": N_("is asked again as {code}; the present answer stands beside the field"),
    "dropped": N_("is no longer asked; the answer leaves the assessment and stays in its history"),
}


def move_lines(
    moves: Iterable[Moved], older: Questionnaire, newer: Questionnaire, locale: str
) -> tuple[PreviewLine, ...]:
    """What moving to a newer version would do to each answer that does not simply stay."""
    return tuple(
        _line(
            one.source,
            one.source,
            one.past,
            _at(one.site, say(locale, MOVED_WORDS[one.outcome], code=one.code), locale),
            older,
            newer,
            locale,
        )
        for one in moves
        if one.outcome != "kept" and (one.past is not None or one.outcome != "dropped")
    )


def _at(site: str, words: str, locale: str) -> str:
    return say(locale, N_("{words} (site {site})"), site=site, words=words) if site else words


def _line(
    code: str,
    source: str,
    past: Value | None,
    words: str,
    older: Questionnaire,
    newer: Questionnaire,
    locale: str,
) -> PreviewLine:
    old = find_indicator(older, source)
    new = find_indicator(newer, code)
    named = new or old
    return PreviewLine(
        code=code,
        topic=new.topic if new else "",
        subject=text_in(named.subject, locale) if named else "",
        past=show(old, past, locale) if old is not None and past is not None else NOT_GIVEN,
        words=words,
        notable=True,
    )
