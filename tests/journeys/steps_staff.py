"""What the buyer's manager does: opens a round, invites, reviews, releases, agrees and verifies."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from portal.demo.companies import Company


def open_round(page: Page, name: str) -> None:
    """Open a round on the whole last year, a month from today; suppliers are added next."""
    page.get_by_role("link", name="Rounds").click()
    page.get_by_role("link", name="Open a round").click()
    page.get_by_label("Name of the round").fill(name)
    page.get_by_label("Reporting period from").fill("2025-01-01")
    page.get_by_label("Reporting period to").fill("2025-12-31")
    page.get_by_label("Deadline for suppliers").fill((date.today() + timedelta(days=30)).isoformat())
    page.get_by_role("button", name="Open the round").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add suppliers")
    expect(page.get_by_role("navigation", name="Breadcrumb")).to_contain_text(name)


def invite_supplier(page: Page, company: Company, email: str) -> str:
    """On the page for adding: a new supplier; the link for its lead is shown once, to be copied."""
    panel = page.get_by_role("region", name="A new supplier")
    panel.get_by_label("Supplier code").fill(company.code)
    panel.get_by_label("Name", exact=True).fill(company.name)
    panel.get_by_label("Chinese name").fill(company.name_zh)
    panel.get_by_label("Country").fill(company.country)
    for role in company.roles:
        panel.locator(f"input[value={role}]").check()
    for material in company.materials:
        panel.locator(f"input[value={material}]").check()
    panel.get_by_label("E-mail of the lead").fill(email)
    panel.get_by_role("button", name="Add the new supplier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Invitation links")
    return page.get_by_label(f"Link for {company.name}").input_value()


def take_up(page: Page) -> None:
    """Begin the review of the assessment shown."""
    page.get_by_role("button", name="Take up the review").click()
    expect(page.locator(".head-line .state")).to_have_text("In review")


def card(page: Page, code: str) -> Locator:
    """One indicator of the review."""
    return page.locator(f"article#{code}")


def adjust(page: Page, code: str, points: str, reason: str) -> None:
    """Give an indicator other points, with a reason."""
    _open_decision(page, code)
    card(page, code).get_by_label("Points, 0 to 1").fill(points)
    card(page, code).get_by_label("Reason").fill(reason)
    card(page, code).get_by_role("button", name="Adjust the points").click()
    expect(card(page, code).locator(".card-head .state")).to_have_text("Points adjusted")


def return_indicator(page: Page, code: str, reason: str) -> None:
    """Give an indicator back to the supplier, with a reason."""
    _open_decision(page, code)
    card(page, code).get_by_label("Reason").fill(reason)
    card(page, code).get_by_role("button", name="Return to the supplier").click()
    expect(card(page, code).locator(".card-head .state")).to_have_text("Returned")


def accept_some(page: Page, topics: int) -> None:
    """Accept the answers with evidence of a few topics, then one answer by itself."""
    groups = page.get_by_role("button", name=re.compile(r"^Accept \d+ remaining"))
    for _ in range(topics):
        before = groups.count()
        groups.first.click()
        expect(groups).to_have_count(before - 1)
    code = str(page.locator(".card-open").first.get_attribute("id"))
    card(page, code).get_by_role("button", name=re.compile("^Accept")).click()
    expect(card(page, code).locator(".card-head .state")).to_have_text("Accepted")


def finish_and_release(page: Page) -> None:
    """Finish the review, then release the score."""
    page.get_by_role("button", name="Finish the review").click()
    expect(page.locator(".head-line .state")).to_have_text("Reviewed")
    page.get_by_role("button", name="Release the score").click()
    expect(page.locator(".head-line .state")).to_have_text("Released")


def _open_decision(page: Page, code: str) -> None:
    details = card(page, code).locator(".card-actions details")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
