"""The two jobs of a ledger on its way in: read its cells, and check what the mapping makes of them."""

from __future__ import annotations

import csv
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy.orm import Session

from portal.core.errors import Invalid
from portal.core.ledger.columns import LEDGER_COLUMNS
from portal.core.ledger.mapping import Mapping, from_json, key_of
from portal.core.ledger.words import Meaning
from portal.core.problems import Problem
from portal.files import ledger_cells, ledger_checks, ledger_plain, ledger_sheets
from portal.files.bulk import open_bulk
from portal.files.ledger_rules import problems_of, rules_of
from portal.files.vault import CHUNK, Vault
from portal.operations.estimating.stopping import stopping
from portal.operations.factor_library import in_use
from portal.operations.jobs import plain
from portal.operations.ledger_intake import intake_by_id, straight_on
from portal.operations.ledger_words import read_words
from portal.operations.working import Change, Place, Task, looking
from portal.store.ledgers import LedgerIntake

MOST_WORDS = 20_000
LISTED = 1000
DOWNLOADED = 100_000
# A rate is looked for when a year is estimated; here a currency only has to be known.
NO_YEAR = 0


@contextmanager
def read_work(place: Place, task: Task) -> Iterator[Change]:
    """Read the cells of an uploaded file into a Parquet file of ours in the vault."""
    with looking(place) as session:
        intake = intake_by_id(session, task.subject_id)
    task.tell("copy", 0, 1)
    with ExitStack() as undo, tempfile.TemporaryDirectory(prefix="upstream-intake-") as folder:
        source, target = Path(folder) / "given", Path(folder) / "cells.parquet"
        _fetch(place.vault, intake.vault_key, source, intake.sha256)
        cells = _cells(intake, source, target, task)
        key = _put(place.vault, target, undo) if not cells.asked else ""

        def change(session: Session) -> dict[str, Any]:
            found = intake_by_id(session, intake.id, waiting=True)
            old, found.raw_key = found.raw_key, key
            found.reading = _described(cells)
            found.mapping = found.checked = None
            following = None if cells.asked else straight_on(session, task.actor, found, now=place.clock())
            return {"intake": found.id, "forget": [old] if old else [], "next_job": following}

        yield change
        undo.pop_all()


def _cells(intake: LedgerIntake, source: Path, target: Path, task: Task) -> ledger_cells.Cells:
    choices: dict[str, str] = intake.choices or {}
    if intake.form == "csv":
        return ledger_cells.read_csv(
            source, target, name=intake.name, encoding=choices.get("encoding", ""), tell=task.tell
        )
    if intake.form == "xlsx":
        return ledger_sheets.read_xlsx(
            source, target, name=intake.name, sheet=choices.get("sheet", ""), tell=task.tell, stop=task.stop
        )
    return ledger_sheets.read_parquet(source, target, name=intake.name, tell=task.tell, stop=task.stop)


def _described(cells: ledger_cells.Cells) -> dict[str, Any]:
    """What was read as JSON."""
    told = asdict(cells)
    told["problems"] = [plain(problem) for problem in cells.problems]
    told["notes"] = [plain(problem) for problem in cells.notes]
    return told


@contextmanager
def check_work(place: Place, task: Task) -> Iterator[Change]:
    """Bring the cells into the plain form by the mapping, judge every line, and put the plain file into the vault."""
    with looking(place) as session:
        intake = intake_by_id(session, task.subject_id)
        rates = set(in_use(session).rates)
    if not intake.mapping or not intake.raw_key:
        raise Invalid([Problem("intake_not_read", values={"name": intake.name})])
    mapping = from_json(intake.mapping)
    with (
        ExitStack() as undo,
        tempfile.TemporaryDirectory(prefix="upstream-intake-") as folder,
        open_bulk(Path(folder)) as connection,
        stopping(task.stop, connection.interrupt),
    ):
        work = Path(folder)
        task.tell("lines", 0, 4)
        _fetch(place.vault, intake.raw_key, work / "cells.parquet")
        ledger_plain.take_cells(connection, work / "cells.parquet", mapping)
        task.tell("words", 1, 4)
        with looking(place) as session:
            meanings, reads = _words(session, connection)
        ledger_plain.make_plain(connection, mapping, meanings)
        task.tell("rules", 2, 4)
        checked = _checked(connection, intake, mapping, rates, work / "problems.csv")
        checked["words"] = reads
        task.tell("files", 3, 4)
        _write(connection, intake, mapping, checked, work / "ledger.csv")
        keys = (
            _put(place.vault, work / "ledger.csv", undo) if (work / "ledger.csv").exists() else "",
            _put(place.vault, work / "problems.csv", undo) if checked["problems"] else "",
        )

        def change(session: Session) -> dict[str, Any]:
            found = intake_by_id(session, intake.id, waiting=True)
            old = [key for key in (found.plain_key, found.problems_key) if key]
            found.plain_key, found.problems_key = keys
            found.checked = checked
            return {"intake": found.id, "forget": old}

        yield change
        undo.pop_all()


def _words(
    session: Session, connection: duckdb.DuckDBPyConnection
) -> tuple[dict[str, dict[str, Meaning]], dict[str, list[dict[str, Any]]]]:
    """What the texts of the file mean, by kind; texts are listed up to LISTED, most lines first."""
    meanings, reads = {}, {}
    for field, kind in ledger_plain.TRANSLATED.items():
        written = ledger_plain.written(connection, field, MOST_WORDS)
        meanings[kind], found = read_words(session, kind, written)
        found.sort(key=lambda read: read.how != "open")
        reads[kind] = [asdict(read) for read in found[:LISTED]]
    return meanings, reads


def _checked(
    connection: duckdb.DuckDBPyConnection,
    intake: LedgerIntake,
    mapping: Mapping,
    rates: set[tuple[str, int]],
    target: Path,
) -> dict[str, Any]:
    read = intake.reading or {}
    rules = ledger_plain.rules_for(mapping, rules_of(NO_YEAR, rates))
    written = {column: f"t_{column}" for column in LEDGER_COLUMNS}
    problems, count = problems_of(connection, intake.name, rules, written=written, most=DOWNLOADED)
    before = [Problem(p["code"], p["where"], p["values"]) for p in read.get("problems", [])]
    every = [*before, *problems]
    if every:
        with target.open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream)
            for problem in every:
                out.writerow([problem.code, problem.where, *(f"{k}={v}" for k, v in problem.values.items())])
    twins = ledger_checks.find_duplicates(connection)
    left_out = mapping.duplicates == "leave_out"
    return {
        "mapping": key_of(mapping),
        "problems": count + read.get("problem_count", 0),
        "listed": [plain(problem) for problem in every[:LISTED]],
        "duplicates": twins,
        "duplicate_examples": ledger_checks.duplicate_examples(connection),
        "left_out": twins if left_out else 0,
        "credits": ledger_checks.credits(connection),
        "zeros": ledger_checks.zeros(connection, left_out),
        "years": ledger_checks.years(connection, left_out),
        "spend": ledger_checks.totals(connection, "spend", "currency", left_out),
        "quantity": ledger_checks.totals(connection, "quantity", "unit", left_out),
        "preview": ledger_checks.preview(connection),
        "lines": int(read.get("rows", 0)) - (twins if left_out else 0),
    }


def _write(
    connection: duckdb.DuckDBPyConnection,
    intake: LedgerIntake,
    mapping: Mapping,
    checked: dict[str, Any],
    target: Path,
) -> None:
    """Say whether the file is a ledger as it is; else, where nothing is wrong, write its plain form."""
    read = intake.reading or {}
    own = {name: place for name, place in mapping.columns.items() if read["header"][place] == name}
    checked["as_it_is"] = (
        intake.form == "csv"
        and read["encoding"] == "utf-8-sig"
        and read["delimiter"] == ","
        and read["header_row"] == 1
        and own == dict(mapping.columns)
        and set(read["header"]) & set(LEDGER_COLUMNS) == set(own)
        and not checked["left_out"]
        and not mapping.number_lines
        and ledger_checks.changed_lines(connection) == 0
    )
    checked["sha256"], checked["size"] = intake.sha256, intake.size
    if checked["problems"] or checked["as_it_is"]:
        return
    ledger_checks.write_plain(connection, target, bool(checked["left_out"]))
    with target.open("rb") as stream:
        checked["sha256"] = hashlib.file_digest(stream, "sha256").hexdigest()
    checked["size"] = target.stat().st_size


def _fetch(vault: Vault, key: str, target: Path, sha256: str = "") -> None:
    with vault.open(key, sha256) as stored, target.open("wb") as copy:
        shutil.copyfileobj(stored, copy, CHUNK)


def _put(vault: Vault, path: Path, undo: ExitStack) -> str:
    """Put a file into the vault; it is taken out again when the job does not end well."""
    with path.open("rb") as stream:
        key = vault.put(stream)
    undo.callback(vault.delete, key)
    return key
