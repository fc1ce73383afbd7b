"""One topic of an answer workbook: its questions with the cells to fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.core.questionnaire.kinds import LONGEST_TEXT
from portal.core.questionnaire.model import Column, Indicator, text_in
from portal.core.questionnaire.tables import MOST_ROWS
from portal.core.questionnaire.unit_words import unit_text
from portal.core.workbook.cells import (
    FIRST_DAY,
    Cells,
    Entry,
    code_of,
    company_row,
    entries_of,
    none_row,
    option_row,
    table_row,
)
from portal.core.workbook.sheets import ANSWER_COLUMN, COLUMNS
from portal.core.workbook.words import cell_words, mark_word, option_words, unit_words
from portal.language import N_, say
from portal.reports.answer_workbook_content import AnswerLine, TopicSheet
from portal.reports.answer_workbook_styles import Lists, height_of

FIRST_ROW = 4
SPARE_ROWS, FEWEST_ROWS = 5, 8
LAST_DAY = date(2199, 12, 31)
WIDTHS = {0: 12, 1: 4, 2: 9, 3: 52, 4: 40, 5: 20, 6: 34, 7: 17, 8: 17, 9: 20, 10: 17}
FORMS = {"number": "number", "percentage": "number", "year": "number", "date": "date"}


@dataclass(frozen=True)
class Pen:
    """What writing a sheet needs: formats, lists, language, the formulas by code, and the foot of printed pages."""

    styles: dict[str, Format]
    lists: Lists
    locale: str
    conditions: Mapping[str, str]
    foot: str


def rows_of_table(raw: Any) -> int:
    """How many lines a table offers: those that stand, and some to spare."""
    standing = len(raw) if isinstance(raw, list | tuple) else 0
    return min(max(standing + SPARE_ROWS, FEWEST_ROWS), MOST_ROWS + 1)


def write_topic(page: Worksheet, sheet: TopicSheet, pen: Pen) -> None:
    """The whole sheet."""
    _frame(page, sheet, pen)
    for line in sheet.lines:
        (_heading if line.heading else _question)(page, sheet, line, pen)


def _frame(page: Worksheet, sheet: TopicSheet, pen: Pen) -> None:
    styles, locale = pen.styles, pen.locale
    page.hide_gridlines(2)
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.repeat_rows(FIRST_ROW - 1)
    page.set_footer("&L&8" + pen.foot.replace("&", "&&") + "&R&8&A · &P/&N")
    page.set_comments_author("")
    for at, width in WIDTHS.items():
        page.set_column(at, at, width, None, {"hidden": True} if at < 2 else {})
    for at, name in enumerate(COLUMNS):
        page.write_string(0, at, name, styles["dim"])
    page.set_row(0, None, None, {"hidden": True})
    page.set_row(1, 26)
    page.write_string(1, 2, sheet.title, styles["title"])
    page.set_row(2, height_of([(sheet.intro, WIDTHS[3])]))
    page.write_string(2, 3, sheet.intro, styles["intro"])
    heads = (N_("No."), N_("Question"), N_("Answer"), N_("Unit"), N_("How to answer"))
    page.set_row(FIRST_ROW - 1, 22)
    for at, head in enumerate(heads, 2):
        page.write_string(FIRST_ROW - 1, at, say(locale, head), styles["head"])
    page.freeze_panes(FIRST_ROW, 3)
    tables = [rows_of_table(line.raw) for line in sheet.lines if line.indicator.kind == "table"]
    last = max(sheet.places.values(), default=FIRST_ROW) + max(tables, default=0)
    widest = max((len(line.indicator.columns) for line in sheet.lines), default=0)
    page.print_area(0, 2, last, max(6, ANSWER_COLUMN + widest - 1))
    page.ignore_errors({"number_stored_as_text": f"E1:X{last + 1}"})
    page.set_selection(FIRST_ROW, ANSWER_COLUMN, FIRST_ROW, ANSWER_COLUMN)


def _heading(page: Worksheet, sheet: TopicSheet, line: AnswerLine, pen: Pen) -> None:
    """A question with the company's answer, above the lines of the sites."""
    indicator, styles, locale = line.indicator, pen.styles, pen.locale
    row = sheet.places[company_row(indicator.code)]
    words = text_in(indicator.question, locale)
    page.write_string(row, 0, company_row(indicator.code))
    page.write_string(row, 2, indicator.code, styles["code"])
    page.write_string(row, 3, words, styles["question"])
    page.write_comment(row, 3, _help(indicator, locale), {"x_scale": 3.2, "y_scale": 3})
    page.write_string(row, ANSWER_COLUMN, line.raw, styles["closed_text"])
    page.write_string(row, 6, line.note, styles["how"])
    page.set_row(row, height_of([(words, WIDTHS[3]), (line.raw, WIDTHS[4]), (line.note, WIDTHS[6] * 1.2)]))


def _question(page: Worksheet, sheet: TopicSheet, line: AnswerLine, pen: Pen) -> None:
    indicator, styles, locale = line.indicator, pen.styles, pen.locale
    code, row = indicator.code, sheet.places[indicator.code]
    dim = "" if line.editable or line.outcome else "closed_"
    page.write_string(row, 0, code)
    page.write_string(row, 2, code_of(code), styles[dim + "code"])
    words = line.site or text_in(indicator.question, locale)
    page.write_string(row, 3, words, styles[dim + ("site" if line.site else "question")])
    page.write_comment(row, 3, _help(indicator, locale), {"x_scale": 3.2, "y_scale": 3})
    how = _how(line, locale)
    page.write_string(row, 6, how, styles["note" if line.note else "how"])
    shown = _shown_text(line, locale)
    texts = [(words, WIDTHS[3]), (how, WIDTHS[6] * 1.2), (shown, WIDTHS[4])]
    page.set_row(row, max(height_of(texts), 60 if indicator.kind == "text" else 0))
    for at in (4, 5):
        page.write_blank(row, at, None, styles["how"])
    entries = entries_of(indicator, line.raw, line.unit, locale)
    if indicator.kind == "multiple":
        _marks(page, sheet, line, entries, pen)
    elif indicator.kind == "table":
        _table(page, sheet, line, entries, pen)
    else:
        _one(page, row, line, next(iter(entries.get(code, ())), {}), pen)
    formula = pen.conditions.get(code)
    if formula:
        page.write_formula(row, 1, formula, None, 0)
        last = row + len([key for key in sheet.places if key.startswith(f"{code}/option")])
        rule = {"type": "formula", "criteria": f"=$B${row + 1}=0", "format": styles["grey_rule"]}
        page.conditional_format(row, 2, last + (indicator.kind == "multiple"), 6, rule)
        if indicator.kind == "table":
            first = sheet.places[table_row(code)] - 2
            end = first + 1 + rows_of_table(line.raw)
            page.conditional_format(first, 2, end, ANSWER_COLUMN + len(indicator.columns) - 1, rule)


def _one(page: Worksheet, row: int, line: AnswerLine, cells: Cells, pen: Pen) -> None:
    indicator = line.indicator
    rule = _rule(indicator, pen)
    _cell(page, row, ANSWER_COLUMN, cells.get(0), FORMS.get(indicator.kind, "text"), line.editable, rule, pen)
    if not indicator.unit:
        return
    if not indicator.units:
        page.write_string(row, 5, unit_text(indicator.unit, pen.locale), pen.styles["unit"])
        return
    words = unit_words(indicator, pen.locale)
    unit = cells.get(1) or Entry(words[indicator.unit])
    rule = {"validate": "list", "source": pen.lists.source(list(words.values()))}
    _cell(page, row, 5, unit, "text", line.editable, rule, pen)


def _marks(
    page: Worksheet, sheet: TopicSheet, line: AnswerLine, entries: Mapping[str, Sequence[Cells]], pen: Pen
) -> None:
    indicator, locale = line.indicator, pen.locale
    words = {option_row(indicator.code, key): text for key, text in option_words(indicator, locale).items()}
    words[none_row(indicator.code)] = say(locale, N_("None of these"))
    for key, text in words.items():
        _mark(page, sheet.places[key], key, text, next(iter(entries.get(key, ())), {}), line.editable, pen)


def _mark(page: Worksheet, row: int, key: str, text: str, cells: Cells, editable: bool, pen: Pen) -> None:
    page.write_string(row, 0, key)
    page.set_row(row, height_of([(text, WIDTHS[3] - 4)]))
    page.write_string(row, 3, text, pen.styles["option" if editable else "option_closed"])
    _cell(page, row, ANSWER_COLUMN, cells.get(0), "text", editable, _mark_rule(pen), pen)


def _table(
    page: Worksheet, sheet: TopicSheet, line: AnswerLine, entries: Mapping[str, Sequence[Cells]], pen: Pen
) -> None:
    indicator, locale = line.indicator, pen.locale
    none, rows = none_row(indicator.code), table_row(indicator.code)
    nothing = next(iter(entries.get(none, ())), {})
    words = say(locale, N_("There is nothing to list"))
    _mark(page, sheet.places[none], none, words, nothing, line.editable, pen)
    first = sheet.places[rows]
    page.write_string(first - 1, 0, f"{indicator.code}/columns")
    page.set_row(first - 1, 34)
    for at, column in enumerate(indicator.columns, ANSWER_COLUMN):
        unit = unit_text(column.unit, locale)
        text = text_in(column.label, locale) + (f" ({unit})" if unit else "")
        page.write_string(first - 1, at, text, pen.styles["column"])
        page.write_comment(first - 1, at, text_in(column.help, locale), {"x_scale": 2, "y_scale": 1.2})
    standing = entries.get(rows, ())
    for number in range(rows_of_table(line.raw)):
        row = first + number
        page.write_string(row, 0, rows)
        words = say(locale, N_("Row {number}"), number=number + 1)
        page.write_string(row, 3, words, pen.styles["option_closed"])
        cells = standing[number] if number < len(standing) else {}
        texts = [(cell.text, WIDTHS.get(ANSWER_COLUMN + at, 18)) for at, cell in cells.items()]
        page.set_row(row, height_of(texts))
        for at, column in enumerate(indicator.columns):
            form, rule = FORMS.get(column.kind, "text"), _column_rule(column, pen)
            _cell(page, row, ANSWER_COLUMN + at, cells.get(at), form, line.editable, rule, pen)


def _cell(
    page: Worksheet,
    row: int,
    at: int,
    entry: Entry | None,
    form: str,
    editable: bool,
    rule: dict[str, Any] | None,
    pen: Pen,
) -> None:
    style = pen.styles[f"{'answer' if editable else 'closed'}_{form}"]
    if entry is None:
        page.write_blank(row, at, None, style)
    elif entry.kind == "number":
        page.write_number(row, at, Decimal(entry.text), style)
    elif entry.kind == "date":
        page.write_datetime(row, at, date.fromisoformat(entry.text), style)
    else:
        page.write_string(row, at, entry.text, style)
    if rule and editable:
        page.data_validation(row, at, row, at, rule)


def _rule(indicator: Indicator, pen: Pen) -> dict[str, Any] | None:
    """What a spreadsheet program itself can check; the portal checks all of it again."""
    locale = pen.locale
    if indicator.kind in {"yes_no", "single"}:
        rule: dict[str, Any] = {"validate": "list"}
        rule["source"] = pen.lists.source(list(option_words(indicator, locale).values()))
        return rule | _refusing(N_("Choose one of the listed answers."), locale)
    if indicator.kind in {"number", "percentage"}:
        return _number_rule(None if indicator.units else indicator, locale)
    if indicator.kind == "date":
        rule = {"validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
        return rule | _refusing(N_("Write a date, for example 2026-03-01."), locale)
    rule = {"validate": "length", "criteria": "<=", "value": LONGEST_TEXT}
    return rule | _refusing(N_("The text is too long."), locale)


def _number_rule(limits: Indicator | Column | None, locale: str) -> dict[str, Any]:
    """A number within the limits; without them any number, as where another unit may be chosen."""
    low = float(limits.minimum) if limits and limits.minimum is not None else -1e15
    high = float(limits.maximum) if limits and limits.maximum is not None else 1e15
    rule = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
    return rule | _refusing(
        N_("Write a number within the limits, with a decimal point and nothing else."), locale
    )


def _mark_rule(pen: Pen) -> dict[str, Any]:
    words = [mark_word(key, pen.locale) for key in ("yes", "no")]
    rule = {"validate": "list", "source": pen.lists.source(words)}
    return rule | _refusing(N_("Choose Yes, or leave the cell empty."), pen.locale)


def _column_rule(column: Column, pen: Pen) -> dict[str, Any] | None:
    if column.kind in {"number", "percentage", "year"}:
        return _number_rule(column, pen.locale)
    words = cell_words(column, pen.locale)
    if not words:
        return None
    rule: dict[str, Any] = {"validate": "list", "source": pen.lists.source(list(words.values()))}
    return rule if column.kind == "yes_no" else rule | {"show_error": False}


def _refusing(words: str, locale: str) -> dict[str, Any]:
    return {"error_title": "Upstream", "error_message": say(locale, words)}


def _shown_text(line: AnswerLine, locale: str) -> str:
    """What the answer cell shows at first, for the height of its row; lists may be as wide as their longest words."""
    if line.indicator.kind in {"yes_no", "single"}:
        return max(option_words(line.indicator, locale).values(), key=len, default="")
    return line.raw if isinstance(line.raw, str) else ""


def _help(indicator: Indicator, locale: str) -> str:
    parts = [text_in(indicator.help, locale), text_in(indicator.hint, locale)]
    if indicator.evidence_help is not None:
        parts.append(text_in(indicator.evidence_help, locale))
    return "\n\n".join(part for part in parts if part)


def _how(line: AnswerLine, locale: str) -> str:
    indicator = line.indicator
    if line.outcome:
        return line.note
    words = {
        "yes_no": N_("Choose from the list."),
        "single": N_("Choose from the list."),
        "multiple": N_("Mark every line that applies with Yes."),
        "number": N_("A number."),
        "percentage": N_("A number in per cent, without the sign."),
        "date": N_("A date, for example 2026-03-01."),
        "text": N_("Text, at most {most} characters."),
        "table": N_("One line each, below; columns have their own help."),
    }[indicator.kind]
    if indicator.whole:
        words = N_("A whole number.")
    parts = [line.note, say(locale, words, most=LONGEST_TEXT), _limits(indicator, locale)]
    if indicator.evidence == "required":
        parts.append(say(locale, N_("Needs evidence, added in the portal.")))
    return "\n".join(part for part in parts if part)


def _limits(indicator: Indicator, locale: str) -> str:
    if indicator.kind not in {"number", "percentage"}:
        return ""
    if indicator.minimum is not None and indicator.maximum is not None:
        low, high = f"{indicator.minimum:f}", f"{indicator.maximum:f}"
        return say(locale, N_("From {low} to {high}."), low=low, high=high)
    return ""
