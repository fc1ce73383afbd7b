"""`upstream work`: the worker that does jobs, and the keeper with which a server brings its own worker along."""

from __future__ import annotations

import logging
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import click
from sqlalchemy.exc import SQLAlchemyError

from portal.files.vault import open_vault
from portal.operations.jobs import SILENT
from portal.operations.queue import open_queue, task_of
from portal.operations.work_kinds import KINDS
from portal.operations.working import Place, work_on
from portal.settings import BadSettings, Settings, read_settings, shipped
from portal.store.engine import open_engine, reading
from portal.store.jobs import open_jobs
from portal.store.migrating import is_current
from portal.web.context import utc_now
from portal.web.errors import plain_logs

AT_ONCE = 2
LOOK_SECONDS = 2.0
RESTART_SECONDS = 2.0
STOP_SECONDS = 5.0


@click.command()
@click.option(
    "--at-once", default=AT_ONCE, show_default=True, type=click.IntRange(1, 32), help="Jobs at once."
)
def work(at_once: int) -> None:
    """Do the jobs people ask for on the pages: read ledgers, run estimates. Ctrl-C lets running jobs go back to the queue.

    `upstream serve` and `upstream demo` start one by themselves; start more, here or on other machines that share the
    database and the vault, where one is not enough.
    """
    settings = read_settings()
    engine = open_engine(settings.database_url)
    if not is_current(engine, shipped("migrations")):
        raise BadSettings(
            "The database is not at this program's schema. Run `upstream migrate` first, then work again."
        )
    engine.dispose()
    click.echo(f"Working, {at_once} jobs at once. Stop with Ctrl-C.")
    run_worker(settings, at_once=at_once)


def run_worker(settings: Settings, *, at_once: int = AT_ONCE) -> None:
    """Do jobs until told to stop (SIGINT, SIGTERM) or until the process that started this one is gone."""
    plain_logs()
    logging.getLogger("huey").setLevel(logging.WARNING)
    over = threading.Event()
    place = Place(
        open_engine(settings.database_url), open_vault(settings.vault_dir), settings, utc_now, over.is_set
    )
    queue = open_queue(settings)
    ring = task_of(queue, lambda job_id: work_on(place, job_id, KINDS))
    consumer = queue.create_consumer(workers=at_once, periodic=False, max_delay=1.0)

    def end(_signal: int, _frame: FrameType | None) -> None:
        over.set()

    consumer._set_signal_handlers = lambda: None  # ours, below: huey's would wait for long jobs to end
    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    consumer.start()
    parent = os.getppid()
    looker = threading.Thread(target=_look, args=(place, ring, over), daemon=True)
    looker.start()
    while not over.wait(0.5):
        if os.getppid() != parent:
            break
    # Jobs under way stop at their next step and go back among the waiting; one that does not is taken by another
    # worker once it is silent.
    over.set()
    consumer.stop_flag.set()
    patience = time.monotonic() + STOP_SECONDS
    for _, thread in consumer.worker_threads:
        thread.join(max(patience - time.monotonic(), 0))
    os._exit(0)


def _look(place: Place, ring: Callable[[int], object], over: threading.Event) -> None:
    """Ring for jobs nobody rang for: asked while the queue was away, or held by a worker that fell silent."""
    rung: dict[int, float] = {}
    while not over.wait(LOOK_SECONDS):
        now = place.clock()
        try:
            with reading(place.engine) as session:
                waiting = [
                    job.id
                    for job in open_jobs(session)
                    if job.state == "queued" or job.beat_at is None or now - job.beat_at > SILENT
                ]
        except SQLAlchemyError:
            continue
        for job_id in waiting:
            if time.monotonic() - rung.get(job_id, -60.0) > 20:
                rung[job_id] = time.monotonic()
                ring(job_id)


def keep_worker(settings: Settings) -> None:
    """Run a worker in a process of its own and start it again when it dies; ends with the process that started this one."""
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: over.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()
    context = multiprocessing.get_context("spawn")
    worker = context.Process(target=run_worker, args=(settings,), name="upstream-worker")
    worker.start()
    while not over.wait(0.3) and os.getppid() == parent:
        if not worker.is_alive():
            if over.wait(RESTART_SECONDS):
                break
            worker = context.Process(target=run_worker, args=(settings,), name="upstream-worker")
            worker.start()
    worker.terminate()
    worker.join(5)
    os._exit(0)


def keep() -> None:
    """The keeper's process: its settings come from the server that starts it."""
    keep_worker(pickle.loads(sys.stdin.buffer.read()))  # noqa: S301 (from our own parent)


@contextmanager
def worker_beside(settings: Settings, *, wanted: bool) -> Iterator[None]:
    """A kept worker for as long as the block runs; none where it is not `wanted`."""
    if not wanted:
        yield
        return
    # not a multiprocessing child: the server's own processes, forked later, would try to join it when they end
    command = [sys.executable, "-c", "from portal.cli.work import keep; keep()"]
    keeper = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 (our own program)
    if keeper.stdin is not None:
        keeper.stdin.write(pickle.dumps(settings))
        keeper.stdin.close()
    owner = os.getpid()
    try:
        yield
    finally:
        # a server's own processes, forked inside the block, leave through here as well
        if os.getpid() == owner:
            keeper.terminate()
            keeper.wait(10)
