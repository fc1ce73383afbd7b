"""The queue that wakes workers: a huey beside the database. A lost message does no harm, workers look into the table too."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
from huey import Huey, PostgresHuey, SqliteHuey
from huey.exceptions import HueyException
from huey.serializer import SignedSerializer
from sqlalchemy import make_url

from portal.settings import Settings

NAME = "upstream"


def open_queue(settings: Settings) -> Huey:
    """The queue of this portal: a file in the data folder, or tables in PostgreSQL where the rows live there.

    Messages are signed with the portal's secret, so that nobody else's are taken.
    """
    url = make_url(settings.database_url)
    serializer = SignedSerializer(secret=settings.secret_key, salt=NAME)
    options: dict[str, Any] = {"serializer": serializer, "results": False}
    if url.get_backend_name() == "postgresql":
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey(NAME, dsn=dsn, table_prefix="queue", **options)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    # the write-ahead log of older SQLite versions can break with two writers; see store/engine.py
    return SqliteHuey(NAME, filename=str(settings.data_dir / "queue.db"), journal_mode="persist", **options)


def task_of(queue: Huey, work: Callable[[int], object]) -> Callable[[int], object]:
    """The one task of the queue: `work` on a job by its id. Calling the result puts a message into the queue."""

    def work_on(job_id: int) -> None:
        work(job_id)

    task: Callable[[int], object] = queue.task(name="work_on")(work_on)
    return task


def ring(settings: Settings, job_id: int) -> None:
    """Wake a worker for a job already committed. When the queue cannot be reached the workers find the job by themselves."""
    try:
        queue = open_queue(settings)
        try:
            task_of(queue, lambda _job: None)(job_id)
        finally:
            queue.storage.close()
    except (HueyException, sqlite3.Error, psycopg.Error, OSError):
        return
