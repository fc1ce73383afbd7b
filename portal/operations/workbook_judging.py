"""What a filled workbook would change, answer by answer, measured against what stands now. Stores nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from portal.core.problems import Problem
from portal.core.questionnaire.kinds import read
from portal.core.questionnaire.model import Indicator, indicators_of
from portal.core.questionnaire.path import walk
from portal.core.questionnaire.reading import Value, is_blank
from portal.core.questionnaire.sites import effective_answers, may_differ
from portal.core.workbook.cells import (
    Cells,
    Taken,
    at_site,
    code_of,
    entries_of,
    fixed_rows,
    placed,
    site_of,
    taken_of,
)
from portal.files.answer_workbooks import AnswerWorkbook
from portal.operations.answer_workbook import answered_by_sites, concerns, editable_codes
from portal.operations.answering import Given, same_given, shown_before, shown_raw
from portal.operations.scoring import Case
from portal.operations.sites_of_case import says_something
from portal.store.answers import answers_of
from portal.store.site_answers import AnyAnswer, SiteAnswer, SiteAnswers, chosen_sites, site_answers_of

TAKEABLE = ("new", "changed")
ASKED = ("conflict", "emptied")
MOST_TOLD = 20


@dataclass(frozen=True)
class Difference:
    """One answer that the file would change or cannot. `group`: new, changed, conflict (somebody answered since the
    download), emptied, unreadable, locked, closed (not asked with the answers of the file).

    `given` is what the file says, made from the version the file showed; `value` as read, None where it is empty or
    unreadable; `stands` the answer as it stands, `version` its version; `place` the first cell, `places` all of them.
    `key` is the row key, with `site_id` and `site` where a site answers.
    """

    key: str
    code: str
    group: str
    given: Given
    value: Value | None
    stands: AnyAnswer | None
    version: int
    place: str
    places: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    site_id: int | None = None
    site: str = ""


@dataclass(frozen=True)
class Judged:
    """All differences in the questionnaire's order, how many answers say what stands, and what a person should see."""

    differences: tuple[Difference, ...]
    unchanged: int
    notes: tuple[Problem, ...] = field(default=())


def judge(session: Session, case: Case, book: AnswerWorkbook) -> Judged:
    """Compare a workbook with the live answers of `case`; what would not be asked is told by `with_closed`."""
    editable = editable_codes(session, case)
    found: list[Difference] = []
    unchanged, left_out = 0, []
    at_sites = site_answers_of(session, case.assessment.id)
    by_question = _by_question(book)
    for part in _parts(session, case, at_sites):
        asked = [i for i in part.indicators if i.code in book.identity.versions]
        versions = {code_of(i.code): int(book.identity.versions[i.code]) for i in asked}
        shown = shown_before(session, case.assessment, versions, part.rows, part.site_id)
        for indicator in asked:
            code = code_of(indicator.code)
            if not any(key in book.cells for key in fixed_rows(indicator)):
                if _says_nothing_else(case, indicator, part):
                    continue
                left_out.append(f"{code} {part.site}".strip())
                continue
            before, stands = shown.get(code, (None, None)), part.rows.get(code)
            taken = _taken(indicator, book, by_question.get(indicator.code, {}))
            one = _difference(indicator, book, taken, versions[code], before, stands)
            if one is None:
                unchanged += stands is not None and shown_raw(stands) is not None
            else:
                group = one.group if code in editable else "locked"
                found.append(replace(one, group=group, site_id=part.site_id, site=part.site))
    order = {i.code: at for at, i in enumerate(indicators_of(case.questionnaire))}
    found.sort(key=lambda one: order[one.code])
    notes = book.notes
    if left_out:
        notes += (Problem("workbook_rows_left_out", ", ".join(left_out), {"count": len(left_out)}),)
    notes += _site_notes(session, case, book, at_sites)
    return Judged(tuple(found), unchanged, notes)


def _says_nothing_else(case: Case, indicator: Indicator, part: _Part) -> bool:
    """Whether the company's answer holds at a site, so that a missing line takes nothing away."""
    own = part.rows.get(code_of(indicator.code))
    return (
        part.site_id is not None
        and not answered_by_sites(case, indicator)
        and not (isinstance(own, SiteAnswer) and says_something(own))
    )


def with_closed(
    case: Case, differences: Collection[Difference], taken: Collection[str] | None = None
) -> Iterator[Difference]:
    """The differences, those to questions that would not be asked marked closed. `taken`: the keys that are taken
    over; None for all that can be without a decision."""
    wanted = [d for d in differences if (d.group in TAKEABLE if taken is None else d.key in taken)]
    path = walk(case.questionnaire, case.assessment.roles, _answers_with(case, wanted), short=case.short)
    for one in differences:
        closed = one.code not in path.open and one.group in (*TAKEABLE, *ASKED)
        yield replace(one, group="closed") if closed else one


def _answers_with(case: Case, wanted: Collection[Difference]) -> Mapping[str, Value]:
    """The answers that would count once these are taken over."""
    sites = case.sites
    group = {d.code: d.value for d in wanted if d.site_id is None}
    if sites is None:
        return _given(dict(case.answers) | group)
    before = {code: value for code, value in case.answers.items() if code not in sites.roll_ups}
    at_sites: dict[str, dict[str, Value | None]] = {
        code: {part.site: part.value for part in made.parts if not part.inherited}
        for code, made in sites.roll_ups.items()
    }
    keys = {number: key for key, number in sites.ids.items()}
    for one in wanted:
        if one.site_id is not None:
            own = at_sites.setdefault(one.code, {})
            own.pop(keys[one.site_id], None)
            if one.value is not None:
                own[keys[one.site_id]] = one.value
    counting = _given(before | dict(sites.group) | group)
    return effective_answers(case.questionnaire, sites.sites, counting, at_sites).answers


def _given(answers: Mapping[str, Value | None]) -> dict[str, Value]:
    return {code: value for code, value in answers.items() if value is not None}


def _site_notes(
    session: Session, case: Case, book: AnswerWorkbook, at_sites: SiteAnswers
) -> tuple[Problem, ...]:
    """What the file does not share with the sites of the assessment as they are now."""
    found: list[Problem] = []
    here = {str(site.id): site.name for site in at_sites.sites}
    names = {str(site.id): site.name for site in chosen_sites(session, case.assessment.id)}
    known = {site_of(key) for key in book.identity.versions}
    for site in dict.fromkeys(site_of(key) for key in (*book.identity.versions, *book.cells)):
        if site and site not in here:
            found.append(Problem("workbook_site_gone", names.get(site, site)))
    asked = [i.code for i in indicators_of(case.questionnaire) if answered_by_sites(case, i)]
    now_per_site = [code for code in asked if code in book.identity.versions]
    if now_per_site:
        values = {"count": len(now_per_site)}
        found.append(Problem("workbook_answered_per_site", ", ".join(now_per_site), values))
    elif asked:
        found += [Problem("workbook_site_added", name) for site, name in here.items() if site not in known]
    return tuple(found[:MOST_TOLD])


@dataclass(frozen=True)
class _Part:
    """The questions the group answers, or those one site does, and the rows that stand."""

    indicators: tuple[Indicator, ...]
    rows: Mapping[str, AnyAnswer]
    site_id: int | None = None
    site: str = ""


def _parts(session: Session, case: Case, at_sites: SiteAnswers) -> Iterator[_Part]:
    asked = [i for i in indicators_of(case.questionnaire) if concerns(case, i.code)]
    group = tuple(i for i in asked if not answered_by_sites(case, i))
    yield _Part(group, answers_of(session, case.assessment.id))
    for site in at_sites.sites:
        own = tuple(at_site(i, str(site.id)) for i in asked if answered_by_sites(case, i) or may_differ(i))
        yield _Part(own, at_sites.rows[site.id], site.id, site.name)


def _difference(
    indicator: Indicator,
    book: AnswerWorkbook,
    taken: Taken,
    base: int,
    shown: tuple[Any, str | None],
    stands: AnyAnswer | None,
) -> Difference | None:
    """How the file differs from what stands; None where it says what it showed, or what stands already."""
    given = Given(taken.raw, taken.unit, base)
    here = (shown_raw(stands), stands.unit) if stands is not None else (None, None)
    if not taken.problems and (_says(indicator, given, *shown) or _says(indicator, given, *here)):
        return None
    reading = read(indicator, taken.raw, taken.unit)
    problems = taken.problems or tuple(placed(p, taken) for p in reading.problems)
    problems = problems[:MOST_TOLD]
    version = stands.version if stands is not None else 0
    places = tuple(dict.fromkeys(taken.places.values())) or _cells_of(indicator, book)
    return Difference(
        key=indicator.code,
        code=code_of(indicator.code),
        group=_group(problems, base, version, given, here[0]),
        given=given,
        value=None if problems else reading.value,
        stands=stands,
        version=version,
        place=places[0] if places else "",
        places=places,
        problems=problems,
    )


def _group(problems: Collection[Problem], base: int, version: int, given: Given, standing: Any) -> str:
    if problems:
        return "unreadable"
    if base != version:
        return "conflict"
    if is_blank(given.raw):
        return "emptied"
    return "new" if is_blank(standing) else "changed"


def _by_question(book: AnswerWorkbook) -> dict[str, dict[str, Sequence[Cells]]]:
    """The cells of a workbook by the question, or the question at a site, that their rows belong to."""
    found: dict[str, dict[str, Sequence[Cells]]] = {}
    for key, rows in book.cells.items():
        found.setdefault(key.partition("/")[0], {})[key] = rows
    return found


def _taken(indicator: Indicator, book: AnswerWorkbook, own: Mapping[str, Sequence[Cells]]) -> Taken:
    """What the rows of one question say."""
    taken = taken_of(indicator, own)
    spoiled = [p for key, p in book.spoiled.items() if key in own]
    missing = [key for key in fixed_rows(indicator) if key not in own]
    if missing:
        spoiled.append(Problem("workbook_rows_missing", indicator.code, {"row": missing[0]}))
    told = tuple(p for at, p in enumerate(spoiled) if p not in spoiled[:at])
    return replace(taken, problems=told or taken.problems)


def _says(indicator: Indicator, given: Given, raw: Any, unit: str | None) -> bool:
    """Whether the file says no more than `raw`, as it is or as a workbook can carry it."""
    if same_given(indicator, given, raw, unit):
        return True
    echo = taken_of(indicator, entries_of(indicator, raw, unit, "en"))
    return not echo.problems and same_given(indicator, given, echo.raw, echo.unit)


def _cells_of(indicator: Indicator, book: AnswerWorkbook) -> tuple[str, ...]:
    cells = [row.get(0) for row in book.cells.get(indicator.code, ())]
    return tuple(cell.address for cell in cells if cell is not None)
