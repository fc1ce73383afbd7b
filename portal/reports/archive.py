"""A ZIP of many files: names every system can hold, a manifest with the digest of each, within bounds."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

CHUNK = 256 * 1024
LONGEST_NAME = 120
MANIFEST = "manifest.json"
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_REFUSED = frozenset('<>:"/\\|?*')
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Part:
    """One file of an archive. `path` has "/" between folders; `open` gives a fresh stream of its bytes; `packed` says
    that the bytes are compressed already."""

    path: str
    open: Callable[[], BinaryIO]
    packed: bool = False


def write_archive(target: BinaryIO, parts: Sequence[Part], *, title: str, made_at: datetime) -> None:
    """Write the parts in order and last `manifest.json` with path, bytes and SHA-256 of each.

    Names are taken as they are: see `free_path`. Nothing depends on the clock but `made_at`.
    """
    moment = max(made_at.timetuple()[:6], _FIRST_MOMENT)
    files = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for part in parts:
            info = _entry(part.path, moment, packed=part.packed)
            digest, size = hashlib.sha256(), 0
            with part.open() as stream, archive.open(info, "w", force_zip64=True) as entry:
                for piece in _pieces(stream):
                    digest.update(piece)
                    size += len(piece)
                    entry.write(piece)
            files.append({"path": part.path, "bytes": size, "sha256": digest.hexdigest()})
        content = {
            "schema": "upstream-package/1",
            "title": title,
            "made_at": made_at.isoformat(),
            "files": files,
        }
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        archive.writestr(_entry(MANIFEST, moment, packed=False), text.encode())


def _entry(path: str, moment: tuple[int, ...], *, packed: bool) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, moment)  # type: ignore[arg-type]  # six whole numbers
    info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(CHUNK):
        yield piece


def safe_name(name: str) -> str:
    """A file's name as Windows, macOS and Linux hold it: no signs they refuse, no reserved word, no dot or blank at
    the end, at most 120 characters with its ending kept. Chinese stays as it is."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    text = "".join("_" if c in _REFUSED else c for c in text if unicodedata.category(c)[0] != "C")
    text = text.strip(". ") or "file"
    _stem, dot, ending = text.rpartition(".")
    if len(text) > LONGEST_NAME:
        kept = f".{ending}" if dot and len(ending) <= 10 else ""
        text = text[: LONGEST_NAME - len(kept)].rstrip(". ") + kept
    return f"_{text}" if _RESERVED.fullmatch(text) else text


def free_path(folder: str, name: str, taken: set[str]) -> str:
    """A path for a file of this name that is not `taken` yet, whatever the case of letters; it is added to them."""
    safe = safe_name(name)
    stem, dot, ending = safe.rpartition(".")
    stem, ending = (stem, f".{ending}") if dot and stem else (safe, "")
    number = 1
    path = f"{folder}/{safe}" if folder else safe
    while path.casefold() in taken:
        number += 1
        again = f"{stem} ({number}){ending}"
        path = f"{folder}/{again}" if folder else again
    taken.add(path.casefold())
    return path
