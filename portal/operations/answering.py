"""Answer one indicator, or a page of them. Nothing typed is lost and nobody overwrites anybody unseen.

Each save names the version it was made from and is one compare-and-swap statement; the row count says who won.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.core import lifecycle
from portal.core.access import Actor
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.problems import Problem
from portal.core.questionnaire.kinds import read, to_json
from portal.core.questionnaire.model import Indicator, find_indicator
from portal.core.questionnaire.reading import is_blank
from portal.operations.journal import note
from portal.operations.scoring import Case, submitted_case
from portal.store.answers import Answer, AnswerChange, answer_to, answers_of
from portal.store.assessments import Assessment, decisions_on, latest_submission

LONGEST_GIVEN = 400_000
HIGHEST_VERSION = 2**31 - 2


@dataclass(frozen=True)
class Given:
    """What a person gave for one indicator: `raw` text, list of keys, list of rows or None; the unit it was
    typed in; `base`, the version of the answer that the person saw (0: none yet)."""

    raw: object
    unit: str | None
    base: int


@dataclass(frozen=True)
class PageSaved:
    """What became of a page of answers: codes stored now, conflicts to choose from, answers that cannot be read."""

    saved: tuple[str, ...]
    conflicts: Mapping[str, Conflict]
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)


def returned_reasons(session: Session, assessment: Assessment) -> dict[str, str]:
    """The indicators a reviewer sent back with the newest submission, each with the reason given to the supplier."""
    submission = latest_submission(session, assessment.id)
    if assessment.state != "returned" or submission is None:
        return {}
    return {
        code: decision.reason
        for code, decision in decisions_on(session, assessment.id).items()
        if decision.kind == "returned" and decision.submission_id == submission.id
    }


def reopened(live: Case, sent: Case | None, returned: Mapping[str, str]) -> frozenset[str]:
    """What may be changed in a returned assessment: the named indicators, and questions that came into play only
    through their new answers; those were never asked before and would otherwise block for ever."""
    new = live.path.open - sent.path.open if sent else frozenset()
    return frozenset(returned) | new


def check_unlocked(assessment: Assessment, code: str, editable: frozenset[str]) -> None:
    """Raise Refused saying why the answer is locked and who can lift it."""
    if lifecycle.may_edit(assessment.state, code, editable):
        return
    if assessment.state == "returned":
        raise Refused("locked_not_returned", indicator=code)
    raise Refused(f"locked_{assessment.state}")


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
    _hold(session, assessment)
    check_unlocked(assessment, code, _editable(session, case))
    return _save(session, actor, assessment, indicator, _cleaned(given), origin, now)


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
    _hold(session, assessment)
    editable = _editable(session, case)
    rows = answers_of(session, assessment.id)
    cleaned = {code: _cleaned(one) for code, one in given.items()}
    shown = _shown_before(session, assessment.id, {c: g.base for c, g in cleaned.items()}, rows)
    saved: list[str] = []
    conflicts: dict[str, Conflict] = {}
    problems: dict[str, tuple[Problem, ...]] = {}
    for code, one in cleaned.items():
        indicator = _asked(case, code)
        if same_given(indicator, one, *shown.get(code, (None, None))):
            continue
        check_unlocked(assessment, code, editable)
        try:
            stored = _save(session, actor, assessment, indicator, one, origin, now)
        except Conflict as conflict:
            conflicts[code] = conflict
            continue
        saved.append(code)
        if stored is not None and stored.problem:
            problems[code] = read(indicator, one.raw, one.unit).problems
    return PageSaved(tuple(saved), conflicts, problems)


def shown_raw(row: Answer | AnswerChange) -> Any:
    """What a field shows for a stored answer: exactly what was typed, else the stored value."""
    return row.value if row.typed is None else row.typed


def same_given(indicator: Indicator, given: Given, raw: object, unit: str | None) -> bool:
    """Whether `given` says nothing else than `raw` typed in `unit`."""
    if _is_empty(given.raw) or _is_empty(raw):
        return _is_empty(given.raw) and _is_empty(raw)
    return _comparable(given.raw) == _comparable(raw) and (
        (given.unit or indicator.unit) == (unit or indicator.unit)
    )


def _asked(case: Case, code: str) -> Indicator:
    """The indicator, if this supplier can come to be asked it: one closed by role is not there at all."""
    indicator = find_indicator(case.questionnaire, code)
    closed = case.path.closed.get(code)
    if indicator is None or (closed is not None and closed.reason == "role"):
        raise NotFound
    return indicator


def _hold(session: Session, assessment: Assessment) -> None:
    """Read the state again and keep it until this change is committed: no answer slips in behind a submission.

    SQLite's writers wait for each other anyway; PostgreSQL locks the assessment's row.
    """
    session.refresh(assessment, ["state"], with_for_update={"key_share": True})


def _editable(session: Session, case: Case) -> frozenset[str]:
    if case.assessment.state != "returned":
        return frozenset()
    returned = returned_reasons(session, case.assessment)
    return reopened(case, submitted_case(session, case.assessment), returned)


def _save(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    indicator: Indicator,
    given: Given,
    origin: str,
    now: datetime,
) -> Answer | None:
    stored = answer_to(session, assessment.id, indicator.code)
    if _stands(indicator, given, origin, stored):
        return stored
    if (stored.version if stored else 0) != given.base or not _swap(
        session, assessment.id, indicator, given, origin, actor, now
    ):
        theirs = answer_to(session, assessment.id, indicator.code)
        if _stands(indicator, given, origin, theirs):
            return theirs
        raise Conflict(mine=given, theirs=theirs)
    answer = answer_to(session, assessment.id, indicator.code)
    assert answer is not None
    session.add(_change(answer))
    begin(session, actor, assessment, now)
    session.flush()
    return answer


def _stands(indicator: Indicator, given: Given, origin: str, stored: Answer | None) -> bool:
    """Whether there is nothing to store. What the register says replaces an equal answer of another origin, so that
    the answer can be traced; nothing else does."""
    if stored is None:
        return _is_empty(given.raw)
    if origin == "register" != stored.origin:
        return False
    return stored.confirmed and same_given(indicator, given, shown_raw(stored), stored.unit)


def _swap(
    session: Session,
    assessment_id: int,
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
        "typed": None if _is_empty(given.raw) else given.raw,
        "unit": reading.unit or None,
        "problem": _problems_json(reading.problems),
        "origin": origin,
        "confirmed": True,
        "version": given.base + 1,
        "changed_by_id": actor.user_id,
        "changed_at": now,
    }
    if given.base:
        statement = update(Answer).where(
            Answer.assessment_id == assessment_id,
            Answer.indicator == indicator.code,
            Answer.version == given.base,
        )
        result = session.execute(statement.values(**values).execution_options(synchronize_session=False))
    else:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        result = session.execute(
            insert(Answer)
            .values(assessment_id=assessment_id, indicator=indicator.code, **values)
            .on_conflict_do_nothing(index_elements=["assessment_id", "indicator"])
            .execution_options(preserve_rowcount=True)
        )
    changed: int = result.rowcount  # type: ignore[attr-defined]  # a changing statement has a row count
    if changed < 0:
        raise RuntimeError("the database did not say whether the answer was changed")
    return changed == 1


def _change(answer: Answer) -> AnswerChange:
    return AnswerChange(
        assessment_id=answer.assessment_id,
        indicator=answer.indicator,
        version=answer.version,
        value=answer.value,
        typed=answer.typed,
        unit=answer.unit,
        changed_by_id=answer.changed_by_id,
        changed_at=answer.changed_at,
    )


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


def _shown_before(
    session: Session, assessment_id: int, bases: Mapping[str, int], rows: Mapping[str, Answer]
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
        those: ColumnElement[bool] = and_(
            AnswerChange.assessment_id == assessment_id,
            tuple_(AnswerChange.indicator, AnswerChange.version).in_(earlier),
        )
        for change in session.scalars(select(AnswerChange).where(those)):
            shown[change.indicator] = (shown_raw(change), change.unit)
    return shown


def _problems_json(problems: Sequence[Problem]) -> list[dict[str, Any]] | None:
    kept = [
        {
            "code": p.code,
            "where": p.where,
            "values": {k: v if isinstance(v, int) else str(v) for k, v in p.values.items()},
        }
        for p in problems
    ]
    return kept or None


def _cleaned(given: Given) -> Given:
    raw = _storable(given.raw)
    if len(json.dumps(raw)) > LONGEST_GIVEN:
        raise Refused("answer_too_long", most=LONGEST_GIVEN)
    unit = _storable_text(given.unit)[:40] if given.unit else None
    return Given(raw, unit, min(max(given.base, 0), HIGHEST_VERSION))


def _storable(raw: object, deeper: bool = True) -> Any:
    """`raw` as plain JSON that every store takes: texts, lists of texts, lists of rows of texts."""
    if raw is None or isinstance(raw, str):
        return None if raw is None else _storable_text(raw)
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, Decimal):
        return format(raw, "f")
    if isinstance(raw, list | tuple) and deeper:
        return [_row(item) for item in raw]
    return _storable_text(str(raw))


def _row(item: object) -> Any:
    if isinstance(item, Mapping):
        return {
            _storable_text(str(k)): "" if v is None else _storable(v, deeper=False) for k, v in item.items()
        }
    return _storable(item, deeper=False)


def _storable_text(text: str) -> str:
    """Line ends as one newline; halves of broken characters, which no database takes, become a question mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode()


def _is_empty(raw: object) -> bool:
    """Whether nothing was given. An empty list is something: none of these, no rows."""
    return is_blank(raw)


def _comparable(raw: object) -> object:
    """Empty and absent cells say the same, and so does the order in which boxes were ticked."""
    if not isinstance(raw, list | tuple):
        return raw
    if all(isinstance(item, str) for item in raw):
        return sorted(raw)
    return [{k: v for k, v in item.items() if v != ""} if isinstance(item, Mapping) else item for item in raw]
