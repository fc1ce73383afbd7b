"""The score explained in the browser: ledger, next best steps, what-if with and without scripts, hints and explanations."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.scoring.next_steps import next_steps
from portal.core.scoring.sheet import score_text
from portal.operations.scoring import declared_sheet, open_case
from portal.store.answers import Answer, answers_of
from portal.store.assessments import Assessment, Submission
from portal.store.engine import reading
from portal.store.hints import HintExplanation
from portal.web.supplier.pages_steps import steps_page
from tests.make.assessments import give
from tests.make.company import Company, make_company, make_ready
from tests.make.people import make_member, make_supplier, signed_in
from tests.make.queries import counted

HINT = "green_power_without_certificates"


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    made = make_company(app, session)
    assessment = session.get_one(Assessment, made.assessment.id)
    for code, raw in (
        ("GOV-01", ["glass"]),
        ("NRG-02", "85"),
        ("NRG-04", "no_certificates"),
        ("HRT-02", "occurs"),
    ):
        give(session, made.actor, assessment, code, raw)
    session.commit()
    return made


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def total(company: Company, session: Session) -> str:
    with reading(session.get_bind().engine) as looking:  # type: ignore[union-attr]
        case = open_case(looking, looking.get_one(Assessment, company.assessment.id))
        return score_text(declared_sheet(case).total) or ""


def scratch_of(page: str) -> dict[str, object]:
    found = re.search(r'name="scratch" value="([^"]*)"', page)
    assert found
    return json.loads(html.unescape(found[1]))


def test_the_ledger_shows_the_figures_of_the_score(company: Company, session: Session) -> None:
    page = company.client.get(f"{company.base}/ledger")
    words = text_of(page.text)
    assert page.status_code == 200
    assert f"Rounding not needed: {total(company, session)} Grade by the exact total" in words
    assert "An open red flag limits the grade to D." not in words  # D already: the flag does not lower it
    assert "They would limit the grade to D" in words
    assert "Not asked: the answer to CDS-01 leaves it closed." in words
    assert page.text.count('<details class="ledger-topic"') == 18
    assert (
        "“No certificates, for example because all of it is our own solar power” earns 0 of 1 point." in words
    )


def test_the_ledger_of_what_was_sent_stays_that_of_what_was_sent(company: Company, session: Session) -> None:
    make_ready(session, company)
    company.client.post(f"{company.base}/check")
    before = text_of(company.client.get(f"{company.base}/ledger").text)
    row = session.scalars(select(Answer).where(Answer.indicator == "NRG-02")).one()
    row.value = "0"
    session.commit()
    assert text_of(company.client.get(f"{company.base}/ledger").text) == before


def test_next_steps_name_the_change_the_gain_and_the_proof(company: Company) -> None:
    words = text_of(company.client.get(f"{company.base}/next-steps").text)
    assert "clears a red flag" in words
    assert "HRT-02" in words and "Effort:" in words
    assert re.search(r"choose “[^”]+”: \+\d+\.\d\d points in total", words)
    assert "This opens CDS-02, CDS-03, CDS-04, CDS-05, CDS-08" in words


def test_five_steps_that_tell_stand_open_flags_first(company: Company, session: Session) -> None:
    case = open_case(session, session.get_one(Assessment, company.assessment.id))
    ranked = next_steps(case.questionnaire, case.assessment.roles, case.answers)
    lifting = [replace(one, best=replace(one.best, lifts=True, grade="C")) for one in ranked.steps[:9]]
    flag = next(one for one in ranked.steps[9:] if one.best.clears)
    page = steps_page(case, replace(ranked, steps=(*lifting, flag)), 20, "en")
    told = [*page.telling, *page.telling_more]
    assert (
        len(page.telling) == 5
        and len(told) == 10
        and all(line.best.lifts or line.best.clears for line in told)
    )
    flags = [line.best.clears for line in told]
    assert flags == sorted(flags, reverse=True), "flags to clear stand first"


def test_the_scratch_copy_moves_and_nothing_is_stored(company: Company, session: Session) -> None:
    before = {code: (a.value, a.version) for code, a in answers_of(session, company.assessment.id).items()}
    session.commit()
    now = total(company, session)
    page = company.client.get(f"{company.base}/what-if?try=NRG-04:retired_bundled_same_year")
    assert scratch_of(page.text) == {"NRG-04": {"value": "retired_bundled_same_year", "unit": None}}
    words = text_of(page.text)
    assert "1 changed answer" in words and "Points: 0 → 1 × weight 4" in words
    assert f"{now} D →" in words
    session.expire_all()
    assert {c: (a.value, a.version) for c, a in answers_of(session, company.assessment.id).items()} == before


def test_the_form_carries_changes_from_topic_to_topic_and_equals_the_real_score(
    company: Company, session: Session
) -> None:
    first = company.client.post(
        f"{company.base}/what-if",
        data={
            "topic": "HRT",
            "scratch": "{}",
            "go": "NRG",
            "HRT-02-shown": "1",
            "HRT-02": "none_and_audited",
        },
    )
    assert first.status_code == 200 and 'id="NRG-02"' in first.text
    kept = scratch_of(first.text)
    assert kept == {"HRT-02": {"value": "none_and_audited", "unit": None}}
    assert "cleared" in text_of(first.text)
    second = company.client.post(
        f"{company.base}/what-if",
        data={
            "topic": "NRG", "scratch": json.dumps(kept), "NRG-01-shown": "1", "NRG-01": "5", "NRG-01-unit": "GWh",
            "NRG-02-shown": "1", "NRG-02": "10", "NRG-04-shown": "1", "NRG-04": "no_certificates",
        },
    )  # fmt: skip
    assert set(scratch_of(second.text)) == {"HRT-02", "NRG-01", "NRG-02"}
    result = text_of(second.text.partition("data-result")[2].partition("<h2>")[0])
    assessment = session.get_one(Assessment, company.assessment.id)
    give(session, company.actor, assessment, "HRT-02", "none_and_audited", base=1)
    give(session, company.actor, assessment, "NRG-01", "5", unit="GWh")
    give(session, company.actor, assessment, "NRG-02", "10", base=1)
    session.commit()
    assert f"→ {total(company, session)}" in result


def test_taking_back_clearing_rows_and_what_cannot_be_read(company: Company) -> None:
    address = f"{company.base}/what-if"
    scratch = json.dumps({"HRT-02": {"value": "none_and_audited", "unit": None}})
    assert (
        scratch_of(
            company.client.post(address, data={"topic": "GOV", "scratch": scratch, "undo": "HRT-02"}).text
        )
        == {}
    )
    assert (
        scratch_of(company.client.post(address, data={"topic": "GOV", "scratch": scratch, "reset": "1"}).text)
        == {}
    )
    cleared = company.client.post(
        address,
        data={
            "topic": "NRG",
            "scratch": "",
            "NRG-04-shown": "1",
            "NRG-04": "no_certificates",
            "clear": "NRG-04",
        },
    )
    assert scratch_of(cleared.text) == {"NRG-04": {"value": None, "unit": None}}
    rows = company.client.post(
        address, data={"topic": "NRG", "NRG-03-shown": "1", "NRG-03-0-mwh": "7", "add_row": "NRG-03"}
    )
    assert rows.text.count('name="NRG-03-1-mwh"') == 1 and 'value="7"' in rows.text
    wrong = company.client.post(address, data={"topic": "NRG", "NRG-02-shown": "1", "NRG-02": "1,5"})
    assert "Cannot be read and counts as no answer: NRG-02" in text_of(wrong.text)
    assert "can be read in two ways" in text_of(wrong.text)


@pytest.mark.parametrize(
    "scratch",
    ["[", "[1]", '{"NRG-02": 5}', '{"XXX-99": {"value": 1}}', '{"NRG-03": {"value": [{"mwh": {"a": 1}}, 5]}}',
     '{"GOV-01": {"value": [[1], null]}}', "[" * 100000, '{"NRG-02": {"value": 1e400}}', '{"NRG-02": {"value": "<script>x</script>"}}'],
)  # fmt: skip
def test_a_spoilt_scratch_is_no_fault(company: Company, scratch: str) -> None:
    for topic in ("NRG", "GOV", "", "nonsense"):
        page = company.client.post(f"{company.base}/what-if", data={"topic": topic, "scratch": scratch})
        assert page.status_code == 200 and "<script>x" not in page.text


def test_a_hint_stands_at_its_answers_and_on_the_check_page(company: Company) -> None:
    topic = company.client.get(f"{company.base}/topics/NRG").text
    said = "85 % of the electricity is said to be renewable, yet there are no certificates."
    assert text_of(topic).replace("\u00a0", " ").count(said) == 2
    check = text_of(company.client.get(f"{company.base}/check").text).replace("\u00a0", " ")
    assert said in check and "Explain it to the buyer" in check


def test_saving_an_answer_brings_and_takes_hints_at_once(company: Company) -> None:
    saved = company.client.post(f"{company.base}/answers/NRG-02", json={"base": 1, "value": "90"}).json
    assert set(saved["hints"]) == {"NRG-02", "NRG-04"} and "90" in saved["hints"]["NRG-02"]
    saved = company.client.post(f"{company.base}/answers/NRG-02", json={"base": 2, "value": "20"}).json
    assert saved["hints"] == {}


def test_a_hint_is_explained_and_the_buyer_sees_both(company: Company, session: Session, app: Flask) -> None:
    address, buyer = f"{company.base}/hints/{HINT}", signed_in(app, company.staff)
    assert company.client.post(address, data={"text": "  ", "base": "0"}).status_code == 422
    done = company.other.post(address, data={"text": "Own <b>rooftop</b> plant", "base": "0"})
    assert done.status_code == 303 and done.location == f"{company.base}/topics/NRG#NRG-02"
    clash = company.client.post(address, data={"text": "Something else", "base": "0"})
    assert clash.status_code == 409 and "A colleague explained this meanwhile" in clash.text
    assert "Something else" in clash.text and "Own &lt;b&gt;rooftop&lt;/b&gt; plant" in clash.text
    assert [row.text for row in session.scalars(select(HintExplanation))] == ["Own <b>rooftop</b> plant"]
    session.commit()
    make_ready(session, company)
    assert company.client.post(f"{company.base}/check").status_code == 303
    assert len(session.scalars(select(Submission)).all()) == 1
    session.commit()
    assert company.client.get(address).status_code == 404
    sent = text_of(company.client.get(f"{company.base}/check").text)
    assert "Own <b>rooftop</b> plant" in sent and "Change the explanation" not in sent
    review = buyer.get(f"/staff/assessments/{company.assessment.id}?show=all&topic=NRG").text
    words = text_of(review).replace("\u00a0", " ")
    assert "noticed when it was sent" in words
    assert words.count("Own <b>rooftop</b> plant") == 2 and "Explained by Contributor of S-001" in words
    assert "<b>rooftop</b>" not in review


def test_a_hint_that_no_longer_stands_says_so(company: Company) -> None:
    company.client.post(f"{company.base}/answers/NRG-02", json={"base": 1, "value": "20"})
    for answer in (
        company.client.get(f"{company.base}/hints/{HINT}"),
        company.client.post(f"{company.base}/hints/{HINT}", data={"text": "Words enough", "base": "0"}),
    ):
        assert answer.status_code == 409 and "this hint no longer stands" in answer.text
    assert company.client.get(f"{company.base}/hints/unknown").status_code == 404


def test_strangers_meet_nothing(company: Company, app: Flask, session: Session) -> None:
    member = make_member(session, make_supplier(session, "S-002"))
    session.commit()
    stranger = signed_in(app, member)
    for path in ("ledger", "next-steps", "what-if", f"hints/{HINT}"):
        assert stranger.get(f"{company.base}/{path}").status_code == 404
    assert stranger.post(f"{company.base}/what-if", data={"topic": "GOV"}).status_code == 404
    assert (
        stranger.post(f"{company.base}/hints/{HINT}", data={"text": "Words", "base": "0"}).status_code == 404
    )


def test_the_pages_ask_the_same_number_of_queries_however_much_is_answered(
    company: Company, session: Session
) -> None:
    engine = session.get_bind().engine  # type: ignore[union-attr]
    with counted(engine) as few:
        company.client.get(f"{company.base}/topics/NRG")
    make_ready(session, company)
    with counted(engine) as many:
        company.client.get(f"{company.base}/topics/NRG")
    assert len(many) == len(few)
