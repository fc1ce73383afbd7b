"""Where answers lie: the group's and each site's, in tables alike but for their owner's column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import Indicator
from portal.core.questionnaire.reading import Value
from portal.store.answers import Answer, AnswerChange
from portal.store.site_answers import AnyAnswer, SiteAnswer, SiteAnswerChange

_KEPT = ("indicator", "version", "value", "typed", "unit", "changed_by_id", "changed_at")


@dataclass(frozen=True)
class Shelf:
    """Where answers lie: those of the group, or those of one site. The tables differ in their owner's column only."""

    answers: type[Answer] | type[SiteAnswer]
    changes: type[AnswerChange] | type[SiteAnswerChange]
    owner: str
    owner_id: int


def group_shelf(assessment_id: int) -> Shelf:
    """The group's answers of an assessment."""
    return Shelf(Answer, AnswerChange, "assessment_id", assessment_id)


def site_shelf(site_id: int) -> Shelf:
    """The answers of one site of an assessment."""
    return Shelf(SiteAnswer, SiteAnswerChange, "site_id", site_id)


def on_shelf(shelf: Shelf, table: type[Any]) -> ColumnElement[bool]:
    """The condition that a row of `table` lies on this shelf."""
    owner: ColumnElement[bool] = getattr(table, shelf.owner) == shelf.owner_id
    return owner


def change_of(answer: AnyAnswer, **otherwise: Any) -> AnswerChange | SiteAnswerChange:
    """The history row of an answer as it stands, with the columns of `otherwise` where they are known better."""
    shelf = group_shelf(answer.assessment_id) if isinstance(answer, Answer) else site_shelf(answer.site_id)
    values = {name: getattr(answer, name) for name in _KEPT} | otherwise
    return shelf.changes(**{shelf.owner: shelf.owner_id}, **values)


def insert_answer(session: Session, shelf: Shelf, code: str, values: Mapping[str, Any]) -> bool:
    """Add an answer in one statement unless one stands already; whether it was added."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    result = session.execute(
        insert(shelf.answers)
        .values({shelf.owner: shelf.owner_id, "indicator": code, **values})
        .on_conflict_do_nothing(index_elements=[shelf.owner, "indicator"])
        .execution_options(preserve_rowcount=True)
    )
    return was_changed(result)


def was_changed(result: Any) -> bool:
    """Whether a statement on one answer changed it. Raises RuntimeError where the database does not say."""
    changed: int = result.rowcount
    if changed < 0:
        raise RuntimeError("the database did not say whether the answer was changed")
    return changed == 1


def add_carried(
    session: Session,
    actor: Actor,
    shelf: Shelf,
    indicator: Indicator,
    value: Value,
    now: datetime,
    cleared: int = 0,
) -> bool:
    """Add a carried answer, to be confirmed, unless somebody answered in this moment; whether it was added. `cleared` is
    the version of an answer that was cleared and is written again, 0 where none stands."""
    values = {
        "value": to_json(indicator, value),
        "version": cleared + 1,
        "changed_by_id": actor.user_id,
        "changed_at": now,
    }
    if not _put(session, shelf, indicator.code, {**values, "origin": "carried", "confirmed": False}, cleared):
        return False
    session.add(shelf.changes(**{shelf.owner: shelf.owner_id}, indicator=indicator.code, **values))
    return True


def _put(session: Session, shelf: Shelf, code: str, values: Mapping[str, Any], cleared: int) -> bool:
    if not cleared:
        return insert_answer(session, shelf, code, values)
    table = shelf.answers
    result = session.execute(
        update(table)
        .where(on_shelf(shelf, table), table.indicator == code, table.version == cleared)
        .values(**values, typed=None, unit=None, problem=None)
        .execution_options(synchronize_session=False)
    )
    return was_changed(result)
