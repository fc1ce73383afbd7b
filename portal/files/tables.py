"""CSV tables as bytes on disk: is it UTF-8 with one header line, which columns, which rows, which hash."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.core.problems import Problem

CHUNK = 1 << 20


@dataclass(frozen=True)
class Source:
    """A file read: the name people know it by and the SHA-256 of its bytes, in hex."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Row:
    """One record: `line` is its first line in the file (the header is line 1), `values` its cells by column."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A whole small table. `rows` leaves out records whose number of cells differs from the header's."""

    source: Source
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def scan(path: Path) -> tuple[Source, list[Problem]]:
    """Hash a file and check that it is readable UTF-8 text. Problems: table_file_missing, table_file_empty, table_file_not_utf8,
    table_file_utf16, table_file_has_nul."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    name, size = path.name, 0
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                if size == 0 and chunk[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                    return Source(name, ""), [Problem("table_file_utf16", name)]
                if b"\x00" in chunk:
                    return Source(name, ""), [Problem("table_file_has_nul", name)]
                size += len(chunk)
                digest.update(chunk)
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return Source(name, ""), [Problem("table_file_not_utf8", name)]
    except OSError:
        return Source(name, ""), [Problem("table_file_missing", name)]
    if size == 0:
        return Source(name, ""), [Problem("table_file_empty", name)]
    return Source(name, digest.hexdigest()), []


def fingerprint(path: Path) -> tuple[Source, list[Problem]]:
    """Hash a file that is not text. Problem: table_file_missing."""
    try:
        with path.open("rb") as stream:
            return Source(path.name, hashlib.file_digest(stream, "sha256").hexdigest()), []
    except OSError:
        return Source(path.name, ""), [Problem("table_file_missing", path.name)]


def records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every record of a scanned file with the line it starts on; blank lines are skipped, cells are trimmed.

    Raises csv.Error where quoting is broken.
    """
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        start = 1
        for cells in reader:
            if cells:
                yield start, [cell.strip() for cell in cells]
            start = reader.line_num + 1


def header_of(path: Path, name: str, required: Sequence[str]) -> tuple[tuple[str, ...], list[Problem]]:
    """The column names of a scanned file. Problems: table_column_missing, table_column_twice, table_quoting_broken."""
    try:
        _, header = next(records(path), (1, []))
    except csv.Error:
        return (), [Problem("table_quoting_broken", f"{name}:1")]
    return tuple(header), header_problems(header, name, required)


def header_problems(header: Sequence[str], name: str, required: Sequence[str]) -> list[Problem]:
    """What is wrong with a header line: a required column is not there, a column stands twice."""
    problems = [Problem("table_column_missing", name, {"column": c}) for c in required if c not in header]
    twice = sorted({c for c in header if c and list(header).count(c) > 1})
    return problems + [Problem("table_column_twice", name, {"column": c}) for c in twice]


def read_table(path: Path, required: Sequence[str]) -> tuple[Table | None, list[Problem]]:
    """A whole small table, or None with the problems that make it unreadable.

    Records with too few or too many cells are problems (table_cells_differ) and are left out of the rows, so that the
    other rows can still be checked.
    """
    source, problems = scan(path)
    if problems:
        return None, problems
    header, problems = header_of(path, source.name, required)
    if problems:
        return None, problems
    rows: list[Row] = []
    last = 1
    try:
        rest = records(path)
        next(rest, None)
        for line, cells in rest:
            last = line
            if len(cells) != len(header):
                problems.append(cells_differ(source.name, line, len(cells), len(header)))
                continue
            rows.append(Row(line, dict(zip(header, cells, strict=True))))
    except csv.Error:
        return None, [*problems, Problem("table_quoting_broken", f"{source.name}:{last + 1}")]
    return Table(source, header, tuple(rows)), problems


def cells_differ(name: str, line: int, found: int, expected: int) -> Problem:
    """A record whose number of cells differs from the header's."""
    return Problem("table_cells_differ", f"{name}:{line}", {"found": found, "expected": expected})


def literal_path(path: Path) -> str:
    """A path for DuckDB's readers, which would take `[`, `*` and `?` for a pattern of many files."""
    return "".join(f"[{sign}]" if sign in "[*?" else sign for sign in str(path))


def template(columns: Sequence[str]) -> str:
    """An empty file of a form: its header line."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(columns)
    return stream.getvalue()
