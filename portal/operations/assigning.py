"""The lead gives topics and single indicators to colleagues, takes them back, and what happens when a colleague leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.lifecycle import EDITABLE
from portal.core.problems import Problem
from portal.core.questionnaire.model import find_indicator, find_topic
from portal.core.questionnaire.path import is_never_asked
from portal.core.questionnaire.reading import is_blank, read_date
from portal.operations.journal import note
from portal.operations.scoring import Case
from portal.store.assessments import Assessment, hold
from portal.store.people import people_of, place_of
from portal.store.suppliers import Supplier
from portal.store.together import Assignment, assignment_rows, assignments_to


@dataclass(frozen=True)
class Wanted:
    """What a lead wants for one topic or indicator: the person (None: nobody), the day as typed, whether a day
    after the round's deadline is meant, and `base`, the version of the assignment the lead saw (0: none yet)."""

    person_id: int | None
    due: str
    after_deadline: bool
    base: int


def assign_work(
    session: Session,
    actor: Actor,
    *,
    case: Case,
    wanted: Mapping[str, Wanted],
    today: date,
    now: datetime,
) -> tuple[str, ...]:
    """Give, pass on or take back the subjects of `wanted` (topic or indicator codes): all of them or none.

    Returns the subjects that changed. Raises NotFound (unknown subject; a person of another company), Refused
    (locked_…), Invalid with `where` = subject: assign_day_missing, …_unreadable, …_past, assign_after_deadline,
    assigned_meanwhile, taken_back_meanwhile, colleague_gone.
    """
    assessment = case.assessment
    _hold(session, assessment)
    rows = assignment_rows(session, assessment.id)
    open_places = {place.user_id for place in people_of(session, assessment.supplier_id)}
    problems: list[Problem] = []
    decided: dict[str, tuple[int | None, date | None]] = {}
    for subject, one in wanted.items():
        _check_subject(case, subject)
        due = _day(subject, one, assessment, today, problems)
        row = rows.get(subject)
        if one.person_id is not None and one.person_id not in open_places:
            if place_of(session, one.person_id, assessment.supplier_id) is None:
                raise NotFound
            problems.append(Problem("colleague_gone", subject))
        elif (row.person_id if row else None, row.due_on if row else None) == (one.person_id, due):
            continue
        elif row is not None and row.version != one.base:
            problems.append(_meanwhile(subject, row))
        decided[subject] = (one.person_id, due)
    if problems:
        raise Invalid(problems)
    for subject, (person_id, due) in decided.items():
        row = rows.get(subject)
        if row is None:
            row = Assignment(assessment_id=assessment.id, subject=subject, version=0)
            session.add(row)
        _store(session, actor, row, assessment.supplier_id, person_id, due, now)
    return tuple(decided)


def free_work(session: Session, actor: Actor, *, supplier_id: int, user_id: int, now: datetime) -> int:
    """Take everything back that a person who leaves was to do; returns how many. The caller holds the supplier's row."""
    rows = assignments_to(session, supplier_id, user_id)
    for row in rows:
        _store(session, actor, row, supplier_id, None, None, now, action="work.freed")
    return len(rows)


def _hold(session: Session, assessment: Assessment) -> None:
    """Hold the company's people and the state of the assessment until this is committed: two leads take turns, and
    nobody gets work while their access is being ended."""
    session.get(Supplier, assessment.supplier_id, with_for_update={"key_share": True})
    hold(session, assessment)
    if assessment.state not in EDITABLE:
        raise Refused(f"locked_{assessment.state}")


def _check_subject(case: Case, subject: str) -> None:
    if find_topic(case.questionnaire, subject) is not None:
        return
    closed = case.path.closed.get(subject)
    if find_indicator(case.questionnaire, subject) is None or is_never_asked(closed):
        raise NotFound


def _meanwhile(subject: str, row: Assignment) -> Problem:
    """Another lead was faster: who, and what stands now."""
    name = row.changed_by.name
    if row.person is None or row.due_on is None:
        return Problem("taken_back_meanwhile", subject, {"name": name})
    return Problem(
        "assigned_meanwhile", subject, {"name": name, "person": row.person.name, "due": row.due_on}
    )


def _day(
    subject: str, wanted: Wanted, assessment: Assessment, today: date, problems: list[Problem]
) -> date | None:
    if wanted.person_id is None:
        return None
    deadline = assessment.round.deadline_on
    day = read_date(wanted.due, subject)
    if isinstance(day, Problem):
        code = "assign_day_missing" if is_blank(wanted.due) else "assign_day_unreadable"
        problems.append(Problem(code, subject, {"found": wanted.due.strip()[:40]}))
        return None
    if day < today:
        problems.append(Problem("assign_day_past", subject, {"found": day}))
    elif day > deadline and not wanted.after_deadline:
        problems.append(Problem("assign_after_deadline", subject, {"found": day, "deadline": deadline}))
    return day


def _store(
    session: Session,
    actor: Actor,
    row: Assignment,
    supplier_id: int,
    person_id: int | None,
    due: date | None,
    now: datetime,
    action: str = "",
) -> None:
    before = row.person_id
    row.person_id, row.due_on, row.version = person_id, due, row.version + 1
    row.changed_by_id, row.changed_at = actor.user_id or 0, now
    session.flush()
    note(
        session,
        actor,
        action or ("work.assigned" if person_id else "work.taken_back"),
        thing="assignment",
        thing_id=row.id,
        supplier_id=supplier_id,
        details={
            "assessment": row.assessment_id,
            "subject": row.subject,
            "before": before,
            "person": person_id,
            "due_on": due.isoformat() if due else None,
        },
        now=now,
    )
