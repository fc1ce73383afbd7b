"""Jobs: one worker holds one, a dead worker's is taken up again, stopping works, and nothing half done is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, Refused
from portal.core.problems import Problem
from portal.files.vault import Vault, open_vault
from portal.operations import jobs
from portal.operations.estimates import ask_estimate
from portal.operations.ledgers import load_ledger
from portal.operations.queue import open_queue, ring, task_of
from portal.operations.working import Change, Place, Task, work_on
from portal.settings import Settings, read_settings
from portal.store.engine import reading, writing
from portal.store.estimates import Estimate
from portal.store.jobs import Job, open_jobs
from portal.store.ledgers import LedgerIntake
from tests.conftest import NOW
from tests.make.clock import Clock
from tests.make.intakes import place_of, uploaded, work_off
from tests.make.people import actor_of, make_staff
from tests.make.purchases import ledger_stream

UPSTREAM = (sys.executable, "-c", "from portal.cli.main import main; main()")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def place(any_engine: Engine, tmp_path: Path, clock: Clock) -> Place:
    """Where the jobs of a test are done, on either database."""
    settings = read_settings({"UPSTREAM_ENV": "test", "UPSTREAM_DATA": str(tmp_path), "SECRET_KEY": "s" * 40})
    return place_of(any_engine, open_vault(tmp_path / "vault"), settings, clock)


@pytest.fixture
def actor(place: Place) -> Actor:
    with writing(place.engine) as session:
        user = make_staff(session, "analyst")
        session.commit()
        return actor_of(user)


def asked(place: Place, actor: Actor, kind: str = "try") -> int:
    with writing(place.engine) as session:
        job = jobs.ask(session, actor, kind=kind, subject_id=1, arguments={}, now=place.clock())
        session.commit()
        return job.id


def state(place: Place, job_id: int) -> Job:
    with reading(place.engine) as session:
        return session.get_one(Job, job_id)


@contextmanager
def fine(_place: Place, _task: Task) -> Iterator[Change]:
    yield lambda _session: {"made": 1}


def test_a_job_is_done_once_and_asked_for_once(place: Place, actor: Actor) -> None:
    first = asked(place, actor)
    assert asked(place, actor) == first
    assert work_on(place, first, {"try": fine})
    assert not work_on(place, first, {"try": fine})
    assert (state(place, first).state, state(place, first).outcome) == ("done", {"made": 1})
    assert asked(place, actor) != first


def test_a_silent_worker_loses_its_job_and_what_it_made(place: Place, actor: Actor, clock: Clock) -> None:
    job_id, made = asked(place, actor), []

    @contextmanager
    def slow(inner: Place, task: Task) -> Iterator[Change]:
        # while this worker is at it, its beats stop to arrive and another one takes the job
        with writing(inner.engine) as session:
            session.execute(update(Job).values(beat_at=clock() - timedelta(seconds=60)))
            session.commit()
        assert work_on(replace(inner), job_id, {"try": fine})

        def change(session: Session) -> Mapping[str, object]:
            made.append(1)
            session.add(Estimate())  # would fail: it must never be flushed
            session.expunge_all()
            return {"made": 2}

        yield change

    assert work_on(place, job_id, {"try": slow})
    assert state(place, job_id).outcome == {"made": 1}
    assert state(place, job_id).attempts == 2


def test_a_job_that_kills_its_workers_is_given_up(place: Place, actor: Actor, clock: Clock) -> None:
    job_id = asked(place, actor)
    for _ in range(jobs.MOST_ATTEMPTS):
        with writing(place.engine) as session:
            assert jobs.claim(session, job_id=job_id, token="t", now=clock()) is not None
            assert jobs.claim(session, job_id=job_id, token="u", now=clock()) is None
            session.commit()
        clock.move(seconds=60)
    work_on(place, job_id, {"try": fine})
    assert state(place, job_id).problems[0]["code"] == "job_gave_up"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused("storage_full"), "storage_full"),
        (Invalid([Problem("row_missing", "x:2:date")]), "row_missing"),
        (ZeroDivisionError(), "job_broke"),
    ],
)
def test_a_failure_is_kept_in_words(place: Place, actor: Actor, error: Exception, code: str) -> None:
    job_id = asked(place, actor)

    @contextmanager
    def failing(_place: Place, _task: Task) -> Iterator[Change]:
        raise error
        yield

    work_on(place, job_id, {"try": failing})
    found = state(place, job_id)
    assert (found.state, found.problems[0]["code"], found.problem_count) == ("failed", code, 1)


def test_stopping_a_waiting_and_a_running_job(place: Place, actor: Actor) -> None:
    waiting = asked(place, actor)
    with writing(place.engine) as session:
        jobs.cancel(session, actor, job_id=waiting, now=place.clock())
        session.commit()
    assert not work_on(place, waiting, {"try": fine})
    running = asked(place, actor)
    seen: list[float] = []

    @contextmanager
    def long(inner: Place, task: Task) -> Iterator[Change]:
        with writing(inner.engine) as session:
            jobs.cancel(session, actor, job_id=running, now=inner.clock())
            session.commit()
        began = time.monotonic()
        while time.monotonic() - began < 10:
            seen.append(time.monotonic() - began)
            task.tell("step", 1, 2)
            time.sleep(0.02)
        yield lambda _session: {"made": 1}

    work_on(place, running, {"try": long})
    assert (state(place, running).state, state(place, waiting).state) == ("cancelled", "cancelled")
    assert seen[-1] < 3


def test_a_closing_worker_gives_its_job_back(place: Place, actor: Actor) -> None:
    job_id = asked(place, actor)

    @contextmanager
    def until_stopped(_place: Place, task: Task) -> Iterator[Change]:
        for _ in range(500):
            task.tell("step", 1, 2)
            time.sleep(0.02)
        yield lambda _session: {}

    work_on(replace(place, closing=lambda: True), job_id, {"try": until_stopped})
    assert (state(place, job_id).state, state(place, job_id).attempts) == ("queued", 0)
    work_on(place, job_id, {"try": fine})
    assert state(place, job_id).state == "done"


def test_two_equal_estimates_asked_for_are_one(place: Place, actor: Actor) -> None:
    with writing(place.engine) as session:
        ledger, _ = load_ledger(
            session, actor, ledger_stream(), name="ledger.csv", vault=place.vault, now=place.clock()
        )
        session.commit()
    results = []
    for _ in range(2):
        with writing(place.engine) as session:
            ask_estimate(session, actor, ledger_id=ledger.id, year=2024, now=place.clock())
            session.commit()
        (job,) = work_off(place)
        assert job.state == "done", job.problems
        results.append(job.outcome)
    assert [r["new"] for r in results] == [True, False]
    assert results[0]["estimate"] == results[1]["estimate"]
    with reading(place.engine) as session:
        kept = session.scalars(select(Estimate)).all()
        keys = {ledger.vault_key} | {k for e in kept for k in (e.parquet_key, e.csv_key)}
    assert len(kept) == 1
    assert set(place.vault.keys()) == keys


def test_a_ring_reaches_a_worker(tmp_path: Path) -> None:
    settings = read_settings({"UPSTREAM_ENV": "test", "UPSTREAM_DATA": str(tmp_path), "SECRET_KEY": "s" * 40})
    ring(settings, 7)
    heard: list[int] = []
    queue = open_queue(settings)
    task_of(queue, heard.append)
    message = queue.dequeue()
    queue.execute(message)
    queue.storage.close()
    assert heard == [7]
    # a message that another secret signed is not taken
    foreign = open_queue(replace(settings, secret_key="x" * 40))
    task_of(foreign, heard.append)(8)
    foreign.storage.close()
    with pytest.raises(ValueError, match=r"(?i)mismatch"):
        queue.dequeue()
    queue.storage.close()


def _worker(settings: Settings) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "UPSTREAM_DATA": str(settings.data_dir), "SECRET_KEY": settings.secret_key}
    return subprocess.Popen([*UPSTREAM, "work"], env=environment, stdout=subprocess.DEVNULL)


def _wait(engine: Engine, fits: str, seconds: float = 40) -> Job:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with reading(engine) as session:
            job = session.scalars(select(Job)).first()
            if job is not None and job.state == fits:
                return job
        time.sleep(0.05)
    raise AssertionError(f"no job was {fits} within {seconds} seconds")


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_is_followed_by_one_that_finishes(
    engine: Engine, settings: Settings, session: Session
) -> None:
    actor, vault = actor_of(make_staff(session, "analyst")), Vault(open_vault(settings.vault_dir).store)
    header = b"line_id,date,supplier,material,quantity,unit\n"
    data = header + b"".join(b"L%d,2025/1/2,S-1,glass,1,kg\n" % n for n in range(300_000))
    intake_id = uploaded(session, actor, vault, data, name="big.csv", now=NOW)
    session.commit()
    first = _worker(settings)
    try:
        _wait(engine, "running")
    finally:
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    with writing(engine) as again:
        # as if the time after which a worker counts as dead had passed
        again.execute(update(Job).values(beat_at=NOW - timedelta(minutes=1)))
        again.commit()
    assert _wait(engine, "running").attempts == 1
    second = _worker(settings)
    try:
        job = _wait(engine, "done")
    finally:
        second.terminate()
        assert second.wait(timeout=15) == 0
    with reading(engine) as look:
        found = look.get_one(LedgerIntake, intake_id)
        assert found.reading["rows"] == 300_000
        assert job.attempts == 2
        assert open_jobs(look) == []
