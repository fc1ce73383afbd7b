"""Bar charts: what a chart says, and where its pieces stand. `svg` and `drawing` put the pieces on paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from portal.language.forms import show_number
from portal.reports.columns import plain

TONES = ("strong", "soft", "quiet", "act")
VALUE_SHARE = 0.18  # of the width, kept right of the bars for their numbers
LABEL_SHARE = 0.34  # of the width, kept left of the bars where labels stand beside them


@dataclass(frozen=True)
class Series:
    """One value per category, None for none. `tone` is one of TONES; `labels` replace the printed numbers."""

    name: str
    values: tuple[Decimal | None, ...]
    tone: str = "strong"
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars, one group per category, with the number printed beside each bar.

    `key` is unique on its page (letters, digits, hyphens). `caption` states the finding and is shown by whoever
    places the chart. `unit` follows each number; `places` are its decimals; `maximum` is the full width, by
    default the largest value; `stacked` lays the series of a category one after the other.
    """

    key: str
    title: str
    caption: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    places: int = 0
    maximum: Decimal | None = None
    stacked: bool = False


@dataclass(frozen=True)
class Bar:
    """A bar: `left` and `width` as shares of the chart's width, `top` and `height` in points.

    A key of the legend has `square` set: it stands `shift` points from the left and is that many points wide.
    """

    left: float
    width: float
    top: float
    height: float
    tone: str
    shift: float = 0.0
    square: float = 0.0


@dataclass(frozen=True)
class Words:
    """Text on a baseline: `left` as a share of the width plus `shift` points; `anchor` is start or end."""

    left: float
    shift: float
    baseline: float
    text: str
    size: float
    anchor: str = "start"
    quiet: bool = False
    bold: bool = False


@dataclass(frozen=True)
class Picture:
    """All pieces of a chart, in drawing order, and the height they take, in points."""

    pieces: tuple[Bar | Words, ...]
    height: float


def shown(chart: BarChart, series: Series, at: int, locale: str) -> str:
    """The number printed beside a bar, with its unit; a dash for none."""
    if series.labels:
        return plain(series.labels[at])
    value = series.values[at]
    if value is None:
        return "–"
    number = show_number(value, locale, chart.places)
    return f"{number}\u00a0{chart.unit}" if chart.unit else number


def described(chart: BarChart, locale: str) -> str:
    """The chart in words: its finding and every number, for those who do not see it."""
    lines = []
    for at, category in enumerate(chart.categories):
        parts = [f"{one.name} {shown(chart, one, at, locale)}".strip() for one in chart.series]
        lines.append(f"{category}: {', '.join(parts)}")
    return plain(f"{chart.caption} {'; '.join(lines)}.")


def picture(chart: BarChart, locale: str, *, beside: bool = False, columns: int = 46) -> Picture:
    """Place the pieces. Labels stand above their bars, or `beside` them on paper; `columns` is the room for a
    label and its number in half-width characters."""
    pieces: list[Bar | Words] = []
    top = 0.0
    if any(one.name for one in chart.series) and len(chart.series) > 1:
        top = _legend(chart, pieces, columns)
    full = chart.maximum or max(
        (sum(_lengths(chart, at), Decimal(0)) for at in _range(chart)), default=Decimal(0)
    )
    if not chart.stacked and not chart.maximum:
        full = max((length for at in _range(chart) for length in _lengths(chart, at)), default=Decimal(0))
    for at in _range(chart):
        if chart.stacked or len(chart.series) == 1:
            top = _line_and_bar(chart, at, locale, top, full or Decimal(1), pieces, columns)
        elif beside:
            top = _bars_beside(chart, at, locale, top, full or Decimal(1), pieces)
        else:
            top = _bars_below(chart, at, locale, top, full or Decimal(1), pieces, columns)
    return Picture(tuple(pieces), top)


def _range(chart: BarChart) -> range:
    return range(len(chart.categories))


def _lengths(chart: BarChart, at: int) -> list[Decimal]:
    return [max(one.values[at] or Decimal(0), Decimal(0)) for one in chart.series]


def _legend(chart: BarChart, pieces: list[Bar | Words], columns: int) -> float:
    left, line = 0.0, 0
    for one in chart.series:
        width = 16 + cells(one.name) * 7.0 + 20
        if left and left + width > columns * 7.2:
            left, line = 0.0, line + 1
        pieces.append(Bar(0, 0, 3 + line * 20, 10, one.tone, shift=left, square=10))
        pieces.append(Words(0, left + 16, 12 + line * 20, one.name, 12, quiet=True))
        left += width
    return 20.0 * (line + 1) + 8


def _line_and_bar(
    chart: BarChart, at: int, locale: str, top: float, full: Decimal, pieces: list[Bar | Words], columns: int
) -> float:
    numbers = [shown(chart, one, at, locale) for one in chart.series]
    value = " · ".join(numbers)
    top = _label(chart.categories[at], value, top, pieces, columns)
    pieces.append(Bar(0, 1, top, 9, "track"))
    left = 0.0
    for one, length in zip(chart.series, _lengths(chart, at), strict=True):
        width = _share(length, full, 1 - left)
        pieces.append(Bar(left, width, top, 9, one.tone))
        left += width
    return top + 9 + 13


def _bars_below(
    chart: BarChart, at: int, locale: str, top: float, full: Decimal, pieces: list[Bar | Words], columns: int
) -> float:
    top = _label(chart.categories[at], "", top, pieces, columns)
    room = 1 - VALUE_SHARE
    for nth, (one, length) in enumerate(zip(chart.series, _lengths(chart, at), strict=True)):
        place = top + nth * 15
        pieces.append(Bar(0, room, place, 9, "track"))
        pieces.append(Bar(0, _share(length, full, 1) * room, place, 9, one.tone))
        pieces.append(
            Words(1, 0, place + 9, shown(chart, one, at, locale), 12, "end", bold=one.tone == "strong")
        )
    return top + len(chart.series) * 15 + 9


def _bars_beside(
    chart: BarChart, at: int, locale: str, top: float, full: Decimal, pieces: list[Bar | Words]
) -> float:
    room = 1 - LABEL_SHARE - 0.09
    height = len(chart.series) * 9
    for nth, text in enumerate(wrapped(chart.categories[at], 34, 2)):
        pieces.append(Words(0, 0, top + 8 + nth * 9.5, text, 8))
    for nth, (one, length) in enumerate(zip(chart.series, _lengths(chart, at), strict=True)):
        place = top + nth * 9 + 1
        pieces.append(Bar(LABEL_SHARE, room, place, 6.5, "track"))
        pieces.append(Bar(LABEL_SHARE, _share(length, full, 1) * room, place, 6.5, one.tone))
        strong = one.tone == "strong"
        pieces.append(Words(1, 0, place + 6.4, shown(chart, one, at, locale), 8, "end", not strong, strong))
    return top + height + 3.5


def _label(label: str, value: str, top: float, pieces: list[Bar | Words], columns: int) -> float:
    lines = wrapped(label, columns - cells(value) - 2, 2)
    for nth, text in enumerate(lines):
        pieces.append(Words(0, 0, top + 13 + nth * 17, text, 13))
    if value:
        pieces.append(Words(1, 0, top + 13, value, 13, "end", bold=True))
    return top + 18 + (len(lines) - 1) * 17


def _share(length: Decimal, full: Decimal, most: float) -> float:
    """The length as a share of the full width; something is always seen of something."""
    share = min(float(length / full), most)
    return max(share, 0.004) if length > 0 else 0.0


def cells(text: str) -> int:
    """The width of a text in half-width characters: a Chinese one takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, room: int, most: int) -> list[str]:
    """`text` broken into at most `most` lines of `room` half-width characters; an ellipsis ends what is cut."""
    room = max(room, 8)
    lines, line = [], ""
    for piece in _pieces(plain(text)):
        if cells(line + piece.rstrip()) > room and line:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    lines.append(line.rstrip())
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [_cut(one, room) for one in lines]


def _pieces(text: str) -> Iterator[str]:
    """Where a line may break: after a space, after a full-width character, within a word that is too long."""
    piece = ""
    for character in text:
        piece += character
        if character.isspace() or unicodedata.east_asian_width(character) in "WF" or len(piece) >= 24:
            yield piece
            piece = ""
    if piece:
        yield piece


def _cut(text: str, room: int) -> str:
    if cells(text) <= room:
        return text
    while text and cells(text) > room - 1:
        text = text[:-1]
    return text.rstrip() + "…"
