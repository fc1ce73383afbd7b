"""The workbook as a file: what is written is read from it again, and a spreadsheet program finds what a person needs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.questionnaire.model import Indicator, Topic
from portal.core.workbook.cells import at_site, taken_of
from portal.core.workbook.identity import Identity
from portal.files.answer_workbooks import read_answer_workbook
from portal.files.questionnaires import find_questionnaire
from portal.operations.answering import Given, same_given
from portal.reports.answer_workbook import answer_workbook
from portal.reports.answer_workbook_content import AnswerBook, AnswerLine
from tests.make.answers_typed import raw_answers
from tests.make.examples import examples
from tests.make.workbooks import parts, sheet_parts

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
QUESTIONNAIRE = find_questionnaire("sustainability/2026.1")
# Two topics hold every kind of answer but dates and text; a third and a fourth those.
TOPICS = [t for t in QUESTIONNAIRE.topics if t.code in {"ENV", "INF", "NRG", "WST"}]


def asked_of(topic: Topic, sites: tuple[str, ...]) -> list[tuple[Indicator, str]]:
    """The indicators of a topic, each followed by those the sites answer, with the site's name."""
    found = []
    for one in topic.indicators:
        found.append((one, ""))
        if one.level == "site":
            found += [(at_site(one, site), f"Site {site}") for site in sites]
    return found


def book_of(
    answers: dict[str, tuple[Any, str | None]], locale: str, sites: tuple[str, ...] = ()
) -> AnswerBook:
    """A workbook of the chosen topics with raw answers in it."""
    versions = {i.code: "1" for topic in TOPICS for i, _name in asked_of(topic, sites)}

    def line(indicator: Indicator, name: str) -> AnswerLine:
        raw, unit = answers.get(indicator.code, (None, None))
        return AnswerLine(indicator, raw, unit, editable=True, note="", waits=False, site=name)

    topics: list[tuple[Topic, tuple[AnswerLine, ...]]] = [
        (t, tuple(line(*one) for one in asked_of(t, sites))) for t in TOPICS
    ]
    identity = Identity("S-1", "Round", "7", "asked", "sustainability/2026.1", locale, "made", versions)
    return AnswerBook(
        identity, "Example Solar", "Company", "Round", "2025", "Questionnaire", "now", NOW, "", tuple(topics)
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("locale", "sites"), [("en", ()), ("zh", ()), ("zh", ("3", "31"))])
@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_out_and_in_is_identity_for_every_kind(
    locale: str, sites: tuple[str, ...], data: st.DataObject
) -> None:
    indicators = [i for topic in TOPICS for i, _name in asked_of(topic, sites)]
    assert {i.kind for i in indicators} == {
        "yes_no",
        "single",
        "multiple",
        "number",
        "percentage",
        "date",
        "text",
        "table",
    }
    answers = {i.code: data.draw(raw_answers(i), label=i.code) for i in indicators}
    book = book_of(answers, locale, sites)
    found = read_answer_workbook(answer_workbook(book, locale), "answers.xlsx")
    assert found.identity == book.identity
    assert not found.spoiled and not found.notes
    for indicator in indicators:
        raw, unit = answers[indicator.code]
        own = {key: rows for key, rows in found.cells.items() if key.partition("/")[0] == indicator.code}
        taken = taken_of(indicator, own)
        assert taken.problems == ()
        assert same_given(indicator, Given(taken.raw, taken.unit, 1), raw, unit), (taken, raw, unit)


def test_the_sheets_are_locked_but_for_answers_and_lists_stand_on_a_sheet() -> None:
    data = answer_workbook(book_of({}, "en"), "en")
    files, sheets = parts(data), sheet_parts(data)
    assert next(iter(sheets)) == "Read me first" and list(sheets)[-2:] == ["lists", "upstream"]
    for name, part in sheets.items():
        assert b"<sheetProtection" in files[part], name
        assert b"password" not in files[part]
    assert files["xl/workbook.xml"].count(b'state="hidden"') == 2
    env = files[next(part for name, part in sheets.items() if name.startswith("ENV"))]
    assert b"<formula1>lists!$" in env and b"<legacyDrawing" in env and b"<mergeCell" not in env
    assert b"vbaProject" not in b"".join(name.encode() for name in files)
    assert b"<f>" not in env


def test_an_answer_that_begins_like_a_formula_stays_text() -> None:
    data = answer_workbook(book_of({"INF-04": ("=1+1", None)}, "zh"), "zh")
    assert all(b"<f>" not in content for name, content in parts(data).items() if "worksheets" in name)


def test_a_question_that_an_open_answer_decides_is_greyed_by_formula() -> None:
    chain = {i.code: i for topic in TOPICS for i in topic.indicators}
    book = book_of({}, "en")
    topics = tuple(
        (topic, tuple(AnswerLine(li.indicator, None, None, True, "", li.indicator.code == "ENV-04") for li in lines))
        for topic, lines in book.topics
    )  # fmt: skip
    data = answer_workbook(AnswerBook(**{**book.__dict__, "topics": topics}), "en")
    env = parts(data)[
        next(part for name, part in sheet_parts(data).items() if name.startswith("ENV"))
    ].decode()
    labels = [o.label.en for o in chain["ENV-03"].options if o.key in (chain["ENV-04"].depends_on.any_of)]  # type: ignore[union-attr]
    assert all(label in env for label in labels) and "conditionalFormatting" in env
