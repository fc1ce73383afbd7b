"""Answers of sites from the carbon register in the browser: beside each site's field, and for all sites at once."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.store.assessments import Assessment
from portal.store.electricity import Certificate, ElectricityUse
from portal.store.engine import reading
from portal.store.site_answers import AssessmentSite, SiteAnswer, site_answers_of
from tests.make.company import Company, make_company
from tests.make.people import AT
from tests.make.register_rows import certificate, inventory, use
from tests.web.supplier.test_taking import button, question, text_of, topic

SITES = ("Ash plant", "Birch plant")


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    made = make_company(app, session)
    mine = session.get_one(Assessment, made.assessment.id)
    for name, mwh in zip(SITES, ("1234.5", "765.5"), strict=True):
        session.add(
            AssessmentSite(
                assessment_id=mine.id, key=name.lower(), name=name, chosen_by_id=made.lead.id, chosen_at=AT
            )
        )
        use(session, mine, made.lead, mwh, site=name)
    session.commit()
    return made


def fields(session: Session, code: str) -> list[str]:
    ids = session.scalars(select(AssessmentSite.id).order_by(AssessmentSite.key)).all()
    session.commit()  # or the portal waits for this session
    return [f"{code}@{number}" for number in ids]


def at_sites(engine: Engine, company: Company, code: str) -> list[SiteAnswer | None]:
    with reading(engine) as session:
        found = site_answers_of(session, company.assessment.id)
        return [found.rows[site.id].get(code) for site in found.sites]


def test_each_field_says_what_the_register_has_of_its_site_and_links_to_the_record(
    company: Company, session: Session, engine: Engine
) -> None:
    page = topic(company)
    first, second = fields(session, "NRG-01")
    row = session.scalars(select(ElectricityUse).where(ElectricityUse.site == SITES[0])).one()
    session.commit()
    shown = question(page, first)
    assert "The carbon register says 1234.5 MWh (electricity of this site in 2025)" in text_of(shown)
    assert f'href="/carbon/electricity#use-{row.id}"' in shown and "See the record" in text_of(shown)
    assert f'id="use-{row.id}"' in company.client.get("/carbon/electricity").text
    data = {"take": button(page, first), f"{first}-version": "0", first: "typed just now"}
    answer = company.client.post(f"{company.base}/topics/NRG", data=data)
    assert answer.status_code == 303 and answer.location.endswith(f"#{first}")
    one, other = at_sites(engine, company, "NRG-01")
    assert one is not None and (one.value, one.origin) == ("1234.5", "register") and other is None
    after = topic(company)
    assert "from the register electricity of this site in 2025" in text_of(question(after, first))
    assert "from the register" not in text_of(question(after, second))


def test_a_share_is_said_in_short_and_stored_as_exactly_as_the_page_says(
    company: Company, session: Session, engine: Engine
) -> None:
    mine = session.get_one(Assessment, company.assessment.id)
    use(session, mine, company.lead, "1000", "own_pv", site=SITES[0])
    session.commit()
    page, first = topic(company), fields(session, "NRG-02")[0]
    shown = text_of(question(page, first))
    assert "The carbon register says about 44.75 % (" in shown
    assert "exactly 44.752741 %, which is what is stored" in shown
    data = {"take": button(page, first), f"{first}-version": "0", first: ""}
    assert company.client.post(f"{company.base}/topics/NRG", data=data).status_code == 303
    one, _other = at_sites(engine, company, "NRG-02")
    assert one is not None and one.value == "44.752741"


def test_one_click_takes_over_every_site_of_a_question_and_leaves_what_was_typed_meanwhile(
    company: Company, session: Session, engine: Engine
) -> None:
    found = re.search(r'name="take" value="(NRG-01@[^"]+,NRG-01@[^"]+)"', topic(company))
    assert found and "Take over for 2 sites" in text_of(topic(company))
    first, second = fields(session, "NRG-01")
    company.other.post(f"{company.base}/answers/{second}", json={"base": 0, "value": "7", "unit": "MWh"})
    data = {"take": found[1], f"{first}-version": "0", f"{second}-version": "0"}
    answer = company.client.post(f"{company.base}/topics/NRG", data=data, follow_redirects=True)
    assert "Taken over from the carbon register: NRG-01." in text_of(answer.text)
    assert "Left as they stand, because something changed meanwhile: NRG-01." in text_of(answer.text)
    assert [row.value for row in at_sites(engine, company, "NRG-01") if row] == ["1234.5", "7"]


def test_what_stands_unsaved_at_a_site_is_kept_when_all_sites_are_taken_over(
    company: Company, session: Session, engine: Engine
) -> None:
    found = re.search(r'name="take" value="(NRG-01@[^"]+,NRG-01@[^"]+)"', topic(company))
    assert found
    first, second = fields(session, "NRG-01")
    data = {"take": found[1], f"{first}-version": "0", first: "7", f"{first}-unit": "MWh"}
    data |= {f"{second}-version": "0", second: "", f"{second}-unit": "MWh"}
    assert company.client.post(f"{company.base}/topics/NRG", data=data).status_code == 303
    said = [(row.value, row.origin) for row in at_sites(engine, company, "NRG-01") if row]
    assert said == [("7", "typed"), ("765.5", "register")]
    # what stands and comes back unchanged with the page is nothing written
    again = company.client.post(f"{company.base}/topics/NRG", data=data | {f"{first}-version": "1"})
    assert again.status_code == 303
    assert [row.value for row in at_sites(engine, company, "NRG-01") if row] == ["7", "765.5"]


def test_the_page_of_all_figures_has_a_line_for_each_site(company: Company, engine: Engine) -> None:
    page = company.client.get(f"{company.base}/register").text
    assert all(name in text_of(page) for name in SITES)
    each = re.findall(r'name="each" value="([^"]+)"', page)
    assert len(each) == 6 and all("@" in one for one in each)
    done = company.client.post(
        f"{company.base}/register", data={"all": "1", "each": each}, follow_redirects=True
    )
    assert "Taken over from the carbon register: NRG-01, NRG-02, NRG-03." in text_of(done.text)
    assert all(row and row.origin == "register" for row in at_sites(engine, company, "NRG-02"))
    assert "2000 MWh" in text_of(done.text)  # what counts: the sum of both


def test_a_correction_shows_at_its_site_at_once_and_saving_brings_the_notes_along(
    company: Company, session: Session
) -> None:
    first, second = fields(session, "NRG-01")
    page = topic(company)
    company.client.post(
        f"{company.base}/topics/NRG", data={"take": button(page, first), f"{first}-version": "0"}
    )
    row = session.scalars(select(ElectricityUse).where(ElectricityUse.site == SITES[0])).one()
    row.mwh = Decimal("1300")
    session.commit()
    assert "The register now says 1300 MWh" in text_of(question(topic(company), first))
    saved = company.client.post(
        f"{company.base}/answers/{second}", json={"base": 0, "value": "760", "unit": "MWh"}
    )
    notes = saved.json["register"]
    assert "The register now says 1300 MWh" in text_of(notes[first])
    assert "765.5 MWh; your answer stays as you wrote it" in text_of(notes[second])
    assert "2065.5 MWh for the whole company" in text_of(notes["NRG-01"])


def test_certificates_of_no_site_are_told_and_get_one_on_their_page(
    company: Company, session: Session, engine: Engine
) -> None:
    row = certificate(
        session, session.get_one(Assessment, company.assessment.id), company.lead, "300", 500_001
    )
    session.commit()
    words = "Retired certificates for 300 MWh count for the company in 2025 but for no site"
    shown = question(topic(company), "NRG-02") + topic(company).partition('id="NRG-02"')[2]
    assert words in text_of(shown) and 'href="/carbon/electricity#certificates"' in shown
    address = f"/carbon/certificates/{row.id}"
    assert SITES[1] in text_of(company.client.get(address).text)
    assert company.client.post(f"{address}/site", data={"site": "Nowhere at all"}).status_code == 404
    done = company.client.post(f"{address}/site", data={"site": SITES[1]}, follow_redirects=True)
    assert f"The certificates belong to “{SITES[1]}” now." in text_of(done.text)
    assert words not in text_of(topic(company))
    with reading(engine) as looking:
        assert looking.get_one(Certificate, row.id).site == SITES[1]
    company.client.post(f"{address}/withdraw")
    assert company.client.post(f"{address}/site", data={"site": ""}).status_code == 409


def test_a_figure_of_one_record_links_to_that_record(company: Company, session: Session) -> None:
    row = inventory(session, session.get_one(Assessment, company.assessment.id), company.lead)
    session.commit()
    company.client.post(f"{company.base}/answers/CDS-01", json={"base": 0, "value": "scope1_2_site"})
    page = company.client.get(f"{company.base}/register").text
    assert f'href="/carbon/inventories/{row.id}"' in page
    assert company.client.get(f"/carbon/inventories/{row.id}").status_code == 200


@pytest.mark.parametrize("sent", ["NRG-01@1", "NRG-01@1 0 zz", "NRG-01@999 0 0123456789abcdef", "NRG-01@1 0 0123456789abcdef,x"])  # fmt: skip
def test_a_made_up_click_on_a_site_stores_nothing(company: Company, engine: Engine, sent: str) -> None:
    for place in ("register", "topics/NRG"):
        answer = company.client.post(f"{company.base}/{place}", data={"take": sent})
        assert answer.status_code in (303, 404)
    assert at_sites(engine, company, "NRG-01") == [None, None]
