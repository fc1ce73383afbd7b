"""Signing in, joining and choosing a language, as a person does it."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in through the front door and land on the first page."""
    page.goto("/sign-in")
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.locator("main form button").click()
    expect(page.locator("nav.menu")).to_be_visible()


def read_in(page: Page, locale: str) -> None:
    """Press the language button in the head until the page is in the language."""
    button = page.locator(f"header button[name=language][value={locale}]")
    if button.count():
        button.click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if locale == "zh" else "en")


def join(page: Page, link: str, name: str, password: str) -> None:
    """Open an invitation link, give a name and a password, and land on the first page."""
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Join and start").click()
    expect(page.locator("nav.menu")).to_be_visible()
