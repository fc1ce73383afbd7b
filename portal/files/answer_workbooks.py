"""Reads a filled answer workbook: whose it is, and the cells of each answer by row key."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.core.errors import Invalid
from portal.core.problems import Problem
from portal.core.workbook.cells import Cells, Entry
from portal.core.workbook.identity import Identity, read_identity
from portal.core.workbook.sheets import COLUMNS, IDENTITY_SHEET, LISTS_SHEET, ROW_MARK
from portal.files.boxes import ask_child
from portal.files.office_packages import inspect_package
from portal.files.spreadsheets import CHILD, LIMITS, column_letters
from portal.files.uploads import clean_name

BOOK_LIMITS = LIMITS | {"text": 32_767, "hidden": 1}
FIRST_ROWS = 10
LONGEST_NAME = 60
_AREA = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?", re.ASCII)
_KEY = re.compile(r"[A-Z]{3}-\d{2}(?:@[\w.-]{1,40})?(?:/\w{1,12}(?:/\w{1,60})?)?", re.ASCII)


@dataclass(frozen=True)
class AnswerWorkbook:
    """`cells` by row key: one entry per row of that key, in order. `spoiled` are row keys whose cells cannot be taken
    (merged, the key twice), each with the problem. `notes` a person should see; they hinder nothing."""

    identity: Identity
    cells: Mapping[str, Sequence[Cells]]
    spoiled: Mapping[str, Problem]
    notes: tuple[Problem, ...] = ()


@dataclass
class _Gathering:
    cells: dict[str, list[Cells]] = field(default_factory=dict)
    spoiled: dict[str, Problem] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)


def read_answer_workbook(data: bytes, name: str) -> AnswerWorkbook:
    """The workbook in `data`, which `judge_upload` found to be XLSX. Parsed in a child process.

    Raises Invalid: upload_*, sheet_*, workbook_not_ours, workbook_format_unknown, workbook_identity_changed,
    workbook_column_missing, workbook_no_answers.
    """
    where = clean_name(name)
    inspect_package(io.BytesIO(data), size=len(data), where=where, max_unpacked=BOOK_LIMITS["unpacked"])
    answer = ask_child(CHILD, data, BOOK_LIMITS, where, heavy="sheet_too_heavy", damaged="sheet_damaged")
    if answer["problems"]:
        raise Invalid([Problem(p["code"], p["where"] or where, p["values"]) for p in answer["problems"]])
    sheets = {sheet["name"]: sheet | {"name": sheet["name"][:LONGEST_NAME]} for sheet in answer["sheets"]}
    identity = read_identity(_identity_rows(sheets.get(IDENTITY_SHEET)), where)
    if isinstance(identity, Problem):
        raise Invalid([identity])
    found = _Gathering()
    for sheet in sheets.values():
        if sheet["name"] not in (IDENTITY_SHEET, LISTS_SHEET):
            _gather(sheet, found)
    if not found.cells:
        raise Invalid([Problem("workbook_no_answers", where)])
    return AnswerWorkbook(identity, found.cells, found.spoiled, tuple(found.notes))


def _identity_rows(sheet: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    rows = sheet["rows"] if sheet else []
    pairs = [{index: text for index, _kind, text in cells} for _number, cells in rows]
    return [(pair.get(0, "").strip(), pair.get(1, "").strip()) for pair in pairs]


def _gather(sheet: Mapping[str, Any], found: _Gathering) -> None:
    """Add the answers of one sheet; a sheet without our column names is somebody's own and is left alone."""
    name, rows = sheet["name"], sheet["rows"]
    head = next((row for row in rows[:FIRST_ROWS] if any(c[2] == ROW_MARK for c in row[1])), None)
    if head is None:
        if rows and any(_KEY.fullmatch(cell[2]) for _number, cells in rows for cell in cells):
            found.notes.append(Problem("workbook_sheet_spoiled", name))
        return
    columns = {text: index for index, _kind, text in reversed(head[1])}
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        raise Invalid([Problem("workbook_column_missing", name, {"column": missing[0]})])
    answers = sorted(index for text, index in columns.items() if text.startswith("answer"))
    at = {index: position for position, index in enumerate(answers)}
    if [columns[c] for c in COLUMNS if c.startswith("answer")] != answers:
        raise Invalid([Problem("workbook_column_missing", name, {"column": "answer"})])
    if sheet["hidden"]:
        found.notes.append(Problem("workbook_sheet_hidden", name))
    _gather_rows(sheet, head[0], columns[ROW_MARK], at, found)


def _gather_rows(
    sheet: Mapping[str, Any], head: int, key_at: int, at: Mapping[int, int], found: _Gathering
) -> None:
    merged = [area for text in sheet["merged"] if (area := _area(text))]
    above = ""
    for number, cells in sheet["rows"]:
        if number <= head:
            continue
        key = next((text.strip() for index, _kind, text in cells if index == key_at), "")
        filled = {
            at[index]: Entry(text, kind, f"{sheet['name']}!{column_letters(index)}{number}")
            for index, kind, text in cells
            if index in at
        }
        if not key and above.endswith("/row") and filled:
            key = above  # a row that a person put between the rows of a table
        above = key
        if not _KEY.fullmatch(key):
            continue
        if key in found.cells and not key.endswith("/row"):
            found.spoiled[key] = Problem("workbook_row_twice", f"{sheet['name']}!{number}", {"row": key})
        found.cells.setdefault(key, []).append(filled)
        for text, (first_row, last_row, first, last) in merged:
            if first_row <= number <= last_row and any(first <= index <= last for index in at):
                found.spoiled.setdefault(key, Problem("sheet_merged", f"{sheet['name']}!{text}"))


def _area(text: str) -> tuple[str, tuple[int, int, int, int]] | None:
    match = _AREA.fullmatch(text)
    if match is None:
        return None
    first, top, last, bottom = match[1], int(match[2]), match[3] or match[1], int(match[4] or match[2])
    return text, (top, bottom, _index(first), _index(last))


def _index(letters: Iterable[str]) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
