"""Asking for jobs, holding them while they run, stopping them. Each function is one statement or one small change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, or_, update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound
from portal.core.problems import Problem
from portal.operations.journal import note
from portal.store.jobs import OPEN, Job, job_by_id, newest_job

# A worker says every second that it lives; after this long without a word another may take its job.
SILENT = timedelta(seconds=15)
MOST_ATTEMPTS = 3
MOST_PROBLEMS_KEPT = 200


def ask(
    session: Session, actor: Actor, *, kind: str, subject_id: int, arguments: Mapping[str, Any], now: datetime
) -> Job:
    """Put a job into the table; the door rings for a worker after the commit.

    An open job of the same kind with the same arguments about the same thing is returned instead of a second one.
    """
    known = newest_job(session, subject_id, kind)
    if (
        known is not None
        and known.state in OPEN
        and known.arguments == dict(arguments)
        and not known.cancel_asked_at
    ):
        return known
    job = Job(
        kind=kind,
        subject_id=subject_id,
        arguments=dict(arguments),
        state="queued",
        asked_by_id=actor.user_id,
        asked_at=now,
    )
    session.add(job)
    session.flush()
    note(
        session,
        actor,
        f"{kind}.asked",
        thing="job",
        thing_id=job.id,
        to_state="queued",
        details={"subject": subject_id, **arguments},
        now=now,
    )
    return job


def cancel(session: Session, actor: Actor, *, job_id: int, now: datetime) -> Job:
    """Ask for a job to stop: a waiting one is cancelled at once, a running one as soon as its worker looks.

    A finished job stays as it is. Raises NotFound.
    """
    job = job_by_id(session, job_id)
    if job is None:
        raise NotFound
    waiting = update(Job).where(Job.id == job_id, Job.state == "queued")
    stopped = _changed(session, waiting.values(state="cancelled", finished_at=now, cancel_asked_at=now))
    if not stopped:
        running = update(Job).where(Job.id == job_id, Job.state == "running", Job.cancel_asked_at.is_(None))
        stopped = _changed(session, running.values(cancel_asked_at=now))
    if stopped:
        note(session, actor, "job.cancelled", thing="job", thing_id=job_id, from_state=job.state, now=now)
    session.flush()
    session.refresh(job)
    return job


def claim(session: Session, *, job_id: int, token: str, now: datetime) -> Job | None:
    """Take a waiting job, or one whose worker fell silent; None when it is not to be had."""
    silent = and_(Job.state == "running", or_(Job.beat_at.is_(None), Job.beat_at < now - SILENT))
    taken = _changed(
        session,
        update(Job)
        .where(Job.id == job_id, or_(Job.state == "queued", silent))
        .values(
            state="running",
            claim=token,
            attempts=Job.attempts + 1,
            started_at=now,
            beat_at=now,
            step="",
            done=0,
            of=0,
        ),
    )
    return job_by_id(session, job_id) if taken else None


def beat(session: Session, *, job_id: int, token: str, at: tuple[str, int, int], now: datetime) -> bool:
    """Say that the job is alive and at (step, done, of). False when it is to stop or is held by another."""
    step, done, of = at
    held = update(Job).where(Job.id == job_id, Job.claim == token, Job.state == "running")
    if not _changed(session, held.values(beat_at=now, step=step, done=done, of=of)):
        return False
    job = session.get(Job, job_id, populate_existing=True)
    return job is not None and job.cancel_asked_at is None


def settle(
    session: Session,
    *,
    job_id: int,
    token: str,
    state: str,
    now: datetime,
    outcome: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
    count: int | None = None,
) -> bool:
    """End a job as done, failed or cancelled; False (and nothing changed) when another worker holds it by now."""
    return _changed(
        session,
        update(Job)
        .where(Job.id == job_id, Job.claim == token, Job.state == "running")
        .values(
            state=state,
            finished_at=now,
            outcome=dict(outcome) if outcome is not None else None,
            problems=[plain(problem) for problem in problems[:MOST_PROBLEMS_KEPT]] or None,
            problem_count=len(problems) if count is None else count,
        ),
    )


def give_back(session: Session, *, job_id: int, token: str) -> None:
    """Put a job back among the waiting, because its worker is stopping."""
    held = update(Job).where(Job.id == job_id, Job.claim == token, Job.state == "running")
    _changed(session, held.values(state="queued", claim="", attempts=Job.attempts - 1, step="", done=0, of=0))


def plain(problem: Problem) -> dict[str, Any]:
    """A problem as it is stored: numbers as whole numbers or text."""
    values = {k: v if isinstance(v, int) else str(v) for k, v in problem.values.items()}
    return {"code": problem.code, "where": problem.where, "values": values}


def problems_of(job: Job) -> list[Problem]:
    """Why a job failed."""
    return [Problem(p["code"], p["where"], p["values"]) for p in job.problems or []]


def _changed(session: Session, statement: Any) -> bool:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return isinstance(result, CursorResult) and result.rowcount == 1
