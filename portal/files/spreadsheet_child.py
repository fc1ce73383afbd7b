"""The box in which a stranger's XLSX is read: a program of its own with memory, time and output limits.

Imports nothing of the portal. Reads the file from standard input, writes one JSON object to standard output:
``{"sheets": [...], "problems": [...]}``. First a streaming pass over the XML notes what the reader would hide
(formulas, error values, per cent formats, merged and hidden parts, how far the cells reach); only then the
library reads the values. Hidden sheets are read where the limits say `hidden`.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
PERCENT_FORMATS = {9, 10}
SCALING = re.compile(r"[0#?],+(?![0#?,])")
MAX_NOTED = 50


class Stop(Exception):
    """Ends the reading with one problem: code, where, values."""

    def __init__(self, code, where="", **values):
        super().__init__(code)
        self.problem = {"code": code, "where": where, "values": values}


class Sheet:
    """What the streaming pass learned about one sheet."""

    def __init__(self, name, hidden):
        self.name, self.hidden = name, hidden
        self.formulas, self.percents, self.scaled, self.errors = set(), set(), set(), {}
        self.merged, self.hidden_rows, self.hidden_columns = [], [], []


def limit_resources(limits):
    """Bind this process: memory in bytes, processor time in seconds, size of what it may write in bytes."""
    if sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["output"], limits["output"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def letters(index):
    """Column letters of a zero-based index: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_index(text):
    """Zero-based index of column letters."""
    index = 0
    for letter in text:
        index = index * 26 + ord(letter) - 64
    return index - 1


def parse(archive, name, start, end=None, characters=None):
    """Stream one XML part through handlers that receive local names; refuses document type declarations."""

    def no_doctype(*_):
        raise Stop("sheet_damaged")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = no_doctype
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if characters:
        parser.CharacterDataHandler = characters
    try:
        with archive.open(name) as part:
            parser.ParseFile(part)
    except (expat.ExpatError, KeyError):
        raise Stop("sheet_damaged")


def read_through(archive, limits):
    """Unpack every part once, in pieces: declared sizes may lie, checks of sums and lengths do not."""
    total = 0
    for entry in archive.infolist():
        with archive.open(entry) as part:
            while piece := part.read(262_144):
                total += len(piece)
                if total > limits["unpacked"]:
                    raise Stop("sheet_unpacks_too_large")


def sheet_parts(archive):
    """The workbook's worksheets in order: (name, hidden, part name)."""
    root, found, targets = "xl/workbook.xml", [], {}

    def relation(tag, attributes):
        if tag == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = (
                target.lstrip("/") if target.startswith("/") else "xl/" + target
            )

    def sheet(tag, attributes):
        if tag == "sheet":
            key = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id" and ":" in k), "")
            hidden = attributes.get("state", "visible") != "visible"
            found.append((attributes.get("name", ""), hidden, key))

    parse(archive, root, sheet)
    parse(archive, "xl/_rels/workbook.xml.rels", relation)
    names = set(archive.namelist())
    parts = [(name, hidden, targets.get(key, "")) for name, hidden, key in found]
    parts = [p for p in parts if not p[2].startswith(("xl/chartsheets/", "xl/dialogsheets/"))]
    if any(part not in names for _, _, part in parts):
        raise Stop("sheet_damaged")
    return parts


def telling_styles(archive):
    """Indices of cell styles that show another number than the cell holds.

    Two sets: per cent (0.45 shown as 45 %), and scaled (1200 shown as 1.2, or 12000 as 1.2 万).
    """
    if "xl/styles.xml" not in archive.namelist():
        return set(), set()
    percents, scaled, styles, inside = set(PERCENT_FORMATS), set(), [], []

    def start(tag, attributes):
        if tag == "numFmt":
            number = int(attributes.get("numFmtId", "0"))
            shape = re.sub(r'"[^"]*"|\\.', "", attributes.get("formatCode", ""))
            percents.update({number} if "%" in shape else ())
            scaled.update({number} if SCALING.search(shape) else ())
        if tag == "cellXfs":
            inside.append(True)
        if tag == "xf" and inside:
            styles.append(int(attributes.get("numFmtId", "0")))

    def end(tag):
        if tag == "cellXfs":
            inside.clear()

    parse(archive, "xl/styles.xml", start, end)
    return tuple(
        {i for i, number in enumerate(styles) if number in formats} for formats in (percents, scaled)
    )


class Walk:
    """The streaming pass over one worksheet: handlers and the little state between them."""

    def __init__(self, sheet, styles, limits):
        self.sheet, self.limits = sheet, limits
        self.percents, self.scaled = styles
        self.row = self.column = self.rows = self.cells = 0
        self.hidden = self.has_value = self.is_error = False
        self.style = ""
        self.text = []

    def start(self, tag, attributes):
        if tag == "row":
            self.begin_row(attributes)
        elif tag == "c":
            self.begin_cell(attributes)
        elif tag == "f":
            self.sheet.formulas.add(self.address())
            self.has_value = True
        elif tag in ("v", "is"):
            self.has_value = True
            self.text = []  # an error is named by its value, not by the formula before it
        elif tag == "mergeCell" and len(self.sheet.merged) < MAX_NOTED:
            self.sheet.merged.append(attributes.get("ref", ""))
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self.sheet.hidden_columns.append((first - 1, last))

    def begin_row(self, attributes):
        self.row = int(attributes.get("r", self.row + 1))
        self.column, self.rows = 0, self.rows + 1
        self.hidden = attributes.get("hidden") in ("1", "true")
        if self.rows > self.limits["row_elements"]:
            raise Stop("sheet_too_many_rows", self.sheet.name, limit=self.limits["rows"])

    def begin_cell(self, attributes):
        if "r" in attributes:
            match = CELL.fullmatch(attributes["r"])
            if not match:
                raise Stop("sheet_damaged")
            self.column, self.row = column_index(match[1]) + 1, int(match[2])
        else:
            self.column += 1
        self.has_value, self.style = False, attributes.get("s", "")
        self.is_error = attributes.get("t") == "e"
        self.text = []

    def characters(self, text):
        if self.is_error and sum(map(len, self.text)) < 20:
            self.text.append(text)

    def end(self, tag):
        if tag != "c" or not self.has_value:
            return
        self.cells += 1
        if self.row > self.limits["rows"] + 1:
            far = self.row > 10 * self.limits["rows"]
            code = "sheet_cell_far_away" if far else "sheet_too_many_rows"
            raise Stop(code, self.address() if far else self.sheet.name, limit=self.limits["rows"])
        if self.column > self.limits["columns"]:
            raise Stop("sheet_cell_far_away", self.address(), limit=self.limits["rows"])
        if self.cells > self.limits["cells"]:
            raise Stop("sheet_too_many_cells", self.sheet.name, limit=self.limits["cells"])
        if self.is_error:
            self.sheet.errors[self.address()] = "".join(self.text)
        if self.style.isdigit() and int(self.style) in self.percents:
            self.sheet.percents.add(self.address())
        if self.style.isdigit() and int(self.style) in self.scaled:
            self.sheet.scaled.add(self.address())
        if self.hidden and self.row not in self.sheet.hidden_rows and len(self.sheet.hidden_rows) < MAX_NOTED:
            self.sheet.hidden_rows.append(self.row)
        self.is_error = False

    def address(self):
        return f"{letters(self.column - 1)}{self.row}"


def number_text(value):
    """Decimal text of a float with the 15 significant digits a spreadsheet shows."""
    text = format(Decimal(format(value, ".15g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def cell_of(value, address, sheet):
    """(kind, text) of one value as the library returned it, corrected by what the streaming pass noted."""
    if address in sheet.errors:
        return "error", sheet.errors[address]
    kind, text = plain_cell(value)
    if kind == "number" and address in sheet.percents:
        kind, text = "percent", format((Decimal(text) * 100).normalize(), "f") + "%"
    if kind == "number" and address in sheet.scaled:
        kind = "scaled"
    if address in sheet.formulas:
        kind = "formula"
    return kind, text


def plain_cell(value):
    """(kind, text) of one value as the library returned it."""
    if isinstance(value, bool):
        return "boolean", "true" if value else "false"
    if isinstance(value, (int, float)):
        return "number", number_text(float(value)) if isinstance(value, float) else str(value)
    if isinstance(value, datetime):
        return "datetime", value.isoformat(sep=" ")
    if isinstance(value, date):
        return "date", value.isoformat()
    if isinstance(value, time):
        return "time", value.isoformat()
    if isinstance(value, timedelta):
        return "duration", str(value)
    return "text", str(value)


def values_of(book, sheet, limits):
    """Rows of one sheet: [[number, [[column index, kind, text], …]], …], empty cells left out."""
    rows, size = {}, 0
    unread = set(sheet.formulas) | set(sheet.errors)
    for number, row in enumerate(book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False), 1):
        for index, value in enumerate(row):
            address = f"{letters(index)}{number}"
            if value == "" and address not in unread:
                continue
            unread.discard(address)
            kind, text = cell_of(value, address, sheet)
            if len(text) > limits["text"]:
                raise Stop("sheet_text_too_long", address, limit=limits["text"])
            size += len(text)
            rows.setdefault(number, []).append([index, kind, text])
    for address in unread:  # formulas nobody ever computed lie outside what the library returns
        match = CELL.fullmatch(address)
        kind, text = cell_of("", address, sheet)
        rows.setdefault(int(match[2]), []).append([column_index(match[1]), kind, text])
    if size > limits["output"] // 8:
        raise Stop("sheet_too_many_cells", sheet.name, limit=limits["cells"])
    return [[number, sorted(cells)] for number, cells in sorted(rows.items())]


def read(data, limits):
    """The whole reading; raises Stop."""
    sheets = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        read_through(archive, limits)
        styles = telling_styles(archive)
        for name, hidden, part in sheet_parts(archive):
            sheet = Sheet(name, hidden)
            if not hidden or limits.get("hidden"):
                walk = Walk(sheet, styles, limits)
                parse(archive, part, walk.start, walk.end, walk.characters)
            sheets.append(sheet)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    unread = {s.name for s in sheets if s.hidden and not limits.get("hidden")}
    return [told(s, [] if s.name in unread else values_of(book, s, limits)) for s in sheets]


def told(sheet, rows):
    """One sheet of the answer; hidden columns only where they hold anything."""
    used = sorted({cell[0] for _, cells in rows for cell in cells})
    hidden = [i for i in used if any(first <= i < last for first, last in sheet.hidden_columns)]
    return {
        "name": sheet.name,
        "hidden": sheet.hidden,
        "rows": rows,
        "merged": sheet.merged,
        "hidden_rows": sheet.hidden_rows,
        "hidden_columns": [letters(i) for i in hidden],
    }


def main():
    """Entry point; limits arrive as JSON in the first argument."""
    limits = json.loads(sys.argv[1])
    limit_resources(limits)
    data = sys.stdin.buffer.read(limits["input"] + 1)
    answer = {"sheets": [], "problems": []}
    try:
        answer["sheets"] = read(data, limits)
    except Stop as stop:
        answer["problems"] = [stop.problem]
    except (
        CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        NotImplementedError,
        EOFError,
        KeyError,
    ):
        answer["problems"] = [Stop("sheet_damaged").problem]
    except MemoryError:
        answer["problems"] = [Stop("sheet_too_heavy").problem]
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
