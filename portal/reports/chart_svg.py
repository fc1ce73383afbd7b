"""A chart as inline SVG: sharp at any width, readable on a phone, following the page's light or dark theme."""

from __future__ import annotations

from markupsafe import Markup

from portal.reports.charts import Bar, BarChart, Picture, Words, described, picture
from portal.reports.columns import plain

# The page's theme variables, each with the colour used where no theme is present.
FILLS = {
    "strong": "var(--up-green, #0b5d3b)",
    "soft": "var(--up-bar-2, #9db8ab)",
    "quiet": "var(--up-quiet, #5a6562)",
    "act": "var(--up-act, #a32020)",
    "track": "currentColor",
}


def svg(chart: BarChart, locale: str) -> Markup:
    """One `<svg>` element of a bar chart; see `placed`."""
    return placed(chart.key, chart.title, described(chart, locale), picture(chart, locale), locale)


def placed(key: str, title: str, words: str, drawn: Picture, locale: str) -> Markup:
    """One `<svg>` element of pieces already placed, with `words` for those who do not see it.

    Bars scale with the element's width, text keeps its size; all text is escaped. `key` is unique on its page.
    """
    pieces = Markup("").join(_bar(p) if isinstance(p, Bar) else _words(p) for p in drawn.pieces)
    key = "".join(c for c in key if c.isascii() and (c.isalnum() or c == "-"))
    language = "zh-Hans" if locale == "zh" else "en"
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="bars" role="img" lang="{language}" width="100%" '
        'height="{height:.0f}" aria-labelledby="{key}-title {key}-desc" font-family="inherit">'
        '<title id="{key}-title">{title}</title><desc id="{key}-desc">{words}</desc>{pieces}</svg>'
    ).format(
        language=language,
        height=drawn.height,
        key=key,
        title=plain(title),
        words=words,
        pieces=pieces,
    )


def _bar(bar: Bar) -> Markup:
    faint = Markup(' fill-opacity="0.08"') if bar.tone == "track" else ""
    return Markup(
        '<rect class="bar bar-{tone}" x="{left}" y="{top:.1f}" width="{width}" height="{height:.1f}" rx="1.5" '
        'fill="{fill}"{faint}/>'
    ).format(
        tone=bar.tone,
        left=f"{bar.shift:g}" if bar.square else f"{_percent(bar.left)}%",
        top=bar.top,
        width=f"{bar.square:g}" if bar.square else f"{_percent(bar.width)}%",
        height=bar.height,
        fill=FILLS[bar.tone],
        faint=faint,
    )


def _words(words: Words) -> Markup:
    fill = "var(--up-quiet, currentColor)" if words.quiet else "currentColor"
    return Markup(
        '<text x="{left}%" dx="{shift}" y="{baseline:.1f}" font-size="{size:g}" font-weight="{weight}" '
        'text-anchor="{anchor}" fill="{fill}">{text}</text>'
    ).format(
        left=_percent(words.left),
        shift=f"{words.shift:g}",
        baseline=words.baseline,
        size=words.size,
        weight=650 if words.bold else 400,
        anchor=words.anchor,
        fill=fill,
        text=plain(words.text),
    )


def _percent(share: float) -> str:
    return f"{share * 100:.2f}".rstrip("0").rstrip(".")
