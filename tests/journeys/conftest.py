"""A real server and a real Chromium for the journeys."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.running import Portal, serve

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
# Without these Chromium looks up hosts of its own at every start.
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
# Generous: the machine may be busy with other tests.
PATIENCE_MS = 30_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium, or a skip that says why there is none."""
    if CHROMIUM is None:
        if os.environ.get("UPSTREAM_TESTS_COMPLETE"):
            pytest.fail("Chromium is missing although this run must be complete")
        pytest.skip("no Chromium on this machine: install the package chromium to run the browser journeys")
    expect.set_options(timeout=PATIENCE_MS / 2)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a browser of its own (own cookies): `open_page(portal, locale="zh-CN", width=390)`."""
    contexts: list[BrowserContext] = []

    def opener(portal: Portal, locale: str = "en-GB", width: int = 1440, **options: object) -> Page:
        context = browser.new_context(
            base_url=portal.address,
            locale=locale,
            viewport={"width": width, "height": 900},
            accept_downloads=True,
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context.new_page()

    yield opener
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The production server over an empty, migrated database."""
    yield from serve(tmp_path_factory.mktemp("portal"))


@pytest.fixture(scope="session")
def demo_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The production server over the demo's data, made once for all journeys."""
    folder = tmp_path_factory.mktemp("demo")
    yield from serve(folder, ("demo", "--no-serve", "--data", str(folder)))
