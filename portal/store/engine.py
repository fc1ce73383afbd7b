"""Connections: one engine per database, with the settings that keep acknowledged answers safe."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

# Below 3.51.3 two writers can corrupt a WAL that is being reset; a rollback journal is safe.
SAFE_WAL = (3, 51, 3)

# PostgreSQL: lock not available, deadlock, serialisation, too many connections.
BUSY_STATES = frozenset({"55P03", "40P01", "40001", "53300"})


def open_engine(url: str) -> Engine:
    """An engine for `url`: SQLite (embedded default) or PostgreSQL through psycopg."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, connect_args={"timeout": 30})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, pool_pre_ping=True)


def reading(engine: Engine) -> Session:
    """A session for pages that only look; on SQLite it never takes the write lock."""
    return Session(engine, expire_on_commit=False)


def writing(engine: Engine) -> Session:
    """A session for changes; on SQLite it takes the write lock at once instead of failing half-way."""
    return Session(engine.execution_options(sqlite_begin="IMMEDIATE"), expire_on_commit=False)


def is_busy(error: BaseException) -> bool:
    """Whether the database only had no time: somebody else held it. The same step may succeed a moment later."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.OperationalError):
        return (cause.sqlite_errorcode or 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return getattr(cause, "sqlstate", None) in BUSY_STATES


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    mode = "WAL" if sqlite3.sqlite_version_info >= SAFE_WAL else "PERSIST"
    for pragma in (f"journal_mode={mode}", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")
