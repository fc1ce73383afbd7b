"""A ready-made value of a table stands in the field in the reader's language and is kept as the same value in both."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.questionnaire.model import find_indicator, indicators_of
from portal.core.questionnaire.tables import cells_meant
from portal.files.questionnaires import find_questionnaire
from portal.store.answers import Answer
from tests.make.assessments import VERSION
from tests.make.company import Company, make_company

QUESTIONNAIRE = find_questionnaire(VERSION)
CELL = re.compile(r'name="NRG-03-0-source_type" value="([^"]*)"')
WORDS = {"en": "PV on our own site, used by us", "zh": "厂内光伏自发自用"}


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    return make_company(app, session)


def row(engine: Engine) -> Answer:
    with Session(engine) as own:
        return own.scalars(select(Answer).where(Answer.indicator == "NRG-03")).one()


def in_locale(company: Company, session: Session, locale: str) -> None:
    company.lead.locale = locale
    session.commit()


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_the_field_shows_words_and_the_page_saved_again_changes_nothing(
    company: Company, session: Session, engine: Engine, locale: str
) -> None:
    in_locale(company, session, locale)
    value = [{"source_type": "rooftop PV", "mwh": "12"}]
    saved = company.client.post(f"{company.base}/answers/NRG-03", json={"base": 0, "value": value})
    assert saved.status_code == 200
    page = company.client.get(f"{company.base}/topics/NRG").text
    assert CELL.findall(page) == [WORDS[locale]]
    assert f'<option value="{WORDS[locale]}">' in page
    form = {"NRG-03-version": "1", "NRG-03-0-source_type": WORDS[locale], "NRG-03-0-mwh": "12"}
    assert company.client.post(f"{company.base}/topics/NRG", data=form).status_code == 303
    assert (row(engine).version, row(engine).value) == (1, value)


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_what_was_chosen_in_one_language_is_read_in_the_other(
    company: Company, session: Session, engine: Engine, locale: str
) -> None:
    in_locale(company, session, locale)
    value = [{"source_type": WORDS[locale], "mwh": "12"}, {"source_type": "our own words", "mwh": "3"}]
    company.client.post(f"{company.base}/answers/NRG-03", json={"base": 0, "value": value})
    stored = row(engine).value
    assert [one["source_type"] for one in stored] == ["rooftop PV", "our own words"]
    other = "zh" if locale == "en" else "en"
    in_locale(company, session, other)
    page = company.client.get(f"{company.base}/topics/NRG").text
    assert CELL.findall(page) == [WORDS[other]]
    assert 'name="NRG-03-1-source_type" value="our own words"' in page


def test_every_label_in_either_language_means_its_own_value() -> None:
    """Of all questionnaires' tables: no two suggestions of a column share a label, and a value means itself."""
    seen = 0
    for name in (VERSION, "sustainability/2027.0-draft"):
        for one in indicators_of(find_questionnaire(name)):
            for column in one.columns:
                for s in column.suggestions:
                    for words in (s.value, s.label.en, s.label.zh):
                        assert cells_meant(one, [{column.key: f" {words} "}]) == [{column.key: s.value}]
                        seen += 1
    assert seen > 20
    one = find_indicator(QUESTIONNAIRE, "NRG-03")
    assert one is not None
    assert cells_meant(one, [{"source_type": "else", "mwh": "I-REC"}]) == [
        {"source_type": "else", "mwh": "I-REC"}
    ]
