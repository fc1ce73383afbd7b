"""Anything people type into the form for an answer, good or bad, for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from portal.core.questionnaire.model import Column, Indicator
from portal.core.questionnaire.reading import is_blank

_SIGNS = st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co"), max_codepoint=0xFFFD)
_WORDS = st.text(alphabet=_SIGNS, min_size=1, max_size=30).filter(lambda t: not is_blank(t))
TEXTS = _WORDS | st.sampled_from(
    [
        "=1+1",
        "+86 10",
        "@cmd",
        "line\nline",
        " spaces kept ",
        "_x0041_",
        "中文，句子。",
        "-",
        "1e5",
        "'quoted",
        '<&>"',
        "TRUE",
    ]
)
_PLAIN = st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False).map(
    lambda d: format(d.normalize(), "f")
)
NUMBERS = _PLAIN | st.sampled_from(
    [
        "0",
        "-3",
        "28.50",
        "007",
        "1 200.5",
        "1,234",
        "1.234,5",
        "１２３",
        "1e3",
        "99999999999999999999",
        "0.000000000000000001",
        "-0",
        "45%",
    ]
)
DAYS = st.dates().map(lambda d: d.isoformat()) | st.sampled_from(
    ["2026年3月1日", "2026/3/1", "2026-02-30", "soon", "1900-01-15"]
)


def raw_answers(indicator: Indicator) -> st.SearchStrategy[tuple[Any, str | None]]:
    """A raw answer and the unit it was typed in, as the form keeps them; None for nothing given."""
    units = st.sampled_from([None, indicator.unit, *indicator.units]) if indicator.units else st.none()
    return st.tuples(st.none() | _given(indicator), units)


def _given(indicator: Indicator) -> st.SearchStrategy[Any]:
    keys = [option.key for option in indicator.options]
    if indicator.kind in {"yes_no", "single"}:
        return st.sampled_from(keys)
    if indicator.kind == "multiple":
        return st.lists(st.sampled_from(keys), unique=True)
    if indicator.kind in {"number", "percentage"}:
        return NUMBERS
    if indicator.kind == "date":
        return DAYS
    if indicator.kind == "text":
        return TEXTS
    cells = {column.key: _cell(column) for column in indicator.columns}
    row = st.fixed_dictionaries({}, optional=cells).filter(bool)
    return st.lists(row, max_size=4)


def _cell(column: Column) -> st.SearchStrategy[str]:
    if column.kind == "yes_no":
        return st.sampled_from(["yes", "no"])
    if column.kind in {"number", "percentage"}:
        return NUMBERS
    if column.kind == "year":
        return st.sampled_from(["2025", "2024", "in 2025", "２０２５"])
    values = [s.value for s in column.suggestions]
    return TEXTS | st.sampled_from(values) if values else TEXTS
