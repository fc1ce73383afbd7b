"""Waterfall charts: from one total to another, step by step; each step starts where the one before it ended.

The axis holds the change only, not the totals: beside a total of millions the steps would be hairlines.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from portal.language.forms import show_number
from portal.reports.charts import Bar, Picture, Words, cells, wrapped
from portal.reports.columns import plain

COLUMNS = 46
MARK = 0.006  # width of the mark at a total, as a share of the whole
LEAST = 0.004
ROW = 40.0


@dataclass(frozen=True)
class Waterfall:
    """`start` and `end` are (label, total); `steps` (label, signed change) that add up to end less start.

    `key` is unique on its page; `caption` states the finding; `unit` follows each number, `places` are its decimals.
    """

    key: str
    title: str
    caption: str
    start: tuple[str, Decimal]
    steps: tuple[tuple[str, Decimal], ...]
    end: tuple[str, Decimal]
    unit: str = ""
    places: int = 0


def described(chart: Waterfall, locale: str) -> str:
    """The chart in words: its finding and every number."""
    steps = [f"{label}: {_signed(chart, change, locale)}" for label, change in chart.steps]
    totals = [f"{label}: {_number(chart, total, locale)}" for label, total in (chart.start, chart.end)]
    return plain(f"{chart.caption} {'; '.join([totals[0], *steps, totals[1]])}.")


def picture(chart: Waterfall, locale: str) -> Picture:
    """Place the pieces: a label with its number above each bar. What grows is drawn as act, what shrinks as strong."""
    levels = [Decimal(0)]
    for _, change in chart.steps:
        levels.append(levels[-1] + change)
    low, high = min(levels), max(levels)
    span = (high - low) or Decimal(1)
    pieces: list[Bar | Words] = []
    top = _row(pieces, chart.start[0], _number(chart, chart.start[1], locale), 0.0)
    _bar(pieces, _place(levels[0], low, span), MARK, top, "quiet")
    for (label, change), before, after in zip(chart.steps, levels, levels[1:], strict=False):
        top = _row(pieces, label, _signed(chart, change, locale), top + ROW - 18)
        left = _place(min(before, after), low, span)
        width = max(float(abs(change) / span) * (1 - MARK), LEAST if change else 0.0)
        _bar(pieces, left, width, top, "act" if change > 0 else "strong")
    top = _row(pieces, chart.end[0], _number(chart, chart.end[1], locale), top + ROW - 18)
    _bar(pieces, _place(levels[-1], low, span), MARK, top, "quiet")
    return Picture(tuple(pieces), top + ROW - 18)


def _row(pieces: list[Bar | Words], label: str, value: str, top: float) -> float:
    lines = wrapped(label, COLUMNS - cells(value) - 2, 2)
    for nth, text in enumerate(lines):
        pieces.append(Words(0, 0, top + 13 + nth * 17, text, 13))
    pieces.append(Words(1, 0, top + 13, value, 13, "end", bold=True))
    return top + 18 + (len(lines) - 1) * 17


def _bar(pieces: list[Bar | Words], left: float, width: float, top: float, tone: str) -> None:
    pieces.append(Bar(0, 1, top, 9, "track"))
    pieces.append(Bar(min(left, 1 - width), width, top, 9, tone))


def _place(level: Decimal, low: Decimal, span: Decimal) -> float:
    return float((level - low) / span) * (1 - MARK)


def _number(chart: Waterfall, value: Decimal, locale: str) -> str:
    number = show_number(value, locale, chart.places)
    return f"{number}\u00a0{chart.unit}" if chart.unit else number


def _signed(chart: Waterfall, change: Decimal, locale: str) -> str:
    return ("+" if change > 0 else "") + _number(chart, change, locale)
