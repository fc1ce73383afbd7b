"""The whole road in a real browser: invite, answer, prove, send, review, release, commit, verify, estimate, take out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from portal.store.evidence import Evidence
from tests.journeys import steps_carbon as carbon
from tests.journeys import steps_estimate as estimate
from tests.journeys import steps_staff as staff
from tests.journeys import steps_supplier as supplier
from tests.journeys.filling import (
    GLASSWORKS,
    Draft,
    accept_what_is_left,
    answer_the_rest,
    link_everywhere,
    looking,
    pdf_file,
)
from tests.journeys.running import Portal, upstream
from tests.journeys.steps_account import join, sign_in
from tests.journeys.steps_score import Shown, recomputed_total, shown_score

pytestmark = pytest.mark.browser

ROUND = "Annual assessment 2025"
MANAGER, LEAD = "mara@buyer.example", "lan@lanternfield.example"
PASSWORD = "copper orchard window 58"
PROOF = "pay-policy-2025.pdf"
RETURN_REASON = "The pay policy names no sustainability target. Please answer as the document says."


def test_from_invitation_to_purchasing_review(portal: Portal, open_page: Callable[..., Page]) -> None:
    manager = make_manager(portal, open_page(portal))
    staff.open_round(manager, ROUND)
    link = staff.invite_supplier(manager, GLASSWORKS, LEAD)
    assert link.startswith(f"{portal.address}/join/")

    lead = open_page(portal)
    join(lead, link, "Lan Xi (invented)", PASSWORD)
    number = supplier.open_assessment(lead, ROUND)
    answer_some_of_every_kind(lead, number)
    prove(lead, number)
    fill_carbon_register(lead)
    send_after_closing_the_gaps(portal, lead, number)

    review_once(manager, number)
    answer_again(lead, number)
    verified = review_and_release(portal, manager, lead, number)

    commit_and_verify(manager, lead)
    estimate_category_1(manager)
    take_out(manager, verified)
    assert "Traceback" not in portal.log.read_text()


def make_manager(portal: Portal, page: Page) -> Page:
    """The first account comes from the command line; then the browser."""
    upstream(
        portal.environment,
        *("admin", "create", "--email", MANAGER, "--name", "Mara Lind (invented)"),
        *("--role", "manager", "--password", PASSWORD),
    )
    sign_in(page, MANAGER, PASSWORD)
    return page


def answer_some_of_every_kind(page: Page, number: int) -> None:
    """Each answer is saved by itself; after a reload everything stands there as it was typed."""
    page.goto(f"/assessments/{number}")
    supplier.open_topic(page, "GOV")
    supplier.choose(page, "GOV-01", "glass")
    supplier.choose(page, "GOV-02", "board_with_pay_link")

    page.goto(f"/assessments/{number}/topics/ETH")
    supplier.choose(page, "ETH-01", "bribery", "fair_competition")
    supplier.write(page, "ETH-04", "97.5")
    supplier.choose(page, "ETH-06", "yes")
    page.reload()
    expect(page.locator("[id='ETH-01.fair_competition']")).to_be_checked()
    expect(page.locator("[id='ETH-01.conflict_of_interest']")).not_to_be_checked()
    expect(page.locator("#ETH-04-field")).to_have_value("97.5")
    expect(page.locator("[id='ETH-06.yes']")).to_be_checked()

    page.goto(f"/assessments/{number}/topics/INF")
    supplier.write(page, "INF-04", "Drawings are kept by project and shared with named readers only.")
    page.reload()
    expect(page.locator("#INF-04-field")).to_have_value(
        "Drawings are kept by project and shared with named readers only."
    )

    open_and_close_a_question(page, number)
    write_a_quantity_and_a_table(page, number)


def open_and_close_a_question(page: Page, number: int) -> None:
    """A question opens with the answer it depends on, closes, and opens again with what was typed."""
    page.goto(f"/assessments/{number}/topics/ENV")
    expires = supplier.question(page, "ENV-04")
    expect(expires).to_be_hidden()
    supplier.choose(page, "ENV-03", "renewal_pending")
    expect(expires).to_be_visible()
    supplier.write(page, "ENV-04", "2028-06-30")
    supplier.choose(page, "ENV-03", "missing_or_expired")
    expect(expires).to_be_hidden()
    page.reload()
    expect(supplier.question(page, "ENV-04")).to_be_hidden()
    supplier.choose(page, "ENV-03", "all_valid")
    expect(supplier.question(page, "ENV-04")).to_be_visible()
    expect(page.locator("#ENV-04-field")).to_have_value("2028-06-30")


def write_a_quantity_and_a_table(page: Page, number: int) -> None:
    """A quantity in another unit keeps the unit it was typed in; a table grows by rows."""
    page.goto(f"/assessments/{number}/topics/NRG")
    supplier.write(page, "NRG-01", "38.5")
    supplier.choose_unit(page, "NRG-01", "GWh")
    rows = [
        {"source_type": "rooftop PV", "mwh": "1200", "generation_year": "2025", "retired": "no"},
        {
            "source_type": "China GEC",
            "mwh": "5400.5",
            "certificate_or_contract_no": "GEC-1 to GEC-9",
            "retired": "yes",
        },
    ]
    supplier.write_rows(page, "NRG-03", rows)
    page.reload()
    expect(page.locator("#NRG-01-field")).to_have_value("38.5")
    expect(page.locator("#NRG-01-unit")).to_have_value("GWh")
    expect(page.locator("[name='NRG-03-1-mwh']")).to_have_value("5400.5")
    expect(page.locator("[name='NRG-03-1-retired']")).to_have_value("yes")
    page.goto(f"/assessments/{number}/check")
    page.locator("details#NRG summary").click()
    expect(page.locator("details#NRG")).to_contain_text(re.compile(r"38\D500\sMWh"))


def prove(page: Page, number: int) -> None:
    """One file, uploaded from the question it proves, with its facts."""
    page.goto(f"/assessments/{number}/topics/GOV")
    facts = {
        "Issued by": "Board of Lanternfield",
        "Covers from": "2025-01-01",
        "Covers to": "2025-12-31",
        "Valid until": "2027-12-31",
    }
    supplier.add_evidence(page, "GOV-02", PROOF, pdf_file("Pay policy"), facts)
    page.goto("/evidence")
    row = page.get_by_role("row", name=PROOF)
    expect(row).to_contain_text("Board of Lanternfield")
    expect(row).to_contain_text("GOV-02")


def fill_carbon_register(page: Page) -> None:
    """A wrong file names the cell and stores nothing; the right ones are accepted after a look."""
    page.get_by_role("link", name="Carbon data").click()
    page.get_by_role("link", name="Footprints", exact=True).click()
    empty = carbon.template(page, "footprints", "xlsx")
    good = [carbon.GLASS | {"footprint_id": f"PCF-2025-0{n}", "product_id": f"GL-0{n}"} for n in range(2, 7)]
    bad = [carbon.GLASS, *good[:4], carbon.GLASS | {"footprint_id": "PCF-2025-09", "product_id": ""}]
    carbon.upload(page, "Product carbon footprints", "footprints-wrong.xlsx", carbon.filled_xlsx(empty, bad))
    problems = page.locator("#problems li")
    expect(problems).to_have_count(1)
    expect(problems).to_contain_text("B7: this cell must not be empty.")
    expect(page.get_by_role("button", name="Take th")).to_have_count(0)

    carbon.upload(
        page, "Product carbon footprints", "footprints.xlsx", carbon.filled_xlsx(empty, [carbon.GLASS])
    )
    expect(page.get_by_role("table")).to_contain_text("9.85")
    carbon.accept(page)
    empty = carbon.template(page, "inventory", "csv")
    carbon.upload(
        page,
        "Company greenhouse gas inventory",
        "inventory.csv",
        carbon.filled_csv(empty, [carbon.INVENTORY]),
    )
    carbon.accept(page)
    expect(page.get_by_role("region", name="Product carbon footprints")).to_contain_text("PCF-2025-01")
    expect(page.get_by_role("region", name="Product carbon footprints")).not_to_contain_text("PCF-2025-02")
    expect(page.get_by_role("region", name="Company greenhouse gas inventory")).to_contain_text(
        re.compile(r"1\s250\.5")
    )


def send_after_closing_the_gaps(portal: Portal, page: Page, number: int) -> None:
    """The check page lists what is owed and has no button to send until nothing is; sending twice changes nothing."""
    page.goto(f"/assessments/{number}/check")
    expect(page.locator(".owed").first).to_contain_text("HRT-01")
    expect(page.get_by_role("button", name="Send assessment to the buyer")).to_have_count(0)
    draft = Draft(number, LEAD)
    answer_the_rest(portal.settings, draft)
    with looking(portal.settings) as session:
        proof = session.scalars(select(Evidence).where(Evidence.name == PROOF)).one().id
    link_everywhere(portal.settings, draft, proof)

    page.goto(f"/assessments/{number}/check")
    expect(page.locator("main")).to_contain_text("Nothing blocks sending.")
    second = in_second_tab(page.context, f"/assessments/{number}/check")
    supplier.send(page)
    expect(page.locator("main code")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    receipt = estimate.pdf_text(
        estimate.download(page, page.get_by_role("link", name="Download the receipt (PDF)"))
    )
    assert page.locator("main code").inner_text() in receipt.replace(" ", "")
    second.get_by_role("button", name="Send assessment to the buyer").click()
    expect(second.get_by_role("alert")).to_contain_text(
        "already sent to the buyer. Nothing was sent a second time"
    )
    second.close()


def in_second_tab(context: BrowserContext, address: str) -> Page:
    """The same person, the same page, once more."""
    page = context.new_page()
    page.goto(address)
    return page


def review_once(page: Page, number: int) -> None:
    """Take up, give one indicator other points, return one, and send back."""
    page.goto(f"/staff/assessments/{number}")
    staff.take_up(page)
    page.goto(f"/staff/assessments/{number}?show=all&topic=all")
    expect(staff.card(page, "NRG-01")).to_contain_text(re.compile(r"38\D500\sMWh"))
    proof = staff.card(page, "GOV-02").get_by_role("link", name=PROOF)
    assert estimate.download(page, proof).startswith(b"%PDF-")
    staff.adjust(page, "ETH-06", "0.4", "The audit covers one site of two.")
    staff.return_indicator(page, "GOV-02", RETURN_REASON)
    page.get_by_role("button", name="Send 1 indicator back to the supplier").click()
    expect(page.locator(".head-line .state")).to_have_text("Returned")


def answer_again(page: Page, number: int) -> None:
    """Only the returned question is open, with the reviewer's reason; the answer is changed and sent again."""
    page.goto(f"/assessments/{number}")
    expect(page.locator(".tasks .task")).to_have_count(1)
    expect(page.locator(".tasks")).to_contain_text(RETURN_REASON)
    page.goto(f"/assessments/{number}/topics/GOV")
    expect(page.locator("[name$='-version']")).to_have_count(1)
    expect(supplier.question(page, "GOV-02")).to_contain_text(RETURN_REASON)
    supplier.choose(page, "GOV-02", "senior_executive")
    page.goto(f"/assessments/{number}/check")
    supplier.send(page)


def review_and_release(portal: Portal, manager: Page, lead: Page, number: int) -> Shown:
    """Finish and release; the supplier now sees the verified score, which follows from the lines of its page."""
    lead.goto(f"/assessments/{number}/score")
    assert shown_score(lead, "Declared score").total == recomputed_total(lead, column=2)
    expect(lead.locator("main")).not_to_contain_text("Verified (0–1)")

    manager.goto(f"/staff/assessments/{number}")
    staff.take_up(manager)
    manager.goto(f"/staff/assessments/{number}?topic=all")
    staff.accept_some(manager, topics=2)
    accept_what_is_left(portal.settings, number, MANAGER)
    manager.reload()
    staff.finish_and_release(manager)

    lead.reload()
    verified = shown_score(lead, "Verified score")
    assert verified.total == recomputed_total(lead, column=3)
    assert verified.total < shown_score(lead, "Declared score").total
    line = lead.locator("tr#ETH-06 td")
    assert [line.nth(place).inner_text() for place in (1, 2)] == ["1", "0.4"]
    return verified


def commit_and_verify(manager: Page, lead: Page) -> None:
    """A commitment from proposal to verified; from the day it is agreed every assessed supplier has committed."""
    lead.goto("/commitments")
    offers = lead.get_by_role("link", name=re.compile("^Propose a commitment for "))
    finding = (offers.first.get_attribute("aria-label") or "").split()[-1]
    due = (date.today() + timedelta(days=90)).isoformat()
    supplier.propose_commitment(lead, finding, "Put the requirement into every purchase contract.", due)
    lead_address = lead.url

    manager.goto("/staff/commitments")
    expect(manager.locator(".figure-value").first).to_have_text(re.compile(r"^0\.0\s%$"))
    manager.get_by_role("link", name="Put the requirement into every purchase contract.").click()
    manager.get_by_role("button", name="Agree to this commitment").click()
    lead.goto(lead_address)
    supplier.report_done(lead, PROOF)
    manager.goto("/staff/commitments")
    manager.get_by_role("link", name="Put the requirement into every purchase contract.").click()
    assert estimate.download(manager, manager.get_by_role("link", name=PROOF)).startswith(b"%PDF-")
    manager.get_by_role("button", name="Verify: it is done").click()

    # the day where the portal stands, which for eight hours is not that of UTC
    here = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    manager.goto(f"/staff/commitments?on={here.isoformat()}")
    expect(manager.locator(".figure-value").first).to_have_text(re.compile(r"^100\.0\s%$"))
    expect(manager.get_by_role("region", name="Register")).to_contain_text("Verified")


def estimate_category_1(page: Page) -> None:
    """The page shows the tonnes worked out by hand, in all and by method; the CSV of lines line by line."""
    estimate.load_and_run(page)
    total = estimate.number_in(estimate.figure(page, "Purchased goods and services"))
    assert total == estimate.as_shown(estimate.TOTAL, total)
    for words, tonnes in estimate.METHODS.items():
        cells = (
            page.get_by_role("region", name="Coverage by method").get_by_role("row", name=words).locator("td")
        )
        assert cells.nth(0).inner_text() == "1"
        shown = estimate.number_in(cells.nth(4).inner_text())
        assert shown == estimate.as_shown(tonnes, shown), words
    expect(page.get_by_role("region", name="Lines no method reached")).to_contain_text("M-005")

    found = estimate.download(page, page.get_by_role("link", name="Download the lines (CSV)"))
    lines = {row["line_id"]: row for row in csv.DictReader(io.StringIO(found.decode("utf-8-sig")))}
    assert sorted(lines) == ["M-001", "M-002", "M-003", "M-004", "M-005"]
    for line_id, tonnes in estimate.TONNES.items():
        assert Decimal(lines[line_id]["kgco2e"]) == (1000 * tonnes).quantize(Decimal("0.000001")), line_id
    assert lines["M-001"]["source_id"] == "PCF-2025-01"
    assert lines["M-005"]["kgco2e"] == ""


def take_out(page: Page, verified: Shown) -> None:
    """The workbook and the scorecard say the same figures as the pages."""
    page.get_by_role("link", name="Exports").click()
    book = estimate.download(page, page.get_by_role("button", name="Download the purchasing review (XLSX)"))
    (row,) = estimate.sheet_rows(book, "Ranking", "Rank")
    assert row["Supplier code"] == GLASSWORKS.code
    assert Decimal(str(estimate.column(row, "Verified score"))) == verified.total
    assert row["Verified grade"] == verified.grade
    own = estimate.TONNES["M-001"] + estimate.TONNES["M-002"]
    assert Decimal(str(estimate.column(row, "Category 1 emissions"))) == own
    methods = [
        r for r in estimate.sheet_rows(book, "Category 1", "Grouped by") if r["Grouped by"] == "Method"
    ]
    tonnes = sum((Decimal(str(estimate.column(r, "Emissions"))) for r in methods), Decimal(0))
    assert abs(tonnes - estimate.TOTAL) < Decimal("0.000002")

    card = estimate.pdf_text(
        estimate.download(page, page.get_by_role("link", name=f"Scorecard of {GLASSWORKS.name}, English"))
    )
    assert GLASSWORKS.name in card
    assert f"Verified score {verified.total} Grade {verified.grade}" in card
