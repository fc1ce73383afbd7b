"""Answers of one portal brought into another: to be confirmed, never over an answer, results only beside the field."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.operations.answering import Given, save_site_answer
from portal.operations.assessment_sites import ChosenSite, choose_sites
from portal.operations.scoring import open_case
from portal.operations.sites import SitePlace, add_site
from portal.settings import Settings, read_settings
from portal.store.answers import Answer, answers_of
from portal.store.assessments import Assessment
from portal.store.engine import writing
from portal.store.people import User
from portal.store.site_answers import site_answers_of
from tests.make.assessments import give, make_assessment, make_round
from tests.make.clock import Clock
from tests.make.company import Company, make_company, make_ready
from tests.make.people import actor_of, make_member, make_supplier, signed_in


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    return make_company(app, session)


def upload(company: Company, data: bytes, name: str = "answers.json") -> TestResponse:
    return company.client.post(f"{company.base}/bring", data={"file": (io.BytesIO(data), name)})


def carry(company: Company, data: bytes, **sites: str) -> TestResponse:
    """Carry the file that waits, its sites matched as given."""
    fields = {"file": hashlib.sha256(data).hexdigest(), "carry": "1"} | {
        name.replace("_", "-"): key for name, key in sites.items()
    }
    return company.client.post(f"{company.base}/bring/preview", data=fields)


def brought(company: Company, data: bytes, **sites: str) -> int:
    """Upload, look through and carry in one go."""
    answer = upload(company, data)
    if answer.status_code != 303:
        return answer.status_code
    assert company.client.get(f"{company.base}/bring/preview").status_code == 200
    return carry(company, data, **sites).status_code


def package_of(app: Flask, session: Session, company: Company, measured: bool = True) -> bytes:
    """What another supplier takes home, as if from another portal."""
    other = make_supplier(session, "FOREIGN", roles=("manufacturing", "minerals"))
    lead = make_member(session, other)
    staff = session.get_one(User, company.staff.id)
    assessment = make_assessment(session, make_round(session, staff, name="There"), other)
    session.commit()
    client = signed_in(app, lead)
    actor = actor_of(lead, other)
    give(session, actor, assessment, "GOV-02", "senior_executive")
    if measured:
        give(session, actor, assessment, "NRG-02", "28.5")
    session.commit()
    answer = client.get(f"/assessments/{assessment.id}/take-away/answers.json")
    data = answer.data
    answer.close()
    return data


def test_nothing_is_said_of_what_did_not_come(app: Flask, session: Session, company: Company) -> None:
    assert brought(company, package_of(app, session, company, measured=False)) == 303
    told = company.client.get(company.base).text
    assert "1 answers came in and wait for you to confirm them." in told
    assert "earlier values stand" not in told and "were left out" not in told


def test_a_package_of_another_portal_waits_to_be_confirmed(
    app: Flask, session: Session, company: Company
) -> None:
    data = package_of(app, session, company)
    assert upload(company, data).status_code == 303
    page = company.client.get(f"{company.base}/bring/preview").text
    assert "1 answer carried over, to be confirmed" in page and "1 earlier answer beside the field" in page
    assert answers_of(session, company.assessment.id) == {}
    session.rollback()
    assert carry(company, data).status_code == 303
    told = company.client.get(company.base).text
    assert "1 earlier values stand beside their questions." in told and "were left out" not in told
    session.rollback()
    assert company.client.get(f"{company.base}/bring/preview").status_code == 302
    rows = answers_of(session, company.assessment.id)
    assert (rows["GOV-02"].value, rows["GOV-02"].origin, rows["GOV-02"].confirmed) == (
        "senior_executive", "carried", False,
    )  # fmt: skip
    assert "NRG-02" not in rows
    case = open_case(session, session.get_one(Assessment, company.assessment.id))
    assert case.unconfirmed == {"GOV-02"}
    session.rollback()
    assert "28.5" in company.client.get(f"{company.base}/topics/NRG").text
    session.rollback()
    assert brought(company, data) == 303
    assert len(answers_of(session, company.assessment.id)) == 1
    assert session.scalars(select(Answer).where(Answer.confirmed.is_(False))).one().indicator == "GOV-02"


def test_a_file_of_another_company_is_said_to_be_one(app: Flask, session: Session, company: Company) -> None:
    package, own = json.loads(package_of(app, session, company)), company.supplier.name
    session.rollback()
    for name, warned in (("Harbour Frames (invented)", True), (own.upper(), False), (own, False)):
        package["about"]["supplier"]["name"] = name
        assert upload(company, json.dumps(package).encode()).status_code == 303
        page = company.client.get(f"{company.base}/bring/preview").text
        assert name in page and ('id="of-another"' in page) is warned


def test_an_answer_that_stands_is_never_touched(app: Flask, session: Session, company: Company) -> None:
    give(session, company.actor, session.get_one(Assessment, company.assessment.id), "GOV-02", "none")
    session.commit()
    assert brought(company, package_of(app, session, company)) == 303
    row = answers_of(session, company.assessment.id)["GOV-02"]
    assert (row.value, row.origin, row.confirmed) == ("none", "typed", True)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b'{"schema": "upstream-answers/9", "answers": {}}', "upstream-answers/9"),
        (
            b'{"schema": "upstream-answers/1", "questionnaire": "x/1", "roles": [], "answers": {}}',
            "does not have",
        ),
        (
            b'{"schema": "upstream-answers/1", "questionnaire": "sustainability/2026.1", "roles": ["services"],'
            b' "answers": {"GOV-02": "senior_executive", "ZZZ-99": "<script>alert(1)</script>"}}',
            "ZZZ-99",
        ),
        (b"[" * 9000, "nested"),
    ],
)
def test_a_file_with_a_mistake_stores_nothing_and_says_why(
    company: Company, session: Session, data: bytes, said: str
) -> None:
    answer = upload(company, data)
    assert answer.status_code == 422 and said in answer.text and "<script>alert" not in answer.text
    assert answers_of(session, company.assessment.id) == {}
    assert session.get_one(Assessment, company.assessment.id).state == "invited"


def test_a_sent_assessment_takes_nothing_in(company: Company, session: Session) -> None:
    make_ready(session, company)
    waiting = b'{"schema": "upstream-answers/1", "questionnaire": "sustainability/2026.1", "roles": [], "answers": {}}'
    assert upload(company, waiting).status_code == 303
    assert company.client.post(f"{company.base}/check").status_code == 303
    good = {"schema": "upstream-answers/1", "questionnaire": "sustainability/2026.1", "roles": ["services"],
            "answers": {"GOV-04": "none"}}  # fmt: skip
    assert upload(company, json.dumps(good).encode()).status_code == 409
    assert company.client.get(f"{company.base}/bring/preview").status_code == 302
    assert carry(company, waiting).status_code == 409
    page = company.client.get(f"{company.base}/bring").text
    assert 'type="file"' not in page
    assert "Bring answers from another portal" not in company.client.get(company.base).text


AT = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


@pytest.fixture
def elsewhere(
    settings: Settings, clock: Clock, tmp_path: Path, migrated_file: Path
) -> Iterator[tuple[Flask, Company]]:
    """Another portal with its own folder and database, and a company there that answers for two plants."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    shutil.copy(migrated_file, folder / "upstream.db")
    base = read_settings({"UPSTREAM_ENV": "test", "UPSTREAM_DATA": str(folder), "SECRET_KEY": "t" * 40})
    app = create_app(replace(base, organisation="Other Buyer (invented)"), clock)
    app.config["WTF_CSRF_ENABLED"] = False
    with writing(app.extensions["upstream"].engine) as there:
        company = make_company(app, there)
        name_sites(there, company, "Anhui", "Baoding <b>")
        there.commit()
        answer_per_site(there, company)
        there.commit()
    yield app, company
    app.extensions["upstream"].engine.dispose()


def name_sites(session: Session, company: Company, *names: str) -> None:
    for name in names:
        add_site(session, company.actor, place=SitePlace(name, "CN"), now=AT)


def answer_per_site(session: Session, company: Company) -> None:
    """Waste plans differ between the plants; the company publishes its policy."""
    assessment = session.get_one(Assessment, company.assessment.id)
    chosen = [ChosenSite("anhui", "3"), ChosenSite("baoding <b>", "1")]
    sites = choose_sites(session, company.actor, assessment=assessment, chosen=chosen, unit="t", now=AT)
    give(session, company.actor, assessment, "GOV-02", "senior_executive")
    for site, plan, water in zip(sites, ("yes", "no"), ("100", "20"), strict=True):
        for code, raw in (("WST-02", plan), ("EMW-01", water)):
            case = open_case(session, assessment)
            save_site_answer(
                session, company.actor, assessment=assessment, case=case, site_id=site.id, code=code,
                given=Given(raw, None, 0), now=AT,
            )  # fmt: skip


def taken_home(company: Company) -> bytes:
    """answers.json out of the real package."""
    answer = company.client.get(f"{company.base}/take-away/everything.zip")
    data = zipfile.ZipFile(io.BytesIO(answer.data)).read("answers.json")
    answer.close()
    return data


def at_sites(session: Session, company: Company) -> dict[tuple[str, str], object]:
    found = site_answers_of(session, company.assessment.id)
    names = {site.id: site.name for site in found.sites}
    rows = {(names[n], code): row.value for n, own in found.rows.items() for code, row in own.items()}
    session.rollback()
    return rows


def test_sites_of_a_package_are_shown_matched_and_carried(
    elsewhere: tuple[Flask, Company], company: Company, session: Session
) -> None:
    data = taken_home(elsewhere[1])
    name_sites(session, company, "ANHUI", "Plant in Hebei")
    session.commit()
    assert upload(company, data).status_code == 303
    page = company.client.get(f"{company.base}/bring/preview").text
    assert "2 sites in the file" in page and "Baoding &lt;b&gt;" in page and "<b>" not in page
    assert page.count(" selected>") == 1 and '<option value="anhui" selected>' in page
    assert "fewer than two of its sites are matched" in page and "Rolled up from 2 sites." in page
    fields = {"site-0": "anhui", "site-1": "plant in hebei"}
    shown = company.client.post(f"{company.base}/bring/preview", data=fields | {"show": "1"})
    assert shown.status_code == 303
    page = company.client.get(shown.headers["Location"]).text
    assert page.count(" selected>") == 2 and "will be answered for ANHUI, Plant in Hebei" in page
    assert at_sites(session, company) == {}
    twice = carry(company, data, site_0="anhui", site_1="anhui")
    assert twice.status_code == 422 and "cannot be the same site of yours" in twice.text
    assert carry(company, data, site_0="anhui", site_1="nowhere").status_code == 404
    assert at_sites(session, company) == {}
    assert carry(company, data, site_0="anhui", site_1="plant in hebei").status_code == 303
    assert at_sites(session, company) == {("ANHUI", "WST-02"): "yes", ("Plant in Hebei", "WST-02"): "no"}
    assert carry(company, data, site_0="anhui").status_code == 409
    confirm = company.client.get(f"{company.base}/confirm").text
    assert "Plant in Hebei" in confirm and "GOV-02" in confirm
    topic = company.client.get(f"{company.base}/topics/EMW").text
    assert "Rolled up from 2 sites." in topic
    assert brought(company, data, site_0="anhui", site_1="plant in hebei") == 303
    assert len(at_sites(session, company)) == 2


def test_without_sites_here_what_counted_is_marked_in_preview_and_at_the_question(
    elsewhere: tuple[Flask, Company], company: Company, session: Session
) -> None:
    data = taken_home(elsewhere[1])
    assert upload(company, data).status_code == 303
    for language, said in (("en", "Rolled up from 2 sites."), ("zh", "由 2 个厂区汇总得出")):
        company.client.post("/language", data={"language": language})
        page = company.client.get(f"{company.base}/bring/preview").text
        assert page.count(said) == 2, language
    company.client.post("/language", data={"language": "en"})
    assert carry(company, data).status_code == 303
    assert at_sites(session, company) == {}
    assert set(answers_of(session, company.assessment.id)) == {"GOV-02"}
    session.rollback()
    topic = company.client.get(f"{company.base}/topics/WST").text
    question = topic[topic.index('id="WST-02"') :].partition("</article>")[0]
    assert "Rolled up from 2 sites." in question


def test_a_file_that_waits_is_set_aside_and_no_stranger_sees_it(
    app: Flask, elsewhere: tuple[Flask, Company], company: Company, session: Session
) -> None:
    data = taken_home(elsewhere[1])
    other = make_supplier(session, "S-OTHER")
    user = make_member(session, other)
    session.commit()
    stranger = signed_in(app, user)
    assert upload(company, data).status_code == 303
    digest = {"file": hashlib.sha256(data).hexdigest()}
    for path in ("preview", "set-aside"):
        assert stranger.post(f"{company.base}/bring/{path}", data=digest).status_code == 404
    assert stranger.get(f"{company.base}/bring/preview").status_code == 404
    assert "waits to be looked through" in company.client.get(f"{company.base}/bring").text
    assert company.client.post(f"{company.base}/bring/set-aside", data={"file": "x"}).status_code == 409
    assert company.client.post(f"{company.base}/bring/set-aside", data=digest).status_code == 303
    assert company.client.get(f"{company.base}/bring/preview").status_code == 302
    assert answers_of(session, company.assessment.id) == {}
    assert session.get_one(Assessment, company.assessment.id).state == "invited"
