"""Answer one indicator, or a page of them. Nothing typed is lost and nobody overwrites anybody unseen.

Each save names the version it was made from and is one compare-and-swap statement; the row count says who won.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select, tuple_, update
from sqlalchemy.orm import Session, joinedload

from portal.core import lifecycle
from portal.core.access import Actor
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.problems import Problem
from portal.core.questionnaire.kinds import read, to_json
from portal.core.questionnaire.model import Indicator, find_indicator, questionnaire_id
from portal.core.questionnaire.path import is_never_asked
from portal.core.questionnaire.sites import asked_per_site, may_differ
from portal.operations.given import Given, cleaned, is_empty, problems_json, same_given, shown_raw
from portal.operations.journal import note
from portal.operations.reopening import check_unlocked, reopened, returned_reasons
from portal.operations.scoring import Case, submitted_case
from portal.operations.shelves import (
    Shelf,
    change_of,
    group_shelf,
    insert_answer,
    on_shelf,
    site_shelf,
    was_changed,
)
from portal.store.answers import Answer, AnswerChange, answers_of
from portal.store.assessments import Assessment, hold
from portal.store.site_answers import AnyAnswer, SiteAnswer, SiteAnswerChange, site_answers_of

__all__ = [
    "Given",
    "PageSaved",
    "begin",
    "check_unlocked",
    "reopened",
    "returned_reasons",
    "same_given",
    "save_answer",
    "save_page",
    "save_site_answer",
    "save_site_page",
    "shown_before",
    "shown_raw",
]


@dataclass(frozen=True)
class PageSaved:
    """What became of a page of answers: codes stored now, conflicts to choose from, answers that cannot be read."""

    saved: tuple[str, ...]
    conflicts: Mapping[str, Conflict]
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)


def save_answer(
    session: Session,
    actor: Actor,
    *,
    assessment: Assessment,
    case: Case,
    code: str,
    given: Given,
    origin: str = "typed",
    now: datetime,
) -> Answer | None:
    """Store one answer and return it as it stands; None where nothing was given and nothing stands.

    `case` is the live case of the assessment; `origin` says where the answer comes from (typed, imported,
    register). What cannot be read is stored as typed, with its problem and without
    a value. Saving again what stands already changes nothing. Raises NotFound (no such indicator for this
    supplier), Refused (locked_…, answer_too_long), Conflict (mine: Given, theirs: Answer or None).
    """
    indicator = _asked(case, code)
    _hold(session, assessment, case)
    check_unlocked(assessment, code, _editable(session, case))
    stored = _save(
        session, actor, assessment, group_shelf(assessment.id), indicator, cleaned(given), origin, now
    )
    assert stored is None or isinstance(stored, Answer)
    return stored


def save_site_answer(
    session: Session,
    actor: Actor,
    *,
    assessment: Assessment,
    case: Case,
    site_id: int,
    code: str,
    given: Given,
    origin: str = "typed",
    now: datetime,
) -> SiteAnswer | None:
    """Store what one site answers, by the rules of `save_answer`.

    Raises NotFound also for a site that is not in the assessment and for an indicator that sites have no answer to.
    """
    indicator = _asked_at(case, site_id, code)
    _hold(session, assessment, case)
    check_unlocked(assessment, code, _editable(session, case))
    stored = _save(session, actor, assessment, site_shelf(site_id), indicator, cleaned(given), origin, now)
    assert stored is None or isinstance(stored, SiteAnswer)
    return stored


def save_site_page(
    session: Session,
    actor: Actor,
    *,
    assessment: Assessment,
    case: Case,
    site_id: int,
    given: Mapping[str, Given],
    now: datetime,
) -> PageSaved:
    """Store a page of one site's answers, as `save_page` does for the group."""
    indicators = {code: _asked_at(case, site_id, code) for code in given}
    _hold(session, assessment, case)
    rows = site_answers_of(session, assessment.id).rows.get(site_id, {})
    return _save_page(session, actor, case, site_shelf(site_id), indicators, given, rows, "typed", now)


def save_page(
    session: Session,
    actor: Actor,
    *,
    assessment: Assessment,
    case: Case,
    given: Mapping[str, Given],
    origin: str = "typed",
    now: datetime,
) -> PageSaved:
    """Store a page of answers, all of one origin. Fields left as they were shown are skipped; the others are saved one by one, so one
    conflict or unreadable answer keeps no good one from being stored. Raises as `save_answer`, except Conflict."""
    indicators = {code: _asked(case, code) for code in given}
    _hold(session, assessment, case)
    rows = answers_of(session, assessment.id)
    return _save_page(session, actor, case, group_shelf(assessment.id), indicators, given, rows, origin, now)


def _save_page(
    session: Session,
    actor: Actor,
    case: Case,
    shelf: Shelf,
    indicators: Mapping[str, Indicator],
    given: Mapping[str, Given],
    rows: Mapping[str, AnyAnswer],
    origin: str,
    now: datetime,
) -> PageSaved:
    editable = _editable(session, case)
    ready = {code: cleaned(one) for code, one in given.items()}
    shown = _shown_before(session, shelf, {c: g.base for c, g in ready.items()}, rows)
    saved: list[str] = []
    conflicts: dict[str, Conflict] = {}
    problems: dict[str, tuple[Problem, ...]] = {}
    for code, one in ready.items():
        indicator = indicators[code]
        if same_given(indicator, one, *shown.get(code, (None, None))):
            continue
        check_unlocked(case.assessment, code, editable)
        try:
            stored = _save(session, actor, case.assessment, shelf, indicator, one, origin, now)
        except Conflict as conflict:
            conflicts[code] = conflict
            continue
        saved.append(code)
        if stored is not None and stored.problem:
            problems[code] = read(indicator, one.raw, one.unit).problems
    return PageSaved(tuple(saved), conflicts, problems)


def _asked(case: Case, code: str) -> Indicator:
    """The indicator, if this supplier can come to be asked it: one closed by role is not there at all."""
    indicator = find_indicator(case.questionnaire, code)
    closed = case.path.closed.get(code)
    if indicator is None or is_never_asked(closed):
        raise NotFound
    return indicator


def _asked_at(case: Case, site_id: int, code: str) -> Indicator:
    """The indicator, if a site that is in the assessment can have an answer of its own to it."""
    indicator = _asked(case, code)
    if case.sites is None or site_id not in case.sites.ids.values():
        raise NotFound
    if not (asked_per_site(indicator) or may_differ(indicator)):
        raise NotFound
    return indicator


def _hold(session: Session, assessment: Assessment, case: Case) -> None:
    """Read the state again and keep it until this change is committed: no answer slips in behind a submission, or
    behind a move to a newer version (Refused version_moved).

    SQLite's writers wait for each other anyway; PostgreSQL locks the assessment's row.
    """
    hold(session, assessment)
    if assessment.questionnaire != questionnaire_id(case.questionnaire):
        raise Refused("version_moved")


def _editable(session: Session, case: Case) -> frozenset[str]:
    if case.assessment.state != "returned":
        return frozenset()
    returned = returned_reasons(session, case.assessment)
    return reopened(case, submitted_case(session, case.assessment), returned)


def _save(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    shelf: Shelf,
    indicator: Indicator,
    given: Given,
    origin: str,
    now: datetime,
) -> AnyAnswer | None:
    stored = _standing(session, shelf, indicator.code)
    if _stands(indicator, given, origin, stored):
        return stored
    if (stored.version if stored else 0) != given.base or not _swap(
        session, shelf, indicator, given, origin, actor, now
    ):
        theirs = _standing(session, shelf, indicator.code)
        if _stands(indicator, given, origin, theirs):
            return theirs
        raise Conflict(mine=given, theirs=theirs)
    answer = _standing(session, shelf, indicator.code)
    assert answer is not None
    session.add(change_of(answer))
    begin(session, actor, assessment, now)
    session.flush()
    return answer


def _standing(session: Session, shelf: Shelf, code: str) -> AnyAnswer | None:
    """The answer as it stands in the database now."""
    table = shelf.answers
    found = session.scalar(
        select(table)
        .options(joinedload(table.changed_by))
        .where(on_shelf(shelf, table), table.indicator == code)
        .execution_options(populate_existing=True)
    )
    assert found is None or isinstance(found, Answer | SiteAnswer)
    return found


def _stands(indicator: Indicator, given: Given, origin: str, stored: AnyAnswer | None) -> bool:
    """Whether there is nothing to store. What the register says replaces an equal answer of another origin, so that
    the answer can be traced; nothing else does."""
    if stored is None:
        return is_empty(given.raw)
    if origin == "register" != stored.origin:
        return False
    return stored.confirmed and same_given(indicator, given, shown_raw(stored), stored.unit)


def _swap(
    session: Session,
    shelf: Shelf,
    indicator: Indicator,
    given: Given,
    origin: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """One statement that changes the answer only if it still has the version the person saw."""
    reading = read(indicator, given.raw, given.unit)
    values: dict[str, Any] = {
        "value": None if reading.value is None else to_json(indicator, reading.value),
        "typed": None if is_empty(given.raw) else given.raw,
        "unit": reading.unit or None,
        "problem": problems_json(reading.problems),
        "origin": origin,
        "confirmed": True,
        "version": given.base + 1,
        "changed_by_id": actor.user_id,
        "changed_at": now,
    }
    table = shelf.answers
    if given.base:
        statement = update(table).where(
            on_shelf(shelf, table), table.indicator == indicator.code, table.version == given.base
        )
        result = session.execute(statement.values(**values).execution_options(synchronize_session=False))
        return was_changed(result)
    return insert_answer(session, shelf, indicator.code, values)


def begin(session: Session, actor: Actor, assessment: Assessment, now: datetime) -> None:
    """The first answer, or the first evidence behind one, moves an invited assessment on."""
    if assessment.state != "invited":
        return
    assessment.state = lifecycle.after("invited", "begin")
    assessment.state_at = now
    note(
        session,
        actor,
        "assessment.begun",
        thing="assessment",
        thing_id=assessment.id,
        supplier_id=assessment.supplier_id,
        from_state="invited",
        to_state=assessment.state,
        now=now,
    )


def shown_before(
    session: Session,
    assessment: Assessment,
    bases: Mapping[str, int],
    rows: Mapping[str, AnyAnswer],
    site_id: int | None = None,
) -> dict[str, tuple[Any, str | None]]:
    """What the answers of the group, or of one site, were, raw and unit, in the versions `bases` by code; `rows` are
    the present ones. Codes answered in no such version are absent."""
    return _shown_before(
        session, group_shelf(assessment.id) if site_id is None else site_shelf(site_id), bases, rows
    )


def _shown_before(
    session: Session, shelf: Shelf, bases: Mapping[str, int], rows: Mapping[str, AnyAnswer]
) -> dict[str, tuple[Any, str | None]]:
    """What each field showed, by the version it was shown in: the present answer or an earlier one."""
    shown: dict[str, tuple[Any, str | None]] = {}
    earlier: list[tuple[str, int]] = []
    for code, base in bases.items():
        row = rows.get(code)
        if row is not None and row.version == base:
            shown[code] = (shown_raw(row), row.unit)
        elif base:
            earlier.append((code, base))
    if earlier:
        table = shelf.changes
        those: ColumnElement[bool] = and_(
            on_shelf(shelf, table), tuple_(table.indicator, table.version).in_(earlier)
        )
        for change in session.scalars(select(table).where(those)):
            assert isinstance(change, AnswerChange | SiteAnswerChange)
            shown[change.indicator] = (shown_raw(change), change.unit)
    return shown
