"""Make the two fonts of the PDF reports from a variable Noto Sans SC. Run by developers only; needs fontTools.

    python portal/reports/fonts/make.py justmytype_intl_cjk-0.1.0-py3-none-any.whl

The argument is the wheel of the package `justmytype-intl-cjk`, which carries the font and its licence. For each
of Regular and Bold the script makes a static instance, keeps the characters of GBK and the Latin letters (those
of Vietnamese too), signs and arrows that reports use, composes the few glyphs the source lacks (`accents.py`), drops
hinting and layout tables, gives the font a name of its own (the SIL Open Font License reserves the original's) and
writes it beside this file, together with the licence text.

A second, small family without Chinese has narrow quotation marks, ellipses and dots, for text in Latin letters.

The faces get different PostScript names: PDF readers take two embedded fonts of one PostScript name for one face.
"""

from __future__ import annotations

import sys
import zipfile
from io import BytesIO
from pathlib import Path

from accents import compose, narrow
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
FAMILY = "Upstream Sans SC"
VERSION = "1.000"
FACES = {"Regular": 400, "Bold": 700}
LATIN_FAMILY = "Upstream Sans"
SIGNS = "†‡•…‰′″‹›€™←↑→↓↗↘⇒−≈≠≤≥×÷±·●○■□▲△▼▽◆◇★☆✓₀₁₂₃₄₅₆₇₈₉¹²³⁴\u2009\u202f\u2011–—‘’“”"


def wanted() -> set[int]:
    """Code points to keep: all of GBK, printable Latin-1, Latin Extended-A and the signs reports use."""
    points = {*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x1EA0, 0x1EFA), *map(ord, SIGNS)}
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            text = bytes((lead, trail)).decode("gbk", errors="ignore")
            points.update(ord(character) for character in text if trail != 0x7F)
    return points


def latin() -> set[int]:
    """Code points of the small faces for text without Chinese."""
    return {point for point in wanted() if point < 0x2E80}


def make_face(source: bytes, family: str, style: str, weight: int) -> TTFont:
    """One static, subset, renamed face; that of LATIN_FAMILY has narrow quotation marks and dots."""
    font = instantiateVariableFont(
        TTFont(BytesIO(source), recalcTimestamp=False), {"wght": weight}, inplace=True
    )
    for table in ("vhea", "vmtx", "VORG"):  # upright text only
        if table in font:
            del font[table]
    compose(font)
    if family == LATIN_FAMILY:
        narrow(font)
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "DSIG", "meta"]
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.glyph_names = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=latin() if family == LATIN_FAMILY else wanted())
    subsetter.subset(font)
    rename(font, family, style)
    font["head"].macStyle = 1 if style == "Bold" else 0
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = 1 << 5 if style == "Bold" else 1 << 6
    font["head"].modified = font["head"].created
    return font


def rename(font: TTFont, family: str, style: str) -> None:
    """Give the face its family, full and PostScript names; keep copyright and licence records."""
    names = font["name"]
    postscript = f"{family.replace(' ', '')}-{style}"
    own = {
        1: family,
        2: style,
        3: f"{VERSION};{postscript}",
        4: f"{family} {style}",
        5: f"Version {VERSION}",
        6: postscript,
    }
    for name_id, text in own.items():
        names.removeNames(nameID=name_id)
        names.setName(text, name_id, 3, 1, 0x409)
    names.names = [record for record in names.names if record.platformID == 3]


def main(wheel: str, families: tuple[str, ...] = (FAMILY, LATIN_FAMILY)) -> None:
    """Read the wheel, write two fonts and the licence beside this file."""
    with zipfile.ZipFile(wheel) as archive:
        folder = "justmytype_intl_cjk/fonts/ofl/notosanssc/"
        source = archive.read(f"{folder}NotoSansSC[wght].ttf")
        (HERE / "OFL.txt").write_bytes(archive.read(f"{folder}OFL.txt"))
    for family in families:
        for style, weight in FACES.items():
            face = make_face(source, family, style, weight)
            target = HERE / f"{family.replace(' ', '')}-{style}.ttf"
            face.save(target)
            has = len(face.getBestCmap())
            sys.stdout.write(f"{target.name}: {target.stat().st_size:,} bytes, {has} characters\n")


if __name__ == "__main__":
    main(sys.argv[1])
