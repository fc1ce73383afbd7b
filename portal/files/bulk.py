"""The in-process engine for many rows: every DuckDB connection of the portal is opened here, with the same settings."""

from __future__ import annotations

from pathlib import Path

import duckdb

# a million purchase lines need well under this; longer work spills to disk instead of taking the machine
MEMORY = "1500MB"


def open_bulk(spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A private DuckDB in memory that loads no extensions and prints nothing; `spill` is the folder it may spill to."""
    settings = {
        "memory_limit": MEMORY,
        "preserve_insertion_order": "true",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    connection = duckdb.connect(config={**settings, "temp_directory": str(spill)} if spill else settings)
    # a setting of the session; the bar would go to standard output, where the results belong
    connection.execute("SET enable_progress_bar = false")
    return connection
