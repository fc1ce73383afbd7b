"""How an answer workbook looks, and the sheet that holds the lists of its drop-downs."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from portal.core.workbook.sheets import LISTS_SHEET

GREEN, PALE, LINE, GREY, DIM, AMBER = "#0B5D3B", "#F3F8E9", "#C9D3CE", "#EEF0EF", "#6B7570", "#8A4B00"
FONTS = {"en": "Calibri", "zh": "Microsoft YaHei"}


def styles_of(book: Workbook, locale: str) -> dict[str, Format]:
    """The formats by name; those beginning with "answer" are for cells that may be filled in."""
    base: dict[str, Any] = {"font_name": FONTS[locale], "font_size": 10, "valign": "top"}
    wrap = base | {"text_wrap": True}
    answer = wrap | {"indent": 1, "bg_color": PALE, "border": 1, "border_color": "#7FA68F", "locked": False}
    closed = wrap | {"indent": 1, "bg_color": GREY, "font_color": DIM, "border": 1, "border_color": LINE}
    top = {"top": 1, "top_color": LINE}
    looks: dict[str, dict[str, Any]] = {
        "plain": base,
        "title": base | {"bold": True, "font_size": 15, "font_color": GREEN},
        "intro": wrap | {"font_color": "#3B4540"},
        "head": wrap | {"bold": True, "font_color": "#FFFFFF", "bg_color": GREEN, "valign": "vcenter"},
        "code": base | top | {"bold": True, "font_color": GREEN},
        "question": wrap | top,
        "dim": wrap | {"font_color": DIM},
        "how": wrap | top | {"font_color": "#3B4540", "font_size": 9},
        "option": wrap | {"indent": 2},
        "option_closed": wrap | {"indent": 2, "font_color": DIM},
        "column": wrap
        | {"bold": True, "bg_color": "#E3EFE8", "border": 1, "border_color": LINE, "font_size": 9},
        "unit": wrap | top,
        "answer_text": answer | {"num_format": "@"},
        "answer_number": answer | {"align": "left"},
        "answer_date": answer | {"align": "left", "num_format": "yyyy-mm-dd"},
        "closed_text": closed | {"num_format": "@"},
        "closed_number": closed | {"align": "left"},
        "closed_date": closed | {"align": "left", "num_format": "yyyy-mm-dd"},
        "closed_question": wrap | top | {"font_color": DIM},
        "site": wrap | top | {"bold": True, "indent": 1},
        "closed_site": wrap | top | {"bold": True, "indent": 1, "font_color": DIM},
        "closed_code": base | top | {"font_color": DIM},
        "note": wrap | top | {"font_color": AMBER, "font_size": 9},
        "fact": base | {"bold": True},
        "fact_text": wrap,
        "link": base | {"font_color": GREEN, "underline": 1},
        "grey_rule": {"bg_color": GREY, "font_color": DIM},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def height_of(cells: Sequence[tuple[str, float]], size: float = 10) -> float:
    """The height in points of a row that shows wrapped texts whole, each in a column of so many characters.

    Programs differ in whether they fit rows on opening; said here, the sheet looks the same in all of them.
    """
    lines = max((_lines(text, width) for text, width in cells), default=1)
    return round(max(lines, 1) * size * 1.36 + 5, 1)


def _lines(text: str, width: float) -> int:
    count = 0
    for paragraph in text.split("\n"):
        wide = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in paragraph)
        count += max(1, math.ceil(wide / max(width - 1, 1)))
    return min(count, 28)


class Lists:
    """The sheet of drop-down lists: each list once, in a column of its own; no length limit as in the cell itself."""

    def __init__(self, page: Worksheet, styles: dict[str, Format]) -> None:
        self.page = page
        self._style = styles["plain"]
        self._columns: dict[tuple[str, ...], int] = {}

    def source(self, words: Sequence[str]) -> str:
        """The range with these words, for a validation."""
        listed = tuple(words)
        if listed not in self._columns:
            at = self._columns[listed] = len(self._columns)
            self.page.set_column(at, at, 30)
            for row, word in enumerate(listed):
                self.page.write_string(row, at, word, self._style)
        letters = xl_col_to_name(self._columns[listed])
        return f"={LISTS_SHEET}!${letters}$1:${letters}${len(listed)}"
