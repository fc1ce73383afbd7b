"""The fonts of the PDF reports, registered once and only when the first report is made."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "UpstreamSansSC-Regular"
BOLD = "UpstreamSansSC-Bold"
LATIN_REGULAR = "UpstreamSans-Regular"  # the same letters with narrow quotation marks and dots, no Chinese
LATIN_BOLD = "UpstreamSans-Bold"
FOLDER = Path(__file__).parent
_lock = Lock()


def register() -> None:
    """Make REGULAR and BOLD known to ReportLab. Safe to call from several threads, cheap after the first time."""
    with _lock:
        if LATIN_BOLD in pdfmetrics.getRegisteredFontNames():
            return
        for regular, bold in ((REGULAR, BOLD), (LATIN_REGULAR, LATIN_BOLD)):
            for name in (regular, bold):
                pdfmetrics.registerFont(TTFont(name, str(FOLDER / f"{name}.ttf")))
            for name in (regular, bold):
                pdfmetrics.registerFontFamily(name, normal=name, bold=bold, italic=name, boldItalic=bold)


def face(text: str, *, bold: bool = False) -> str:
    """The face for a text: the large one where the small one lacks a character of it."""
    if any(c >= "\u2e80" for c in text):
        return BOLD if bold else REGULAR
    return LATIN_BOLD if bold else LATIN_REGULAR
