"""Doing one job: hold it, show that it lives, let it be stopped, end it in the same transaction as what it made."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.vault import Vault
from portal.operations.jobs import MOST_ATTEMPTS, beat, claim, give_back, settle
from portal.settings import Settings
from portal.store.engine import reading, writing
from portal.store.jobs import Job, job_by_id

BEAT_SECONDS = 0.5
log = structlog.get_logger("upstream.jobs")


class Stopped(Exception):
    """The job was cancelled, or another worker holds it by now."""


@dataclass(frozen=True)
class Place:
    """Where work is done: the database, the vault, the settings and the clock; `closing` once the worker is to end.

    `inside` is the session in which all of it happens, where somebody does a job in a transaction of their own.
    """

    engine: Engine
    vault: Vault
    settings: Settings
    clock: Callable[[], datetime]
    closing: Callable[[], bool] = lambda: False
    inside: Session | None = None


@dataclass(frozen=True)
class Task:
    """A job under way. `tell(step, done, of)` shows progress and raises Stopped; `stop()` says whether to end early."""

    id: int
    kind: str
    subject_id: int
    arguments: Mapping[str, Any]
    actor: Actor
    tell: Callable[[str, int, int], None]
    stop: Callable[[], bool]


# What a kind of job does: the long part without a transaction, then a change to make in one with the job's end.
Change = Callable[[Session], Mapping[str, Any]]
Work = Callable[[Place, Task], AbstractContextManager[Change]]


@contextmanager
def looking(place: Place) -> Iterator[Session]:
    """A session that only reads."""
    if place.inside is not None:
        yield place.inside
        return
    with reading(place.engine) as session:
        yield session


def work_within(session: Session, place: Place, job: Job, kinds: Mapping[str, Work]) -> None:
    """Do a job, and what follows it, inside the caller's transaction; problems are raised, not kept. For seeding."""
    token = secrets.token_hex(16)
    claim(session, job_id=job.id, token=token, now=place.clock())
    here = replace(place, inside=session)
    task = Task(job.id, job.kind, job.subject_id, job.arguments, _asker(job), lambda *_: None, lambda: False)
    with kinds[job.kind](here, task) as change:
        outcome = change(session)
    settle(session, job_id=job.id, token=token, state="done", now=place.clock(), outcome=outcome)
    session.expire_all()
    following = job_by_id(session, int(outcome.get("next_job") or 0))
    if following is not None:
        work_within(session, place, following, kinds)


def work_on(place: Place, job_id: int, kinds: Mapping[str, Work]) -> bool:
    """Do a job if it is to be had; True when this worker did it to any end.

    Doing it twice is harmless: only the worker that holds the job at its end stores anything.
    """
    token = secrets.token_hex(16)
    with writing(place.engine) as session:
        job = claim(session, job_id=job_id, token=token, now=place.clock())
        session.commit()
    if job is None:
        return False
    if job.attempts > MOST_ATTEMPTS:
        _end(place, job, token, "failed", [Problem("job_gave_up", values={"times": MOST_ATTEMPTS})])
        return True
    following = 0
    try:
        with _alive(place, job, token) as task, kinds[job.kind](place, task) as change:
            following = _keep(place, job, token, change, task)
    except Stopped:
        _end_early(place, job, token)
    except Invalid as invalid:
        _end(place, job, token, "failed", list(invalid.problems))
    except Refused as refused:
        _end(place, job, token, "failed", [refused.problem])
    except NotFound:
        _end(place, job, token, "failed", [Problem("job_thing_gone")])
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("job failed", job=job.id, kind=job.kind, reference=reference)
        _end(place, job, token, "failed", [Problem("job_broke", values={"reference": reference})])
    if following:
        work_on(place, following, kinds)
    return True


def _keep(place: Place, job: Job, token: str, change: Change, task: Task) -> int:
    """Store what the job made with its end; returns the job that follows at once, 0 for none."""
    with writing(place.engine) as session:
        outcome = change(session)
        now = place.clock()
        if task.stop() or not settle(
            session, job_id=job.id, token=token, state="done", now=now, outcome=outcome
        ):
            session.rollback()
            raise Stopped
        session.commit()
    # files that the new ones replace
    for key in outcome.get("forget", ()):
        place.vault.delete(key)
    return int(outcome.get("next_job") or 0)


def _end_early(place: Place, job: Job, token: str) -> None:
    with writing(place.engine) as session:
        found = session.get_one(Job, job.id)
        if found.cancel_asked_at is not None:
            settle(session, job_id=job.id, token=token, state="cancelled", now=place.clock())
        else:
            give_back(session, job_id=job.id, token=token)
        session.commit()


def _end(place: Place, job: Job, token: str, state: str, problems: list[Problem]) -> None:
    hidden = [p for p in problems if p.code == "problems_not_shown"]
    count = len(problems) + sum(int(str(p.values["count"])) - 1 for p in hidden)
    shown = [p for p in problems if p.code != "problems_not_shown"]
    with writing(place.engine) as session:
        settle(
            session, job_id=job.id, token=token, state=state, now=place.clock(), problems=shown, count=count
        )
        session.commit()


@contextmanager
def _alive(place: Place, job: Job, token: str) -> Iterator[Task]:
    """The job as a task, with a thread that says every half second that it lives and hears whether it is to stop."""
    over, halt = threading.Event(), threading.Event()
    at = [(job.step, job.done, job.of)]

    def watch() -> None:
        while not over.wait(BEAT_SECONDS):
            try:
                with writing(place.engine) as session:
                    going = beat(session, job_id=job.id, token=token, at=at[0], now=place.clock())
                    session.commit()
            except SQLAlchemyError:
                continue
            if not going or place.closing():
                halt.set()
                return

    def tell(step: str, done: int, of: int) -> None:
        at[0] = (step, done, of)
        if halt.is_set():
            raise Stopped

    watcher = threading.Thread(target=watch, name=f"job-{job.id}", daemon=True)
    watcher.start()
    try:
        yield Task(job.id, job.kind, job.subject_id, job.arguments, _asker(job), tell, halt.is_set)
    except Exception:
        if halt.is_set():
            raise Stopped
        raise
    finally:
        over.set()
        watcher.join()


def _asker(job: Job) -> Actor:
    person = job.asked_by
    return Actor(
        user_id=person.id, name=person.name, role=person.staff_role or "stranger", locale=person.locale
    )
