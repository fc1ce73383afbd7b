"""Answer workbooks as a person leaves them: cells written, columns deleted, sheets hidden, all in the file's own XML."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from portal.core.workbook.sheets import ANSWER_COLUMN
from portal.files.spreadsheets import column_letters

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PACKAGE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# A cell as XML by what stands in it: text, "#12.5" a number, "=1+1" a formula, "" nothing.
Written = Mapping[str, str]


def parts(data: bytes) -> dict[str, bytes]:
    """The files inside an XLSX."""
    return dict(_unpacked(data))


# A test asks the same workbook for many cells.
@lru_cache(maxsize=4)
def _unpacked(data: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Mapping[str, bytes]) -> bytes:
    """An XLSX of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def sheet_parts(data: bytes) -> dict[str, str]:
    """The part of each sheet by the sheet's name."""
    files = parts(data)
    relations = ElementTree.fromstring(files["xl/_rels/workbook.xml.rels"])
    targets = {r.get("Id"): f"xl/{r.get('Target')}" for r in relations}
    book = ElementTree.fromstring(files["xl/workbook.xml"])
    return {s.get("name", ""): targets[s.get(f"{PACKAGE}id")] for s in book.iter(f"{MAIN}sheet")}


def address_of(data: bytes, key: str, at: int = 0, number: int = 0) -> tuple[str, str]:
    """Sheet and cell of the answer column `at` in the `number`-th row with this key."""
    files = parts(data)
    for sheet, part in sheet_parts(data).items():
        rows = rows_with(files[part], files["xl/sharedStrings.xml"], key)
        if rows:
            return sheet, f"{column_letters(ANSWER_COLUMN + at)}{rows[number]}"
    raise AssertionError(key)


@lru_cache(maxsize=4)
def _shared(strings: bytes) -> Mapping[str, int]:
    """The place of each shared string."""
    found: dict[str, int] = {}
    for at, si in enumerate(ElementTree.fromstring(strings).iter(f"{MAIN}si")):
        found.setdefault("".join(t.text or "" for t in si.iter(f"{MAIN}t")), at)
    return found


def rows_with(sheet: bytes, strings: bytes, key: str) -> list[int]:
    """The numbers of the rows whose first cell holds `key`."""
    shared = _shared(strings)
    if key not in shared or f"<v>{shared[key]}</v>".encode() not in sheet:
        return []
    index = str(shared[key])
    found = []
    for row in ElementTree.fromstring(sheet).iter(f"{MAIN}row"):
        cell = row.find(f"{MAIN}c")
        value = cell.find(f"{MAIN}v") if cell is not None else None
        named = cell is not None and (cell.get("r") or "").startswith("A") and cell.get("t") == "s"
        if named and value is not None and value.text == index:
            found.append(int(row.get("r", "0")))
    return found


def filled(data: bytes, written: Written) -> bytes:
    """The workbook with cells written over; keys are a row key, or "row key|answer column|which row of that key"."""
    places = {}
    for place, text in written.items():
        key, _, rest = place.partition("|")
        at, _, number = rest.partition("|")
        places[address_of(data, key, int(at or 0), int(number or 0))] = text
    return written_at(data, places)


def written_at(data: bytes, places: Mapping[tuple[str, str], str]) -> bytes:
    """The workbook with cells written over, by sheet and address."""
    by_sheet, files = sheet_parts(data), parts(data)
    for (sheet, address), text in places.items():
        files[by_sheet[sheet]] = _with_cell(files[by_sheet[sheet]].decode(), address, text).encode()
    return packed(files)


def _with_cell(xml: str, address: str, text: str) -> str:
    pattern = re.compile(rf'<c r="{address}"([^>]*?)(/>|>.*?</c>)', re.S)
    match = pattern.search(xml)
    if match is None:  # a cell nobody wrote before stands at the end of its row
        row = re.compile(
            rf'(<row r="{address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"[^>]*>)(.*?)(</row>)', re.S
        )
        return row.sub(lambda m: m[1] + m[2] + _cell(address, "", text) + m[3], xml, count=1)
    style = re.search(r's="\d+"', match[1])
    return xml[: match.start()] + _cell(address, style[0] if style else "", text) + xml[match.end() :]


def _cell(address: str, style: str, text: str) -> str:
    head = f'<c r="{address}" {style}'
    if not text:
        return f"{head}/>"
    if text.startswith("#"):
        return f"{head}><v>{text[1:]}</v></c>"
    if text.startswith("="):
        return f"{head}><f>{escape(text[1:])}</f><v>3</v></c>"
    return f'{head} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def changed(data: bytes, sheet: str, change: Callable[[str], str]) -> bytes:
    """The workbook with the XML of one sheet changed; `sheet` is the beginning of its name, or a part's path."""
    files = parts(data)
    part = sheet if sheet in files else next(p for n, p in sheet_parts(data).items() if n.startswith(sheet))
    after = change(files[part].decode())
    assert after != files[part].decode(), "nothing was changed"
    return packed(files | {part: after.encode()})
