"""The files of a run. They appear together, or not at all."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from portal.core.carbon.candidates import Candidate, numbered
from portal.core.carbon.category1 import KEY_SCHEMAS
from portal.core.errors import Refused
from portal.core.exact import decimal_text

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
SOURCE_COLUMNS = ("source_id", "version", "method", "basis", "per", "kgco2e_per", "steps")
FILES = ("lines.parquet", "lines.csv", "sources.csv", "estimate.json", "manifest.json")
# text that a spreadsheet would take for a formula gets an apostrophe in front (CSV only)
_FORMULA_SIGNS = {"=": "'='", "+": "'+'", "-": "'-'", "@": "'@'", "\t": "chr(9)", "\r": "chr(13)"}
_TEXT_COLUMNS = ("line_id", "supplier_id", "material", "source_id", "geography_used")


def summary_text(summary: dict[str, Any]) -> str:
    """estimate.json as text, the same for the file and for standard output."""
    return json.dumps(summary, ensure_ascii=False, indent=2) + "\n"


def write_results(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    summary: dict[str, Any],
    *,
    made: Mapping[str, Sequence[Candidate]],
    engine: tuple[str, str],
) -> None:
    """Write the FILES of a run into `folder`, made when absent; lines in the order of the ledger.

    `made` are the candidates of the run by key table; `engine` is the name and version of the engine that worked out the
    lines. sources.csv has a row for each source used and unit or currency it was used for: a line's kgCO2e is its quantity
    (or spend) times `kgco2e_per` of the row of its source and unit (or currency).

    Raises Refused results_not_written (folder, why) with nothing left behind that was not there before.
    """
    fresh = not folder.exists()
    work: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".estimate-", dir=folder))
        plain = ", ".join(LINE_COLUMNS)
        safe = ", ".join(_unlike_formulas(connection, c) if c in _TEXT_COLUMNS else c for c in LINE_COLUMNS)
        for name, columns, form in (
            ("lines.parquet", plain, "FORMAT parquet, COMPRESSION zstd, PRESERVE_ORDER true"),
            ("lines.csv", safe, "FORMAT csv, HEADER true, PRESERVE_ORDER true"),
        ):
            target = str(work / name).replace("'", "''")
            connection.execute(f"COPY (SELECT {columns} FROM lines) TO '{target}' ({form})")  # noqa: S608 (own text)
        _write_sources(work / "sources.csv", made, _used(connection))
        (work / "estimate.json").write_text(summary_text(summary), encoding="utf-8")
        (work / "manifest.json").write_text(_manifest(work, summary, engine), encoding="utf-8")
        for name in FILES:
            (work / name).replace(folder / name)
    except (OSError, duckdb.IOException) as problem:
        _undo(folder, fresh)
        why = (getattr(problem, "strerror", None) or "the disk refused").lower()
        raise Refused("results_not_written", folder=folder.name, why=why)
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)


def _unlike_formulas(connection: duckdb.DuckDBPyConnection, column: str) -> str:
    """The column as CSV may show it. Looking first pays: hardly a ledger has such texts, and writing is what takes long."""
    like = " OR ".join(f"starts_with({column}, {sign})" for sign in _FORMULA_SIGNS.values())
    if not connection.execute(f"SELECT 1 FROM lines WHERE {like} LIMIT 1").fetchall():  # noqa: S608 (own text)
        return column
    return f"CASE WHEN {like} THEN '''' || {column} ELSE {column} END AS {column}"


def _used(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """The choices that served a line."""
    return {row[0] for row in connection.execute("SELECT DISTINCT choice FROM lines").fetchall()}


def _write_sources(path: Path, made: Mapping[str, Sequence[Candidate]], used: set[int]) -> None:
    rows = set()
    for choice, basis, method, each in numbered(made):
        if choice in used:
            keys = dict(zip(KEY_SCHEMAS[basis], each.key, strict=True))
            per = keys["currency"] if "currency" in keys else keys["unit"]
            rows.add(
                (
                    each.source_id,
                    each.version,
                    method,
                    basis,
                    str(per),
                    decimal_text(each.per_unit),
                    each.steps,
                )
            )
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(SOURCE_COLUMNS)
        out.writerows([("'" + c if c[:1] in _FORMULA_SIGNS else c) for c in row] for row in sorted(rows))


def _manifest(work: Path, summary: dict[str, Any], engine: tuple[str, str]) -> str:
    """What the run was made from and with, and the hash of each file of results."""
    content = {
        "run": summary["run"],
        "method": summary["method"],
        "parameters": {"year": summary["year"]},
        "engine": {"name": engine[0], "version": engine[1]},
        "software": {"upstream-portal": version("upstream-portal"), "duckdb": duckdb.__version__},
        "inputs": summary["inputs"],
        "files": {name: f"sha256:{_sha256(work / name)}" for name in FILES if name != "manifest.json"},
    }
    return summary_text(content)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _undo(folder: Path, fresh: bool) -> None:
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
