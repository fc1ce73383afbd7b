"""Which set of questions an assessment asks: the full one, or the short one for small suppliers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound, Refused
from portal.files.questionnaires import find_questionnaire
from portal.operations.journal import note
from portal.store.answers import Answer
from portal.store.assessments import Assessment, assessment_for_staff, hold


def has_short_set(questionnaire: str) -> bool:
    """Whether a questionnaire version declares a short set."""
    return find_questionnaire(questionnaire).short_set is not None


def check_short_set(questionnaire: str) -> None:
    """Raises Refused("short_set_none") where the version declares no short set."""
    if not has_short_set(questionnaire):
        raise Refused("short_set_none", questionnaire=questionnaire)


def is_untouched(session: Session, assessment: Assessment) -> bool:
    """Whether the supplier has not begun: still invited, and nothing answered."""
    if assessment.state != "invited":
        return False
    return not session.scalar(select(func.count()).where(Answer.assessment_id == assessment.id))


def choose_set(
    session: Session, actor: Actor, *, assessment_id: int, short: bool, now: datetime
) -> Assessment:
    """Ask the short set, or the full one, as long as the supplier has not begun; nothing happens when it is so already.

    Raises NotFound; Refused: short_set_begun, short_set_none.
    """
    found = assessment_for_staff(session, assessment_id)
    if found is None:
        raise NotFound
    if short:
        check_short_set(found.questionnaire)
    hold(session, found)
    if not is_untouched(session, found):
        raise Refused("short_set_begun", name=found.supplier.name)
    if found.short == short:
        return found
    changed = session.execute(
        update(Assessment)
        .where(Assessment.id == assessment_id, Assessment.state == "invited")
        .values(short=short)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE result always has a row count
        raise Refused("short_set_begun", name=found.supplier.name)
    session.refresh(found, ["short"])
    note(
        session,
        actor,
        "assessment.set_chosen",
        thing="assessment",
        thing_id=assessment_id,
        supplier_id=found.supplier_id,
        details={"short": short},
        now=now,
    )
    return found
