"""Every page a supplier's lead and a manager can open: both languages, wide and narrow, and for people who cannot see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy import Engine, select

from portal.app import create_app
from portal.demo.accounts import PASSWORD
from portal.store.engine import open_engine, reading
from portal.store.suppliers import Supplier
from tests.journeys.addresses import Address, administrator_addresses, staff_addresses, supplier_addresses
from tests.journeys.running import Portal
from tests.journeys.steps_account import read_in, sign_in

pytestmark = pytest.mark.browser

WCAG: dict[str, object] = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}
CONTRAST: dict[str, object] = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast"]},
}
LANG = {"en": "en", "zh": "zh-CN"}
DARK = (
    "/assessments",
    "/evidence",
    "/carbon",
    "/staff",
    "/staff/rounds",
    "/staff/category-1",
    "/staff/style-guide",
)
# In the draft of this supplier all topics are open; the next has a returned assessment and files refused.
LEADS = {"frames": ("ALU-02", "lead@frames.example"), "wafers": ("WAF-02", "lead@waf-02.example")}
STAFF = {
    "manager": ("manager@buyer.example", staff_addresses),
    "administrator": ("admin@buyer.example", administrator_addresses),
}


@pytest.fixture
def engine(demo_portal: Portal) -> Iterator[Engine]:
    """The demo's database, for looking up ids."""
    opened = open_engine(demo_portal.settings.database_url)
    yield opened
    opened.dispose()


def addresses_of(portal: Portal, engine: Engine, who: str) -> list[Address]:
    """What this lead or colleague of the buyer can open."""
    app = create_app(portal.settings)
    try:
        with reading(engine) as session:
            if who in STAFF:
                return STAFF[who][1](app, session)
            supplier = session.scalars(select(Supplier).where(Supplier.code == LEADS[who][0])).one()
            return supplier_addresses(app, session, supplier.id)
    finally:
        app.extensions["upstream"].engine.dispose()


@pytest.mark.parametrize("locale", ["en", "zh"])
@pytest.mark.parametrize("who", [*LEADS, *STAFF])
def test_pages_are_sound(
    who: str, locale: str, demo_portal: Portal, engine: Engine, open_page: Callable[..., Page]
) -> None:
    page = open_page(demo_portal)
    sign_in(page, LEADS[who][1] if who in LEADS else STAFF[who][0], PASSWORD)
    read_in(page, locale)
    said = listen(page)
    wrong: list[str] = []
    looked_at: set[str] = set()
    for address in addresses_of(demo_portal, engine, who):
        if address.is_page:
            # The rules look at every page in English; in Chinese, where only the words differ, at one of each view.
            view = address.endpoint + address.url.partition("?")[2]
            rules = WCAG if locale == "en" or view not in looked_at else None
            looked_at.add(view)
            wrong += faults_of(page, address.url, locale, rules)
            wrong += [f"{address.url}: {line}" for line in said]
            said.clear()
        elif locale == "en":
            answer = page.request.get(address.url)
            if answer.status != 200 or not answer.body():
                wrong.append(f"{address.url}: {answer.status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("email", ["lead@frames.example", "manager@buyer.example"])
def test_dark_pages_have_contrast(email: str, demo_portal: Portal, open_page: Callable[..., Page]) -> None:
    page = open_page(demo_portal, color_scheme="dark")
    sign_in(page, email, PASSWORD)
    wrong: list[str] = []
    for url in DARK:
        if url.startswith("/staff") == email.startswith("manager"):
            page.goto(url)
            assert page.locator("html").get_attribute("data-bs-theme") == "dark"
            wrong += axe(page, url, CONTRAST)
    assert not wrong, "\n".join(wrong)


def faults_of(page: Page, url: str, locale: str, rules: dict[str, object] | None) -> list[str]:
    """Everything that is wrong with one page in one language."""
    answer = page.goto(url)
    wrong = (
        [] if answer is not None and answer.status == 200 else [f"{url}: status {answer and answer.status}"]
    )
    if page.locator("html").get_attribute("lang") != LANG[locale]:
        wrong.append(f"{url}: lang is {page.locator('html').get_attribute('lang')}")
    if page.locator("h1").count() != 1:
        wrong.append(f"{url}: {page.locator('h1').count()} headings of the first level")
    wrong += axe(page, url, rules) if rules else []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            wrong.append(f"{url}: {wide} pixels wide on a screen of {width}: {page.evaluate(WIDEST)}")
    page.set_viewport_size({"width": 1440, "height": 900})
    return wrong


# The innermost elements that reach over the right edge.
WIDEST = """() => [...document.body.querySelectorAll('*')]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.table-frame') && ![...e.children].some((c) => c.getBoundingClientRect().right > innerWidth + 1))
  .slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join(' | ')"""


def axe(page: Page, url: str, options: dict[str, object]) -> list[str]:
    """Violations of the accessibility rules chosen, one line each with the first places."""
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{url}: {one['id']} ({len(one['nodes'])}): {' | '.join(n['html'][:140] for n in one['nodes'][:2])} {one['nodes'][0].get('failureSummary', '')[:200]!r}"
        for one in found
    ]


def listen(page: Page) -> list[str]:
    """Errors the page's console and scripts report; violations of the content security policy are among them."""
    said: list[str] = []
    page.on("console", lambda line: said.append(f"console: {line.text}") if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(f"script: {error}"))
    return said
