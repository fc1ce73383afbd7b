"""The cells of a ledger file as text, row by row, in one Parquet file of ours: `row`, `kinds`, `c0`, `c1`, …

`row` is the row a person finds the line at (the line of a CSV, the row of a sheet, the record of a Parquet). `kinds`
has one letter per cell where the file knows more than text: n number, l number too long to be whole, d day, m moment,
f formula, e error value …
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from portal.core.errors import Invalid
from portal.core.ledger.columns import likely_header
from portal.core.problems import Problem
from portal.files.delimited_text import DELIMITERS, delimiter_of, split_hint
from portal.files.tables import cells_differ

CHUNK_ROWS = 50_000
HEADER_ROWS = 10
SAMPLES = 20
MOST_COLUMNS = 300
MOST_PROBLEMS = 1000
ENCODINGS = {"gb18030": "gb18030", "windows-1252": "cp1252", "big5": "big5hkscs"}
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Cells:
    """What was read. `asked` names what a person has to say first ("encoding"), with `previews` of each choice.

    `header_row` is the row the names stand in, `samples` the first rows as (row, cells), `kinds` one letter per column
    of a typed file. `problems` (at most MOST_PROBLEMS of `problem_count`) hinder acceptance, `notes` do not.
    """

    header: tuple[str, ...] = ()
    header_row: int = 1
    rows: int = 0
    samples: tuple[tuple[int, tuple[str, ...]], ...] = ()
    kinds: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    notes: tuple[Problem, ...] = ()
    asked: str = ""
    previews: dict[str, str] = field(default_factory=dict)


Record = tuple[int, str, Sequence[str]]


def read_csv(path: Path, target: Path, *, name: str, encoding: str, tell: Tell) -> Cells:
    """Read a CSV. `encoding` is "" or what a person chose; `tell("read", bytes, of)` may raise to stop.

    Raises Invalid (csv_*, table_*): nothing can be read at all.
    """
    used = encoding or _encoding_of(path, name)
    if not used:
        return Cells(asked="encoding", previews=_previews(path))
    size = path.stat().st_size
    try:
        with path.open("rb") as raw:
            text = io.TextIOWrapper(raw, ENCODINGS.get(used, used), errors="strict", newline="")
            delimiter, skipped = _delimiter(text, name)
            records = _csv_records(text, delimiter, skipped)
            cells = write_cells(
                records, target, name=name, tell=lambda: tell("read", min(raw.tell(), size), size)
            )
    except UnicodeDecodeError:
        raise Invalid([Problem("ledger_encoding_wrong", name, {"encoding": used.upper()})])
    notes = []
    if used not in ("utf-8-sig", "utf-8"):
        notes.append(Problem("csv_encoding_used", name, {"encoding": used.upper()}))
    if delimiter != ",":
        notes.append(
            Problem("csv_delimiter_used", name, {"delimiter": "TAB" if delimiter == "\t" else delimiter})
        )
    return changed(cells, encoding=used, delimiter=delimiter, notes=(*notes, *cells.notes))


def _encoding_of(path: Path, name: str) -> str:
    """utf-8-sig, utf-16 where its mark stands first, "" where only a person can say."""
    decoder, first = codecs.getincrementaldecoder("utf-8")(), True
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            if first and chunk[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                return "utf-16"
            first = False
            if b"\0" in chunk:
                raise Invalid([Problem("table_file_has_nul", name)])
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return ""
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return ""
    return "utf-8-sig"


def _previews(path: Path) -> dict[str, str]:
    """The first lines as they read in each encoding that can read them."""
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
    found = {}
    for key, codec in ENCODINGS.items():
        try:
            text = codecs.getincrementaldecoder(codec)().decode(head)
        except UnicodeDecodeError:
            continue
        found[key] = "\n".join(line[:200] for line in text.splitlines()[:4])
    return found


def _delimiter(text: io.TextIOWrapper, name: str) -> tuple[str, bool]:
    """The delimiter, and whether a `sep=` line stands first; the text is back at its start."""
    start = text.read(1 << 16)
    text.seek(0)
    if not start.strip():
        raise Invalid([Problem("upload_empty", name)])
    rest, hint = split_hint(start)
    if hint:
        return hint, True
    for line in rest.splitlines()[:HEADER_ROWS]:
        if any(sign in line for sign in DELIMITERS):
            return delimiter_of(line, name), False
    raise Invalid([Problem("csv_no_columns", name)])


def _csv_records(text: io.TextIOWrapper, delimiter: str, skipped: bool) -> Iterator[Record]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    if skipped:
        next(reader, None)
    start = reader.line_num + 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            yield start, "!", ()
            return
        if cells is None:
            return
        yield start, "", cells
        start = reader.line_num + 1


def write_cells(records: Iterator[Record], target: Path, *, name: str, tell: Callable[[], None]) -> Cells:
    """Find the header among the first records and write the rest; raises Invalid where there is no header."""
    first: list[Record] = []
    for record in records:
        if record[1] == "!":
            raise Invalid([Problem("table_quoting_broken", f"{name}:{record[0]}")])
        if any(cell.strip() for cell in record[2]) or record[1].strip("t"):
            first.append(record)
        if len(first) == HEADER_ROWS:
            break
    if not first:
        raise Invalid([Problem("upload_empty", name)])
    place = likely_header([record[2] for record in first])
    header = [cell.strip() for cell in first[place][2]]
    while header and not header[-1]:
        header.pop()
    if len(header) < 2:
        raise Invalid([Problem("csv_no_columns", name)])
    if len(header) > MOST_COLUMNS:
        raise Invalid([Problem("ledger_too_large", name, {"rows": "1048576", "columns": MOST_COLUMNS})])
    writer = _Writer(target, len(header), name)
    try:
        for number, record in enumerate(_chain(first[place + 1 :], records)):
            writer.add(record)
            if number % 5_000 == 0:
                tell()
    finally:
        writer.close()
    return Cells(
        header=tuple(header),
        header_row=first[place][0],
        rows=writer.rows,
        samples=tuple(writer.samples),
        problems=tuple(writer.problems),
        problem_count=writer.problem_count,
    )


def _chain(first: Sequence[Record], rest: Iterator[Record]) -> Iterator[Record]:
    yield from first
    yield from rest


class _Writer:
    """Collects rows and writes them in chunks, noting rows that do not fit the header."""

    def __init__(self, target: Path, width: int, name: str) -> None:
        fields = [("row", pa.int64()), ("kinds", pa.string())]
        self.schema = pa.schema(fields + [(f"c{i}", pa.string()) for i in range(width)])
        self.file = pq.ParquetWriter(target, self.schema, compression="zstd")
        self.width, self.name, self.rows = width, name, 0
        self.samples: list[tuple[int, tuple[str, ...]]] = []
        self.problems: list[Problem] = []
        self.problem_count = 0
        self.waiting: list[list[Any]] = []

    def add(self, record: Record) -> None:
        row, kinds, found = record
        if kinds == "!":
            self.wrong(Problem("table_quoting_broken", f"{self.name}:{row}"))
            return
        cells = [cell.strip() for cell in found]
        if not any(cells) and not kinds.strip("t"):
            return
        if len(cells) != self.width:
            if any(cells[self.width :]) or (len(cells) < self.width and not kinds):
                self.wrong(cells_differ(self.name, row, len(cells), self.width))
                return
            cells = (cells + [""] * self.width)[: self.width]
        self.rows += 1
        if len(self.samples) < SAMPLES:
            self.samples.append((row, tuple(cells)))
        self.waiting.append([row, kinds.ljust(self.width, "t") if kinds else "", *cells])
        if len(self.waiting) == CHUNK_ROWS:
            self.flush()

    def wrong(self, problem: Problem) -> None:
        self.problem_count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)

    def flush(self) -> None:
        if self.waiting:
            columns = [list(column) for column in zip(*self.waiting, strict=True)]
            arrays = [pa.array(column, kind) for column, kind in zip(columns, self.schema.types, strict=True)]
            self.file.write_batch(pa.record_batch(arrays, schema=self.schema))
            self.waiting.clear()

    def close(self) -> None:
        self.flush()
        self.file.close()


def changed(cells: Cells, **changes: Any) -> Cells:
    """What was read, with some of it said otherwise."""
    return Cells(**{**cells.__dict__, **changes})
