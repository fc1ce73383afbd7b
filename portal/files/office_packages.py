"""Looks at an Office package (XLSX, DOCX) from the outside: its table of contents, not its bulk."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from portal.core.errors import Invalid
from portal.core.problems import Problem

MAX_ENTRIES = 2_000
MAX_DIRECTORY = 1_000_000
MAX_UNPACKED = 300_000_000
MAX_RATIO = 200
RATIO_FREE = 5_000_000
CONTENT_TYPES = "[Content_Types].xml"
MAX_CONTENT_TYPES = 1_000_000

END_OF_DIRECTORY = struct.Struct("<4s4H2LH")


@dataclass(frozen=True)
class Package:
    """What a zip container is: `kind` xlsx, docx, xlsb or zip; `unpacked` in bytes as declared."""

    kind: str
    macros: bool
    entries: int
    unpacked: int


def inspect_package(stream: BinaryIO, *, size: int, where: str, max_unpacked: int = MAX_UNPACKED) -> Package:
    """Judge a zip container of `size` bytes by its table of contents; unpacks at most one small entry.

    Raises Invalid: upload_damaged, upload_unpacks_too_large, upload_encrypted.
    """
    _check_directory(stream, size, where)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            unpacked = _check_entries(entries, where, max_unpacked)
            kind, macros = _kind(archive, {e.filename for e in entries})
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, ValueError, OSError):
        raise Invalid([Problem("upload_damaged", where)])
    return Package(kind, macros, len(entries), unpacked)


def _check_directory(stream: BinaryIO, size: int, where: str) -> None:
    """Refuse a table of contents that would itself fill the memory, before the zip reader loads it."""
    tail_size = min(size, 65_557)
    stream.seek(size - tail_size)
    tail = stream.read(tail_size)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < END_OF_DIRECTORY.size:
        raise Invalid([Problem("upload_damaged", where)])
    _, _, _, _, count, directory, _, _ = END_OF_DIRECTORY.unpack_from(tail, at)
    large = tail[max(0, at - 76) : at]
    if len(large) == 76 and large.startswith(b"PK\x06\x06") and large[56:60] == b"PK\x06\x07":
        count, directory = struct.unpack_from("<2Q", large, 32)
    if count > MAX_ENTRIES or directory > MAX_DIRECTORY:
        raise Invalid([Problem("upload_unpacks_too_large", where)])
    stream.seek(0)


def _check_entries(entries: list[zipfile.ZipInfo], where: str, max_unpacked: int) -> int:
    if any(e.flag_bits & 1 for e in entries):
        raise Invalid([Problem("upload_encrypted", where)])
    names = [e.filename for e in entries]
    if len(set(names)) != len(names):
        raise Invalid([Problem("upload_damaged", where)])
    unpacked = sum(e.file_size for e in entries)
    swollen = any(
        e.file_size > RATIO_FREE and e.file_size > MAX_RATIO * max(e.compress_size, 1) for e in entries
    )
    if len(entries) > MAX_ENTRIES or unpacked > max_unpacked or swollen:
        raise Invalid([Problem("upload_unpacks_too_large", where)])
    return unpacked


def _kind(archive: zipfile.ZipFile, names: set[str]) -> tuple[str, bool]:
    if CONTENT_TYPES not in names:
        return "zip", False
    with archive.open(CONTENT_TYPES) as entry:
        types = entry.read(MAX_CONTENT_TYPES)
    macros = b"macroEnabled" in types or any(n.lower().endswith("vbaproject.bin") for n in names)
    if b"sheet.binary.macroEnabled" in types:
        return "xlsb", False
    if b"spreadsheetml.sheet.main+xml" in types or b"ms-excel.sheet.macroEnabled.main" in types:
        return "xlsx", macros
    if b"wordprocessingml.document.main+xml" in types or b"ms-word.document.macroEnabled.main" in types:
        return "docx", macros
    return "zip", macros
