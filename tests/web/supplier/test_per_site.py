"""Answering per site: choosing, the fields of sites with scripts and without, what counts, and nobody else's sites."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.operations.sites import SitePlace, add_site
from portal.store.assessments import Assessment, Round
from portal.store.site_answers import AssessmentSite, SiteAnswer, site_answers_of
from portal.store.suppliers import Supplier
from tests.make.assessments import give, make_assessment
from tests.make.company import Company, make_company
from tests.make.people import actor_of, make_member, make_supplier, signed_in
from tests.operations.test_site_answers import answer_everything
from tests.web.supplier.test_answering import count_queries

AT = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    made = make_company(app, session)
    for name in ("Anhui", "Baoding"):
        add_site(session, actor(session, made), place=SitePlace(name, "CN"), now=AT)
    session.commit()
    return made


def actor(session: Session, company: Company) -> Actor:
    return actor_of(company.lead, session.get_one(Supplier, company.assessment.supplier_id))


def choose(company: Company, **more: object) -> int:
    data = {"site": ["anhui", "baoding"], "output-anhui": "3", "output-baoding": "1", "unit": "t"} | more
    return company.client.post(f"{company.base}/sites", data=data).status_code


def ids(engine: Engine) -> dict[str, int]:
    with Session(engine) as own:
        return {site.name: site.id for site in own.scalars(select(AssessmentSite))}


def save(client: FlaskClient, company: Company, field: str, value: object, base: int = 0) -> tuple[int, dict]:  # type: ignore[type-arg]
    response = client.post(f"{company.base}/answers/{field}", json={"base": base, "value": value})
    return response.status_code, response.json or {}


def page(company: Company, topic: str) -> str:
    response = company.client.get(f"{company.base}/topics/{topic}")
    assert response.status_code == 200
    return response.text


def test_without_sites_everything_is_as_it_was(company: Company) -> None:
    assert "@" not in "".join(re.findall(r'name="([^"]*)"', page(company, "EMW")))
    assert "Answer site questions per site" in company.client.get(company.base).text


def test_choosing_asks_each_site_and_can_be_taken_back(company: Company, engine: Engine) -> None:
    assert choose(company) == 303
    found = ids(engine)
    shown = page(company, "EMW")
    assert all(f'name="EMW-01@{number}"' in shown for number in found.values())
    assert 'name="EMW-01"' not in shown
    hub = company.client.get(company.base).text
    assert "Change sites and outputs" in hub and "0/" in hub and "output 3" in hub
    assert choose(company, go="whole") == 303
    assert 'name="EMW-01"' in page(company, "EMW")


def test_as_a_whole_is_a_choice_that_stands(company: Company, engine: Engine) -> None:
    """Nobody is asked again; it can be taken back, and sites nobody ticked are no such choice."""
    asks = "Your plants are not alike?"
    assert asks in company.client.get(company.base).text
    nothing = company.client.post(f"{company.base}/sites", data={"unit": "t"})
    assert nothing.status_code == 422 and "Choose two sites or more" in nothing.text
    assert asks in company.client.get(company.base).text
    assert 'value="whole"' in company.client.get(f"{company.base}/sites").text
    assert choose(company, go="whole") == 303 and ids(engine) == {}
    hub = company.client.get(company.base).text
    assert asks not in hub and "What sites answered is kept" not in hub
    assert hub.count("This assessment is answered for the company as a whole.") == 2, "said once, and stands"
    offered = company.client.get(f"{company.base}/sites").text
    assert (
        '<option value="t.km">t·km</option>' in offered and '<option value="piece">pieces</option>' in offered
    )
    company.client.post("/language", data={"language": "zh"})
    offered = company.client.get(f"{company.base}/sites").text
    assert (
        '<option value="t.km">吨公里</option>' in offered and '<option value="piece">件</option>' in offered
    )
    company.client.post("/language", data={"language": "en"})
    shown = company.client.get(f"{company.base}/sites").text
    assert "This assessment is answered for the company as a whole." in shown and 'value="whole"' not in shown
    assert choose(company) == 303 and choose(company, go="whole") == 303
    hub = company.client.get(company.base).text
    assert "What sites answered is kept." in hub and asks not in hub
    assert choose(company) == 303
    assert "Change sites and outputs" in company.client.get(company.base).text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"site": ["anhui"]}, "Choose two sites or more"),
        ({"output-anhui": "1,234"}, "1,234"),
        ({"output-anhui": "0"}, "must be more than zero"),
        ({"unit": "bananas"}, "Choose the unit"),
    ],
)
def test_a_choice_that_does_not_work_says_why_and_keeps_what_was_typed(
    company: Company, engine: Engine, given: dict[str, object], words: str
) -> None:
    data = {"site": ["anhui", "baoding"], "output-anhui": "3", "output-baoding": "7.5", "unit": "t"} | given
    response = company.client.post(f"{company.base}/sites", data=data)
    assert response.status_code == 422 and words in response.text
    assert 'value="7.5"' in response.text
    assert ids(engine) == {}


def test_fields_of_sites_are_saved_as_they_are_given(company: Company, engine: Engine) -> None:
    choose(company)
    one, two = ids(engine)["Anhui"], ids(engine)["Baoding"]
    status, first = save(company.client, company, f"EMW-01@{one}", "100.5")
    assert status == 200 and first["version"] == 1 and "Baoding" in first["rolled"]["EMW-01"]
    _, second = save(company.client, company, f"EMW-01@{two}", "20")
    assert "120.5" in second["rolled"]["EMW-01"] and "100.5 + 20 = 120.5" in second["rolled"]["EMW-01"]
    _, mean = save(company.client, company, f"EMW-02@{one}", "40")
    _, mean = save(company.client, company, f"EMW-02@{two}", "80")
    assert "(40 × 3 + 80 × 1) ÷ 4" in mean["rolled"]["EMW-02"]
    status, clash = save(company.client, company, f"EMW-01@{one}", "7")
    assert status == 409 and f'id="EMW-01@{one}"' in clash["html"] and "100.5" in clash["html"]
    _, wrong = save(company.client, company, f"EMW-03@{one}", "bananas")
    assert wrong["problems"]
    kept = company.client.get(f"{company.base}/answers/EMW-01@{one}")
    assert kept.status_code == 200 and 'value="100.5"' in kept.text


def test_the_pages_button_saves_sites_without_scripts(company: Company, engine: Engine) -> None:
    choose(company)
    one, two = ids(engine)["Anhui"], ids(engine)["Baoding"]
    url = f"{company.base}/topics/NRG"
    fields = {
        f"NRG-01@{one}-version": "0", f"NRG-01@{one}": "10", f"NRG-01@{one}-unit": "GWh",
        f"NRG-01@{two}-version": "0", f"NRG-01@{two}": "500",
        f"NRG-03@{one}-version": "0", f"NRG-03@{one}-0-mwh": "12",
        "NRG-04-version": "0", "NRG-04": "no_certificates",
    }  # fmt: skip
    assert company.client.post(url, data=fields).status_code == 303
    shown = page(company, "NRG")
    assert "10\u202f500" in shown
    again = company.client.post(url, data=fields | {f"NRG-01@{one}": "11"})
    assert again.status_code == 200 and "Choose which one stands" in again.text
    assert f'href="#NRG-01@{one}"' in again.text
    mine = fields | {f"NRG-01@{one}": "11", "mine": f"NRG-01@{one}", f"NRG-01@{one}-theirs": "1"}
    assert company.client.post(url, data=mine).status_code == 303
    more = company.client.post(url, data=fields | {"add_row": f"NRG-03@{one}"})
    assert more.status_code == 200 or f"NRG-03%40{one}" in more.location or f"NRG-03@{one}" in more.location
    clear = {f"NRG-07@{one}-version": "0", f"NRG-07@{one}": "leading_value"}
    company.client.post(url, data=clear)
    gone = {f"NRG-07@{one}-version": "1", f"NRG-07@{one}": "leading_value", "clear": f"NRG-07@{one}"}
    assert company.client.post(url, data=gone).status_code == 303
    with Session(engine) as own:
        rows = {(a.site_id, a.indicator): a.value for a in own.scalars(select(SiteAnswer))}
    assert rows[one, "NRG-01"] == "11000" and rows[one, "NRG-07"] is None
    assert rows[one, "NRG-03"] == [{"mwh": "12"}]


def test_a_site_differs_and_the_worst_counts(company: Company, engine: Engine, session: Session) -> None:
    choose(company)
    give(session, actor(session, company), company.assessment, "HRT-01", "public")
    session.commit()
    two = ids(engine)["Baoding"]
    _, told = save(company.client, company, f"HRT-01@{two}", "internal")
    assert "The worst of 2 sites counts: Baoding" in told["rolled"]["HRT-01"]
    assert 'class="site-decides"' in company.client.get(f"{company.base}/check").text
    shown = page(company, "HRT")
    assert "Differs at a site (1)" in re.sub(r"\s+", " ", shown)
    check = company.client.get(f"{company.base}/check").text
    assert "as the company" in check and "The worst of 2 sites counts: Baoding" in check
    assert "The worst of 2 sites counts: Baoding" in company.client.get(f"{company.base}/ledger").text


def test_sites_that_answer_alike_are_said_to_be_alike(company: Company, engine: Engine) -> None:
    """None of them is the worst, so none is named and no line stands out."""
    choose(company)
    one, two = ids(engine)["Anhui"], ids(engine)["Baoding"]
    save(company.client, company, f"WST-02@{one}", "yes")
    _, told = save(company.client, company, f"WST-02@{two}", "yes")
    assert "The same at all 2 sites" in told["rolled"]["WST-02"] and "worst" not in told["rolled"]["WST-02"]
    check = company.client.get(f"{company.base}/check").text
    assert "The same at all 2 sites" in check and 'class="site-decides"' not in check
    company.client.post("/language", data={"language": "zh"})
    assert "2 个厂区的答案相同" in company.client.get(f"{company.base}/check").text
    company.client.post("/language", data={"language": "en"})
    _, told = save(company.client, company, f"WST-02@{two}", "no", base=1)
    assert "The worst of 2 sites counts: Baoding" in told["rolled"]["WST-02"]


def test_the_check_page_names_the_site_that_owes(company: Company, engine: Engine) -> None:
    choose(company)
    save(company.client, company, f"WST-02@{ids(engine)['Anhui']}", "yes")
    check = company.client.get(f"{company.base}/check").text
    assert "Still without an answer: Baoding." in check


def test_who_answered_last_is_who_answered_at_a_site(company: Company, engine: Engine) -> None:
    """What the company said before sites answered counts no more, so its author is not named for it either."""
    save(company.client, company, "WST-02", "yes")
    choose(company)
    assert "Last answered by" not in owing(company, "WST-02")
    save(company.client, company, f"WST-02@{ids(engine)['Anhui']}", "yes")
    assert "Last answered by" in owing(company, "WST-02")


def owing(company: Company, code: str) -> str:
    """The line of a question among what keeps the assessment from being sent."""
    check = company.client.get(f"{company.base}/check").text
    line = check.partition(f'#{code}">')[2].partition("</li>")[0]
    assert line
    return line


def test_other_peoples_sites_are_not_there(
    company: Company, engine: Engine, app: Flask, session: Session
) -> None:
    choose(company)
    one = ids(engine)["Anhui"]
    supplier = make_supplier(session, "S-OTHER", name="Elsewhere (invented)")
    theirs = make_assessment(session, session.get_one(Round, company.assessment.round_id), supplier)
    member, base = make_member(session, supplier), f"/assessments/{theirs.id}"
    session.commit()
    other = signed_in(app, member)
    for field in (f"EMW-01@{one}", "EMW-01@999999", f"GOV-01@{one}", f"XXX-01@{one}", f"EMW-01@{one}x"):
        for there in (base, company.base):
            assert other.post(f"{there}/answers/{field}", json={"base": 0, "value": "1"}).status_code == 404
            assert other.get(f"{there}/answers/{field}").status_code == 404
    for field in ("EMW-01@999999", f"GOV-01@{one}", f"XXX-01@{one}", f"EMW-01@{one}x"):
        assert save(company.client, company, field, "1")[0] == 404
    assert other.post(f"{base}/sites", data={"site": ["anhui", "baoding"]}).status_code == 404
    assert other.get(f"{company.base}/sites").status_code == 404
    assert company.other.get(f"{company.base}/sites").status_code == 404
    assert "Change sites and outputs" not in company.other.get(company.base).text


def test_pages_cost_the_same_for_two_sites_and_for_many(
    company: Company, engine: Engine, session: Session
) -> None:
    choose(company)
    two = count_queries(engine, company.client, f"{company.base}/topics/NRG")
    for number in range(8):
        add_site(session, actor(session, company), place=SitePlace(f"Site {number}", "CN"), now=AT)
    session.commit()
    choose(company, site=["anhui", "baoding", *(f"site {number}" for number in range(8))])
    for site in ids(engine).values():
        save(company.client, company, f"NRG-01@{site}", "5")
    assert count_queries(engine, company.client, f"{company.base}/topics/NRG") == two


def test_the_whole_road_from_the_sites_to_the_review(
    company: Company, engine: Engine, app: Flask, session: Session
) -> None:
    session.refresh(company.staff)
    session.expunge(company.staff)
    session.rollback()
    staff = signed_in(app, company.staff)
    choose(company)
    session.expire_all()
    found = session.get_one(Assessment, company.assessment.id)
    sites = site_answers_of(session, found.id).sites
    answer_everything(session, found, actor(session, company), sites)
    session.commit()
    two = ids(engine)["Baoding"]
    _, told = save(company.client, company, f"EMW-02@{two}", "10", base=1)
    assert "The score" not in told and "÷ 4" in told["rolled"]["EMW-02"]
    score = company.client.get(f"{company.base}/score")
    assert score.status_code == 200
    assert company.client.post(f"{company.base}/check").status_code == 303
    sent = company.client.get(f"{company.base}/topics/EMW").text
    assert "Answers of the sites" in sent and f'name="EMW-02@{two}"' not in sent
    assert company.client.get(f"{company.base}/receipts/1.pdf").status_code == 200
    number = company.base.rpartition("/")[2]
    review = staff.get(f"/staff/assessments/{number}?show=all&topic=EMW").text
    card = review[review.index('id="EMW-02"') :][:4000]
    assert "Baoding" in card and "÷ 4" in card and "Mean of 2 sites, weighed by output" in card
    sheet = staff.get(f"/staff/assessments/{number}/sheet").text
    assert "Mean of 2 sites, weighed by output." in sheet
    session.expire_all()
    found.state = "returned"
    session.commit()
    assert save(company.client, company, f"EMW-02@{two}", "20", base=2)[0] == 409
    assert choose(company, go="whole") == 303
    assert len(ids(engine)) == 2 and "Change sites" not in company.client.get(company.base).text


def test_the_leads_look_notices_what_a_site_changed(company: Company, engine: Engine) -> None:
    choose(company)
    one = ids(engine)["Anhui"]
    before = company.client.get(f"{company.base}/look/EMW").text
    shown = re.search(r'name="shown" value="([0-9a-f]+)"', before)
    assert shown
    save(company.client, company, f"EMW-01@{one}", "5")
    moved = company.client.post(f"{company.base}/look/EMW", data={"shown": shown[1]})
    assert moved.status_code == 409


def test_the_companys_answer_is_entered_at_sites_by_a_button(
    company: Company, session: Session, engine: Engine
) -> None:
    """Without scripts; for one question or the topic; what is on the page unsaved goes before; amounts are not offered."""
    assessment = session.get_one(Assessment, company.assessment.id)
    for code, raw in (("WST-02", "yes"), ("WST-03", "80"), ("EMW-01", "900")):
        give(session, company.actor, assessment, code, raw)
    session.commit()
    button = re.compile(r'<button[^>]*name="fill" value="([^"]+)"')
    assert button.findall(page(company, "WST")) == []
    choose(company)
    found = ids(engine)
    assert set(button.findall(page(company, "WST"))) >= {"all", "WST-02"}
    assert button.findall(page(company, "EMW")) == [], "water is added up"
    data = {"fill": "WST-02", f"WST-02@{found['Anhui']}": "no", f"WST-02@{found['Anhui']}-version": "0"}
    told = company.other.post(f"{company.base}/topics/WST", data=data, follow_redirects=True).text
    assert "The company’s answer is entered for sites that had none: WST-02 (answers entered: 1)." in told
    assert "Carried over from the company’s answer, to confirm." in told
    assert "WST-02" not in button.findall(told)
    with Session(engine) as own:
        rows = {row.site_id: row for row in own.scalars(select(SiteAnswer))}
        assert {n: row.value for n, row in rows.items()} == {found["Anhui"]: "no", found["Baoding"]: "yes"}
        assert {n: row.confirmed for n, row in rows.items()} == {
            found["Anhui"]: True,
            found["Baoding"]: False,
        }
    waiting = company.client.get(f"{company.base}/confirm").text
    assert "WST-02" in waiting and '<p class="quiet">the company’s answer</p>' in waiting
    assert "1 carried answer waits for you." in waiting and "Answer in the company’s answer" not in waiting
    again = company.client.post(f"{company.base}/topics/WST", data={"fill": "WST-02"}, follow_redirects=True)
    assert "Every site has an answer of its own here; nothing was entered." in again.text
    company.client.post(f"{company.base}/topics/WST", data={"fill": "all"})
    assert button.findall(page(company, "WST")) == []
    company.client.post(f"{company.base}/topics/WST", data={"confirm": "all"})


def test_a_stranger_enters_nothing_at_sites(
    app: Flask, company: Company, session: Session, engine: Engine
) -> None:
    assessment = session.get_one(Assessment, company.assessment.id)
    give(session, company.actor, assessment, "WST-02", "yes")
    session.commit()
    choose(company)
    supplier = make_supplier(session, code="S-777")
    stranger = make_member(session, supplier)
    session.commit()
    answer = signed_in(app, stranger).post(f"{company.base}/topics/WST", data={"fill": "all"})
    assert answer.status_code == 404
    with Session(engine) as own:
        assert own.scalars(select(SiteAnswer)).all() == []
