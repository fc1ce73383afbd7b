"""Writes an assessment as a workbook to be filled in and brought back. Layout: docs/formats.md.

Nothing in it needs macros or a password; formulas stand only in a hidden column, where they grey a question that an
answer elsewhere keeps closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from xlsxwriter import Workbook

from portal.core.questionnaire.model import Topic, text_in
from portal.core.workbook.cells import code_of, company_row, fixed_rows, option_row, table_row
from portal.core.workbook.identity import identity_rows
from portal.core.workbook.sheets import IDENTITY_SHEET, LISTS_SHEET, sheet_name
from portal.core.workbook.words import mark_word, option_words
from portal.language import N_, say
from portal.reports.answer_workbook_content import AnswerBook, AnswerLine, TopicSheet
from portal.reports.answer_workbook_first import write_first_sheet
from portal.reports.answer_workbook_sheet import FIRST_ROW, Pen, rows_of_table, write_topic
from portal.reports.answer_workbook_styles import Lists, styles_of

PROTECTED = {"format_columns": True, "format_rows": True}


def answer_workbook(book: AnswerBook, locale: str) -> bytes:
    """The workbook as XLSX bytes, in "en" or "zh"."""
    stream = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(stream, options) as out:
        title = say(locale, N_("{round}: answers of {company}"), round=book.round, company=book.company)
        out.set_properties(
            {"title": title, "company": book.organisation, "created": book.made_at.replace(tzinfo=None)}
        )
        styles = styles_of(out, locale)
        first = out.add_worksheet(say(locale, N_("Read me first")))
        topics = [_topic_sheet(topic, lines, locale) for topic, lines in book.topics]
        sheets = [*topics, *_differing_sheet(book.differing, locale)]
        pages = [out.add_worksheet(sheet.name) for sheet in sheets]
        lists = Lists(out.add_worksheet(LISTS_SHEET), styles)
        pen = Pen(styles, lists, locale, _conditions(topics, locale), f"{book.company} · {book.round}")
        for page, sheet in zip(pages, sheets, strict=True):
            write_topic(page, sheet, pen)
            page.protect("", PROTECTED)
        write_first_sheet(first, book, sheets, styles, locale)
        first.protect("", PROTECTED)
        identity = out.add_worksheet(IDENTITY_SHEET)
        for at, (name, text) in enumerate(identity_rows(book.identity)):
            identity.write_string(at, 0, name, styles["plain"])
            identity.write_string(at, 1, text, styles["plain"])
        identity.set_column(0, 1, 40)
        for hidden in (identity, lists.page):
            hidden.protect("")
            hidden.hide()
        first.activate()
    return stream.getvalue()


def _topic_sheet(topic: Topic, lines: tuple[AnswerLine, ...], locale: str) -> TopicSheet:
    title = f"{topic.number}. {text_in(topic.name, locale)}"
    return _laid_out(title, text_in(topic.intro, locale), sheet_name(topic, locale), lines)


def _differing_sheet(lines: tuple[AnswerLine, ...], locale: str) -> list[TopicSheet]:
    """The sheet on which sites can say otherwise than the company; none where there are no such lines."""
    title = say(locale, N_("Differs at a site"))
    intro = N_(
        "The company’s answer, in grey, holds at every site. Fill in the line of a site only where it is otherwise there; the worst answer then counts. Cleared again, the company’s answer holds."
    )
    return [_laid_out(title, say(locale, intro), title, lines)] if lines else []


def _laid_out(title: str, intro: str, name: str, lines: tuple[AnswerLine, ...]) -> TopicSheet:
    """Which row of the sheet each row key stands in; a table takes a heading row and as many rows as it offers."""
    places: dict[str, int] = {}
    at = FIRST_ROW
    for line in lines:
        indicator = line.indicator
        if line.heading:
            places[company_row(indicator.code)] = at
            at += 1
            continue
        for key in fixed_rows(indicator):
            places[key] = at
            at += 1
        if indicator.kind == "table":
            places[table_row(indicator.code)] = at + 1
            at += 1 + rows_of_table(line.raw)
    return TopicSheet(title, intro, name, lines, places)


def _conditions(sheets: list[TopicSheet], locale: str) -> Mapping[str, str]:
    """By code, the formula that is 1 while the question is in play, for questions an open answer decides."""
    where = {
        key: f"'{sheet.name}'!${{column}}${row + 1}" for sheet in sheets for key, row in sheet.places.items()
    }
    indicators = {line.indicator.code: line for sheet in sheets for line in sheet.lines}
    found: dict[str, str] = {}
    for code, line in indicators.items():
        condition = line.indicator.depends_on
        if not line.waits or condition is None or condition.indicator not in indicators:
            continue
        parent = indicators[condition.indicator]
        if any(
            other.site and code_of(other.indicator.code) == condition.indicator
            for other in indicators.values()
        ):
            continue  # several sites decide together; how, no formula says
        words = option_words(parent.indicator, locale)
        tests = []
        for key in condition.any_of:
            several = parent.indicator.kind == "multiple"
            cell = option_row(condition.indicator, key) if several else condition.indicator
            word = mark_word("yes", locale) if several else words.get(key, key)
            tests.append(f"{where[cell].format(column='E')}={_quoted(word)}")
        met = f"OR({','.join(tests)})"
        if parent.waits:
            met = f"AND({where[condition.indicator].format(column='B')}=1,{met})"
        found[code] = f"=IF({met},1,0)"
    return found


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
