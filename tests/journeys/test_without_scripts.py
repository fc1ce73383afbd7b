"""The supplier's road works in a browser that runs no scripts: answer, save, prove, check, send."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.store.evidence import Evidence
from tests.journeys.filling import Draft, answer_the_rest, link_everywhere, looking, pdf_file
from tests.journeys.running import Portal
from tests.journeys.small_world import LEAD, PASSWORD, make_world
from tests.journeys.steps_account import sign_in
from tests.journeys.steps_supplier import add_evidence, open_assessment, send

pytestmark = pytest.mark.browser


def test_answer_and_send_without_scripts(portal: Portal, open_page: Callable[..., Page]) -> None:
    world = make_world(portal)
    page = open_page(portal, java_script_enabled=False)
    sign_in(page, LEAD, PASSWORD)
    number = open_assessment(page, "Annual assessment 2025")
    assert number == world.assessment_id
    answer_a_topic(page, number)
    fill_a_table(page, number)

    draft = Draft(number, LEAD)
    answer_the_rest(portal.settings, draft)
    page.goto(f"/assessments/{number}/topics/GOV")
    add_evidence(page, "GOV-04", "certificate.pdf", pdf_file("Certificate"), {"Issued by": "Test House"})
    with looking(portal.settings) as session:
        proof = session.scalars(select(Evidence)).one().id
    link_everywhere(portal.settings, draft, proof)
    page.goto(f"/assessments/{number}/check")
    expect(page.locator("main")).to_contain_text("Nothing blocks sending.")
    send(page)


def answer_a_topic(page: Page, number: int) -> None:
    """One topic on one page, saved with the button; the wrong answer stays in its field with its sentence."""
    page.goto(f"/assessments/{number}/topics/ETH")
    page.locator("[id='ETH-01.bribery']").check()
    page.locator("[id='ETH-06.no']").check()
    page.locator("#ETH-04-field").fill("most of them")
    page.locator(".topic-end").get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[id='ETH-01.bribery']")).to_be_checked()
    expect(page.locator("#ETH-06 .saved")).to_contain_text("Saved")
    expect(page.locator("#ETH-04-field")).to_have_value("most of them")
    expect(page.locator("#ETH-04-problems")).to_contain_text("write a number")
    page.locator("#ETH-04-field").fill("72.5")
    page.get_by_role("button", name="Save and go to").click()
    page.goto(f"/assessments/{number}/topics/ETH")
    expect(page.locator("#ETH-04-field")).to_have_value("72.5")
    expect(page.locator("#ETH-04-problems")).to_be_empty()


def fill_a_table(page: Page, number: int) -> None:
    """Rows are added and removed by buttons that send the form."""
    page.goto(f"/assessments/{number}/topics/NRG")
    rows = page.locator("#NRG-03 tbody tr")
    page.locator("[name='NRG-03-0-source_type']").fill("rooftop PV")
    page.locator("[name='NRG-03-0-mwh']").fill("1200")
    before = rows.count()
    page.locator("#NRG-03").get_by_role("button", name="Add a row").click()
    expect(rows).to_have_count(before + 1)
    expect(page.locator("[name='NRG-03-0-mwh']")).to_have_value("1200")
    page.locator("[name='NRG-03-1-mwh']").fill("77")
    page.locator(".topic-end").get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[name='NRG-03-1-mwh']")).to_have_value("77")
    page.locator("#NRG-03").get_by_role("button", name="Remove Row 2").click()
    expect(page.locator("[name='NRG-03-0-mwh']")).to_have_value("1200")
    expect(page.locator("[value='77']")).to_have_count(0)
