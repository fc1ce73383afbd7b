"""Questions in Chinese and English side by side, evidence found in either script, figures in local form."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from io import BytesIO
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.questionnaire.model import find_indicator
from portal.core.questionnaire.unit_words import quantity_text
from portal.files.questionnaires import find_questionnaire
from tests.make.assessments import VERSION, link_evidence
from tests.make.company import Company, make_company
from tests.make.files import pdf_bytes


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    return make_company(app, session)


def question(page: str, code: str) -> str:
    found = re.search(rf'<article class="question[^>]*id="{code}".*?</article>', page, re.S)
    assert found
    return html.unescape(found[0])


def pieces(block: str, lang: str) -> list[str]:
    found = re.search(r'<div class="both-rows">(.*?)</div>', block, re.S)
    assert found
    return re.findall(rf'lang="{lang}">(.*?)</p>', found[1], re.S)


@pytest.mark.parametrize("code", ["NRG-01", "NRG-03", "NRG-05"])
def test_every_text_of_a_question_stands_in_both_languages_side_by_side(company: Company, code: str) -> None:
    block = question(company.client.get(f"{company.base}/topics/NRG").text, code)
    asked = find_indicator(find_questionnaire(VERSION), code)
    assert asked is not None
    chinese, english = pieces(block, "zh-CN"), pieces(block, "en")
    assert len(chinese) == len(english)
    assert asked.question.zh in chinese[1] and asked.question.en in english[1]
    for option in asked.options:
        assert chinese.index(option.label.zh) == english.index(option.label.en)
    for column in asked.columns:
        assert any(column.label.zh in one for one in chinese) and any(
            column.help.en in one for one in english
        )
    assert '<details class="both">' in block  # opened by the person, question by question


def test_all_questions_of_a_topic_open_together_and_stay_so_after_saving(company: Company) -> None:
    page = company.client.get(f"{company.base}/topics/NRG?both=1").text
    assert page.count('<details class="both" open>') == page.count('<article class="question') > 3
    assert "Questions in one language only" in page
    saved = company.client.post(
        f"{company.base}/topics/NRG", data={"both": "1", "NRG-05": "none", "NRG-05-version": "0"}
    )
    assert "both=1" in saved.location
    assert "both" not in company.client.post(f"{company.base}/topics/NRG", data={}).location


def test_evidence_keeps_its_chinese_name_and_is_found_in_either_script(
    company: Company, session: Session
) -> None:
    name = "ISO 14001证书（鄂尔多斯）.pdf"
    sent = company.client.post(
        "/evidence",
        data={
            "file": (BytesIO(pdf_bytes()), name),
            "issuer": "方圆认证（虚构）",
        },
    )
    assert sent.status_code == 303, sent.text
    for wanted in ("证书", "鄂尔多斯", "方圆", "iso 14001", "ＩＳＯ"):
        page = html.unescape(company.client.get("/evidence", query_string={"q": wanted}).text)
        assert f"1 file speaks of “{wanted}”" in page and name in page
    page = html.unescape(company.client.get("/evidence", query_string={"q": "SA8000"}).text)
    assert "0 files speak of “SA8000”" in page and name not in page
    found = re.search(r"/evidence/(\d+)/file", company.client.get("/evidence").text)
    assert found
    got = company.client.get(f"/evidence/{found[1]}/file")
    assert f"filename*=UTF-8''{quote(name)}" in got.headers["Content-Disposition"]


def test_what_a_file_is_used_for_finds_it_in_both_languages(company: Company, session: Session) -> None:
    subject = find_indicator(find_questionnaire(VERSION), "NRG-06")
    assert subject is not None
    link_evidence(session, company.assessment, "NRG-06", company.lead, name="scan-0007.pdf")
    session.commit()
    for wanted in (subject.subject.zh, subject.subject.en, "NRG-06"):
        assert "scan-0007.pdf" in company.client.get("/evidence", query_string={"q": wanted}).text


def test_a_percentage_is_written_as_each_language_writes_it() -> None:
    assert quantity_text(Decimal("28.5"), "%", "zh") == "28.5%"
    assert quantity_text(Decimal("28.5"), "%", "en") == "28.5\u00a0%"
