"""Judges an uploaded file by what it holds, not by what it is called; parses nothing."""

from __future__ import annotations

import hashlib
import io
import unicodedata
from dataclasses import dataclass
from typing import BinaryIO

from portal.core.errors import Invalid
from portal.core.problems import Problem
from portal.files.delimited_text import decode_text, delimiter_of, split_hint
from portal.files.office_packages import inspect_package

MEGABYTE = 1024 * 1024
LIMIT = 30 * MEGABYTE
CHUNK = 256 * 1024
NAME_LENGTH = 150

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv",
    "json": "application/json",
}
EXTENSIONS = {
    "pdf": "pdf",
    "png": "png",
    "jpeg": "jpeg",
    "jpg": "jpeg",
    "xlsx": "xlsx",
    "docx": "docx",
    "csv": "csv",
    "json": "json",
}
EVIDENCE = frozenset(MEDIA_TYPES) - {"json"}
TABLES = frozenset({"xlsx", "csv"})
CARBON = TABLES | {"json"}

SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "cfb"),
    (b"MZ", "exe"),
    (b"\x7fELF", "elf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"{\\rtf", "rtf"),
)


@dataclass(frozen=True)
class Upload:
    """An accepted file: `name` cleaned for display only, `kind` a key of MEDIA_TYPES, `size` in bytes."""

    name: str
    kind: str
    media_type: str
    sha256: str
    size: int


def judge_upload(
    name: str, content: BinaryIO | bytes, limit: int = LIMIT, allowed: frozenset[str] = EVIDENCE
) -> Upload:
    """Accept or refuse one uploaded file by its content.

    `content` is bytes or a seekable binary stream, left at its start; it is read in pieces, only CSV is held
    whole once. `limit` in bytes. `allowed`: EVIDENCE, TABLES or CARBON. Raises Invalid with codes upload_*, csv_*.
    """
    where = clean_name(name)
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    sha256, size = _measure(stream, limit, where)
    stream.seek(0)
    head = stream.read(4096)
    kind = _kind(stream, head, size, where)
    if kind == "csv" and _is_json(head, _extension(where)):
        kind = "json"
    problem = _refusal(where, kind, allowed)
    if problem:
        raise Invalid([problem])
    _check_whole(stream, kind, size, where)
    stream.seek(0)
    return Upload(_with_extension(where, kind), kind, MEDIA_TYPES[kind], sha256, size)


def clean_name(name: str) -> str:
    """The file's own name as harmless text: no folders, no control marks, at most 150 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    text = unicodedata.normalize("NFC", last)
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    text = " ".join(text.split()).strip(". ")
    stem, dot, extension = text.rpartition(".")
    if dot and len(text) > NAME_LENGTH and len(extension) <= 10:
        return stem[: NAME_LENGTH - len(extension) - 1] + "." + extension
    return text[:NAME_LENGTH] or "file"


def _measure(stream: BinaryIO, limit: int, where: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while piece := stream.read(CHUNK):
        size += len(piece)
        if size > limit:
            raise Invalid([Problem("upload_too_large", where, {"limit": limit // MEGABYTE})])
        digest.update(piece)
    if size == 0:
        raise Invalid([Problem("upload_empty", where)])
    return digest.hexdigest(), size


def _kind(stream: BinaryIO, head: bytes, size: int, where: str) -> str:
    """What the content is; kinds outside MEDIA_TYPES are only ever named in a refusal."""
    for mark, kind in SIGNATURES:
        if head.startswith(mark):
            return _container(stream, kind, size, where)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in {b"heic", b"heix", b"mif1", b"hevc"} else "mp4"
    return _text_kind(head)


def _container(stream: BinaryIO, kind: str, size: int, where: str) -> str:
    if kind == "cfb":
        raise Invalid([Problem(_old_office(stream), where)])
    if kind != "zip":
        return kind
    package = inspect_package(stream, size=size, where=where)
    if package.macros:
        raise Invalid([Problem("upload_macros", where)])
    return package.kind


def _old_office(stream: BinaryIO) -> str:
    """Compound files are either password-protected Office packages or the formats used before 2007."""
    if _holds(stream, "EncryptedPackage".encode("utf-16-le")):
        return "upload_encrypted"
    if _holds(stream, "WordDocument".encode("utf-16-le")):
        return "upload_legacy_doc"
    if _holds(stream, "Workbook".encode("utf-16-le")) or _holds(stream, "Book".encode("utf-16-le")):
        return "upload_legacy_xls"
    return "upload_legacy"


def _text_kind(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[: len(head) // 2 * 2].decode("utf-16", "replace")
    elif b"\0" in head:
        return "unknown"
    else:
        text = head.decode("utf-8-sig", "replace")
    start = text.lstrip().lower()
    if start.startswith(("<!doctype html", "<html", "<script", "<body", "<head")) or "<html" in start:
        return "html"
    if "<svg" in start:
        return "svg"
    if start.startswith(("<?xml", "<!")):
        return "xml"
    if start.startswith(("#!", "<?php")):
        return "script"
    return "csv"


def _is_json(head: bytes, extension: str) -> bool:
    """Text that is called JSON, or has no table's name and begins as JSON does; reading it proves it or not."""
    begins = head.decode("utf-8-sig", "replace").lstrip()[:1] in ("{", "[")
    return extension == "json" or (begins and extension not in EXTENSIONS)


def _refusal(where: str, kind: str, allowed: frozenset[str]) -> Problem | None:
    extension = _extension(where)
    claimed = EXTENSIONS.get(extension, "")
    wanted = ", ".join(k.upper() for k in MEDIA_TYPES if k in allowed)
    if kind == "csv" and extension != "csv":
        if claimed:
            return Problem("upload_disguised_text", where, {"claimed": claimed.upper(), "allowed": wanted})
        return Problem(
            "upload_type_refused", where, {"found": (extension or "txt").upper(), "allowed": wanted}
        )
    if kind == "unknown":
        code = "upload_disguised_unknown" if claimed else "upload_unknown"
        return Problem(code, where, {"claimed": claimed.upper(), "allowed": wanted})
    if extension and claimed != kind and (claimed or kind in MEDIA_TYPES):
        values = {"claimed": extension.upper(), "found": kind.upper(), "allowed": wanted}
        return Problem("upload_misnamed" if kind in allowed else "upload_disguised", where, values)
    if kind not in allowed:
        return Problem("upload_type_refused", where, {"found": kind.upper(), "allowed": wanted})
    return None


def _check_whole(stream: BinaryIO, kind: str, size: int, where: str) -> None:
    """Marks that a complete file of its kind has; their absence means a broken or cut upload."""
    stream.seek(max(0, size - 65_536))
    tail = stream.read(65_536)
    broken = (
        (kind == "pdf" and not (b"%%EOF" in tail and b"startxref" in tail))
        or (kind == "png" and b"IEND" not in tail)
        or (kind == "jpeg" and not _holds(stream, b"\xff\xd9"))
    )
    if broken:
        raise Invalid([Problem("upload_damaged", where)])
    if kind == "csv":
        stream.seek(0)
        text, hint = split_hint(decode_text(stream.read(), where).text)
        if not text.strip():
            raise Invalid([Problem("upload_empty", where)])
        delimiter = hint or delimiter_of(text, where)
        if delimiter not in text:
            raise Invalid([Problem("csv_no_columns", where)])


def _holds(stream: BinaryIO, mark: bytes) -> bool:
    stream.seek(0)
    before = b""
    while piece := stream.read(CHUNK):
        if mark in before + piece:
            return True
        before = piece[-len(mark) :]
    return False


def _extension(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem and len(extension) <= 10 else ""


def _with_extension(name: str, kind: str) -> str:
    return name if _extension(name) else f"{name}.{kind}"
