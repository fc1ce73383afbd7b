"""Writes an empty table form for people to fill: CSV with a header, or XLSX with help and lists."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter

from portal.files.tabular import Column
from portal.language import N_, say

LAST_ROW = 5_000
WRITTEN = datetime(2026, 1, 1)  # noqa: DTZ001 a fixed mark, so that the same form is the same bytes
FORMS = {
    "text": N_("any text"),
    "number": N_("number with a decimal point, no thousands separators"),
    "year": N_("year, four digits"),
    "date": N_("date, YYYY-MM-DD"),
    "choice": N_("one of the listed values"),
}


@dataclass(frozen=True)
class TableForm:
    """A table people fill: its columns, the sheet name and title (message ids), and one example row."""

    sheet: str
    title: str
    columns: tuple[Column, ...]
    example: Mapping[str, str]


def write_template(form: TableForm, locale: str, file_format: str) -> bytes:
    """The form as bytes. `file_format` is csv (UTF-8 with BOM, header only) or xlsx; else ValueError.

    The header row holds the stable keys in either language; words for people are comments and the help sheet.
    """
    if file_format == "csv":
        return _csv(form)
    if file_format == "xlsx":
        return _xlsx(form, locale)
    raise ValueError(f"no template in format {file_format!r}")


def _csv(form: TableForm) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([c.key for c in form.columns])
    return out.getvalue().encode("utf-8-sig")


def _xlsx(form: TableForm, locale: str) -> bytes:
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": say(locale, form.title), "created": WRITTEN})
        _data_sheet(book, form, locale)
        _help_sheet(book, form, locale)
    return out.getvalue()


def _data_sheet(book: xlsxwriter.Workbook, form: TableForm, locale: str) -> None:
    sheet = book.add_worksheet(say(locale, form.sheet))
    styles = {
        "text": book.add_format({"num_format": "@"}),
        "choice": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "year": book.add_format({"num_format": "0"}),
        "number": book.add_format(),
    }
    needed = book.add_format({"bold": True, "bg_color": "#1F6B4A", "font_color": "#FFFFFF", "border": 1})
    optional = book.add_format({"bold": True, "bg_color": "#E3EFE8", "border": 1})
    for index, column in enumerate(form.columns):
        sheet.set_column(index, index, max(14, len(column.key) + 3), styles[column.form])
        sheet.write_string(0, index, column.key, needed if column.required else optional)
        sheet.write_comment(0, index, _comment(column, locale), {"x_scale": 2, "y_scale": 1.4, "author": ""})
        rule = _validation(column, locale)
        if rule:
            sheet.data_validation(1, index, LAST_ROW, index, rule)
    sheet.freeze_panes(1, 0)


def _comment(column: Column, locale: str) -> str:
    need = say(locale, N_("must be filled in")) if column.required else say(locale, N_("optional"))
    return f"{say(locale, column.label)} ({need})\n{say(locale, column.note)}"


def _validation(column: Column, locale: str) -> dict[str, object] | None:
    rule: dict[str, object]
    if column.form == "choice":
        rule = {"validate": "list", "source": list(column.choices)}
    elif column.form == "number":
        rule = {"validate": "decimal", "criteria": ">=", "value": 0}
    elif column.form == "year":
        rule = {"validate": "integer", "criteria": "between", "minimum": 1990, "maximum": 2100}
    elif column.form == "date":
        rule = {
            "validate": "date",
            "criteria": "between",
            "minimum": date(1990, 1, 1),
            "maximum": date(2100, 1, 1),
        }
    else:
        return None
    message = f"{say(locale, column.label)}: {say(locale, FORMS[column.form])}."
    return rule | {"error_title": column.key[:32], "error_message": message[:255]}


def _help_sheet(book: xlsxwriter.Workbook, form: TableForm, locale: str) -> None:
    sheet = book.add_worksheet(say(locale, N_("Help")))
    bold = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
    title = book.add_format({"bold": True, "font_size": 14})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, say(locale, form.title), title)
    sheet.write_string(
        1,
        0,
        say(locale, N_("Fill in the first sheet from row 2 on, one record per row. Keep row 1 as it is.")),
    )
    heads = [N_("Column"), N_("Meaning"), N_("Required?"), N_("What to write"), N_("Notes"), N_("Example")]
    for index, (head, width) in enumerate(zip(heads, (26, 30, 12, 34, 60, 24), strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(3, index, say(locale, head), bold)
    for line, column in enumerate(form.columns, 4):
        listed = ": " + ", ".join(column.choices) if column.choices else ""
        cells: Sequence[str] = (
            column.key,
            say(locale, column.label),
            say(locale, N_("must be filled in")) if column.required else say(locale, N_("optional")),
            say(locale, FORMS[column.form]) + listed,
            say(locale, column.note),
            form.example.get(column.key, ""),
        )
        for index, text in enumerate(cells):
            sheet.write_string(line, index, text, wrap)
    sheet.freeze_panes(4, 1)
