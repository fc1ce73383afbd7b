"""A chart of values over years as inline SVG: lines, single points with their intervals, and every number in words.

The plot stretches with the page, its strokes and all text keep their size; it follows the page's theme and prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from markupsafe import Markup

from portal.language.forms import show_number
from portal.reports.chart_svg import FILLS
from portal.reports.charts import wrapped
from portal.reports.columns import plain

HEIGHT = 300.0  # of the plot, in points
ROW = 22.0  # of one line of the legend
LEFT, RIGHT = 0.01, 0.97  # of the width: where the first and the last year stand
STEPS = (1, 2, 5)
COLUMNS = 42  # half-width characters of a line of the legend that fit on a phone
TONES = {**FILLS, "plan": "var(--up-move, #1d4f91)"}
# Told apart without colour: each kind has its own stroke, dots only where something was measured.
DASHES = {"solid": "", "dashed": "7 5", "dotted": "2 4", "chain": "9 4 2 4"}


@dataclass(frozen=True)
class Line:
    """One line: a value per year of the chart, None for none. `tone` of TONES, `dash` of DASHES."""

    name: str
    values: tuple[Decimal | None, ...]
    tone: str = "strong"
    dash: str = "solid"
    dots: bool = False
    intervals: tuple[tuple[Decimal, Decimal] | None, ...] = ()


@dataclass(frozen=True)
class LineChart:
    """Lines over `years`. `key` is unique on its page; `caption` states the finding; `unit` follows each number in words."""

    key: str
    title: str
    caption: str
    years: tuple[int, ...]
    lines: tuple[Line, ...]
    unit: str = ""
    places: int = 0


def described(chart: LineChart, locale: str) -> str:
    """The chart in words: its finding and every number of every line."""
    parts = []
    for line in chart.lines:
        numbers = [
            f"{year} {show_number(value, locale, chart.places)}"
            for year, value in zip(chart.years, line.values, strict=True)
            if value is not None
        ]
        parts.append(f"{line.name}: {', '.join(numbers)}")
    return plain(f"{chart.caption} {'; '.join(parts)} ({chart.unit}).")


def line_svg(chart: LineChart, locale: str) -> Markup:
    """One `<svg>` element; all text is escaped."""
    key = "".join(c for c in chart.key if c.isascii() and (c.isalnum() or c == "-"))
    full = _full(chart)
    pieces, rows = _legend(chart)
    top = ROW * rows + 20
    pieces += _grid(chart, full, top, locale)
    for line in chart.lines:
        pieces += _drawn(chart, line, full, top)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="lines" role="img" lang="{language}" width="100%" height="{height:.0f}" '
        'aria-labelledby="{key}-title {key}-desc" font-family="inherit"><title id="{key}-title">{title}</title>'
        '<desc id="{key}-desc">{words}</desc>{pieces}</svg>'
    ).format(
        language="zh-Hans" if locale == "zh" else "en",
        height=top + HEIGHT + 26,
        key=key,
        title=plain(chart.title),
        words=described(chart, locale),
        pieces=Markup("").join(pieces),
    )


def _full(chart: LineChart) -> float:
    """The top of the scale: a round number at or above everything drawn."""
    highest = 0.0
    for line in chart.lines:
        highest = max([highest, *(float(value) for value in line.values if value is not None)])
        highest = max([highest, *(float(pair[1]) for pair in line.intervals if pair)])
    step = _step(highest)
    return max(step, step * -(-highest // step)) if highest else 1.0


def _step(highest: float) -> float:
    """A round distance between grid lines that gives four to eight of them."""
    size = 1.0
    while size * 10 < highest:
        size *= 10
    while size > highest > 0:
        size /= 10
    return next((size * part for part in STEPS if highest / (size * part) <= 6), size * 10)


def _legend(chart: LineChart) -> tuple[list[Markup], int]:
    """The pieces of the legend and how many rows it takes; a long name takes two."""
    pieces: list[Markup] = []
    row = 0
    for line in chart.lines:
        middle = row * ROW + 9
        pieces.append(_stroke(line, "0", f"{middle:.1f}", "30", f"{middle:.1f}"))
        if line.dots:
            pieces.append(_dot(line, "15", middle))
        for text in wrapped(line.name, COLUMNS, 2):
            pieces.append(
                Markup('<text x="40" y="{y:.1f}" font-size="13" fill="currentColor">{text}</text>').format(
                    y=row * ROW + 13.5, text=text
                )
            )
            row += 1
    return pieces, row


def _grid(chart: LineChart, full: float, top: float, locale: str) -> list[Markup]:
    pieces = []
    step, level = _step(full), 0.0
    places = 0 if step >= 1 else 1 if step >= 0.1 else 3
    while level <= full * 1.0001:
        y = top + HEIGHT * (1 - level / full)
        pieces.append(
            Markup(
                '<line x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}" stroke="currentColor" stroke-opacity="{faint}"/>'
                '<text x="100%" y="{at:.1f}" font-size="11" text-anchor="end" fill="var(--up-quiet, #5a6562)">{text}</text>'
            ).format(
                y=y,
                at=y - 3,
                faint="0.55" if level == 0 else "0.14",
                text=show_number(Decimal(str(round(level, 6))), locale, places),
            )
        )
        level += step
    every = -(-len(chart.years) // 7)
    last = len(chart.years) - 1
    for at, year in enumerate(chart.years):
        if at == 0 or ((last - at) % every == 0 and at >= every):
            anchor = "start" if at == 0 else "end" if at == last else "middle"
            pieces.append(
                Markup(
                    '<text x="{x}%" y="{y:.1f}" font-size="12" text-anchor="{anchor}" fill="var(--up-quiet, #5a6562)">{year}</text>'
                ).format(x=_x(chart, at), y=top + HEIGHT + 18, anchor=anchor, year=year)
            )
    return pieces


def _drawn(chart: LineChart, line: Line, full: float, top: float) -> list[Markup]:
    """Each pair of neighbouring values as one stroke (percentages stretch, strokes do not), dots and intervals on top."""
    pieces = []
    places = [
        None if value is None else (_x(chart, at), top + HEIGHT * (1 - float(value) / full))
        for at, value in enumerate(line.values)
    ]
    for one, other in pairwise(places):
        if one and other:
            pieces.append(_stroke(line, f"{one[0]}%", f"{one[1]:.1f}", f"{other[0]}%", f"{other[1]:.1f}"))
    for at, pair in enumerate(line.intervals):
        if pair:
            low, high = (top + HEIGHT * (1 - float(bound) / full) for bound in pair)
            pieces.append(
                Markup(
                    '<line x1="{x}%" x2="{x}%" y1="{low:.1f}" y2="{high:.1f}" stroke="{stroke}" stroke-width="6" stroke-opacity="0.28"/>'
                ).format(x=_x(chart, at), low=low, high=high, stroke=TONES[line.tone])
            )
    if line.dots:
        pieces += [_dot(line, f"{place[0]}%", place[1]) for place in places if place]
    return pieces


def _stroke(line: Line, x1: str, y1: str, x2: str, y2: str) -> Markup:
    return Markup(
        '<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{stroke}" stroke-width="{width}" stroke-dasharray="{dash}"/>'
    ).format(
        x1=x1,
        y1=y1,
        x2=x2,
        y2=y2,
        stroke=TONES[line.tone],
        width="2.5" if line.dash == "solid" else "2",
        dash=DASHES[line.dash],
    )


def _dot(line: Line, x: str, y: float) -> Markup:
    return Markup('<circle cx="{x}" cy="{y:.1f}" r="4.5" fill="{fill}"/>').format(
        x=x, y=y, fill=TONES[line.tone]
    )


def _x(chart: LineChart, at: int) -> str:
    span = max(len(chart.years) - 1, 1)
    return f"{100 * (LEFT + (RIGHT - 0.06 - LEFT) * at / span):.2f}".rstrip("0").rstrip(".")
