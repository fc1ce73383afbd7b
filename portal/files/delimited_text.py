"""Bytes of a text table to text: which encoding, said aloud, and which delimiter. Never guesses silently."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass

from portal.core.errors import Invalid
from portal.core.problems import Problem

DELIMITERS = (",", ";", "\t")
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
SAMPLE = 1_000_000
COMMON_SHARE = 0.8


@dataclass(frozen=True)
class DecodedText:
    """`encoding`: UTF-8, UTF-16 or GB18030, as used; `notes` tell the reader when it was not plain UTF-8."""

    text: str
    encoding: str
    notes: tuple[Problem, ...]


def decode_text(data: bytes, where: str) -> DecodedText:
    """Text of a table file: UTF-8 (a BOM is accepted), UTF-16 with BOM, or GB18030 where it reads as Chinese.

    Western 8-bit text often decodes as GB18030 by accident into rare characters, so it is taken only when
    four fifths of the characters outside ASCII are common ones (GB 2312). Raises Invalid: csv_encoding,
    csv_binary.
    """
    text, encoding = _decode(data, where)
    if CONTROLS.search(text):
        raise Invalid([Problem("csv_binary", where)])
    notes = () if encoding == "UTF-8" else (Problem("csv_encoding_used", where, {"encoding": encoding}),)
    return DecodedText(text, encoding, notes)


def _decode(data: bytes, where: str) -> tuple[str, str]:
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16"), "UTF-16"
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise Invalid([Problem("csv_encoding", where)])
    outside = [c for c in text[:SAMPLE] if ord(c) > 127]
    common = sum(1 for c in outside if _common(c))
    if not outside or common < COMMON_SHARE * len(outside):
        raise Invalid([Problem("csv_encoding", where)])
    return text, "GB18030"


def _common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def split_hint(text: str) -> tuple[str, str]:
    """Take off the `sep=;` line some spreadsheet programs write; returns (rest, delimiter or empty)."""
    first, _, rest = text.partition("\n")
    mark = first.rstrip("\r")
    if len(mark) == 5 and mark.lower().startswith("sep=") and mark[4] in DELIMITERS:
        return rest, mark[4]
    return text, ""


def delimiter_of(text: str, where: str) -> str:
    """The delimiter of the header line. Semicolon or tab counts only when no other candidate is there.

    Raises Invalid: csv_delimiter_unclear.
    """
    line = text.lstrip("\r\n ").partition("\n")[0].rstrip("\r")
    found = [d for d in DELIMITERS if len(_cells(line, d)) > 1]
    if len(found) > 1:
        raise Invalid([Problem("csv_delimiter_unclear", where)])
    return found[0] if found else ","


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
