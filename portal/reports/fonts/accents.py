"""Glyphs the source font lacks, composed from those it has: spaces, subscript figures, Latin letters with marks.

Developers only, called by `make.py`. Positions come from bounding boxes: good for names in a report, no type design.
"""

from __future__ import annotations

import unicodedata

from fontTools.misc.transform import Identity, Transform
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

SPACES = {0x2009: 0.2, 0x202F: 0.2}  # of the em
SUBSCRIPTS = {0x2080 + figure: ord("0") + figure for figure in range(10)}
STROKED = {"Ł": "L", "ł": "l"}
FLIP_X = Transform(-1, 0, 0, 1, 0, 0)
BREVE = 0x16D  # the letter whose second contour is the mark
DOTLESS = 0x131  # drawn from the first contour of i
# combining mark -> the glyphs drawn for it and how each is turned
MARKS: dict[int, list[tuple[int, Transform]]] = {
    0x301: [(0x301, Identity)],
    0x302: [(0x30C, Transform(0.72, 0, 0, -0.85, 0, 0))],
    0x304: [(0x304, Identity)],
    0x306: [(BREVE, Identity)],
    0x307: [(0x307, Identity)],
    0x30A: [(0xB0, Transform().scale(0.8))],
    0x30B: [(0x301, Transform().translate(-90, 0)), (0x301, Transform().translate(90, 0))],
    0x30C: [(0x30C, Transform(0.72, 0, 0, 0.85, 0, 0))],
    0x326: [(ord(","), Identity)],
    0x327: [(0xB8, Identity)],
    0x328: [(0xB8, FLIP_X)],
}
BELOW = (0x326, 0x327, 0x328)


def compose(font: TTFont) -> None:
    """Add to `font` (static, TrueType) every glyph of this module that it lacks."""
    em = font["head"].unitsPerEm
    for point, share in SPACES.items():
        _add(font, point, round(em * share), [])
    for point, figure in SUBSCRIPTS.items():
        advance = _advance(font, figure)
        _add(font, point, round(advance * 0.62), [(figure, Transform(0.62, 0, 0, 0.62, 0, -em * 0.14))])
    _add(font, DOTLESS, _advance(font, ord("i")), [(ord("i"), Identity)])
    for letter, base in STROKED.items():
        left, bottom, _right, top = _bounds(font, ord(base))
        stroke = Transform().translate(left + em * 0.055, (bottom + top) / 2 - em * 0.03)
        stroke = stroke.rotate(0.5).translate(*(-c for c in _centre(font, ord("-"))))
        _add(font, ord(letter), _advance(font, ord(base)), [(ord(base), Identity), (ord("-"), stroke)])
    for point in range(0x100, 0x180):
        parts = unicodedata.decomposition(chr(point)).split()
        if len(parts) == 2 and int(parts[1], 16) in MARKS:
            _accented(font, point, int(parts[0], 16), int(parts[1], 16))


def narrow(font: TTFont) -> None:
    """Give quotation marks, ellipsis and dots the width they have between Latin letters, not a whole em."""
    lookups = font["GSUB"].table
    proportional: dict[str, str] = {}
    for record in lookups.FeatureList.FeatureRecord:
        if record.FeatureTag == "pwid":
            for index in record.Feature.LookupListIndex:
                for table in lookups.LookupList.Lookup[index].SubTable:
                    proportional |= getattr(getattr(table, "ExtSubTable", table), "mapping", {})
    tables = [table for table in font["cmap"].tables if table.isUnicode() and table.format in (4, 12)]
    for table in tables:
        for mark in "“”‘’…":
            table.cmap[ord(mark)] = proportional.get(table.cmap[ord(mark)], table.cmap[ord(mark)])
    for dot, advance in ((0xB7, 300), (0x2022, 420)):
        shift = Transform().translate(advance / 2 - _centre(font, dot)[0], 0)
        stand_in = 0xE000 + dot  # drawn under a private code, then given the dot's own
        _add(font, stand_in, advance, [(dot, shift)])
        for table in tables:
            table.cmap[dot] = table.cmap.get(stand_in, table.cmap[dot])
        for table in tables:
            table.cmap.pop(stand_in, None)


def _accented(font: TTFont, point: int, base: int, mark: int) -> None:
    left, bottom, right, top = _bounds(font, base)
    em = font["head"].unitsPerEm
    drawn = [(glyph, turn) for glyph, turn in MARKS[mark]]
    boxes = [_bounds(font, glyph, turn) for glyph, turn in drawn]
    middle = (min(b[0] for b in boxes) + max(b[2] for b in boxes)) / 2
    across = (left + right) / 2 - middle
    if mark == 0x326:
        up = bottom - max(b[3] for b in boxes) - em * 0.06
    elif mark in BELOW:
        across = (right - em * 0.09 - middle) if mark == 0x328 else across
        up = bottom - max(b[3] for b in boxes) + em * 0.01
    else:
        up = max(top, em * 0.45) + em * 0.05 - min(b[1] for b in boxes)
    base_shape = DOTLESS if base == ord("i") and mark not in BELOW else base
    parts = [(base_shape, Identity)] + [(g, Transform().translate(across, up).transform(t)) for g, t in drawn]
    _add(font, point, _advance(font, base), parts)


def _add(font: TTFont, point: int, advance: int, parts: list[tuple[int, Transform]]) -> None:
    cmap = font.getBestCmap()
    if point in cmap:
        return
    pen = TTGlyphPen(None)
    for source, turn in parts:
        keep = slice(0, 1) if point == DOTLESS else slice(None)
        _draw(font, source, TransformPen(pen, turn), keep)
    name = f"uni{point:04X}"
    glyph = pen.glyph()
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"].glyphs[name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (advance, getattr(glyph, "xMin", 0))
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format in (4, 12):
            table.cmap[point] = name


def _draw(font: TTFont, point: int, pen: TransformPen, keep: slice) -> None:
    """Draw the kept contours of a character; of the breve's letter only the mark."""
    shapes = font.getGlyphSet()
    recording = DecomposingRecordingPen(shapes)
    shapes[font.getBestCmap()[point]].draw(recording)
    contours: list[list[tuple[str, tuple[object, ...]]]] = []
    for step in recording.value:
        if step[0] == "moveTo":
            contours.append([])
        contours[-1].append(step)
    for contour in contours[1:] if point == BREVE else contours[keep]:
        for verb, places in contour:
            getattr(pen, verb)(*places)


def _bounds(font: TTFont, point: int, turn: Transform = Identity) -> tuple[float, float, float, float]:
    pen = BoundsPen(None)
    _draw(font, point, TransformPen(pen, turn), slice(None))
    return pen.bounds


def _centre(font: TTFont, point: int) -> tuple[float, float]:
    left, bottom, right, top = _bounds(font, point)
    return (left + right) / 2, (bottom + top) / 2


def _advance(font: TTFont, point: int) -> int:
    return font["hmtx"][font.getBestCmap()[point]][0]
