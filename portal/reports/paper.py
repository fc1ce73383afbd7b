"""A4 pages for the PDF reports: styles, escaped text, header, footer with page x of y."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, HRFlowable, Paragraph, SimpleDocTemplate, Table, TableStyle

from portal.language import N_, say
from portal.reports import fonts
from portal.reports.columns import plain

GREEN, INK, QUIET = HexColor("#0b5d3b"), HexColor("#1c2321"), HexColor("#5a6562")
LINE, GROUND, SOFT, ACT = HexColor("#d6dcd9"), HexColor("#f5f7f6"), HexColor("#e6f1eb"), HexColor("#a32020")
MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
MOST_WHOLE = A4[1] / 2  # rows up to this height are never cut
MOST_LINES = 40
_FRAME_PADDING = 6  # what ReportLab's frame adds on each side

# style -> (size, leading, bold, colour, space before, space after, alignment 0 left 1 centre 2 right)
_STYLES: dict[str, tuple[float, float, bool, HexColor, float, float, int]] = {
    "title": (18, 23, True, INK, 0, 3, 0),
    "lead": (10, 15, False, QUIET, 0, 8, 0),
    "h2": (13, 18, True, GREEN, 14, 5, 0),
    "h3": (10, 14, True, INK, 9, 3, 0),
    "body": (9.5, 14, False, INK, 0, 4, 0),
    "subject": (8.5, 12.5, False, QUIET, 0, 2, 0),
    "quiet": (8.5, 12.5, False, QUIET, 0, 3, 0),
    "cell": (8.5, 12, False, INK, 0, 0, 0),
    "cell_bold": (8.5, 12, True, INK, 0, 0, 0),
    "cell_quiet": (8, 11.5, False, QUIET, 0, 0, 0),
    "number": (8.5, 12, False, INK, 0, 0, 2),
    "number_bold": (8.5, 12, True, INK, 0, 0, 2),
    "head": (8, 11, True, QUIET, 0, 0, 0),
    "head_number": (8, 11, True, QUIET, 0, 0, 2),
    "figure": (30, 36, True, GREEN, 0, 0, 0),
    "figure_quiet": (30, 36, True, QUIET, 0, 0, 0),
    "act": (9.5, 14, True, ACT, 2, 4, 0),
    "cell_act": (8.5, 12, True, ACT, 0, 0, 0),
    "mono": (7.5, 11, False, QUIET, 0, 0, 0),
}


@dataclass(frozen=True)
class Sheet:
    """What stands on every page and in the file's properties. `footer` names version or hash."""

    title: str
    organisation: str
    subject: str
    footer: str


def _wide(text: str) -> bool:
    return any(c >= "\u2e80" for c in text)


def _style(name: str, chinese: bool) -> ParagraphStyle:
    size, leading, bold, colour, before, after, alignment = _STYLES[name]
    return ParagraphStyle(
        name,
        fontName=fonts.face("\u4e00" if chinese else "", bold=bold),
        fontSize=size,
        leading=leading * (1.06 if chinese else 1),
        textColor=colour,
        spaceBefore=before,
        spaceAfter=after,
        alignment=alignment,
        wordWrap="CJK" if chinese else None,
        keepWithNext=name in {"h2", "subject"},
        splitLongWords=1,
    )


def chemical(text: str) -> str:
    """CO2 with its lowered figure, for text that cannot carry markup."""
    return text.replace("CO2", "CO₂")


def words(text: object, style: str = "body") -> Paragraph:
    """A paragraph of plain text: markup in it is shown, never obeyed.

    Line ends are kept and blank lines dropped; from the MOST_LINES-th on, a slash stands for a line end, so that
    an answer of nothing but line ends costs no hundred pages.
    """
    # ReportLab breaks lines at the narrow space of numbers; it keeps this one together.
    clean = chemical(plain(text)).replace("\u202f", "\u00a0")
    lines = [line for line in clean.splitlines() if line.strip()] or [""]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], " / ".join(lines[MOST_LINES - 1 :])]
    return Paragraph("<br/>".join(escape(line) for line in lines), _style(style, _wide(clean)))


def rule() -> HRFlowable:
    """A thin line across the page."""
    return HRFlowable(width="100%", thickness=0.5, color=LINE, spaceBefore=4, spaceAfter=6)


def table(
    head: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[float], right: int = 0
) -> Table:
    """A table with a repeated header; the last `right` columns are numbers. Widths are shares of the page.

    Cells are texts or flowables. A row longer than a page goes on overleaf.
    """
    first_number = len(head) - right
    top = [words(text, "head_number" if at >= first_number else "head") for at, text in enumerate(head)]
    body = [
        [
            cell if isinstance(cell, Flowable) else words(cell, "number" if at >= first_number else "cell")
            for at, cell in enumerate(row)
        ]
        for row in rows
    ]
    made = Table([top, *body], [WIDTH * share for share in widths], repeatRows=1, splitInRow=1)
    made.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, GREEN),
                ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 5),
                ("TOPPADDING", (0, 0), (-1, -1), 3.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
            ]
        )
    )
    _, height = made.wrap(WIDTH, A4[1])
    # A row is cut only where one could be too long for a page: cut rows leave their code behind, without a text.
    made.splitInRow = int(max(made._rowHeights) > MOST_WHOLE) if height else 0
    return made


def facts(pairs: Sequence[tuple[str, Any]], first: float = 0.28, whole: float = 1.0) -> Table:
    """Named facts in two columns; `first` is the share of the names, `whole` of the page's width."""
    rows = [
        [words(name, "cell_quiet"), value if isinstance(value, Flowable) else words(value, "cell")]
        for name, value in pairs
    ]
    made = Table(rows, [WIDTH * whole * first, WIDTH * whole * (1 - first)], splitInRow=1, hAlign="LEFT")
    made.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return made


def pdf_bytes(sheet: Sheet, story: list[Flowable], locale: str) -> bytes:
    """Lay the story out on A4. The same story and locale give the same pages."""
    fonts.register()
    stream = BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=MARGIN - _FRAME_PADDING,
        rightMargin=MARGIN - _FRAME_PADDING,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=plain(sheet.title),
        author=plain(sheet.organisation),
        subject=plain(sheet.subject),
        creator="Upstream",
        lang="zh-CN" if locale == "zh" else "en-GB",
    )

    def canvas_for(*args: Any, **kwargs: Any) -> Canvas:
        return _NumberedCanvas(*args, sheet=sheet, locale=locale, **kwargs)

    document.build(story, canvasmaker=canvas_for)
    return stream.getvalue()


class _NumberedCanvas(Canvas):  # type: ignore[misc]
    """Holds the pages back until their number is known: the hook ReportLab offers for "page x of y"."""

    def __init__(self, *args: Any, sheet: Sheet, locale: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sheet, self._locale = sheet, locale
        self._held: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        self._held.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._held, start=1):
            self.__dict__.update(page)
            _frame(self, self._sheet, self._locale, number, len(self._held))
            super().showPage()
        super().save()


def _frame(canvas: Canvas, sheet: Sheet, locale: str, number: int, pages: int) -> None:
    left, right, top, bottom = MARGIN, A4[0] - MARGIN, A4[1] - 14 * mm, 12 * mm
    canvas.setFillColor(GREEN)
    canvas.rect(left, top - 0.5, 7, 7, stroke=0, fill=1)
    _line(canvas, sheet.organisation, left + 12, top, WIDTH * 0.4, 8.5, bold=True)
    canvas.setFillColor(QUIET)
    _line(canvas, sheet.title, right, top, WIDTH * 0.55, 8.5, at_end=True)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(left, top - 6, right, top - 6)
    canvas.line(left, bottom + 11, right, bottom + 11)
    _line(canvas, sheet.footer, left, bottom, WIDTH * 0.78, 7.5)
    of = say(locale, N_("Page {number} of {pages}"), number=number, pages=pages)
    _line(canvas, of, right, bottom, WIDTH * 0.2, 7.5, at_end=True)


def _line(
    canvas: Canvas,
    text: str,
    x: float,
    y: float,
    room: float,
    size: float,
    *,
    bold: bool = False,
    at_end: bool = False,
) -> None:
    """One line of text, cut with an ellipsis where it is wider than its room."""
    clean = chemical(" ".join(plain(text).split()))
    face = fonts.face(clean, bold=bold)
    shown = clean
    while clean and stringWidth(shown, face, size) > room:
        clean = clean[:-1]
        shown = clean.rstrip() + "…"
    canvas.setFont(face, size)
    if at_end:
        canvas.drawRightString(x, y, shown)
    else:
        canvas.drawString(x, y, shown)
