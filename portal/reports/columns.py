"""Columns of exported tables: one list gives header and cells, for CSV and XLSX alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.language import say

Cell = str | int | Decimal | date | None
TYPES = ("text", "word", "integer", "number", "decimal", "percent", "date")


@dataclass(frozen=True)
class Column:
    """One column of a table of rows.

    `header` is a msgid; `value` takes a row and gives its cell, None for an empty one; `type` is one of TYPES:
    word is a msgid that appears in the reader's language, number shows what is there, decimal two places, percent
    is on 0..100 with one place; `unit` stands in the header; `width` is in characters.
    """

    key: str
    header: str
    value: Callable[[Any], Cell]
    type: str = "text"
    unit: str = ""
    width: int = 14


def header_of(column: Column, locale: str) -> str:
    """The header in the reader's language, with its unit: "Spend (USD)"."""
    text = say(locale, column.header)
    if not column.unit:
        return text
    return f"{text}（{column.unit}）" if locale == "zh" else f"{text} ({column.unit})"


def headers_of(columns: Sequence[Column], locale: str) -> list[str]:
    """All headers in order."""
    return [header_of(column, locale) for column in columns]


def cell_of(column: Column, row: object, locale: str) -> Cell:
    """The typed cell of a row. Raises TypeError when a value does not fit the column's type."""
    value = column.value(row)
    if value is None:
        return None
    if column.type == "word":
        return say(locale, plain(value))
    if column.type == "text":
        return plain(value)
    fits = {"integer": int, "date": date}.get(column.type, (int, Decimal))
    if isinstance(value, bool) or not isinstance(value, fits):
        raise TypeError(f"column {column.key} is of type {column.type}, got {type(value).__name__}")
    return value


def plain(value: object) -> str:
    """Text that any file can hold: no control characters but line ends and tabs, no broken Unicode."""
    text = str(value).encode("utf-8", errors="replace").decode("utf-8")
    return "".join(c for c in text if (c >= " " and c not in "\x7f\ufffe\uffff") or c in "\n\r\t")
