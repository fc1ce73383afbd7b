"""Notes between a supplier's colleagues, one thread per indicator. The buyer's side never reads them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.problems import Problem
from portal.core.questionnaire.model import find_indicator
from portal.core.questionnaire.path import is_never_asked
from portal.core.questionnaire.reading import unprintable
from portal.operations.journal import note
from portal.operations.scoring import Case
from portal.store.assessments import hold
from portal.store.together import ColleagueNote, thread_of

LONGEST = 2000


def write_note(
    session: Session, actor: Actor, *, case: Case, code: str, text: str, now: datetime
) -> ColleagueNote:
    """Add a note to the thread of an indicator; a resolved thread is open again with it.

    The same words again by the same person right after are the same note. Raises NotFound, Invalid at the field
    "text" (note_missing, note_too_long, text_unprintable).
    """
    written = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    problem = _judge(written)
    _check(case, code)
    if problem is not None:
        raise Invalid([problem])
    lines = _held_thread(session, case, code)
    last = lines[-1] if lines else None
    if last is not None and last.written_by_id == actor.user_id and last.text == written:
        return last
    return _add(session, actor, case, code, lines, "note", written, now)


def settle_thread(
    session: Session, actor: Actor, *, case: Case, code: str, resolved: bool, base: int, now: datetime
) -> ColleagueNote:
    """Mark a thread as resolved, or open it again; `base` is the number of the last line the person saw.

    Raises NotFound (no thread), Conflict (theirs: the newest line) when a colleague wrote meanwhile.
    """
    _check(case, code)
    lines = _held_thread(session, case, code)
    if not lines:
        raise NotFound
    last = lines[-1]
    if (last.kind == "resolved") == resolved:
        return last
    if last.number != base:
        raise Conflict(mine=resolved, theirs=last)
    return _add(session, actor, case, code, lines, "resolved" if resolved else "reopened", "", now)


def _check(case: Case, code: str) -> None:
    closed = case.path.closed.get(code)
    if find_indicator(case.questionnaire, code) is None or is_never_asked(closed):
        raise NotFound


def _judge(text: str) -> Problem | None:
    if not text:
        return Problem("note_missing", "text")
    if len(text) > LONGEST:
        return Problem("note_too_long", "text", {"length": len(text), "most": LONGEST})
    return Problem("text_unprintable", "text") if unprintable(text) else None


def _held_thread(session: Session, case: Case, code: str) -> list[ColleagueNote]:
    """The thread as it stands; who adds to it next waits until this is committed, so no line is lost."""
    hold(session, case.assessment)
    return thread_of(session, case.assessment.id, code)


def _add(
    session: Session,
    actor: Actor,
    case: Case,
    code: str,
    lines: list[ColleagueNote],
    kind: str,
    text: str,
    now: datetime,
) -> ColleagueNote:
    row = ColleagueNote(
        assessment_id=case.assessment.id,
        indicator=code,
        number=(lines[-1].number if lines else 0) + 1,
        kind=kind,
        text=text,
        written_by_id=actor.user_id,
        written_at=now,
    )
    session.add(row)
    session.flush()
    note(
        session,
        actor,
        "colleague_note.written" if kind == "note" else f"colleague_note.{kind}",
        thing="colleague_note",
        thing_id=row.id,
        supplier_id=case.assessment.supplier_id,
        details={"assessment": case.assessment.id, "indicator": code, "number": row.number},
        now=now,
    )
    return row
