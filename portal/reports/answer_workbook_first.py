"""The first sheet of an answer workbook: whose it is, how it is filled in and brought back."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.core.workbook.sheets import MOST_DIFFERING
from portal.language import N_, say
from portal.reports.answer_workbook_content import AnswerBook, TopicSheet
from portal.reports.answer_workbook_styles import height_of

TEXT_WIDTH = 92
SHORT = N_("Short set: gating questions and those of the highest weight")
HOW = (
    N_("Fill in the pale green cells only; all others are locked without a password. Answers already given stand in them."),
    N_("Rest the pointer on a question, or on the heading of a table column, to read the help."),
    N_("Choose from the list where a cell offers one. Where several answers are possible, mark each with Yes; if none applies, mark the line “None of these”."),
    N_("Write numbers with a decimal point and without thousands separators (1234.5), dates as 2026-03-01. Write values, not formulas."),
    N_("A grey question is not asked because of another answer. Some turn green as soon as you give that answer here; others need a new download after it was changed."),
    N_("Keep all sheets, rows and columns where they are; do not merge cells. Evidence is added in the portal."),
    N_("Save as .xlsx and upload the file on the page where you downloaded it. You see every difference first; nothing changes before you take it over."),
    N_("An empty cell never deletes an answer by itself: you are asked."),
)  # fmt: skip
HOW_SITES = N_("Where sites answer, each has its own lines below the question, under its name.")
HOW_DIFFERING = (
    N_("All other answers hold at every site. Where one is otherwise, fill in its line on the sheet “Differs at a site”."),
    N_("With so many sites, say in the portal where one differs from the company’s answer."),
)  # fmt: skip


def write_first_sheet(
    page: Worksheet, book: AnswerBook, sheets: Sequence[TopicSheet], styles: dict[str, Format], locale: str
) -> None:
    """Explain the file, state whose it is, and link to the topics."""
    page.hide_gridlines(2)
    page.set_paper(9)
    page.set_portrait()
    page.fit_to_pages(1, 0)
    page.set_column(0, 0, 26)
    page.set_column(1, 1, TEXT_WIDTH)
    page.set_row(0, 26)
    page.write_string(0, 0, book.round, styles["title"])
    facts = [
        (N_("Company"), book.company),
        (N_("Asked by"), book.organisation),
        (N_("Reporting period"), book.period),
        (N_("Questionnaire"), book.questionnaire),
        (N_("Downloaded"), book.made),
    ]
    if book.short:
        facts.append((N_("Set of questions"), say(locale, SHORT)))
    if book.sites:
        facts.append((N_("Sites"), say(locale, N_(", ")).join(book.sites)))
    row = 2
    for name, text in facts:
        page.write_string(row, 0, say(locale, name), styles["fact"])
        page.write_string(row, 1, text, styles["fact_text"])
        page.set_row(row, height_of([(text, TEXT_WIDTH)]))
        row += 1
    if book.locked:
        page.set_row(row, height_of([(book.locked, TEXT_WIDTH)]))
        page.write_string(row, 1, book.locked, styles["note"])
        row += 1
    row = _how(page, row + 1, _instructions(book), styles, locale)
    _topics(page, row + 1, sheets, styles, locale)


def _instructions(book: AnswerBook) -> tuple[str, ...]:
    if not book.sites:
        return HOW
    if book.differing:
        return (*HOW, HOW_SITES, HOW_DIFFERING[0])
    return (*HOW, HOW_SITES, HOW_DIFFERING[1]) if len(book.sites) > MOST_DIFFERING else (*HOW, HOW_SITES)


def _how(page: Worksheet, row: int, how: Sequence[str], styles: dict[str, Format], locale: str) -> int:
    page.write_string(row, 0, say(locale, N_("How to fill it in")), styles["fact"])
    for number, words in enumerate(how, 1):
        text = f"{number}. {say(locale, words)}"
        page.set_row(row, height_of([(text, TEXT_WIDTH)]))
        page.write_string(row, 1, text, styles["fact_text"])
        row += 1
    page.write_string(row, 0, say(locale, N_("Colours")), styles["fact"])
    page.write_string(row, 1, say(locale, N_("to be filled in")), styles["answer_text"])
    page.write_string(row + 1, 1, say(locale, N_("not asked, or locked")), styles["closed_text"])
    return row + 2


def _topics(
    page: Worksheet, row: int, sheets: Sequence[TopicSheet], styles: dict[str, Format], locale: str
) -> None:
    page.write_string(row, 0, say(locale, N_("Topics")), styles["fact"])
    for sheet in sheets:
        page.write_url(row, 1, f"internal:'{sheet.name}'!E5", styles["link"], sheet.title)
        row += 1
