"""Engines of tests: each on a database of its own, all with one memory of compiled statements.

An engine keeps the SQL it compiled for as long as it lives. The portal has one for months; here every test has its own, and
without this would compile again what the test before compiled, which took longer than anything else.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect, Engine, event

# What is compiled belongs to a dialect, so the first engine's is everybody's.
_dialects: list[Dialect] = []
_compiled: dict[Any, Any] = {}


def remembering(engine: Engine) -> Engine:
    """Let a SQLite engine find what the engines of earlier tests compiled; its file need not outlive a power cut."""
    event.listen(engine, "connect", _without_waiting_for_the_disk)
    if not _dialects:
        engine.connect().close()
        _dialects.append(engine.dialect)
    engine.dialect = _dialects[0]
    engine.update_execution_options(compiled_cache=_compiled)
    return engine


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
