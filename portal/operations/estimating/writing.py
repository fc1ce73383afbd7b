"""The files of a run. They appear together, or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from portal.core.errors import Refused

LINE_COLUMNS = (
    "line_id",
    "supplier_id",
    "material",
    "method",
    "kgco2e",
    "source_id",
    "geography_used",
    "quality",
    "sigma_ln",
    "reason",
)
FILES = ("lines.parquet", "lines.csv", "estimate.json")
# text that a spreadsheet would take for a formula gets an apostrophe in front (CSV only)
_FORMULA = "('=', '+', '-', '@', chr(9), chr(13))"
_TEXT_COLUMNS = ("line_id", "supplier_id", "material", "source_id", "geography_used")


def summary_text(summary: dict[str, Any]) -> str:
    """estimate.json as text, the same for the file and for standard output."""
    return json.dumps(summary, ensure_ascii=False, indent=2) + "\n"


def write_results(connection: duckdb.DuckDBPyConnection, folder: Path, summary: dict[str, Any]) -> None:
    """Write lines.parquet, lines.csv (ledger order) and estimate.json into `folder`, made when absent.

    Raises Refused results_not_written (folder, why) with nothing left behind that was not there before.
    """
    made = not folder.exists()
    work: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".estimate-", dir=folder))
        plain = ", ".join(LINE_COLUMNS)
        safe = ", ".join(
            f"CASE WHEN {c}[1] IN {_FORMULA} THEN '''' || {c} ELSE {c} END AS {c}"
            if c in _TEXT_COLUMNS
            else c
            for c in LINE_COLUMNS
        )
        ordered = "SELECT {} FROM lines ORDER BY row"
        for name, columns, form in (
            ("lines.parquet", plain, "FORMAT parquet, COMPRESSION zstd"),
            ("lines.csv", safe, "FORMAT csv, HEADER true"),
        ):
            target = str(work / name).replace("'", "''")
            connection.execute(f"COPY ({ordered.format(columns)}) TO '{target}' ({form})")
        (work / "estimate.json").write_text(summary_text(summary), encoding="utf-8")
        for name in FILES:
            (work / name).replace(folder / name)
    except (OSError, duckdb.IOException) as problem:
        _undo(folder, made)
        why = (getattr(problem, "strerror", None) or "the disk refused").lower()
        raise Refused("results_not_written", folder=folder.name, why=why)
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)


def _undo(folder: Path, made: bool) -> None:
    if made:
        shutil.rmtree(folder, ignore_errors=True)
