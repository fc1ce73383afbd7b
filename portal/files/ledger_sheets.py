"""Ledgers in XLSX and Parquet: read in a child process with memory, time and output limits, which can be stopped."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import pyarrow.parquet as pq

from portal.core.errors import Invalid
from portal.core.problems import Problem
from portal.files.ledger_cells import MOST_COLUMNS, SAMPLES, Cells, Record, Tell, changed, write_cells
from portal.files.ledger_uploads import SHEET_LIMIT
from portal.files.office_packages import inspect_package

MEGABYTE = 1024 * 1024
SHEET_CHILD = Path(__file__).with_name("ledger_sheet_child.py")
PARQUET_CHILD = Path(__file__).with_name("ledger_parquet_child.py")
SHEET_LIMITS = {
    "input": SHEET_LIMIT,
    "unpacked": 1000 * MEGABYTE,
    "rows": 300_000,
    "row_elements": 400_000,
    "columns": MOST_COLUMNS,
    "cells": 4_000_000,
    "text": 4_000,
    "memory": 3000 * MEGABYTE,
    "seconds": 240,
    "output": 1000 * MEGABYTE,
}
PARQUET_LIMITS = {
    "rows": 20_000_000,
    "columns": MOST_COLUMNS,
    "memory": 4000 * MEGABYTE,
    "seconds": 300,
    "output": 4000 * MEGABYTE,
}
WALL_SECONDS = 600


def read_xlsx(
    path: Path, target: Path, *, name: str, sheet: str, tell: Tell, stop: Callable[[], bool]
) -> Cells:
    """Read one sheet: `sheet`, or where that is "" the one that holds most. Raises Invalid (sheet_*, upload_*)."""
    with path.open("rb") as stream:
        inspect_package(stream, size=path.stat().st_size, where=name, max_unpacked=SHEET_LIMITS["unpacked"])
    asked = json.dumps({"limits": SHEET_LIMITS, "sheet": sheet})
    command = [sys.executable, "-I", str(SHEET_CHILD), asked]
    tell("read", 0, 2)
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as said, path.open("rb") as given:
        _run(command, given, output, said, name, stop)
        said.seek(0)
        told = _told(said, name)
        tell("read", 1, 2)
        output.seek(0)
        lines = (line.decode("utf-8") for line in output)
        cells = write_cells(_records(lines), target, name=name, tell=lambda: tell("read", 1, 2))
    notes = [Problem("sheet_hidden", other) for other in told["hidden_sheets"]]
    if told["hidden_rows"] or told["hidden_columns"]:
        notes.append(Problem("ledger_sheet_parts_hidden", name))
    if told["merged"]:
        notes.append(Problem("ledger_sheet_merged", name, {"cells": ", ".join(told["merged"][:5])}))
    return changed(cells, sheet=told["sheet"], sheets=tuple(told["sheets"]), notes=tuple(notes))


def read_parquet(path: Path, target: Path, *, name: str, tell: Tell, stop: Callable[[], bool]) -> Cells:
    """Read a Parquet file; its columns are typed. Raises Invalid: table_parquet_broken, ledger_too_large, sheet_too_heavy."""
    command = [sys.executable, "-I", str(PARQUET_CHILD), str(path), str(target), json.dumps(PARQUET_LIMITS)]
    tell("read", 0, 1)
    with tempfile.TemporaryFile() as said:
        _run(command, subprocess.DEVNULL, said, subprocess.DEVNULL, name, stop)
        said.seek(0)
        told = _told(said, name)
    samples = []
    with pq.ParquetFile(target) as held:
        for batch in held.iter_batches(batch_size=SAMPLES):
            samples = [(row["row"], tuple(list(row.values())[2:])) for row in batch.to_pylist()]
            break
    return Cells(
        header=tuple(str(n) for n in told["names"]),
        header_row=0,
        rows=told["rows"],
        samples=tuple(samples),
        kinds=tuple(told["kinds"]),
    )


def _records(lines: Iterator[str]) -> Iterator[Record]:
    for record in csv.reader(lines):
        yield int(record[0]), record[1], record[2:]


def _told(said: IO[bytes], name: str) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(said.read())
    except ValueError:
        raise Invalid([Problem("sheet_damaged", name)])
    problem = told.get("problem")
    if problem:
        raise Invalid([Problem(problem["code"], problem["where"] or name, problem["values"])])
    return told


def _run(
    command: Sequence[str],
    given: IO[bytes] | int,
    output: IO[bytes] | int,
    said: IO[bytes] | int,
    name: str,
    stop: Callable[[], bool],
) -> None:
    """Run a child to its end, at most WALL_SECONDS and as long as nobody says stop."""
    child = subprocess.Popen(command, stdin=given, stdout=output, stderr=said, env={})  # noqa: S603 (our own file)
    end = time.monotonic() + WALL_SECONDS
    try:
        while child.poll() is None:
            if stop() or time.monotonic() > end:
                raise Invalid([Problem("sheet_too_heavy", name)])
            time.sleep(0.05)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    if child.returncode:
        raise Invalid([Problem("sheet_too_heavy" if child.returncode < 0 else "sheet_damaged", name)])
