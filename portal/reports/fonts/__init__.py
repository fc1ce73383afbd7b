"""The fonts of the PDF reports, registered once and only when the first report is made."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "UpstreamSansSC-Regular"
BOLD = "UpstreamSansSC-Bold"
FOLDER = Path(__file__).parent
_lock = Lock()


def register() -> None:
    """Make REGULAR and BOLD known to ReportLab. Safe to call from several threads, cheap after the first time."""
    with _lock:
        if BOLD in pdfmetrics.getRegisteredFontNames():
            return
        for name in (REGULAR, BOLD):
            pdfmetrics.registerFont(TTFont(name, str(FOLDER / f"{name}.ttf")))
        for family in (REGULAR, BOLD):
            pdfmetrics.registerFontFamily(family, normal=family, bold=BOLD, italic=family, boldItalic=BOLD)
