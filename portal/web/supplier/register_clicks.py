"""What the pages of answers and of the register share: a click that takes an answer over, and notes read when needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from werkzeug.datastructures import MultiDict

from portal.core.errors import Conflict, Refused
from portal.core.lifecycle import may_edit
from portal.core.questionnaire.model import Indicator
from portal.language import N_
from portal.operations.given import Given, is_empty, same_given, shown_raw
from portal.operations.register_beside import Beside, Key, beside_register
from portal.operations.register_facts import Known
from portal.operations.scoring import Case
from portal.operations.taking import Click, take_all, take_over
from portal.store.answers import Answer
from portal.store.assessments import Assessment
from portal.store.site_answers import SiteAnswers
from portal.web.context import actor, db, locale, now
from portal.web.messages import refuse, tell, warn
from portal.web.supplier.field_names import code_and_site, field_of
from portal.web.supplier.pages_register import (
    BETWEEN_CLICKS,
    RegisterNote,
    note_of_all_sites,
    register_note,
)

_CLICK = re.compile(r"([A-Z]{3}-\d{2})(?:@(\d{1,9}))? (\d{1,9}) ([0-9a-f]{16})", re.ASCII)
MOST_AT_ONCE = 200


def clicks_of(texts: Iterable[str]) -> tuple[Click, ...]:
    """The clicks that buttons or hidden fields sent; anything else is left out."""
    single = [one for text in texts for one in text.split(BETWEEN_CLICKS)][:MOST_AT_ONCE]
    return tuple(
        Click(match[1], int(match[3]), match[4], int(match[2]) if match[2] else None)
        for match in map(_CLICK.fullmatch, single)
        if match
    )


def clicked(form: MultiDict[str, str]) -> tuple[Click, ...]:
    """The clicks of a topic page's button. Its scripts save answers while the page stands: the field of the version is
    newer than the button. A button for several sites replaces nothing that was saved since it was made."""
    found = clicks_of([form.get("take", "")])
    if len(found) != 1:
        return found
    (click,) = found
    shown = form.get(f"{field_of(click.code, click.site_id)}-version", "")
    known = re.fullmatch(r"\d{1,9}", shown, re.ASCII)
    return (replace(click, version=int(shown)),) if known else found


def not_written_at(
    clicks: Sequence[Click], given: Mapping[str, Given], asked: Sequence[Indicator], at_sites: SiteAnswers
) -> tuple[Click, ...]:
    """Of a click on several sites those at whose fields the page has nothing but what stands: what a person wrote there
    and did not save yet goes before. A click on one field means that field."""
    if len(clicks) < 2:
        return tuple(clicks)
    fields = {one.code: one for one in asked}
    return tuple(click for click in clicks if not _written(click, given, fields, at_sites))


def _written(
    click: Click, given: Mapping[str, Given], fields: Mapping[str, Indicator], at_sites: SiteAnswers
) -> bool:
    field = field_of(click.code, click.site_id)
    if field not in given or is_empty(given[field].raw):
        return False
    row = at_sites.rows.get(click.site_id or 0, {}).get(click.code)
    return row is None or not same_given(fields[field], given[field], shown_raw(row), row.unit)


def take_clicked(assessment: Assessment, clicks: Sequence[Click]) -> str:
    """Take over what was clicked and say on the next page what became of it; returns the field where to land."""
    if len(clicks) > 1:
        take_several(assessment, clicks)
        return clicks[0].code
    (click,) = clicks
    try:
        take_over(db(), actor(), assessment=assessment, click=click, now=now())
    except Conflict:
        warn(
            N_("{code}: somebody saved another answer meanwhile. Look at it and choose again."),
            code=click.code,
        )
    except Refused as refusal:
        refuse(refusal.problem)
    else:
        tell(N_("{code} was taken over from the carbon register."), code=click.code)
    return field_of(click.code, click.site_id)


def take_several(assessment: Assessment, clicks: Sequence[Click]) -> None:
    """Take over several answers as they were seen, and say which were left."""
    done = take_all(db(), actor(), assessment=assessment, clicks=clicks, now=now())
    if done.stored:
        tell(N_("Taken over from the carbon register: {codes}."), codes=", ".join(done.stored))
    if done.left:
        words = N_("Left as they stand, because something changed meanwhile: {codes}. Look at them again.")
        warn(words, codes=", ".join(done.left))


def register_lookup(
    case: Case, answers: Mapping[str, Answer], reopened: Collection[str], register: Known | None
) -> Callable[[str], RegisterNote | None]:
    """A function from the name of a field to its note; the register is read when the first note is asked for,
    unless it was read already."""
    known = {entry.indicator for entry in case.questionnaire.register}

    @cache
    def everything() -> Mapping[Key, Beside]:
        return beside_register(db(), case, answers, register)

    def note(field: str) -> RegisterNote | None:
        code, site_id = code_and_site(field)
        one = everything().get((code, site_id)) if code in known else None
        if one is None:
            return None
        editable = editable_in(case, reopened)
        sites = [there for (of, site), there in everything().items() if of == code and site is not None]
        if site_id is None and sites:
            found = note_of_all_sites(case, one, sites, locale(), editable)
        else:
            found = register_note(case, one, locale(), editable)
        return None if found.says_nothing else found

    return note


def editable_in(case: Case, reopened: Collection[str]) -> Callable[[str], bool]:
    """Whether an answer may be changed now; `reopened` are those of a returned assessment that may."""
    return lambda code: may_edit(case.assessment.state, code, frozenset(reopened))
