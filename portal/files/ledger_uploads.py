"""Judges a ledger file by what it holds: CSV, XLSX or Parquet, larger than other uploads and never held in memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from portal.core.errors import Invalid
from portal.core.problems import Problem
from portal.files.uploads import CHUNK, MEGABYTE, TABLES, clean_name, judge_upload

PARQUET = b"PAR1"
# A spreadsheet is unpacked and read whole in its box; what is larger belongs into CSV or Parquet.
SHEET_LIMIT = 100 * MEGABYTE
_HEAD = 64 * 1024
_NOT_TEXT = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0",
    b"MZ",
    b"\x7fELF",
)


@dataclass(frozen=True)
class LedgerFile:
    """An accepted file: `name` as harmless text, `form` csv, xlsx or parquet, `size` in bytes, SHA-256 in hex."""

    name: str
    form: str
    size: int
    sha256: str


def judge_ledger(name: str, stream: BinaryIO, limit: int) -> LedgerFile:
    """Accept or refuse a ledger file; the stream is left at its start. Raises Invalid (upload_*)."""
    where = clean_name(name)
    digest, size, tail = hashlib.sha256(), 0, b""
    stream.seek(0)
    while piece := stream.read(CHUNK):
        size += len(piece)
        if size > limit:
            raise Invalid([Problem("upload_too_large", where, {"limit": limit // MEGABYTE})])
        digest.update(piece)
        tail = (tail + piece)[-4:]
    stream.seek(0)
    head = stream.read(_HEAD)
    stream.seek(0)
    if size == 0:
        raise Invalid([Problem("upload_empty", where)])
    if head.startswith(PARQUET) and tail == PARQUET and size > 8:
        return LedgerFile(_ending(where, "parquet"), "parquet", size, digest.hexdigest())
    if head.startswith(_NOT_TEXT) or (b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))):
        upload = judge_upload(name, stream, min(limit, SHEET_LIMIT), TABLES)
        return LedgerFile(upload.name, "xlsx", size, upload.sha256)
    if where.lower().endswith((".csv", ".txt", ".tsv")):
        return LedgerFile(where, "csv", size, digest.hexdigest())
    # whatever else it calls itself: the head alone says it in the words every upload is refused with
    judge_upload(name, head[: head.rfind(b"\n") + 1] or head, limit, TABLES)
    return LedgerFile(_ending(where, "csv"), "csv", size, digest.hexdigest())


def _ending(name: str, ending: str) -> str:
    return name if name.lower().endswith("." + ending) else f"{name}.{ending}"
