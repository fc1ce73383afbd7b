"""The box in which a ledger's XLSX is read: as spreadsheet_child, but one sheet as a stream of CSV, for many rows.

Reads the file from standard input and writes one CSV record per filled row to standard output: row number, kinds
(one letter per cell), cells. What it noted goes to standard error as one JSON object: sheets, the sheet read,
hidden and merged parts, or the problem. Imports nothing of the portal but its neighbour.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
import zlib
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

import spreadsheet_child as box
from python_calamine import CalamineError, CalamineWorkbook

# one letter per kind of cell; an empty cell is text
LETTERS = {
    "text": "t",
    "number": "n",
    "date": "d",
    "datetime": "m",
    "percent": "p",
    "scaled": "s",
    "time": "z",
    "duration": "u",
    "boolean": "b",
    "formula": "f",
    "error": "e",
    "long": "l",
}
# a sheet holds numbers in binary: of a longer one the last digits are gone
SAFE_DIGITS = 15


def chosen(sheets, wanted):
    """The sheet to read: the wanted one, else the first visible one that holds most cells."""
    visible = [s for s, _ in sheets if not s.hidden]
    if not visible:
        raise box.Stop("sheet_damaged")
    for sheet in visible:
        if sheet.name == wanted:
            return sheet
    return max(visible, key=lambda s: dict(sheets)[s])


def walked(archive, limits):
    """Every sheet with the number of its filled cells."""
    styles = box.telling_styles(archive)
    found = []
    for name, hidden, part in box.sheet_parts(archive):
        sheet, walk = box.Sheet(name, hidden), None
        if not hidden:
            walk = box.Walk(sheet, styles, limits)
            box.parse(archive, part, walk.start, walk.end, walk.characters)
        found.append((sheet, walk.cells if walk else 0))
    return found


def write_rows(book, sheet, limits, out):
    """One CSV record per row that holds anything; addresses are made only where something was noted."""
    told = sheet.formulas | sheet.percents | sheet.scaled | set(sheet.errors)
    rows = {int(box.CELL.fullmatch(address)[2]) for address in told}
    for number, row in enumerate(book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False), 1):
        kinds, cells = [], []
        for index, value in enumerate(row):
            if number in rows:
                kind, text = box.cell_of(value, f"{box.letters(index)}{number}", sheet)
            else:
                kind, text = ("text", "") if value == "" else box.plain_cell(value)
            if kind == "number" and len(text.lstrip("-").partition(".")[0]) > SAFE_DIGITS:
                kind = "long"
            if len(text) > limits["text"]:
                raise box.Stop("sheet_text_too_long", f"{box.letters(index)}{number}", limit=limits["text"])
            kinds.append(LETTERS[kind])
            cells.append(text)
        if any(cells) or set(kinds) & {"f", "e"}:
            out.writerow([number, "".join(kinds), *cells])


def read(data, limits, wanted):
    """Write the rows of the chosen sheet and return what is to be told."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        box.read_through(archive, limits)
        sheets = walked(archive, limits)
    sheet = chosen(sheets, wanted)
    text = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="")
    out = csv.writer(text, lineterminator="\n")
    write_rows(CalamineWorkbook.from_filelike(io.BytesIO(data)), sheet, limits, out)
    text.flush()
    text.detach()
    return {
        "sheet": sheet.name,
        "sheets": [s.name for s, cells in sheets if not s.hidden and cells],
        "hidden_sheets": [s.name for s, _ in sheets if s.hidden],
        "hidden_rows": len(sheet.hidden_rows),
        "hidden_columns": len(sheet.hidden_columns),
        "merged": sheet.merged,
    }


def main():
    """Entry point; limits and the wanted sheet arrive as JSON in the first argument."""
    asked = json.loads(sys.argv[1])
    limits = asked["limits"]
    box.limit_resources(limits)
    data = sys.stdin.buffer.read(limits["input"] + 1)
    try:
        told = read(data, limits, asked["sheet"])
    except box.Stop as stop:
        told = {"problem": stop.problem}
    except (
        CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        NotImplementedError,
        EOFError,
        KeyError,
    ):
        told = {"problem": box.Stop("sheet_damaged").problem}
    except MemoryError:
        told = {"problem": box.Stop("sheet_too_heavy").problem}
    json.dump(told, sys.stderr)


if __name__ == "__main__":
    main()
