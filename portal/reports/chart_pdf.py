"""A chart as a ReportLab drawing, from the same pieces as the SVG."""

from __future__ import annotations

from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib.colors import HexColor

from portal.reports import fonts
from portal.reports.charts import Bar, BarChart, picture
from portal.reports.columns import plain

TONES = {
    "strong": HexColor("#0b5d3b"),
    "soft": HexColor("#9db8ab"),
    "quiet": HexColor("#5a6562"),
    "act": HexColor("#a32020"),
    "track": HexColor("#eef1ef"),
}
INK = HexColor("#1c2321")


def drawing(chart: BarChart, locale: str, width: float) -> Drawing:
    """The chart `width` points wide. Two or more series have their labels beside the bars."""
    fonts.register()
    beside = len(chart.series) > 1 and not chart.stacked
    placed = picture(chart, locale, beside=beside, columns=int(width / 6.8))
    scale = 1.0 if beside else 0.72
    canvas = Drawing(width, placed.height * scale)
    for piece in placed.pieces:
        if isinstance(piece, Bar):
            canvas.add(_rect(piece, placed.height, width, scale))
        else:
            size = piece.size * (0.7 if beside and piece.size > 8 else scale)
            face = fonts.face(piece.text, bold=piece.bold)
            x, y = piece.left * width + piece.shift * scale, (placed.height - piece.baseline) * scale
            tone = TONES["quiet"] if piece.quiet else INK
            text = String(x, y, plain(piece.text), fontName=face, fontSize=size, fillColor=tone)
            text.textAnchor = piece.anchor
            canvas.add(text)
    return canvas


def _rect(bar: Bar, total: float, width: float, scale: float) -> Rect:
    long = bar.square * scale if bar.square else bar.width * width
    x, y = bar.left * width + bar.shift * scale, (total - bar.top - bar.height) * scale
    return Rect(x, y, long, bar.height * scale, fillColor=TONES[bar.tone], strokeColor=None, strokeWidth=0)
