"""Answers from the carbon register in the browser: beside the question, on their own page, and at the review."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.store.answers import Answer, answer_to
from portal.store.assessments import Assessment
from portal.store.electricity import ElectricityUse
from portal.store.engine import reading
from tests.make.assessments import give
from tests.make.company import Company, make_company, make_ready
from tests.make.people import signed_in
from tests.make.register_rows import use


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    made = make_company(app, session)
    use(session, session.get_one(Assessment, made.assessment.id), made.lead, "12345.5")
    session.commit()
    return made


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def question(page: str, code: str) -> str:
    found = re.search(rf'<article class="question[^>]*id="{code}".*?</article>', page, re.S)
    assert found
    return found[0]


def button(page: str, code: str) -> str:
    found = re.search(rf'name="take" value="({code} [^"]+)"', page)
    assert found, text_of(page)
    return found[1]


def stored(engine: Engine, company: Company, code: str) -> Answer | None:
    with reading(engine) as session:
        return answer_to(session, company.assessment.id, code)


def topic(company: Company) -> str:
    return company.client.get(f"{company.base}/topics/NRG").text


def correct(session: Session, company: Company, mwh: str) -> None:
    row = session.query(ElectricityUse).one()
    row.mwh = Decimal(mwh)
    session.commit()


def test_the_question_says_what_the_register_says_and_one_click_takes_it_over(
    company: Company, engine: Engine, session: Session
) -> None:
    page = topic(company)
    shown = text_of(question(page, "NRG-01"))
    assert "The carbon register says 12 345.5 MWh (electricity 2025, sites: 1)" in shown
    assert '<a href="/carbon/electricity' in question(page, "NRG-01")
    assert stored(engine, company, "NRG-01") is None
    form = {
        "take": button(page, "NRG-01"),
        "NRG-01": "typed just now",
        "NRG-01-version": "0",
        "NRG-05": "none",
        "NRG-05-version": "0",
    }
    answer = company.client.post(f"{company.base}/topics/NRG", data=form)
    assert answer.status_code == 303 and answer.location.endswith("#NRG-01")
    taken, other = stored(engine, company, "NRG-01"), stored(engine, company, "NRG-05")
    assert taken is not None and (taken.value, taken.origin) == ("12345.5", "register")
    assert other is not None and other.value == "none"  # what else stood on the page is saved as ever
    shown = text_of(question(topic(company), "NRG-01"))
    assert "from the register" in shown and f"Taken over by {company.lead.name}" in shown
    correct(session, company, "13000")
    page = topic(company)
    assert "The register now says 13 000 MWh" in text_of(question(page, "NRG-01"))
    company.client.post(
        f"{company.base}/topics/NRG", data={"take": button(page, "NRG-01"), "NRG-01-version": "1"}
    )
    again = stored(engine, company, "NRG-01")
    assert again is not None and again.value == "13000"


def test_a_typed_answer_and_the_register_stand_side_by_side(company: Company, engine: Engine) -> None:
    saved = company.client.post(
        f"{company.base}/answers/NRG-01", json={"base": 0, "value": "999", "unit": "MWh"}
    )
    assert saved.status_code == 200
    note = text_of(saved.json["register"]["NRG-01"])
    assert "The carbon register says 12 345.5 MWh; your answer stays as you wrote it" in note
    kept = stored(engine, company, "NRG-01")
    assert kept is not None and (kept.value, kept.origin) == ("999", "typed")


def test_a_colleagues_answer_saved_meanwhile_is_not_covered(company: Company, engine: Engine) -> None:
    page = topic(company)
    company.other.post(f"{company.base}/answers/NRG-01", json={"base": 0, "value": "7", "unit": "MWh"})
    form = {"take": button(page, "NRG-01"), "NRG-01-version": "0"}
    answer = company.client.post(f"{company.base}/topics/NRG", data=form, follow_redirects=True)
    assert "somebody saved another answer meanwhile" in text_of(answer.text)
    kept = stored(engine, company, "NRG-01")
    assert kept is not None and kept.value == "7"


def test_all_figures_on_one_page_are_taken_over_together(
    company: Company, engine: Engine, session: Session
) -> None:
    mine = session.get_one(Assessment, company.assessment.id)
    use(session, mine, company.lead, "4000", "own_pv")
    session.commit()
    page = company.client.get(f"{company.base}/register").text
    assert "Take over 3 figures from the register" in text_of(page)
    each = re.findall(r'name="each" value="([^"]+)"', page)
    done = company.client.post(
        f"{company.base}/register", data={"all": "1", "each": [*each, "rubbish"]}, follow_redirects=True
    )
    assert "Taken over from the carbon register: NRG-01, NRG-02, NRG-03." in text_of(done.text)
    for code in ("NRG-01", "NRG-02", "NRG-03"):
        row = stored(engine, company, code)
        assert row is not None and row.origin == "register"
    assert "figures from the register" not in text_of(company.client.get(f"{company.base}/register").text)


@pytest.mark.parametrize("sent", ["", "NRG-01", "NRG-01 0 zz", "GOV-02 0 0123456789abcdef", "NRG-01 0 0123456789abcdef"])  # fmt: skip
def test_a_made_up_click_stores_nothing(company: Company, engine: Engine, sent: str) -> None:
    answer = company.client.post(f"{company.base}/register", data={"take": sent})
    assert answer.status_code in (303, 404)
    assert stored(engine, company, "NRG-01") is None


def test_an_empty_register_says_what_will_be_here(app: Flask, session: Session) -> None:
    bare = make_company(app, session)
    page = bare.client.get(f"{bare.base}/register")
    assert page.status_code == 200 and "has nothing yet that answers an open question" in text_of(page.text)


def test_after_sending_nothing_can_be_taken_over(company: Company, session: Session) -> None:
    make_ready(session, company)
    company.client.post(f"{company.base}/check")
    page = company.client.get(f"{company.base}/register").text
    assert 'name="take"' not in page and 'name="each"' not in page


def card(client: FlaskClient, company: Company) -> str:
    page = client.get(f"/staff{company.base}?show=all&topic=NRG")
    found = re.search(r'<article class="card-review[^>]*id="NRG-01".*?</article>', page.text, re.S)
    assert found, page.status_code
    return text_of(found[0])


def test_the_review_says_from_the_register_and_whether_it_has_changed(
    app: Flask, company: Company, session: Session
) -> None:
    page, staff = topic(company), signed_in(app, company.staff)
    company.client.post(
        f"{company.base}/topics/NRG", data={"take": button(page, "NRG-01"), "NRG-01-version": "0"}
    )
    make_ready(session, company)
    company.client.post(f"{company.base}/check")
    shown = card(staff, company)
    assert "from the register electricity 2025, sites: 1 · taken over by" in shown
    assert "The register says the same today." in shown
    correct(session, company, "20000")
    shown = card(staff, company)
    assert "The register has changed since and now says: 20 000 MWh" in shown
    assert "12 345.5" in shown  # what was sent stays


def test_the_review_shows_a_typed_answer_beside_the_register(
    app: Flask, company: Company, session: Session
) -> None:
    staff, mine = signed_in(app, company.staff), session.get_one(Assessment, company.assessment.id)
    give(session, company.actor, mine, "NRG-01", "11")
    session.commit()
    make_ready(session, company)
    company.client.post(f"{company.base}/check")
    shown = card(staff, company)
    assert "The carbon register says: 12 345.5 MWh" in shown and "from the register" not in shown
