"""Starting from a year answered per site in the browser: preview, start, the page that lists what waits, one topic confirmed,
progress; last year's outputs beside the field; in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.operations.answering import Given, save_site_answer
from portal.operations.assessment_sites import ChosenSite, choose_sites
from portal.operations.scoring import open_case
from portal.operations.sites import SitePlace, add_site
from portal.store.assessments import Assessment
from portal.store.site_answers import AssessmentSite, SiteAnswer
from portal.web.supplier.field_names import field_of
from tests.conftest import NOW
from tests.make.assessments import give, make_assessment, make_round
from tests.make.files import seen
from tests.make.people import actor_of, make_member, make_staff, make_supplier, signed_in


@dataclass
class Desk:
    """A lead's browser; last year was answered for Anhui and Baoding."""

    client: FlaskClient
    colleague: FlaskClient
    now: Assessment

    def url(self, rest: str = "") -> str:
        return f"/assessments/{self.now.id}{rest}"

    def get(self, rest: str = "") -> str:
        answer = self.client.get(self.url(rest))
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
def desk(app: Flask, session: Session) -> Iterator[Desk]:
    supplier, staff = make_supplier(session), make_staff(session)
    user = make_member(session, supplier)
    colleague = make_member(session, supplier, "contributor")
    lead = actor_of(user, supplier)
    first, second = make_round(session, staff, name="Assessment 2025"), make_round(session, staff)
    second.period_start, second.period_end = date(2026, 1, 1), date(2026, 12, 31)
    session.flush()
    before, now = (make_assessment(session, r, supplier) for r in (first, second))
    for name in ("Anhui", "Baoding"):
        add_site(session, lead, place=SitePlace(name, "CN"), now=NOW)
    wanted = [ChosenSite("anhui", "3"), ChosenSite("baoding", "1")]
    sites = choose_sites(session, lead, assessment=before, chosen=wanted, unit="t", now=NOW)
    give(session, lead, before, "GOV-02", "senior_executive")
    for site, wst, water in zip(sites, ("yes", "no"), ("100", "20"), strict=True):
        for code, raw in (("WST-02", wst), ("EMW-01", water)):
            save_site_answer(
                session, lead, assessment=before, case=open_case(session, before), site_id=site.id, code=code,
                given=Given(raw, None, 0), now=NOW,
            )  # fmt: skip
    session.commit()
    yield Desk(signed_in(app, user), signed_in(app, colleague), now)


def sites_now(session: Session, desk: Desk) -> dict[str, int]:
    rows = seen(session, select(AssessmentSite).where(AssessmentSite.assessment_id == desk.now.id))
    return {row.name: row.id for row in rows}


def site_rows(session: Session, desk: Desk) -> list[SiteAnswer]:
    ids = sites_now(session, desk).values()
    return seen(session, select(SiteAnswer).where(SiteAnswer.site_id.in_(ids)).order_by(SiteAnswer.id))


def test_start_confirm_a_topic_and_see_how_far(desk: Desk, session: Session) -> None:
    assert "2 answers of 2 sites come along." in desk.get()
    preview = desk.get("/start")
    assert "It was answered for Anhui, Baoding." in preview
    assert "<strong>Anhui</strong>: 1 answer carried over, to be confirmed" in preview
    assert sites_now(session, desk) == {}
    started = desk.client.post(desk.url("/start"), follow_redirects=True).text
    assert "2 answers of Anhui, Baoding are carried over with them" in started
    # every site's answer is read where it is confirmed
    assert "<dt>Anhui<input" in started and "<dt>Baoding<input" in started
    hub = desk.get()
    assert "2 carried answers to confirm" in hub and "Start from Assessment 2025" not in hub
    assert 'value="0" aria-label="Anhui: answered"' in hub
    topic = desk.get("/topics/WST")
    number = sites_now(session, desk)["Anhui"]
    assert topic.count("Carried over from Assessment 2025, to confirm.") == 3
    assert "0 of " in topic and 'name="confirm" value="WST-02"' in topic
    names = [field_of("WST-02", one) for one in sites_now(session, desk).values()]
    data = {"confirm": "WST-02"} | {f"{name}-version": "1" for name in names}
    data |= dict(zip(names, ("yes", "no"), strict=True))
    assert desk.client.post(desk.url("/topics/WST"), data=data).status_code == 303
    assert [(r.confirmed, r.version, r.origin) for r in site_rows(session, desk)] == [
        (True, 2, "carried")
    ] * 2
    topic = desk.get("/topics/WST")
    assert "Carried over from Assessment 2025 and confirmed." in topic and "1 of " in topic
    assert 'value="1" aria-label="Anhui: answered"' in desk.get()
    water = desk.get("/topics/EMW")
    assert f'id="{field_of("EMW-01", number)}"' in water and "100\xa0m³" in water and "120\xa0m³" in water


def test_sites_that_say_the_same_stand_in_one_line_and_are_confirmed_together(
    desk: Desk, session: Session
) -> None:
    desk.client.post(desk.url("/start"))
    for row in session.scalars(
        select(SiteAnswer).where(SiteAnswer.indicator == "WST-02", ~SiteAnswer.confirmed)
    ):
        row.value = "yes"
    session.commit()
    page = desk.get("/confirm")
    assert "<dt>All 2 sites<input" in page and "<dt>Anhui" not in page
    form = dict(re.findall(r'name="(WST-02[^"]*-version)" value="([0-9]+)"', page))
    assert len(form) == 3
    assert desk.client.post(desk.url("/confirm"), data={"topic": "WST", **form}).status_code == 303
    assert all(row.confirmed for row in site_rows(session, desk))


def test_a_site_changed_meanwhile_is_not_confirmed_unseen(desk: Desk, session: Session) -> None:
    desk.client.post(desk.url("/start"))
    first, second = site_rows(session, desk)
    session.get_one(SiteAnswer, second.id).version = 4
    session.commit()
    data = {"topic": "WST", "WST-02-version": "0"}
    data |= {f"{field_of('WST-02', row.site_id)}-version": "1" for row in (first, second)}
    said = desk.client.post(desk.url("/confirm"), data=data, follow_redirects=True).text
    assert "Changed meanwhile and not confirmed: WST-02" in said
    assert [row.confirmed for row in site_rows(session, desk)] == [True, False]


def test_outputs_stay_empty_with_the_earlier_one_beside(desk: Desk) -> None:
    desk.client.post(desk.url("/start"))
    page = desk.get("/sites")
    assert "Assessment 2025: 3\xa0t" in page and 'name="output-anhui" id="output-1" value=""' in page


def test_a_contributor_is_told_what_waits_for_a_lead(desk: Desk, session: Session) -> None:
    page = desk.colleague.get(desk.url("/start")).text
    assert "Only a lead can choose sites" in page
    assert desk.colleague.post(desk.url("/start")).status_code == 303
    assert sites_now(session, desk) == {}
    desk.client.post(desk.url("/start"))
    assert len(site_rows(session, desk)) == 2


def test_in_chinese(desk: Desk) -> None:
    desk.client.post("/language", data={"language": "zh"})
    assert "当时按厂区填报：Anhui、Baoding。" in desk.get("/start")
    desk.client.post(desk.url("/start"))
    assert "沿用自“Assessment 2025”，待确认。" in desk.get("/topics/WST")
