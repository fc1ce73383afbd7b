"""Workbooks that other programs wrote: saved again by LibreOffice, or made anew by a plain library from the template."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from portal.core.questionnaire.kinds import read
from portal.core.questionnaire.model import Indicator
from portal.core.workbook.cells import code_of, taken_of
from portal.files.answer_workbooks import AnswerWorkbook, read_answer_workbook
from portal.operations.answering import Given, same_given
from portal.reports.answer_workbook import answer_workbook
from tests.make.workbooks import filled, sheet_parts
from tests.reports.test_answer_workbook import TOPICS, asked_of, book_of

SOFFICE = shutil.which("soffice")
INDICATORS = {i.code: i for topic in TOPICS for i in topic.indicators}
ANSWERS: dict[str, tuple[Any, str | None]] = {
    "ENV-01": (["waste_management"], None),
    "ENV-03": ("valid", None),
    "ENV-04": ("2027-03-01", None),
    "ENV-05": ("0", None),
    "INF-02": ([], None),
    "INF-04": ("=first line\nsecond “line” <&> 中文  ", None),
    "NRG-01": ("1200.5", "kWh"),
    "NRG-02": ("1,5", None),
    "NRG-03": ([{"source_type": "grid", "mwh": "12.25", "generation_year": "2025", "retired": "no"}, {"mwh": "7"}], None),
    "WST-01": ("0.125", "kg"),
    "WST-02": ("yes", None),
    "WST-03": ("28.50", None),
}  # fmt: skip


def known(indicator: Indicator, raw: Any) -> Any:
    """The sample with keys that the questionnaire has."""
    keys = [option.key for option in indicator.options]
    if isinstance(raw, str) and keys and raw not in keys:
        return keys[0]
    return keys[:2] if indicator.kind == "multiple" and raw else raw


@pytest.fixture
def answers() -> dict[str, tuple[Any, str | None]]:
    return {code: (known(INDICATORS[code], raw), unit) for code, (raw, unit) in ANSWERS.items()}


def differing(
    book: AnswerWorkbook, answers: Mapping[str, tuple[Any, str | None]], sites: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What the workbook says other than `answers`, by code; of a site by CODE@SITE."""
    found = {}
    for indicator in (one for topic in TOPICS for one, _name in asked_of(topic, sites)):
        code = indicator.code
        own = {key: rows for key, rows in book.cells.items() if key.partition("/")[0] == code}
        taken = taken_of(indicator, own)
        raw, unit = answers.get(code, (None, None))
        if taken.problems or not same_given(indicator, Given(taken.raw, taken.unit, 1), raw, unit):
            found[code] = taken.problems or (taken.raw, taken.unit)
    return found


def saved_again(data: bytes, folder: Path) -> bytes:
    """The workbook opened and saved by LibreOffice without a window."""
    if SOFFICE is None:
        if os.environ.get("UPSTREAM_TESTS_COMPLETE") == "1":
            pytest.fail("LibreOffice is missing although this run must be complete")
        pytest.skip("no LibreOffice on this machine: install the package libreoffice-calc to run this test")
    (folder / "in").mkdir()
    source = folder / "in" / "answers.xlsx"
    source.write_bytes(data)
    command = [
        SOFFICE,
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    done = subprocess.run(
        [*command, "--outdir", str(folder / "out"), str(source)],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return (folder / "out" / "answers.xlsx").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["en", "zh"])
def test_a_workbook_saved_by_libreoffice_says_the_same(
    locale: str, answers: dict[str, tuple[Any, str | None]], tmp_path: Path
) -> None:
    book = book_of(answers, locale)
    data = answer_workbook(book, locale)
    again = saved_again(filled(data, {"ENV-05": "#4", "NRG-02|0": "61%"}), tmp_path)
    assert again != data
    found = read_answer_workbook(again, "answers.xlsx")
    assert found.identity == book.identity and not found.spoiled and not found.notes
    assert differing(found, answers) == {"ENV-05": ("4", None), "NRG-02": ("61%", None)}
    assert str(read(INDICATORS["NRG-02"], "61%").value) == "61"


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["en", "zh"])
def test_lines_of_sites_saved_by_libreoffice_say_the_same(
    locale: str, answers: dict[str, tuple[Any, str | None]], tmp_path: Path
) -> None:
    """Every kind a site can answer, at two sites whose numbers begin alike; the company's answers stay apart."""
    sites = ("3", "31")
    own = [one for topic in TOPICS for one, name in asked_of(topic, sites) if name]
    said = answers | {one.code: answers[code_of(one.code)] for one in own if code_of(one.code) in answers}
    assert {INDICATORS[code_of(one.code)].kind for one in own if one.code in said} >= {
        "yes_no",
        "single",
        "number",
        "percentage",
        "date",
        "table",
    }
    book = book_of(said, locale, sites)
    data = answer_workbook(book, locale)
    again = saved_again(filled(data, {"ENV-05@31": "#4", "NRG-02@3|0": "61%"}), tmp_path)
    assert again != data
    found = read_answer_workbook(again, "answers.xlsx")
    assert found.identity == book.identity and not found.spoiled and not found.notes
    assert differing(found, said, sites) == {"ENV-05@31": ("4", None), "NRG-02@3": ("61%", None)}


def test_a_workbook_made_anew_by_a_plain_library_is_read(answers: dict[str, tuple[Any, str | None]]) -> None:
    """All sheets visible, no styles, no lists: cells copied as values, two of them written over."""
    data = answer_workbook(book_of(answers, "zh"), "zh")
    source = CalamineWorkbook.from_filelike(io.BytesIO(data))
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for name in sheet_parts(data):
            page = book.add_worksheet(name if name == "upstream" else f"{name} copy"[:31])
            for row, cells in enumerate(source.get_sheet_by_name(name).to_python(skip_empty_area=False)):
                for at, value in enumerate(cells):
                    if isinstance(value, date):
                        page.write_datetime(row, at, value, day)
                    elif value != "":
                        page.write(row, at, value)
    found = read_answer_workbook(out.getvalue(), "copied.xlsx")
    assert not found.spoiled and found.identity == book_of(answers, "zh").identity
    assert differing(found, answers) == {}
